"""Does one fetch behave: conditional requests, redirects, cookies, headers, connections, errors?"""

import gzip
import hashlib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Received
from werkzeug import Response

from feedsvc.errors import AddressRefused, BadStatus, FetchError, Unreachable
from feedsvc.fetch import Fetcher
from feedsvc.fetch.client import Client, tls_context
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.names import Address, Resolver
from feedsvc.fetch.trip import location_of, set_out, turn
from feedsvc.model import Document, NotModified, Request, Validators
from tests.fetch.conftest import NOW, TLS, MakeFetcher, Serve, Server, answering, lookup_of, response

FEED = b"<rss version='2.0'/>"
HASH = hashlib.sha256(FEED).hexdigest()


def got(result: Document | NotModified) -> Document:
    assert isinstance(result, Document)
    return result


def same(result: Document | NotModified) -> NotModified:
    assert isinstance(result, NotModified)
    return result


# ---- a plain answer ---------------------------------------------------------------------------------


def test_document_tells_all_of_the_answer(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(
        FEED,
        content_type="application/rss+xml; charset=utf-8",
        headers={
            "ETag": 'W/"a b"', "Last-Modified": "Sun, 01 Mar 2026 11:00:00 GMT",
            "Cache-Control": "max-age=60", "Set-Cookie": "id=1",
        },
    )  # fmt: skip
    url = httpserver.url_for("/feed?page=1#part")
    document = got(fetcher.get(Request(url=f"  {url} ")))
    assert document.url == httpserver.url_for("/feed?page=1")
    assert (document.status, document.body, document.wire_bytes, document.hops) == (200, FEED, len(FEED), ())
    assert document.content_type == "application/rss+xml"
    assert document.headers["cache-control"] == "max-age=60"
    assert "set-cookie" not in document.headers
    assert document.validators == Validators(
        etag='W/"a b"', last_modified="Sun, 01 Mar 2026 11:00:00 GMT", body_hash=HASH
    )


def test_request_is_honest_and_asks_for_feeds(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    fetcher.get(Request(url=server.url("/f?q=1"), headers={"Accept-Language": "fr", "ACCEPT": "text/html"}))
    lines = server.requests[0].split("\r\n")
    assert lines[0] == "GET /f?q=1 HTTP/1.1"
    assert set(lines[1:-2]) == {
        "Accept-Encoding: gzip, deflate, br, zstd",
        "Accept-Language: fr",
        "Accept: text/html",
        f"Host: 127.0.0.1:{server.port}",
        "User-Agent: feedsvc-test/1 (+https://example.org/; feeds@example.org)",
    }
    fetcher.get(Request(url=server.url()))
    assert "\r\nAccept: application/atom+xml, application/rss+xml, " in server.requests[1]


def test_environment_has_no_say(
    fetcher: Fetcher, serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    server = serve(answering(response()))
    got(fetcher.get(Request(url=server.url())))
    assert "uthorization" not in server.requests[0]


def test_login_in_the_address_is_sent_as_a_header_and_goes_no_further(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(b"", status="302 Found", Location="/there"), response()))
    url = server.url().replace("http://", "http://us%40er:p%3Aw@")
    document = got(fetcher.get(Request(url=url)))
    assert document.url == server.url("/there")
    for head in server.requests:  # "us@er:p:w"
        assert "\r\nAuthorization: Basic dXNAZXI6cDp3\r\n" in head
    with pytest.raises(AddressRefused) as caught:
        fetcher.get(Request(url=url), configured=False)
    assert "er" not in caught.value.url.partition("127")[0].removeprefix("http://")


# ---- conditional requests ---------------------------------------------------------------------------


def test_304_keeps_and_renews_validators(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    def answer(request: Received) -> Response:
        assert request.headers["If-None-Match"] == 'W/"1"'
        assert request.headers["If-Modified-Since"] == "yesterday, about noon"
        return Response(status=304, headers={"ETag": '"2"'})

    httpserver.expect_request("/feed").respond_with_handler(answer)
    known = Validators(etag='W/"1"', last_modified="yesterday, about noon", body_hash="h", fingerprint="f")
    result = same(fetcher.get(Request(url=httpserver.url_for("/feed")), validators=known))
    httpserver.check_assertions()
    assert (result.status, result.url) == (304, httpserver.url_for("/feed"))
    assert result.validators == Validators(
        etag='"2"', last_modified="yesterday, about noon", body_hash="h", fingerprint="f"
    )


def test_same_body_is_not_modified_whatever_the_status(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(FEED, ETag='"new"')))
    known = Validators(etag='"old"', body_hash=HASH, fingerprint="f")
    result = same(fetcher.get(Request(url=server.url()), validators=known))
    assert (result.status, result.wire_bytes) == (200, len(FEED))
    assert result.validators == Validators(etag='"new"', body_hash=HASH, fingerprint="f")


def test_other_body_is_a_document_without_the_old_fingerprint(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(FEED)))
    known = Validators(etag='"old"', body_hash="other", fingerprint="f")
    document = got(fetcher.get(Request(url=server.url()), validators=known))
    assert document.validators == Validators(body_hash=HASH)


@pytest.mark.parametrize("known", [None, Validators(), Validators(body_hash="h", fingerprint="f")])
def test_304_that_nobody_asked_for_is_an_error(
    known: Validators | None, fetcher: Fetcher, serve: Serve
) -> None:
    server = serve(answering(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    with pytest.raises(BadStatus) as caught:
        fetcher.get(Request(url=server.url()), validators=known)
    assert caught.value.status == 304
    assert (
        str(caught.value) == "The server answered 304 Not Modified although nothing was asked on condition."
    )
    assert "If-" not in server.requests[0]


def test_validator_that_could_not_be_sent_back_is_not_kept(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(
        answering(response(ETag='"a\x01b"', Last_Modified="x" * 3000), response(ETag='"\xe9t\xe9"'))
    )
    document = got(fetcher.get(Request(url=server.url())))
    assert (document.validators.etag, document.validators.last_modified) == (None, None)
    latin = got(fetcher.get(Request(url=server.url()))).validators
    fetcher.get(Request(url=server.url()), validators=latin)
    assert '\r\nIf-None-Match: "\xe9t\xe9"\r\n' in server.requests[2]


# ---- statuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("204 No Content", "204 No Content"),
        ("206 Partial Content", "206 Partial Content"),
        ("300 Multiple Choices", "300 Multiple Choices"),
        ("401 No", "401 Unauthorized: it wants a login"),
        ("403 No", "403 Forbidden: it does not want to be fetched like this"),
        ("404 No", "404 Not Found: the address may have changed"),
        ("410 No", "410 Gone: the address is gone for good"),
        ("418 No", "418 I'm a Teapot"),
        ("500 No", "500 Internal Server Error: the fault is on its side"),
        ("599 No", "599: the fault is on its side"),
        ("999 No", "999: the fault is on its side"),
    ],
)
def test_status_without_a_document_is_an_error(
    status: str, words: str, fetcher: Fetcher, serve: Serve
) -> None:
    body = b"" if status.startswith("204") else b"<html>no</html>"
    server = serve(answering(response(body, status=status)))
    for _ in range(2):
        with pytest.raises(BadStatus) as caught:
            fetcher.get(Request(url=server.url("/f?key=k")))
    assert str(caught.value).lower() == f"the server answered {words}.".lower()
    assert (caught.value.status, caught.value.retry_after) == (int(status[:3]), None)
    assert (caught.value.kind, caught.value.url) == ("status", server.url("/f?key=…"))
    assert server.connections == 1


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "203 Non-Authoritative Information"])
def test_success_with_a_body_is_a_document(status: str, fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(FEED, status=status)))
    assert got(fetcher.get(Request(url=server.url()))).status == int(status[:3])


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        (None, None),
        ("120", timedelta(seconds=120)),
        ("0", timedelta(0)),
        ("Sun, 01 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("soon", None),
    ],
)
def test_retry_after_comes_with_the_error(
    value: str | None, wait: timedelta | None, fetcher: Fetcher, serve: Serve
) -> None:
    headers = {} if value is None else {"Retry_After": value}
    server = serve(answering(response(b"", status="429 Too Many Requests", **headers)))
    with pytest.raises(BadStatus) as caught:
        fetcher.get(Request(url=server.url()))
    assert caught.value.retry_after == wait
    asks = f" It asks to wait {wait}." if wait else ""
    assert str(caught.value) == f"The server answered 429 Too Many Requests: it is asked too often.{asks}"


def test_error_page_without_end_is_not_read(fetcher: Fetcher, serve: Serve) -> None:
    def handle(server: Server, sock: socket.socket) -> None:
        server.receive(sock)
        sock.sendall(b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not server.stopped.is_set():
            sock.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    with pytest.raises(BadStatus):
        fetcher.get(Request(url=serve(handle).url()))


def test_error_page_comes_with_the_error(fetcher: Fetcher, serve: Serve) -> None:
    page = b"<title>Just a moment</title>" + b"x" * 100_000
    packed = gzip.compress(page)
    head = {"Content-Encoding": "gzip", "CF-Mitigated": "challenge"}
    server = serve(answering(response(packed, status="403 Forbidden", **head)))
    with pytest.raises(BadStatus) as caught:
        fetcher.get(Request(url=server.url()))
    assert caught.value.body == page[: 64 * 1024]
    assert caught.value.headers["cf-mitigated"] == "challenge"


# ---- posts ------------------------------------------------------------------------------------------


QUESTION = Request(url="", headers={"Content-Type": "application/json"}, body=b'{"page": 1}')


def test_a_body_is_posted(fetcher: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/ask", method="POST", json={"page": 1}).respond_with_data(FEED)
    document = got(fetcher.get(replace(QUESTION, url=httpserver.url_for("/ask"))))
    assert document.body == FEED
    assert "page" not in repr(QUESTION)


@pytest.mark.parametrize(
    ("status", "methods"),
    [
        (301, ["POST", "GET"]),
        (302, ["POST", "GET"]),
        (303, ["POST", "GET"]),
        (307, ["POST"] * 2),
        (308, ["POST"] * 2),
    ],
)
def test_a_post_is_repeated_only_where_the_server_says_so(
    status: int, methods: list[str], fetcher: Fetcher, httpserver: HTTPServer
) -> None:
    moved = Response(status=status, headers={"Location": "/there"})
    httpserver.expect_request("/here").respond_with_response(moved)
    httpserver.expect_request("/there").respond_with_data(FEED)
    got(fetcher.get(replace(QUESTION, url=httpserver.url_for("/here"))))
    asked = [request for request, _ in httpserver.log]
    assert [request.method for request in asked] == methods
    assert [request.data for request in asked] == [b'{"page": 1}' * (one == "POST") for one in methods]
    assert [request.content_type is not None for request in asked] == [one == "POST" for one in methods]


# ---- redirects --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_followed_and_told(status: int, fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    server.handle = answering(
        response(b"moved", status=f"{status} Moved", Location="sub/next?a=1#frag"),
        response(b"moved", status=f"{status} Moved", Location=f"//127.0.0.1:{server.port}/end x?b=\xc3\xa9"),
        response(FEED),
    )
    document = got(fetcher.get(Request(url=server.url("/a/feed"))))
    assert document.url == server.url("/end%20x?b=%C3%A9")
    assert document.hops == (
        (status, server.url("/a/sub/next?a=1")),
        (status, server.url("/end x?b=é")),
    )
    assert server.connections == 1


def test_304_after_a_redirect_is_for_the_final_address(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(
        answering(response(b"", status="301 Moved", Location="/new"), b"HTTP/1.1 304 Not Modified\r\n\r\n")
    )
    result = same(fetcher.get(Request(url=server.url("/old")), validators=Validators(etag='"1"')))
    assert (result.url, result.hops) == (server.url("/new"), ((301, server.url("/new")),))
    assert '\r\nIf-None-Match: "1"\r\n' in server.requests[1]


def test_redirects_have_a_limit(make_fetcher: MakeFetcher, serve: Serve) -> None:
    server = serve(_count_up)
    with pytest.raises(Unreachable) as caught:
        make_fetcher(redirects=3).get(Request(url=server.url("/0")))
    assert caught.value.kind == "redirects"
    assert str(caught.value) == (
        f"Redirects: more than 3 (fetch.redirects), the last one to {server.url('/4?token=…')}."
    )
    assert [head.split()[1] for head in server.requests] == ["/0", "/1?token=t", "/2?token=t", "/3?token=t"]
    with pytest.raises(Unreachable, match="more than 0"):
        make_fetcher(redirects=0).get(Request(url=server.url("/0")))


def _count_up(server: Server, sock: socket.socket) -> None:
    while head := server.receive(sock):
        here = int(head.split()[1].partition("?")[0].rpartition("/")[2])
        sock.sendall(response(b"", status="302 Found", Location=f"/{here + 1}?token=t"))


def test_redirects_in_a_circle_are_seen(make_fetcher: MakeFetcher, serve: Serve) -> None:
    a = response(b"", status="302 Found", Location="/b")
    b = response(b"", status="302 Found", Location="/a")
    server = serve(answering(a, b, a, b))
    with pytest.raises(Unreachable) as caught:
        make_fetcher(redirects=50).get(Request(url=server.url("/a")))
    assert str(caught.value) == f"Redirects: they go round in a circle at {server.url('/a')}."
    assert len(server.requests) == 2


def test_redirect_is_not_followed_where_none_is_wanted(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(b"", status="301 Moved", Location="/there"), response(FEED)))
    with pytest.raises(Unreachable, match="none is wanted here") as caught:
        fetcher.get(Request(url=server.url("/here"), redirects=False))
    assert (caught.value.kind, len(server.requests)) == ("redirects", 1)


def test_redirect_without_an_address_is_an_error(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(b"", status="302 Found")))
    with pytest.raises(Unreachable, match="answered 302 but names no new address") as caught:
        fetcher.get(Request(url=server.url()))
    assert caught.value.kind == "redirects"


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:6379/_", "http://127.0.0.1:99999/",
     "http://[::1/", "http://a\\@b/", "javascript:x", "http://a..b:0/"],
)  # fmt: skip
def test_redirect_to_what_is_not_fetched_is_refused(location: str, fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(b"", status="302 Found", Location=location)))
    with pytest.raises(AddressRefused, match=r"^Address refused: .* cannot be fetched, "):
        fetcher.get(Request(url=server.url()))


def test_redirect_with_an_endless_body_is_followed_at_once(fetcher: Fetcher, serve: Serve) -> None:
    def handle(server: Server, sock: socket.socket) -> None:
        if " /end " in server.receive(sock):
            sock.sendall(response(FEED))
            return
        sock.sendall(b"HTTP/1.1 302 Found\r\nLocation: /end\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not server.stopped.is_set():
            sock.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    assert got(fetcher.get(Request(url=serve(handle).url()))).body == FEED


class OpenGuard(Guard):
    """Permits everything, so that one machine can play several hosts."""

    def refusal(self, address: Address, *, exempt: bool) -> str | None:
        return None


@pytest.fixture
def client() -> Iterator[Client]:
    """A client for which a.example and b.example are this machine."""
    client = Client(
        timeout=5, max_bytes=1000, redirects=5, user_agent="feedsvc-test/1", threads=2, guard=OpenGuard(),
        resolver=Resolver(lookup_of(a_example=["127.0.0.1"], b_example=["127.0.0.1"])),
        tls=tls_context(ca_file=str(TLS / "ca.pem")), clock=lambda: NOW,
    )  # fmt: skip
    yield client
    client.close()


def secrets_in(head: str) -> list[str]:
    """Which of the source's headers a request carried."""
    sent = {line.partition(":")[0] for line in head.split("\r\n")}
    return sorted(sent & {"Authorization", "X-Api-Key", "Cookie", "Accept-Language", "If-None-Match"})


ALL = ["Accept-Language", "Authorization", "Cookie", "If-None-Match", "X-Api-Key"]
HARMLESS = ["Accept-Language", "If-None-Match"]


@pytest.mark.parametrize(
    ("first", "second", "sent"),
    [
        ("http://a.example:{0}/", "http://a.example:{0}/b", ALL),
        ("http://a.example:{0}/", "http://A.EXAMPLE.:{0}/b", ALL),
        ("http://a.example:{0}/", "http://b.example:{0}/b", HARMLESS),
        ("http://a.example:{0}/", "http://a.example:{1}/b", HARMLESS),
        ("http://a.example:{0}/", "http://me:pw@b.example:{0}/b", HARMLESS),
    ],
)
def test_headers_that_may_be_secret_do_not_go_to_another_place(
    first: str, second: str, sent: list[str], client: Client, serve: Serve
) -> None:
    one, two = serve(answering(response())), serve(answering(response(FEED)))
    first, second = first.format(one.port, two.port), second.format(one.port, two.port)
    one.handle = answering(response(b"", status="302 Found", Location=second), response(FEED))
    secret = {"Authorization": "Bearer x", "X-Api-Key": "k", "Cookie": "c=1", "Accept-Language": "fr"}
    request = Request(url=first, headers=secret)
    document = got(client.get(request, validators=Validators(etag='"1"'), configured=True))
    assert document.body == FEED
    heads = one.requests + two.requests
    assert [secrets_in(head) for head in heads] == [ALL, sent]


def test_secrets_do_not_come_back_on_the_way_home(client: Client, serve: Serve) -> None:
    """a sends us to b, and b to an address of its choice at a: that is no longer ours."""
    server = serve(answering(response()))
    a, b = server.url("/2", host="a.example"), server.url("/1", host="b.example")
    server.handle = answering(
        response(b"", status="302 Found", Location=b),
        response(b"", status="302 Found", Location=a),
        response(),
    )
    request = Request(url=server.url("/0", host="a.example"), headers={"Authorization": "Bearer x"})
    got(client.get(request, validators=None, configured=True))
    assert ["Bearer" in head for head in server.requests] == [True, False, False]


def test_a_post_goes_to_no_other_server(client: Client, httpserver: HTTPServer) -> None:
    there = f"http://b.example:{httpserver.port}/there"
    moved = Response(status=307, headers={"Location": there})
    httpserver.expect_request("/here").respond_with_response(moved)
    httpserver.expect_request("/there").respond_with_data(FEED)
    asked = replace(QUESTION, url=f"http://a.example:{httpserver.port}/here")
    got(client.get(asked, validators=None, configured=True))
    assert [request.method for request, _ in httpserver.log] == ["POST", "GET"]


@pytest.mark.parametrize(
    ("here", "there", "same_place"),
    [
        ("http://a.example/", "https://a.example/", True),
        ("https://a.example/", "http://a.example/", False),
        ("http://a.example/", "https://a.example:8443/", False),
        ("https://a.example/", "https://a.example:443/x", True),
    ],
)
def test_only_the_move_to_https_is_no_move(here: str, there: str, same_place: bool) -> None:
    request = Request(url=here, headers={"x-api-key": "k"})
    trip = set_out(request, user_agent="feedsvc-test/1", validators=None)
    turn(trip, status=301, location=there)
    assert ("X-Api-Key" in trip.headers) is same_place
    assert (trip.url, trip.hops) == (there, [(301, there)])


def test_cookies_of_one_host_do_not_go_to_another(client: Client, serve: Serve) -> None:
    server = serve(answering(response()))
    server.handle = answering(
        response(b"", status="302 Found", Location=server.url("/1", host="b.example"), Set_Cookie="id=1"),
        response(FEED),
    )
    got(client.get(Request(url=server.url(host="a.example")), validators=None, configured=True))
    assert ["Cookie" in head for head in server.requests] == [False, False]


def test_headers_stay_on_the_same_host(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(b"", status="302 Found", Location="/b"), response()))
    fetcher.get(Request(url=server.url("/a"), headers={"Authorization": "Bearer x"}))
    assert ["\r\nAuthorization: Bearer x\r\n" in head for head in server.requests] == [True, True]


@pytest.mark.parametrize(
    ("location", "absolute"),
    [
        ("/b", "http://a.example/b"),
        ("b?x=1#frag", "http://a.example/dir/b?x=1"),
        ("?x=1", "http://a.example/dir/feed?x=1"),
        ("//b.example/", "http://b.example/"),
        ("HTTPS://B.example/", "https://B.example/"),
        (" /b ", "http://a.example/b"),
        ("http://me:pw@b.example/", "http://b.example/"),
        ("/\xc3\xa9", "http://a.example/é"),  # UTF-8 read as Latin-1
        ("/\xe9", "http://a.example/é"),  # Latin-1 indeed
        ("", None),
    ],
)
def test_location_is_made_absolute(location: str, absolute: str | None) -> None:
    assert location_of({"location": location}, base="http://a.example/dir/feed") == absolute


# ---- cookies ----------------------------------------------------------------------------------------


def test_cookies_are_kept_for_one_chain_only(fetcher: Fetcher, serve: Serve) -> None:
    """A cookie wall: the same address again, this time with the cookie. No circle."""

    def handle(server: Server, sock: socket.socket) -> None:
        while head := server.receive(sock):
            if "Cookie: wall=passed" in head:
                sock.sendall(response(FEED, Set_Cookie="later=1"))
            else:
                sock.sendall(
                    response(b"", status="302 Found", Location="/feed", Set_Cookie="wall=passed; Path=/")
                )

    server = serve(handle)
    for _ in range(2):
        assert got(fetcher.get(Request(url=server.url()))).body == FEED
    assert ["Cookie" in head for head in server.requests] == [False, True, False, True]


# ---- connections ------------------------------------------------------------------------------------


def test_connection_is_used_again(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    for _ in range(5):
        got(fetcher.get(Request(url=server.url())))
    assert (server.connections, len(server.requests)) == (1, 5)


def test_threads_share_connections(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    with ThreadPoolExecutor(4) as pool:
        bodies = list(pool.map(lambda n: got(fetcher.get(Request(url=server.url(f"/{n}")))).body, range(100)))
    assert bodies == [b"<rss/>"] * 100
    assert 1 <= server.connections <= 4


def test_kept_connection_that_the_server_closes_is_replaced(fetcher: Fetcher, serve: Serve) -> None:
    """The server takes the request and hangs up, as when its patience ends just then."""

    def handle(server: Server, sock: socket.socket) -> None:
        server.receive(sock)
        sock.sendall(response(FEED))
        server.receive(sock)

    server = serve(handle)
    for _ in range(3):
        assert got(fetcher.get(Request(url=server.url()))).body == FEED
    assert server.connections == 3


def test_new_connection_that_the_server_closes_is_an_error(fetcher: Fetcher, serve: Serve) -> None:
    def handle(server: Server, sock: socket.socket) -> None:
        server.receive(sock)

    server = serve(handle)
    with pytest.raises(Unreachable) as caught:
        fetcher.get(Request(url=server.url()))
    assert caught.value.kind == "broken"
    assert server.connections == 1


def reset(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    sock.close()


def chatter(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"220 mail.example ESMTP ready\r\n")


def endless_header(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not server.stopped.is_set():
        sock.sendall(b"x" * 65536)


def many_headers(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    while not server.stopped.is_set():
        sock.sendall(b"X: x\r\n" * 1000)


def bad_length(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef")


@pytest.mark.parametrize("handle", [reset, chatter, endless_header, many_headers, bad_length])
def test_what_is_not_http_is_broken(handle: Any, fetcher: Fetcher, serve: Serve) -> None:
    with pytest.raises(Unreachable) as caught:
        fetcher.get(Request(url=serve(handle).url("/f?apikey=k")))
    assert caught.value.kind == "broken"
    assert str(caught.value) == (
        "Broken transfer: the server closed the connection, or answered something that is not HTTP."
    )
    assert "apikey=k" not in caught.value.url


def test_header_that_cannot_be_sent_is_told(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    for value in ("a\r\nHost: b", "arrow →"):
        with pytest.raises(FetchError, match="one of its headers cannot be sent"):
            fetcher.get(Request(url=server.url(), headers={"X-Bad": value}))
    assert server.connections == 0


@pytest.mark.parametrize("url", ["http://*.example/", "http://.example/", "http://é..example/", "http://xn--/",
                                 f"http://{'a' * 70}.example/"])  # fmt: skip
def test_impossible_host_is_an_error_of_our_own(url: str, make_fetcher: MakeFetcher) -> None:
    def lookup(host: str) -> list[Any]:
        host.encode("idna")
        return []

    with pytest.raises(FetchError):
        make_fetcher(lookup=lookup).get(Request(url=url))
