"""Does the proxy serve nobody but who has a pass, and connect to nothing but what the guard lets through?"""

import base64
import contextlib
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from feedsvc.errors import AddressRefused, FetchError, TooLarge, Unreachable
from feedsvc.fetch.browser.passes import Pass
from feedsvc.fetch.browser.proxy import Proxy
from feedsvc.fetch.guard import Guard, Target, target
from feedsvc.fetch.names import Resolver
from tests.fetch.conftest import LOOPBACK, Serve, Server, answering, lookup_of, response, within


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    resolver = Resolver(lookup_of(site_example=["127.0.0.1"], inside_example=["10.0.0.7"]))
    made = Proxy(guard=Guard(allow=LOOPBACK), resolver=resolver)
    yield made
    made.close()
    resolver.close()


Admit = Callable[..., Pass]


@pytest.fixture
def admit(proxy: Proxy) -> Admit:
    """A pass for a page of that server."""

    def made(own: Server, *, seconds: float = 5, most: int = 100_000) -> Pass:
        issued = Pass(url="shown", own=target(own.url()), seconds=seconds, most=most)
        proxy.admit(issued)
        return issued

    return made


def login(token: str) -> str:
    return f"Proxy-Authorization: Basic {base64.b64encode(f'page:{token}'.encode()).decode()}\r\n"


def dial(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(proxy.address.rpartition(":")[2])), timeout=5)


def ask(
    proxy: Proxy, head: str, issued: Pass | None = None, body: bytes = b"", *, end: bytes = b"\0"
) -> bytes:
    """All that comes back, until ``end`` or until the proxy closes."""
    with dial(proxy) as sock:
        sock.sendall(f"{head}\r\n{login(issued.token) if issued else ''}\r\n".encode() + body)
        answer = b""
        while not answer.endswith(end) and (data := sock.recv(65536)):
            answer += data
    return answer


def get(proxy: Proxy, url: str, issued: Pass | None, fields: str = "", *, end: bytes = b"\0") -> bytes:
    return ask(proxy, f"GET {url} HTTP/1.1\r\nHost: x\r\n{fields}".rstrip("\r\n"), issued, end=end)


# ---- who may ------------------------------------------------------------------------------------------


def test_nobody_without_a_pass(proxy: Proxy, admit: Admit, serve: Serve) -> None:
    server = serve(answering(response()))
    issued = admit(server)
    other = Pass(url="", own=None, seconds=5, most=1)
    for head in (f"GET {server.url()} HTTP/1.1", f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"):
        for shown in (
            "",
            login(""),
            login(other.token),
            "Proxy-Authorization: Basic %%%\r\n",
            "Authorization: x\r\n",
        ):
            answer = ask(proxy, f"{head}\r\n{shown}".rstrip("\r\n"))
            assert answer.startswith(b"HTTP/1.1 407 "), (head, shown)
            assert b"\r\nProxy-Authenticate: Basic " in answer
    proxy.dismiss(issued)
    assert get(proxy, server.url(), issued).startswith(b"HTTP/1.1 407 ")
    assert server.connections == 0
    assert issued.token not in repr(issued)


# ---- where to -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tunnel", [False, True])
@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("127.0.0.1:{other}", "a loopback address"),
        ("site.example:{other}", "a loopback address"),
        ("[::ffff:127.0.0.1]:{own}", "an IPv4 address inside an IPv6 one"),
        ("inside.example:80", "a private address"),
        ("169.254.169.254:80", "the metadata service of a cloud"),
    ],
)
def test_what_the_guard_refuses(
    proxy: Proxy, admit: Admit, serve: Serve, place: str, why: str, tunnel: bool
) -> None:
    own, other = serve(answering(response())), serve(answering(response()))
    issued = admit(own)
    place = place.format(own=own.port, other=other.port)
    answer = (
        ask(proxy, f"CONNECT {place} HTTP/1.1", issued) if tunnel else get(proxy, f"http://{place}/", issued)
    )
    assert answer == b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    noted = issued.failure(target(f"{'https' if tunnel else 'http'}://{place}/"))
    assert isinstance(noted, AddressRefused)
    assert why in str(noted)
    assert (own.connections, other.connections) == (0, 0)


def test_own_place_is_exempt_and_told_apart_by_its_port(proxy: Proxy, admit: Admit, serve: Serve) -> None:
    server = serve(answering(response(b"there", Connection="keep-alive", Keep_Alive="timeout=5", X_A="b")))
    issued = admit(server)
    answer = get(
        proxy,
        server.url("/a?b=1#"),
        issued,
        "X-B: c\r\nProxy-Connection: keep-alive\r\nConnection: X-B\r\n",
        end=b"there",
    )
    assert answer == b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\nConnection: close\r\n\r\nthere"
    assert server.requests == ["GET /a?b=1# HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]
    assert issued.received == len(answer)
    assert issued.failure(target(server.url())) is None


@pytest.mark.parametrize(
    "asked", ["/feed", "ftp://127.0.0.1/", "file:///etc/passwd", "http:///x", "http://a\\@b/", "*"]
)
def test_what_is_no_address(proxy: Proxy, admit: Admit, serve: Serve, asked: str) -> None:
    assert get(proxy, asked, admit(serve(answering(response())))).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("head", ["", "GET", "GET  HTTP/1.1 x", "\0\1\2", "x" * 300_000])
def test_what_is_no_request(proxy: Proxy, head: str) -> None:
    try:
        assert ask(proxy, head).startswith(b"HTTP/1.1 400 ")
    except ConnectionError:
        assert len(head) > 1000  # closed while more was coming


# ---- what passes --------------------------------------------------------------------------------------


def test_one_request_a_connection(proxy: Proxy, admit: Admit, serve: Serve) -> None:
    """A second one on the same connection, for whatever place, goes nowhere."""
    server = serve(answering(response(b"one")))
    issued = admit(server)
    request = f"GET {server.url('/one')} HTTP/1.1\r\nHost: x\r\n{login(issued.token)}\r\n".encode()
    second = b"GET http://inside.example/two HTTP/1.1\r\nHost: y\r\n\r\n"
    with dial(proxy) as sock:
        sock.sendall(request + second)
        answer = b""
        while not answer.endswith(b"one") and (data := sock.recv(65536)):
            answer += data
        assert answer.count(b"HTTP/1.1") <= 1
        sock.settimeout(0.3)
        with contextlib.suppress(OSError):  # closed, or silent
            assert sock.recv(1) == b""
    assert [head.split()[1] for head in server.requests] == ["/one"]


def test_body_goes_up_as_long_as_it_said(proxy: Proxy, admit: Admit, serve: Serve) -> None:
    came: list[bytes] = []

    def handle(server: Server, sock: socket.socket) -> None:
        data = b""
        while len(data.partition(b"\r\n\r\n")[2]) < 5:
            data += sock.recv(65536)
        came.append(data)
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" + response(b"ok", Connection="close"))

    server = serve(handle)
    head = f"POST {server.url()} HTTP/1.1\r\nHost: x\r\nContent-Length: 5"
    answer = ask(proxy, head, admit(server), b"12345")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert came[0].endswith(b"\r\n\r\n12345")
    for told in (
        "Transfer-Encoding: chunked",
        "Content-Length: -1",
        "Content-Length: x",
        "Content-Length: 5\r\nContent-Length: 6",
    ):
        odd = ask(proxy, f"POST {server.url()} HTTP/1.1\r\n{told}", admit(server))
        assert odd.startswith(b"HTTP/1.1 400 "), told
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0\r\n\r\n", b"HTTP/1.1 407 x\r\n\r\n", b"HTTP/1.1 103 x\r\n\r\n" * 20]
)
def test_what_is_no_answer(proxy: Proxy, admit: Admit, serve: Serve, answer: bytes) -> None:
    def handle(server: Server, sock: socket.socket) -> None:
        server.receive(sock)
        sock.sendall(answer)

    server = serve(handle)
    issued = admit(server)
    assert get(proxy, server.url(), issued).startswith(b"HTTP/1.1 502 ")
    noted = issued.failure(target(server.url()))
    assert isinstance(noted, Unreachable)
    assert noted.kind == "broken"


def test_sloppy_answer(proxy: Proxy, admit: Admit, serve: Serve) -> None:
    sloppy = b"HTTP/1.0 200 OK\nno field\nX-A: b\n  c\nConnection: close\n\nthere\n\n"

    def handle(server: Server, sock: socket.socket) -> None:
        server.receive(sock)
        sock.sendall(sloppy)

    server = serve(handle)
    answer = get(proxy, server.url(), admit(server))
    assert answer == b"HTTP/1.0 200 OK\r\nX-A: b c\r\nConnection: close\r\n\r\nthere\n\n"


def test_tunnel_passes_bytes_both_ways(proxy: Proxy, admit: Admit, serve: Serve) -> None:
    def echo(server: Server, sock: socket.socket) -> None:
        while data := sock.recv(65536):
            sock.sendall(data.upper())
        sock.sendall(b"END")

    server = serve(echo)
    issued = admit(server)
    with dial(proxy) as sock:
        sock.sendall(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\n{login(issued.token)}\r\nearly".encode())
        answer = b""
        while b"EARLY" not in answer:
            answer += sock.recv(65536)
        sock.sendall(b"late")
        sock.shutdown(socket.SHUT_WR)
        while data := sock.recv(65536):
            answer += data
    assert answer == b"HTTP/1.1 200 Connected\r\n\r\nEARLYLATEEND"
    assert issued.received == len("EARLYLATEEND")


# ---- bounds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tunnel", [False, True])
def test_no_more_bytes_than_agreed(proxy: Proxy, admit: Admit, serve: Serve, tunnel: bool) -> None:
    def flood(server: Server, sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000_000)

    server = serve(flood)
    issued = admit(server, most=100_000)
    head = f"CONNECT 127.0.0.1:{server.port} HTTP/1.1" if tunnel else f"GET {server.url()} HTTP/1.1"
    with within(3):
        assert len(ask(proxy, head, issued)) <= 100_100
    assert isinstance(issued.overrun, TooLarge)
    assert "100,000 bytes (fetch.max_bytes)" in str(issued.overrun)
    with pytest.raises(TooLarge):
        issued.count(0)


def test_no_longer_than_agreed(proxy: Proxy, admit: Admit, serve: Serve) -> None:
    server = serve(lambda server, sock: server.drip(sock, b"HTTP/1.1 200 OK\r\n\r\nx"))
    with within(3):
        get(proxy, server.url(), admit(server, seconds=0.5))


def test_dismissing_ends_what_is_open(proxy: Proxy, admit: Admit, serve: Serve) -> None:
    server = serve(lambda server, sock: server.drip(sock, b"x"))
    issued = admit(server, seconds=30)
    with dial(proxy) as sock:
        sock.sendall(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\n{login(issued.token)}\r\n".encode())
        assert sock.recv(100)
        with within(1):
            proxy.dismiss(issued)
            while sock.recv(65536):
                pass


def test_closing_ends_what_is_open_and_listens_no_more(serve: Serve) -> None:
    proxy = Proxy(guard=Guard(allow=LOOPBACK), resolver=Resolver())
    with dial(proxy) as silent, within(2):
        time.sleep(0.1)
        proxy.close()
        assert silent.recv(1) == b""
        with pytest.raises(OSError, match="refused"):
            dial(proxy)


def test_connections_of_one_page_are_bounded(proxy: Proxy, admit: Admit, serve: Serve) -> None:
    server = serve(lambda server, sock: server.drip(sock, b"x"))
    issued = admit(server, seconds=30)
    head = f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\n{login(issued.token)}\r\n".encode()
    opened = [dial(proxy) for _ in range(70)]
    try:
        for sock in opened:
            sock.sendall(head)
        statuses = [sock.recv(12) for sock in opened]
        assert 32 <= statuses.count(b"HTTP/1.1 200") <= 64
        assert set(statuses) == {b"HTTP/1.1 200", b"HTTP/1.1 503"}
    finally:
        for sock in opened:
            sock.close()


def test_failures_are_remembered_until_they_end() -> None:
    issued = Pass(url="", own=None, seconds=5, most=1)
    place = Target(scheme="http", host="a", port=80)
    error = FetchError("", "x")
    issued.note(place, error)
    assert issued.failure(place) is error
    issued.note(place, None)
    assert issued.failure(place) is None
    for port in range(1, 2000):
        issued.note(Target(scheme="http", host="a", port=port), error)
    assert issued.failure(Target(scheme="http", host="a", port=1000)) is error
    assert issued.failure(Target(scheme="http", host="a", port=1999)) is None
