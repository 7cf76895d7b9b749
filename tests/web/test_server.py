"""Does the real process, on a real socket, keep to HTTP, to its place and to its time?"""

import gzip
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from feedsvc.errors import FeedsvcError
from feedsvc.web import Front
from feedsvc.web.fastpath import Answer, FastPath
from feedsvc.web.server import WAITING, Desk, call, listen
from tests.web.site import Site

STARTS_WITHIN = 60.0  # seconds; compiles all of it at first, on a machine that may be busy
STOPS_WITHIN = 3.0


@dataclass
class Running:
    process: subprocess.Popen[str]
    port: int
    logged: str = ""  # when it has ended

    def ask(self, raw: bytes) -> bytes:
        """Send bytes as they are and read until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(raw)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Seconds from the signal to the end."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(15)
        return time.monotonic() - began


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Compile once, not in every process that is started here."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("bytecode"))}


@contextmanager
def running(database: Path, settings: dict[str, str]) -> Iterator[Running]:
    port = free_port()
    environ = {**os.environ, **settings, "FEEDSVC_DATABASE_URL": f"sqlite:///{database}"}
    command = [sys.executable, "-m", "feedsvc", "web", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)
    server = Running(process, port)
    try:
        started = _waited_for(process, port)
        if started:
            yield server
    finally:
        process.kill()
        server.logged = process.communicate()[1]
    if not started:
        pytest.fail(f"did not start: {server.logged}")


def _waited_for(process: subprocess.Popen[str], port: int) -> bool:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


@pytest.fixture
def served(site: Site, database: Path, bytecode: dict[str, str]) -> Iterator[Running]:
    with running(database, bytecode) as server:
        yield server


def request(path: str, *headers: str, method: str = "GET", close: bool = True) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: feeds.example.org", *headers]
    lines += ["Connection: close"] if close else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def split(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    return int(status.split(" ")[1]), dict(line.split(": ", 1) for line in lines), body


# ---- one process for all that only reads ------------------------------------------------------------


@pytest.fixture(scope="module")
def port(
    tmp_path_factory: pytest.TempPathFactory, filled: Path, bytecode: dict[str, str]
) -> Iterator[Running]:
    database = Path(shutil.copy(filled, tmp_path_factory.mktemp("web") / "feedsvc.sqlite"))
    with running(database, bytecode) as server:
        yield server


def test_a_feed_on_the_wire(port: Running) -> None:
    status, headers, body = split(port.ask(request("/c/world.rss", "Accept-Encoding: gzip")))
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))
    assert "transfer-encoding" not in headers
    assert b"First" in gzip.decompress(body)
    assert "date" in headers


def test_head_has_the_length_and_no_body(port: Running) -> None:
    full = split(port.ask(request("/c/world.rss")))
    status, headers, body = split(port.ask(request("/c/world.rss", method="HEAD")))
    assert (status, body) == (200, b"")
    assert headers["content-length"] == str(len(full[2]))
    assert set(headers) == set(full[1])


def test_304_has_no_body_and_no_length(port: Running) -> None:
    status, headers, body = split(port.ask(request("/c/world.rss", "If-None-Match: *")))
    assert (status, body) == (304, b"")
    assert "transfer-encoding" not in headers
    assert headers.get("content-length", "none") != "0"  # it would be the length of the 200 (RFC 9110 8.6)
    assert "etag" in headers


def test_a_preflight_on_the_wire(port: Running) -> None:
    status, headers, body = split(port.ask(request("/all.json", method="OPTIONS")))
    assert (status, body) == (204, b"")
    assert "content-length" not in headers
    assert headers["access-control-allow-origin"] == "*"


def test_one_connection_carries_many_answers_in_order(port: Running) -> None:
    """Pipelined: all asked at once, feeds from memory and pages from the pool mixed."""
    asked = [
        request("/c/world.rss", close=False),
        request("/", close=False),
        request("/c/world.rss", "If-None-Match: *", close=False),
        request("/c/world.json", method="HEAD", close=False),
        request("/nothing.rss", close=False),
        request("/robots.txt"),
    ]
    answer = port.ask(b"".join(asked))
    marks = [b"200 OK", b"200 OK", b"304 Not Modified", b"200 OK", b"404 Not Found", b"200 OK"]
    place = 0
    for mark in marks:
        place = answer.index(b"HTTP/1.1 " + mark, place) + 1
    sitemap = b"Sitemap: https://feeds.example.org/sitemap.xml\n"
    assert answer.endswith(b"User-agent: *\nDisallow:\n\n" + sitemap)


def test_a_kept_connection_is_used_again(port: Running) -> None:
    with closing(HTTPConnection("127.0.0.1", port.port, timeout=10)) as connection:
        sockets = set()
        for _ in range(50):
            connection.request("GET", "/all.atom")
            response = connection.getresponse()
            assert response.status == 200
            assert b"</feed>" in response.read()
            sockets.add(connection.sock)
        connection.request("GET", "/c/world/")
        assert connection.getresponse().status == 200
        assert len(sockets) == 1


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("path", ["/c/world.rss", "/", "/nothing"])
def test_a_body_that_nobody_reads_does_no_harm(port: Running, method: str, path: str) -> None:
    raw = request(path, "Content-Length: 200000", method=method) + b"x" * 200_000
    status, _headers, _body = split(port.ask(raw))
    assert status in {404, 405}


def form(path: str, body: bytes) -> bytes:
    head = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}")
    return request(path, *head, method="POST") + body


def test_a_body_is_read(port: Running) -> None:
    for _ in range(5):
        status, _headers, body = split(port.ask(form("/hub", b"hub.mode=celebrate")))
        assert (status, body) == (400, b"hub.mode must be subscribe or unsubscribe, not 'celebrate'.\n")


def test_who_never_sends_the_body_holds_up_no_page(port: Running) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port.port), timeout=5))
            slow.sendall(form("/hub", b"hub.mode=subscribe")[:-5])
        assert split(port.ask(request("/")))[0] == 200
        assert split(port.ask(request("/c/world.atom")))[0] == 200
    assert split(port.ask(form("/hub", b"hub.mode=celebrate")))[0] == 400


def test_endless_headers_are_refused(port: Running) -> None:
    raw = request("/all.rss", *(f"X-Junk-{number}: {'x' * 1000}" for number in range(80)))
    assert split(port.ask(raw))[0] == 431
    assert split(port.ask(request("/all.rss")))[0] == 200


@pytest.mark.parametrize(
    "raw",
    [b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/1.1\r\n\x00: x\r\n\r\n"],
)
def test_what_is_not_http_is_refused(port: Running, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port.port), timeout=10) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65536)
    assert not answer or split(answer)[0] == 400
    assert split(port.ask(request("/all.rss")))[0] == 200


@pytest.mark.parametrize(
    "header", ["If-None-Match: \xff\xfe", "Accept-Encoding: \xff", "Cookie: a=\xff", "X: \x7f"]
)
def test_bytes_that_are_no_text_do_no_harm(port: Running, header: str) -> None:
    assert split(port.ask(request("/c/world.rss", header)))[0] in {200, 400}
    assert split(port.ask(request("/", header)))[0] in {200, 400}


def test_old_http_is_spoken(port: Running) -> None:
    status, _headers, body = split(port.ask(b"GET /all.rss HTTP/1.0\r\n\r\n"))
    assert status == 200
    assert b"<rss" in body


# ---- following, stopping ----------------------------------------------------------------------------


def test_a_new_version_is_out_within_two_seconds(served: Running, site: Site) -> None:
    before = split(served.ask(request("/c/world.rss")))[1]["etag"]
    site.write("times", "Fourth")
    site.publish()
    until = time.monotonic() + 2
    while time.monotonic() < until:
        _status, headers, body = split(served.ask(request("/c/world.rss")))
        if headers["etag"] != before:
            assert b"Fourth" in body
            return
        time.sleep(0.05)
    pytest.fail("the old version is still served")


def test_it_says_that_it_is_there_and_which_config_it_runs(served: Running, site: Site) -> None:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if [(one.kind, one.revision) for one in site.store.processes()] == [("web", 1)]:
            break
        time.sleep(0.1)
    else:
        pytest.fail("it did not report")
    assert served.stop() < STOPS_WITHIN
    assert site.store.processes() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_once_with_connections_open(served: Running, number: int) -> None:
    idle = socket.create_connection(("127.0.0.1", served.port), timeout=10)
    kept = HTTPConnection("127.0.0.1", served.port, timeout=10)
    kept.request("GET", "/all.rss")
    kept.getresponse().read()
    half = socket.create_connection(("127.0.0.1", served.port), timeout=10)
    half.sendall(b"GET /all.rss HT")
    with closing(idle), closing(kept), closing(half):
        assert served.stop(number) < STOPS_WITHIN
    assert served.process.returncode == 0


def test_it_stops_while_a_reader_does_not_read(served: Running) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        for _ in range(200):
            stuck.sendall(request("/all.rss", close=False))
        assert served.stop() < STOPS_WITHIN
    assert served.process.returncode == 0


def test_two_cannot_have_one_address(served: Running) -> None:
    with pytest.raises(FeedsvcError, match=rf"cannot listen on 127.0.0.1 port {served.port}: .*--bind"):
        listen("127.0.0.1", served.port)
    assert split(served.ask(request("/all.rss")))[0] == 200


def test_an_address_that_is_not_ours_is_refused_clearly() -> None:
    with pytest.raises(FeedsvcError, match=r"cannot listen on 192.0.2.1 port 8000: .*FEEDSVC_PORT"):
        listen("192.0.2.1", 8000)


# ---- the desk, without a process --------------------------------------------------------------------


class Waiting:
    """The server's end of one request."""

    def __init__(self) -> None:
        self.answered = threading.Event()
        self.answer: Answer | None = None

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answer = (status, headers, body)
        self.answered.set()


def environ(path: str) -> dict[str, Any]:
    return {"PATH_INFO": path, "REQUEST_METHOD": "GET", "QUERY_STRING": "", "wsgi.input": io.BytesIO()}


def test_a_slow_page_does_not_hold_up_a_feed_and_too_many_are_told_to_come_back(site: Site) -> None:
    taken, go_on = threading.Semaphore(0), threading.Event()

    def slow(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        taken.release()
        assert go_on.wait(20)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"slow"]

    fast = FastPath(site.services)
    fast.refresh()
    fast.answer(environ("/all.rss"))  # into memory
    desk = Desk(Front(fast=fast, pages=slow), threads=2)
    pages = [Waiting() for _ in range(WAITING + 2)]
    for page in pages[:2]:
        desk.receive(page, environ("/"))
        assert taken.acquire(timeout=10)  # both threads are at work before the queue fills
    for page in pages[2:]:
        desk.receive(page, environ("/"))
    feed = Waiting()
    desk.receive(feed, environ("/all.rss"))
    assert feed.answer is not None
    assert feed.answer[0] == 200
    turned_away = Waiting()
    desk.receive(turned_away, environ("/"))
    assert turned_away.answer is not None
    assert turned_away.answer[0] == 503
    assert ("Retry-After", "2") in turned_away.answer[1]
    go_on.set()
    for page in pages:
        assert page.answered.wait(20)
        assert page.answer is not None


def test_a_page_that_crashes_is_500_and_the_next_one_is_served(site: Site) -> None:
    def broken(given: dict[str, Any], start_response: Any) -> list[bytes]:
        if given["PATH_INFO"] == "/bad":
            raise RuntimeError("secret detail")
        start_response("200 OK", [])
        return [b"good"]

    desk = Desk(Front(fast=FastPath(site.services), pages=broken), threads=1)
    bad, good = Waiting(), Waiting()
    desk.receive(bad, environ("/bad"))
    desk.receive(good, environ("/good"))
    assert good.answered.wait(10)
    assert bad.answer is not None
    assert bad.answer[0] == 500
    assert b"secret" not in bad.answer[2]
    assert good.answer == (200, [], b"good")


def test_a_wsgi_answer_is_collected_and_closed() -> None:
    closed = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            yield b"b"
            yield b"c"

        def close(self) -> None:
            closed.append(True)

    def app(given: dict[str, Any], start_response: Any) -> Any:
        assert given["SCRIPT_NAME"] == ""
        write = start_response("418 I'm a teapot", [("A", "b")])
        write(b"a")
        return Body()

    assert call(app, environ("/")) == (418, [("A", "b")], b"abc")
    assert closed == [True]
