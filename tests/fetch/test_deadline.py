"""Does one deadline hold over DNS, connect, TLS, headers and body, whatever drips?"""

import gzip
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from feedsvc.errors import DeadlineExceeded, FetchError
from feedsvc.fetch import Fetcher
from feedsvc.fetch.deadline import Watchdog
from feedsvc.model import Document, Request
from tests.fetch.conftest import TLS, MakeFetcher, Serve, Server, answering, response, within

SHORT = 0.4
SOON = 5  # generous: what drips would take for ever


def test_passed_deadline_says_how_long_and_during_what() -> None:
    watchdog = Watchdog()
    deadline = watchdog.start("http://a.example/", 0.05)
    deadline.step = "reading the body"
    time.sleep(0.1)
    with pytest.raises(DeadlineExceeded) as caught:
        deadline.check()
    assert str(caught.value) == "Timeout: not done within 0.05 s, was reading the body."
    assert (caught.value.kind, caught.value.url) == ("timeout", "http://a.example/")
    watchdog.close()


def test_watchdog_serves_deadlines_in_their_order_not_in_that_of_their_start() -> None:
    watchdog = Watchdog()
    late, early, done = (watchdog.start("", seconds) for seconds in (60, 0.05, 0.05))
    done.finish()
    time.sleep(0.15)
    late.check()
    with pytest.raises(DeadlineExceeded):
        early.check()
    done.check()
    watchdog.close()


def test_released_connection_is_not_cut() -> None:
    watchdog = Watchdog()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        first, second = watchdog.start("", 0.1), watchdog.start("", 0.1)
        first.watch(ours)
        first.release()
        time.sleep(0.2)
        theirs.sendall(b"still here")
        assert ours.recv(100) == b"still here"
        with pytest.raises(DeadlineExceeded):
            second.watch(ours)
        first.finish()
        second.finish()
    watchdog.close()


def test_closed_descriptor_of_the_fetch_is_no_other_connection() -> None:
    """The number of a closed descriptor is given to the next one at once; that one must live."""
    watchdog = Watchdog()
    deadline = watchdog.start("", 0.1)
    ours, theirs = socket.socketpair()
    deadline.watch(ours)
    number = ours.fileno()
    ours.close()
    others, peer = socket.socketpair()
    assert number in (others.fileno(), peer.fileno())
    time.sleep(0.2)
    peer.sendall(b"alive")
    assert others.recv(100) == b"alive"
    for sock in (theirs, others, peer):
        sock.close()
    deadline.finish()
    watchdog.close()


def drip_status_line(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    server.drip(sock, b"HTTP/1.1 200 OK")


def drip_headers(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    server.drip(sock, b"X-Slow: yes\r\n", pause=0.02)


def drip_continues(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    server.drip(sock, b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.002)


def drip_body(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    server.drip(sock, b"<item/>")


def drip_chunks(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    server.drip(sock, b"1\r\nx\r\n", pause=0.02)


def drip_until_closed(server: Server, sock: socket.socket) -> None:
    """Without a length the end of the connection is the end of the body, so a cut could look like it."""
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss></rss>")
    server.drip(sock, b" ")


def drip_trailers(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
    server.drip(sock, b"X-Slow: yes\r\n", pause=0.02)


def say_nothing(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    server.stopped.wait()


@pytest.mark.parametrize(
    "handle",
    [drip_status_line, drip_headers, drip_continues, drip_body, drip_chunks, drip_until_closed, drip_trailers,
     say_nothing],
)  # fmt: skip
@pytest.mark.parametrize("certificate", [None, "localhost"])
def test_dripping_answer_is_cut(
    handle: Callable[[Server, socket.socket], None],
    certificate: str | None,
    make_fetcher: MakeFetcher,
    serve: Serve,
) -> None:
    server = serve(handle, certificate=certificate)
    fetcher = make_fetcher(seconds=SHORT, ca_file=str(TLS / "ca.pem"))
    with within(SOON), pytest.raises(DeadlineExceeded) as caught:
        fetcher.get(Request(url=server.url()))
    assert str(caught.value).startswith("Timeout: not done within 0.4 s, was ")


def drip_handshake(server: Server, sock: socket.socket) -> None:
    sock.recv(4096)
    # A handshake record that announces 16 KB.
    sock.sendall(b"\x16\x03\x03\x40\x00")
    server.drip(sock, b"\x02")


def no_handshake(server: Server, sock: socket.socket) -> None:
    sock.recv(4096)
    server.stopped.wait()


@pytest.mark.parametrize("handle", [drip_handshake, no_handshake])
def test_dripping_handshake_is_cut(
    handle: Callable[[Server, socket.socket], None], make_fetcher: MakeFetcher, serve: Serve
) -> None:
    server = serve(handle)
    with within(SOON), pytest.raises(DeadlineExceeded, match=r"was agreeing on TLS with 127\.0\.0\.1\.$"):
        make_fetcher(seconds=SHORT).get(Request(url=server.url().replace("http:", "https:")))


@pytest.mark.parametrize("certificate", [None, "localhost"])
def test_kept_connection_is_cut_too(certificate: str | None, make_fetcher: MakeFetcher, serve: Serve) -> None:
    def handle(server: Server, sock: socket.socket) -> None:
        server.receive(sock)
        sock.sendall(response())
        server.receive(sock)
        server.drip(sock, b"HTTP/1.1 200 OK")

    server = serve(handle, certificate=certificate)
    fetcher = make_fetcher(seconds=SHORT, ca_file=str(TLS / "ca.pem"))
    assert isinstance(fetcher.get(Request(url=server.url())), Document)
    with within(SOON), pytest.raises(DeadlineExceeded, match="was waiting for the answer"):
        fetcher.get(Request(url=server.url()))
    assert server.connections == 1


def test_deadline_covers_all_redirects_together(make_fetcher: MakeFetcher, serve: Serve) -> None:
    def handle(server: Server, sock: socket.socket) -> None:
        while head := server.receive(sock):
            server.stopped.wait(0.15)
            number = head.split()[1].rpartition("/")[2]
            sock.sendall(response(b"", status="302 Found", Location=f"/{int(number) + 1}"))

    server = serve(handle)
    with within(SOON), pytest.raises(DeadlineExceeded):
        make_fetcher(seconds=SHORT, redirects=1000).get(Request(url=server.url("/0")))
    assert 2 <= len(server.requests) <= 4


def test_time_in_use_is_no_time_lost_for_the_next(make_fetcher: MakeFetcher, serve: Serve) -> None:
    """A finished fetch leaves nothing behind that would cut the connection when its time comes."""
    server = serve(answering(response()))
    fetcher = make_fetcher(seconds=0.5)
    end = time.monotonic() + 0.8
    while time.monotonic() < end:
        assert isinstance(fetcher.get(Request(url=server.url())), Document)
        time.sleep(0.02)
    assert server.connections == 1


def test_slow_unpacking_of_many_is_in_time(make_fetcher: MakeFetcher, serve: Serve) -> None:
    server = serve(answering(response(gzip.compress(b"x" * 100_000), Content_Encoding="gzip")))
    fetcher = make_fetcher(seconds=20)
    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(lambda _: fetcher.get(Request(url=server.url())), range(40)))
    assert {isinstance(document, Document) for document in documents} == {True}
    assert server.connections <= 8


@pytest.mark.parametrize("handle", [say_nothing, drip_body])
def test_close_cuts_what_is_running(
    handle: Callable[[Server, socket.socket], None], make_fetcher: MakeFetcher, serve: Serve
) -> None:
    server = serve(handle)
    fetcher = make_fetcher(seconds=30)
    with within(SOON), ThreadPoolExecutor(1) as pool:
        running = pool.submit(fetcher.get, Request(url=server.url()))
        while not server.requests:
            time.sleep(0.01)
        fetcher.close()
        with pytest.raises(FetchError) as caught:
            running.result()
    assert (caught.value.kind, str(caught.value)) == ("stopped", "Stopped: feedsvc is shutting down.")


def test_nothing_is_fetched_after_close(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    fetcher.close()
    with within(SOON), pytest.raises(FetchError, match="shutting down"):
        fetcher.get(Request(url=server.url()))
    fetcher.close()  # a second time does no harm
