"""Does nothing that a page can think of reach a refused address, or tell a secret to others?"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Received
from werkzeug import Response

from feedsvc.errors import AddressRefused, BadStatus
from feedsvc.fetch import Fetcher
from feedsvc.fetch.browser import USUAL, Browser
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.names import Address, Resolver
from feedsvc.model import Document, Request
from tests.fetch.browser.conftest import AGENT, Draw, looked_up, require_chromium
from tests.fetch.conftest import NOW, Serve, Server, answering, lookup_of, response


@pytest.fixture
def udp() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine that notes what comes as datagrams."""
    came: list[bytes] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))

        def note() -> None:
            with contextlib.suppress(OSError):
                while data := sock.recv(2048):
                    came.append(data)

        threading.Thread(target=note, daemon=True).start()
        yield sock.getsockname()[1], came
        sock.sendto(b"", sock.getsockname())


def test_nothing_leads_to_a_refused_address(
    drawing: Fetcher, draw: Draw, serve: Serve, httpserver: HTTPServer, udp: tuple[int, list[bytes]]
) -> None:
    """Each way on which a page can ask for something, to another port of this machine and worse."""
    other, (datagrams, came) = serve(answering(response())), udp
    httpserver.expect_request("/to-metadata").respond_with_data(
        status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}
    )
    httpserver.expect_request("/to-other").respond_with_data(
        status=302, headers={"Location": other.url("/redirected")}
    )
    document = draw(
        f"""<ol></ol><link rel=stylesheet href="{other.url("/css")}">
        <script src="{other.url("/script")}"></script>
        <form id=form action="{other.url("/form")}" target=_blank method=post></form>
        <script>
        const port = {other.port};
        const list = document.querySelector('ol');
        const say = (what) => list.insertAdjacentHTML('beforeend', `<li>${{what}}</li>`);
        const asked = ['http://169.254.169.254/', 'http://127.1:' + port, 'http://[::1]:' + port,
          'http://[::ffff:127.0.0.1]:' + port, 'http://0:' + port, 'http://2130706433:' + port,
          'http://a.localhost:' + port, 'http://inside.example/', 'http://here.example:' + port,
          'https://127.0.0.1:' + port, '/to-metadata', '/to-other'];
        const socket = new Promise(done => {{
          const one = new WebSocket('ws://127.0.0.1:' + port);
          one.onopen = () => done('open'); one.onerror = () => done('no');
        }});
        const source = `fetch('http://127.0.0.1:${{port}}/worker')
          .then(() => postMessage('yes'), () => postMessage('no'))`;
        const worker = new Worker(URL.createObjectURL(new Blob([source])));
        const work = new Promise(done => worker.onmessage = event => done(event.data));
        const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{datagrams}'}}]}});
        peer.createDataChannel('x'); peer.createOffer().then(offer => peer.setLocalDescription(offer));
        new WebTransport('https://127.0.0.1:{datagrams}/').ready.catch(() => 0);
        document.getElementById('form').submit();
        const answered = (a) => a.type == 'opaque' ? 'opaque' : a.status;
        const ask = (url) => fetch(url, {{mode: 'no-cors'}}).then(answered, () => 'no');
        Promise.all([...asked.map(ask), socket, work]).then(all => all.forEach(say));
        </script>"""
    )
    told = document.body.partition(b"<ol>")[2].partition(b"</ol>")[0].decode()
    said = told.replace("<li>", "").split("</li>")[:-1]
    assert len(said) == 14
    # Over plain http a refusal is an answer without a word in it, which a page cannot tell from any other.
    assert set(said) <= {"no", "opaque", "502"}
    assert (said[-5], said[-2]) == ("no", "no")
    assert other.connections == 0
    assert came == []


def test_page_itself_at_a_refused_address(
    drawing: Fetcher, draw: Draw, serve: Serve, httpserver: HTTPServer
) -> None:
    other = serve(answering(response()))
    httpserver.expect_request("/away").respond_with_data(status=302, headers={"Location": other.url("/x")})
    for url, why in [
        ("http://inside.example/", "a private address"),
        ("https://169.254.169.254/", "the metadata service of a cloud"),
        (httpserver.url_for("/away"), "a loopback address"),
    ]:
        with pytest.raises(AddressRefused, match=why):
            drawing.get(Request(url=url, render="browser"))
    with pytest.raises(AddressRefused, match="a loopback address"):
        draw(f"<script>location = '{other.url('/script')}'</script>")
    with pytest.raises(AddressRefused, match="a loopback address"):
        drawing.get(Request(url=httpserver.url_for("/page"), render="browser"), configured=False)
    assert other.connections == 0


def test_files_and_own_pages_of_the_browser(draw: Draw) -> None:
    document = draw(
        "<p>here</p><script>for (const url of ['file:///etc/passwd', 'chrome://version', 'view-source:file:///'])"
        "  try { location = url; open(url, '_self'); } catch { 0 }</script>"
    )
    assert b"<p>here</p>" in document.body


def test_names_are_looked_up_by_us_alone(draw: Draw) -> None:
    looked_up.clear()
    draw(
        "<script>fetch('http://asked.example/').catch(() => 0)</script><a href=//linked.example>x</a>",
        head="<link rel=dns-prefetch href=//hinted.example><link rel=preconnect href=//connected.example>",
    )
    assert set(looked_up) - {"connected.example"} == {"localhost", "asked.example"}


# ---- secrets, with a second server that may be reached ----------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Anywhere(Guard):
    """Lets everything pass, as if this machine's addresses were public."""

    def refusal(self, address: Address, *, exempt: bool) -> str | None:
        return None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    require_chromium()
    resolver = Resolver(lookup_of(localhost=["127.0.0.1"]))

    def plain(request: Request, **_: object) -> Document:
        raise AssertionError(request.url)

    browser = Browser(
        timeout=25, max_bytes=1_000_000, redirects=5, user_agent=AGENT, guard=Anywhere(), resolver=resolver,
        clock=lambda: NOW, plain=plain, limits=USUAL,
    )  # fmt: skip
    yield browser
    browser.close()
    resolver.close()


def test_secrets_go_to_their_own_server_only(browser: Browser, httpserver: HTTPServer, serve: Serve) -> None:
    script = response(b"1", Access_Control_Allow_Origin="*", Content_Type="text/javascript")
    gone = response(status="404 Not Found")
    other = serve(answering(script, script, script, gone))
    httpserver.expect_request("/page").respond_with_data(
        f"<p></p><script>fetch('/own').then(() => fetch('{other.url('/theirs')}'))"
        ".then(() => fetch('/redirect')).then(() => document.querySelector('p').append('done'))</script>"
        f"<script src='{other.url('/s')}'></script>",
        content_type="text/html",
    )
    httpserver.expect_request("/own").respond_with_data("x")
    httpserver.expect_request("/redirect").respond_with_data(
        status=302, headers={"Location": other.url("/redirected")}
    )
    url = httpserver.url_for("/page").replace("http://", "http://ann:s%C3%A9same@")
    headers = {"X-Api-Key": "sesame", "Cookie": "id=sesame; b=c", "accept-language": "fr"}
    document = browser.get(
        Request(url=url, headers=headers, render="browser"), validators=None, configured=True
    )
    assert isinstance(document, Document)
    assert b"<p>done</p>" in document.body
    assert document.url == httpserver.url_for("/page")
    for request, _ in httpserver.log:
        assert request.headers["X-Api-Key"] == "sesame", request.path
        assert request.headers["Authorization"].startswith("Basic "), request.path
        assert request.headers["Cookie"] == "id=sesame; b=c", request.path
        assert request.headers["Accept-Language"] == "fr", request.path
        assert "Proxy-Authorization" not in request.headers
    assert len(httpserver.log) == 3
    away = Request(url=url.replace("/page", "/redirect"), headers=headers, render="browser")
    with pytest.raises(BadStatus):
        browser.get(away, validators=None, configured=True)
    assert [head.split(" ", 2)[1] for head in other.requests] == [
        "/s",
        "/theirs",
        "/redirected",
        "/redirected",
    ]
    for head in other.requests:
        assert "sesame" not in head.lower()
        assert "authorization" not in head.lower()


def test_page_is_posted_for(browser: Browser, httpserver: HTTPServer) -> None:
    def echo(request: Received) -> Response:
        return Response(
            f"<p>{request.method} {request.get_data(as_text=True)} {request.content_type}",
            content_type="text/html",
        )

    httpserver.expect_request("/search").respond_with_handler(echo)
    request = Request(
        url=httpserver.url_for("/search"),
        body=b"q=1",
        headers={"Content-Type": "text/x-query"},
        render="browser",
    )
    document = browser.get(request, validators=None, configured=True)
    assert isinstance(document, Document)
    assert b"<p>POST q=1 text/x-query</p>" in document.body


def test_web_sockets_pass_where_they_may(browser: Browser, httpserver: HTTPServer, serve: Serve) -> None:
    def handshake(server: Server, sock: socket.socket) -> None:
        server.receive(sock)
        sock.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    other = serve(handshake)
    httpserver.expect_request("/page").respond_with_data(
        f"<script>new WebSocket('ws://127.0.0.1:{other.port}/chat')</script>", content_type="text/html"
    )
    browser.get(Request(url=httpserver.url_for("/page"), render="browser"), validators=None, configured=True)
    assert other.requests[0].startswith("GET /chat HTTP/1.1\r\n")
    assert "Upgrade: websocket" in other.requests[0]
