"""Servers that misbehave on real sockets, and fetchers that are closed in the end."""

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedsvc.fetch import Fetcher

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TLS = Path(__file__).parent / "tls"

MakeFetcher = Callable[..., Fetcher]


def lookup_of(**hosts: list[str]) -> Callable[[str], list[Any]]:
    """A DNS of our own; ``a_example`` stands for a.example."""
    table = {name.replace("_", "."): addresses for name, addresses in hosts.items()}

    def lookup(host: str) -> list[Any]:
        if host.rstrip(".") not in table:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [ipaddress.ip_address(address) for address in table[host.rstrip(".")]]

    return lookup


@pytest.fixture
def make_fetcher() -> Iterator[MakeFetcher]:
    """A fetcher with short patience that may fetch from this machine; keyword arguments change that."""
    made: list[Fetcher] = []

    def make(*, seconds: float = 5, **options: Any) -> Fetcher:
        defaults: dict[str, Any] = {
            "max_bytes": 200_000,
            "user_agent": "feedsvc-test/1 (+https://example.org/; feeds@example.org)",
            "allow": LOOPBACK,
            "clock": lambda: NOW,
        }
        fetcher = Fetcher(timeout=timedelta(seconds=seconds), **(defaults | options))
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher) -> Fetcher:
    return make_fetcher()


@dataclass
class Server:
    """A listening socket whose connections ``handle`` talks to, each in a thread."""

    handle: Callable[["Server", socket.socket], None]
    tls: ssl.SSLContext | None = None
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    stopped: threading.Event = field(default_factory=threading.Event)
    requests: list[str] = field(default_factory=list)  # the head of each
    connections: int = 0
    open: list[socket.socket] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def url(self, path: str = "/feed", *, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def receive(self, sock: socket.socket) -> str:
        """The head of the next request; empty when the client is gone."""
        head = b""
        while b"\r\n\r\n" not in head:
            more = sock.recv(65536)
            if not more:
                return ""
            head += more
        self.requests.append(head.decode("latin-1"))
        return self.requests[-1]

    def drip(self, sock: socket.socket, data: bytes, *, pause: float = 0.05) -> None:
        """Byte by byte, over and over, until the client goes or the test ends."""
        while not self.stopped.is_set():
            for byte in data:
                sock.sendall(bytes([byte]))
                if self.stopped.wait(pause):
                    return

    def start(self) -> None:
        self._spawn(self._accept)

    def stop(self) -> None:
        self.stopped.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for sock in self.open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)
            assert not thread.is_alive()

    def _spawn(self, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.open.append(sock)
            self._spawn(self._talk, sock)

    def _talk(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with sock, contextlib.suppress(OSError):
            if self.tls is None:
                self.handle(self, sock)
            else:
                with self.tls.wrap_socket(sock, server_side=True) as secure:
                    self.open.append(secure)
                    self.handle(self, secure)


Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server with a handler; it ends with the test."""
    running: list[Server] = []

    def start(handle: Callable[[Server, socket.socket], None], *, certificate: str | None = None) -> Server:
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(TLS / f"{certificate}.pem")
        server = Server(handle, tls=context)
        running.append(server)
        server.start()
        return server

    yield start
    for server in running:
        server.stop()


def answering(*answers: bytes) -> Callable[[Server, socket.socket], None]:
    """A handler that gives ``answers`` in turn, whoever asks, and the last one for ever."""
    lock, given = threading.Lock(), iter(range(10_000))

    def handle(server: Server, sock: socket.socket) -> None:
        while server.receive(sock):
            with lock:
                number = next(given)
            answer = answers[min(number, len(answers) - 1)]
            sock.sendall(answer)
            if b"connection: close" in answer.lower().partition(b"\r\n\r\n")[0]:
                return

    return handle


def response(body: bytes = b"<rss/>", *, status: str = "200 OK", **headers: str) -> bytes:
    """One HTTP/1.1 answer with Content-Length; ``Content_Type="..."`` is a header."""
    lines = [f"HTTP/1.1 {status}"]
    fields = {"Content-Length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds
