"""Is a page drawn by scripts had whole, as it looks when it is quiet, and nothing else of it?"""

import hashlib
import re
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Received
from werkzeug import Response

from feedsvc.errors import BadStatus, FetchError, TooLarge, Unreachable
from feedsvc.fetch import Fetcher
from feedsvc.model import Document, NotModified, Request, Validators
from tests.fetch.browser.conftest import AGENT, Draw, paths
from tests.fetch.conftest import Serve, answering, response

LIST = """
<main></main>
<script>
  fetch('/items.json').then(answer => answer.json()).then(items => {
    const html = items.map(title => `<article><h2>${title}</h2></article>`).join('');
    document.querySelector('main').innerHTML = html + location.hash;
  });
</script>
"""


def page(url: str) -> Request:
    return Request(url=url, render="browser")


def serve_list(server: HTTPServer) -> None:
    def slowly(_: Received) -> Response:
        import time

        time.sleep(0.7)  # longer than a page is quiet before it is taken
        return Response('["Über <b>eins</b>", "zwei"]', content_type="application/json")

    server.expect_request("/items.json").respond_with_handler(slowly)


# ---- what is drawn ----------------------------------------------------------------------------------


def test_list_drawn_by_a_script_is_there(draw: Draw, httpserver: HTTPServer) -> None:
    serve_list(httpserver)
    document = draw(LIST, head="<title>Liste</title>", fragment="#/news")
    html = document.body.decode()
    assert html.startswith('<!DOCTYPE html><html lang="fr"><head><title>Liste</title></head><body>')
    assert (
        "<main><article><h2>Über <b>eins</b></h2></article><article><h2>zwei</h2></article>#/news</main>"
        in html
    )
    assert html.endswith("</body></html>")
    assert (document.url, document.status, document.hops) == (httpserver.url_for("/page"), 200, ())
    assert document.headers["content-type"] == "text/html; charset=utf-8"
    assert document.wire_bytes > len(LIST)
    assert document.validators == Validators(body_hash=hashlib.sha256(document.body).hexdigest())
    asked = next(request for request, _ in httpserver.log if request.path == "/page")
    assert re.fullmatch(
        r"Mozilla/5\.0 .* Chrome/\d+\.0\.0\.0 .* " + re.escape(AGENT), asked.headers["User-Agent"]
    )


def test_same_page_is_not_modified(drawing: Fetcher, httpserver: HTTPServer) -> None:
    """The validators of the bytes say nothing of what was drawn with them: only the page's hash counts."""
    headers = {
        "ETag": '"shell"',
        "Last-Modified": "Sun, 01 Mar 2026 11:00:00 GMT",
        "Set-Cookie": "a=b",
        "X-A": "b",
    }
    httpserver.expect_request("/page").respond_with_data(
        "<p>x", headers=headers, content_type="text/html; charset=latin-1"
    )
    first = drawing.get(page(httpserver.url_for("/page")))
    assert isinstance(first, Document)
    assert {"etag", "last-modified", "set-cookie", "content-length"}.isdisjoint(first.headers)
    assert (first.headers["x-a"], first.headers["content-type"]) == ("b", "text/html; charset=utf-8")
    assert (first.validators.etag, first.validators.last_modified) == (None, None)
    known = Validators(etag='"shell"', body_hash=first.validators.body_hash, fingerprint="f")
    again = drawing.get(page(httpserver.url_for("/page")), validators=known)
    assert isinstance(again, NotModified)
    assert again.validators == Validators(body_hash=first.validators.body_hash, fingerprint="f")
    assert "If-None-Match" not in httpserver.log[-1][0].headers


def test_shadow_roots_and_broken_text_are_written_down(draw: Draw) -> None:
    document = draw(
        "<p id=p></p><script>document.getElementById('p').textContent = 'a\\ud800b'</script>"
        "<x-card>light</x-card><script>document.querySelector('x-card').attachShadow({mode: 'open'})"
        ".innerHTML = '<h2>In the shadow</h2><slot></slot>'</script>"
    )
    assert '<p id="p">a\ufffdb</p>'.encode() in document.body
    inside = b'<template shadowrootmode="open"><h2>In the shadow</h2><slot></slot></template>'
    assert b"<x-card>" + inside + b"light</x-card>" in document.body


def test_scripts_cannot_change_how_the_page_is_taken(draw: Draw) -> None:
    document = draw(
        "<p>true</p><script>for (const [owner, name] of [[Element.prototype, 'innerHTML'],"
        "[Element.prototype, 'outerHTML'], [Element.prototype, 'textContent'], [Document.prototype, 'URL']])"
        "Object.defineProperty(owner, name, {get() { throw 'no'; }});"
        "String.prototype.toWellFormed = () => 'forged'; JSON.stringify = () => 'forged';</script>"
    )
    assert b"<p>true</p>" in document.body


# ---- what is not loaded, kept or done ---------------------------------------------------------------


def test_pictures_fonts_media_and_frames_are_not_loaded(draw: Draw, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/style.css").respond_with_data("p { color: red }", content_type="text/css")
    document = draw(
        "<img src=/a.png onerror='this.remove()' onload='this.remove()'><video src=/b.mp4 autoplay></video>"
        "<audio src=/c.mp3 preload=auto></audio><iframe src=/d></iframe><embed src=/e>"
        "<object data=/f></object>"
        "<p style='font-family: x; background: url(/g.png)'>text</p>"
        "<script>navigator.sendBeacon('/h', 'x'); new Image().src = '/i.png'</script>",
        head="<link rel=stylesheet href=/style.css><link rel=prefetch href=/j>"
        "<style>@font-face { font-family: x; src: url(/l.woff2) }</style>",
    )
    assert paths(httpserver) == ["/page", "/style.css"]
    assert b'<img src="/a.png"' in document.body  # nothing told the page that it was not loaded


def test_nothing_is_kept_from_page_to_page(draw: Draw, httpserver: HTTPServer) -> None:
    script = (
        "<p></p><script>document.querySelector('p').textContent = JSON.stringify([document.cookie,"
        "{...localStorage}, {...sessionStorage}]);"
        "document.cookie = 'a=b'; localStorage.c = 'd'; sessionStorage.e = 'f'</script>"
    )
    for _ in range(2):
        assert b'<p>["",{},{}]</p>' in draw(script).body
    assert all("Cookie" not in request.headers for request, _ in httpserver.log)


def test_pop_ups_workers_and_dialogs_come_to_nothing(draw: Draw, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/worker.js").respond_with_data("", content_type="text/javascript")
    document = draw(
        "<a id=a href=/pop target=_blank>x</a><p></p><script>for (let i = 0; i < 5; i++) alert(i);"
        "const words = [confirm('?'), prompt('?'), window.open('/pop') === null, Notification.permission];"
        "document.getElementById('a').click();"
        "navigator.serviceWorker.register('/worker.js').then(() =>"
        "  document.querySelector('p').textContent = JSON.stringify(words))</script>"
    )
    assert b'<p>[false,null,true,"default"]</p>' in document.body
    assert paths(httpserver) == ["/page"]


# ---- where it comes from ----------------------------------------------------------------------------


def test_redirects_by_server_and_by_script(drawing: Fetcher, httpserver: HTTPServer) -> None:
    there = httpserver.url_for("/there")
    httpserver.expect_request("/first").respond_with_data(status=301, headers={"Location": "/second"})
    httpserver.expect_request("/second").respond_with_data(
        "<script>location.replace('/there?a=1#part')</script>", content_type="text/html"
    )
    httpserver.expect_request("/there").respond_with_data(
        "<p>there<script>history.pushState({}, '', '/named')</script>", content_type="text/html"
    )
    document = drawing.get(page(httpserver.url_for("/first")))
    assert isinstance(document, Document)
    assert b"<p>there" in document.body
    assert document.url == httpserver.url_for("/named")
    assert document.hops == ((301, httpserver.url_for("/second")), (200, f"{there}?a=1"))


def test_script_that_goes_round_in_a_circle(draw: Draw) -> None:
    with pytest.raises(Unreachable, match="more than 5") as caught:
        draw("<script>location.replace('/page?' + Math.random())</script>")
    assert caught.value.kind == "redirects"


def test_server_that_goes_round_in_a_circle(drawing: Fetcher, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/round").respond_with_data(status=302, headers={"Location": "/round"})
    with pytest.raises(Unreachable) as caught:
        drawing.get(page(httpserver.url_for("/round")))
    assert caught.value.kind == "redirects"


# ---- what is no page --------------------------------------------------------------------------------


@pytest.mark.parametrize("disposition", ["inline", "attachment; filename=feed.xml"])
def test_what_is_no_page_comes_as_it_is(drawing: Fetcher, httpserver: HTTPServer, disposition: str) -> None:
    body = "<?xml version='1.0' encoding='iso-8859-1'?><rss>é</rss>".encode("latin-1")
    headers = {"ETag": '"e"', "Content-Disposition": disposition}
    httpserver.expect_request("/file").respond_with_data(body, content_type="text/xml", headers=headers)
    document = drawing.get(page(httpserver.url_for("/file")))
    assert isinstance(document, Document)
    assert (document.body, document.content_type, document.validators.etag) == (body, "text/xml", '"e"')


@pytest.mark.parametrize("status", [204, 503])
def test_status_that_brings_no_document(drawing: Fetcher, httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/gone").respond_with_data(
        "<script>document.write('drawn')</script>",
        status=status,
        headers={"Retry-After": "60"},
        content_type="text/html",
    )
    with pytest.raises(BadStatus) as caught:
        drawing.get(page(httpserver.url_for("/gone")))
    assert (caught.value.status, caught.value.retry_after) == (status, timedelta(seconds=60))


def test_document_that_breaks_off_is_none(drawing: Fetcher, serve: Serve) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n"
    server = serve(answering(head + b"<p>half"))
    with pytest.raises(FetchError) as caught:
        drawing.get(page(server.url("/half")))
    assert caught.value.kind == "broken"


def test_answer_that_is_not_http(drawing: Fetcher, serve: Serve) -> None:
    server = serve(answering(b"SSH-2.0-x\r\nConnection: close\r\n\r\n"))
    with pytest.raises(Unreachable) as caught:
        drawing.get(page(server.url("/")))
    assert caught.value.kind == "broken"
    assert "not HTTP" in str(caught.value)


def test_nobody_there(drawing: Fetcher, serve: Serve) -> None:
    server = serve(answering(response()))
    url = server.url("/")
    server.stop()
    with pytest.raises(Unreachable) as caught:
        drawing.get(page(url))
    assert (caught.value.kind, caught.value.url) == ("connect", url)


def test_unknown_name(drawing: Fetcher) -> None:
    with pytest.raises(Unreachable) as caught:
        drawing.get(page("https://nowhere.example/"))
    assert caught.value.kind == "dns"


def test_certificate_of_nobody_known(drawing: Fetcher, serve: Serve) -> None:
    server = serve(answering(response()), certificate="localhost")
    with pytest.raises(Unreachable, match=r"TLS: the certificate of 127\.0\.0\.1") as caught:
        drawing.get(page(server.url("/")))
    assert caught.value.kind == "tls"


# ---- bounds -----------------------------------------------------------------------------------------


def test_more_bytes_than_allowed_are_loaded(draw: Draw, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/big").respond_with_data(b"x" * 1_100_000)
    with pytest.raises(TooLarge, match=r"1,000,000 bytes \(fetch.max_bytes\)"):
        draw("<script>fetch('/big').then(answer => answer.text())</script>")


def test_more_bytes_than_allowed_are_drawn(draw: Draw) -> None:
    with pytest.raises(TooLarge, match="when it was drawn"):
        draw("<script>document.body.textContent = 'x'.repeat(5e6)</script>")
