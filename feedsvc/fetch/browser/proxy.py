"""How does everything that a page in a browser asks for go through the guard?

A proxy of our own on loopback (RFC 9110 3.7, 9.3.6), the only way out that Chromium has. It connects by
``guard.connect``, so that no name, redirect, script, worker or web socket leads to an address that the guard
refuses. Whoever uses it needs a ``Pass``, made for one page and void after it: it serves nobody else on this
machine.

One request a connection, whatever either side would like: so none can be sent on to the place of another.
"""

import base64
import binascii
import selectors
import socket
import threading
from collections.abc import Sequence

from feedsvc.errors import FetchError, Stopped, TooLarge, Unreachable
from feedsvc.fetch.browser.heads import (
    Head,
    HeadError,
    body_length,
    for_browser,
    for_origin,
    read_answer,
    read_head,
    request_line,
)
from feedsvc.fetch.browser.passes import Pass, shut
from feedsvc.fetch.guard import Guard, Target, connect, target
from feedsvc.fetch.names import Resolver

USER = "page"  # the password is the pass's token

_HELLO_SECONDS = 10.0  # within which a client must have said what it wants
_PIECE = 64 * 1024
_CONNECTIONS = 256  # at once; more are turned away
_CHALLENGE = 'Proxy-Authenticate: Basic realm="feedsvc"\r\n'


class Proxy:
    """Listens on a port of 127.0.0.1 until closed. One thread accepts, each connection has another."""

    def __init__(self, *, guard: Guard, resolver: Resolver) -> None:
        self._guard = guard
        self._resolver = resolver
        self._lock = threading.Lock()
        self._passes: dict[str, Pass] = {}
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, name="fetch-proxy", daemon=True)
        self._thread.start()

    def admit(self, issued: Pass) -> None:
        """Let through whoever shows this pass, until ``dismiss``."""
        with self._lock:
            self._passes[issued.token] = issued

    def dismiss(self, issued: Pass) -> None:
        with self._lock:
            self._passes.pop(issued.token, None)
        issued.end()

    def close(self) -> None:
        """End all connections, and listen no more."""
        shut(self._listener)
        self._thread.join()
        self._listener.close()
        with self._lock:
            passes, connections = tuple(self._passes.values()), tuple(self._open)
        for issued in passes:
            self.dismiss(issued)
        for sock in connections:
            shut(sock)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return  # closed
            with self._lock:
                if len(self._open) >= _CONNECTIONS:
                    sock.close()
                    continue
                self._open.add(sock)
            threading.Thread(target=self._serve, args=(sock,), name="fetch-proxied", daemon=True).start()

    # ---- one connection, in a thread of its own -----------------------------------------------------

    def _serve(self, sock: socket.socket) -> None:
        try:
            self._answer(sock)
        except OSError:
            pass  # a side went away, and the other sees that: the connection is closed
        finally:
            with self._lock:
                self._open.discard(sock)
            sock.close()

    def _answer(self, sock: socket.socket) -> None:
        sock.settimeout(_HELLO_SECONDS)
        try:
            head = read_head(sock)
            method, asked = request_line(head)
            body_length(head)
        except HeadError:
            _say(sock, "400 Bad Request")
            return
        issued = self._passes.get(_token(head))
        if issued is None:
            _say(sock, "407 Proxy Authentication Required", _CHALLENGE)
            return
        try:
            with issued.holding(sock):
                self._pass_on(sock, head, issued, tunnel=method == "CONNECT", asked=asked)
        except Stopped:
            _say(sock, "503 Service Unavailable")

    def _pass_on(self, sock: socket.socket, head: Head, issued: Pass, *, tunnel: bool, asked: str) -> None:
        try:
            place = target(f"https://{asked}/" if tunnel else asked)
        except FetchError:
            _say(sock, "400 Bad Request")
            return
        try:
            origin = self._connection(place, issued)
            issued.note(place, None)
        except FetchError as error:
            issued.note(place, error)
            _say(sock, "502 Bad Gateway")
            return
        with origin, issued.holding(origin):
            sock.settimeout(issued.left())
            origin.settimeout(issued.left())
            try:
                (_tunnel if tunnel else _exchange)(sock, origin, head, issued)
            except HeadError:
                words = "the server closed the connection, or answered something that is not HTTP"
                issued.note(place, Unreachable(issued.url, f"Broken transfer: {words}.", kind="broken"))
                _say(sock, "502 Bad Gateway")
            except TooLarge:
                return  # the pass tells

    def _connection(self, place: Target, issued: Pass) -> socket.socket:
        with issued.deadline() as deadline:
            sock, _ = connect(
                place.host,
                place.port,
                guard=self._guard,
                exempt=issued.is_own(place),
                resolver=self._resolver,
                deadline=deadline,
            )
        return sock


def _token(head: Head) -> str:
    """The password that a request shows (RFC 7617); empty if it shows none."""
    shown = b"".join(head.values(b"proxy-authorization")[:1])
    scheme, _, packed = shown.partition(b" ")
    if scheme.lower() != b"basic":
        return ""
    try:
        return base64.b64decode(packed.strip(), validate=True).decode("latin-1").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _say(sock: socket.socket, status: str, fields: str = "") -> None:
    sock.sendall(f"HTTP/1.1 {status}\r\n{fields}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())


def _tunnel(browser: socket.socket, origin: socket.socket, head: Head, issued: Pass) -> None:
    """Bytes both ways (RFC 9110 9.3.6), until both sides have ended or the pass has."""
    browser.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    origin.sendall(head.rest)
    other = {browser: origin, origin: browser}
    while other and (ready := _ready(tuple(other), issued)):
        for sock in ready:
            data = sock.recv(_PIECE)
            if sock is origin:
                issued.count(len(data))
            if data:
                other[sock].sendall(data)
            else:
                other.pop(sock).shutdown(socket.SHUT_WR)


def _exchange(browser: socket.socket, origin: socket.socket, head: Head, issued: Pass) -> None:
    """One request and its answer. Raises HeadError while the browser has not been told anything yet."""
    missing = body_length(head) - len(head.rest)
    origin.sendall(for_origin(head) + head.rest)
    while missing > 0 and (data := browser.recv(min(_PIECE, missing))):
        missing -= len(data)
        origin.sendall(data)
    answer = read_answer(origin)
    data = for_browser(answer) + answer.rest
    while data:
        issued.count(len(data))
        browser.sendall(data)
        # A browser that has got what it wanted, or wants no more, closes.
        ready = _ready((browser, origin), issued)
        data = origin.recv(_PIECE) if ready == [origin] else b""


def _ready(socks: Sequence[socket.socket], issued: Pass) -> list[socket.socket]:
    """Which of ``socks`` have something to read; none when the time is over."""
    with selectors.DefaultSelector() as waiting:
        for sock in socks:
            waiting.register(sock, selectors.EVENT_READ)
        found = {key.fd for key, _ in waiting.select(issued.left())}
    return [sock for sock in socks if sock.fileno() in found]
