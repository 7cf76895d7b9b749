"""Do we subscribe as WebSub has it, and believe nothing that is not ours?"""

import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode
from urllib.request import Request as Asking
from urllib.request import urlopen

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from feedsvc.hub.subscriber import is_reachable, is_wanted
from feedsvc.model import HubLink, Push
from tests.hub.conftest import Open, Site, config

TOPIC = "https://spring.example/as-the-hub-knows-it?a=1&b=2"


class Elsewhere:
    """An origin with a hub, neither of them ours; its feed says where the hub is in the Link header."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/feed")
        self.link = f'<{server.url_for("/hub")}>; rel="hub", <{TOPIC}>; rel="self"'
        self.asked: list[dict[str, str]] = []
        self.types: list[str] = []
        self.status = 202
        self.feed = (
            '<rss version="2.0"><channel><title>T</title><item><title>One</title></item></channel></rss>'
        )
        server.expect_request("/feed").respond_with_handler(self.read)
        server.expect_request("/hub").respond_with_handler(self.ask)

    def read(self, _request: Request) -> Response:
        headers = {"Link": self.link} if self.link else {}
        return Response(self.feed, content_type="application/rss+xml", headers=headers)

    def ask(self, request: Request) -> Response:
        self.asked.append(dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True)))
        self.types.append(request.content_type or "")
        return Response("", self.status)


@pytest.fixture
def elsewhere(httpserver: HTTPServer) -> Elsewhere:
    return Elsewhere(httpserver)


@pytest.fixture
def near(opened: Open, elsewhere: Elsewhere) -> Site:
    source = {"id": "far", "type": "feed", "url": elsewhere.url, "every": "15m", "push": True}
    made = opened(sources=[source])
    made.poll()
    return made


def events(site: Site) -> list[str]:
    return [one.event for one in site.work()]


def callback(near: Site, elsewhere: Elsewhere) -> str:
    """Our address, as the hub is told it."""
    assert events(near) == ["hub asked"]
    return elsewhere.asked[-1]["hub.callback"]


def hear(url: str, **said: str) -> tuple[int, str]:
    """What we answer to a hub's question."""
    given = {"mode": "subscribe", "topic": TOPIC, "challenge": "<b>42</b>", "lease_seconds": "3600"} | said
    return fetch(f"{url}?{urlencode({f'hub.{name}': value for name, value in given.items() if value})}")


def fetch(url: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Asking(url, body, named)) as answer:
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def push(near: Site) -> Push:
    return near.store.source_state("far").push


# ---- asking -----------------------------------------------------------------------------------------


def test_the_hub_is_asked_as_it_should_be(near: Site, elsewhere: Elsewhere) -> None:
    url = callback(near, elsewhere)
    (asked,) = elsewhere.asked
    assert url.startswith(f"{near.url}/websub/")
    assert len(url.rpartition("/")[2]) >= 32
    assert len(asked.pop("hub.secret")) >= 32
    assert asked == {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.callback": url,
        "hub.lease_seconds": "864000",
    }
    assert elsewhere.types == ["application/x-www-form-urlencoded"]
    assert events(near) == []


def test_a_hub_that_moved_is_followed(near: Site, elsewhere: Elsewhere, httpserver: HTTPServer) -> None:
    for status, old in ((307, "/old"), (308, "/older")):
        moved = Response("", status, headers={"Location": httpserver.url_for("/hub")})
        httpserver.expect_request(old).respond_with_response(moved)
        elsewhere.link = f'<{httpserver.url_for(old)}>; rel="hub", <{TOPIC}>; rel="self"'
        elsewhere.feed += " "
        near.store.make_due("far", near.clock())
        near.poll()
        assert events(near) == ["hub asked"]
    assert [one["hub.topic"] for one in elsewhere.asked] == [TOPIC, TOPIC]


def test_also_to_another_server(near: Site, elsewhere: Elsewhere, httpserver: HTTPServer) -> None:
    there = httpserver.url_for("/hub").replace("localhost", "127.0.0.1")
    moved = Response("", 307, headers={"Location": there})
    httpserver.expect_request("/moved").respond_with_response(moved)
    elsewhere.link = f'<{httpserver.url_for("/moved")}>; rel="hub", <{TOPIC}>; rel="self"'
    elsewhere.feed += " "
    near.store.make_due("far", near.clock())
    near.poll()
    # Loopback serves the source's own host only; what is posted there is held up by nothing else.
    (report,) = near.work()
    assert "127.0.0.1" in str(report.facts["error"])
    assert "fetch.allow serves a source's own host only" in str(report.facts["error"])


def test_a_hub_that_refuses_is_asked_less_and_less(near: Site, elsewhere: Elsewhere) -> None:
    told: list[str] = []
    for elsewhere.status in (400, 404, 410, 500, 503, 302):
        told += events(near)
        near.clock.advance(hours=8)
    assert told == ["hub refuses"] * len(told)
    assert len(told) == len(elsewhere.asked) == 6
    elsewhere.asked.clear()
    for _ in range(16):
        events(near)
        near.clock.advance(hours=3)
    assert len(elsewhere.asked) <= 3  # in two days
    elsewhere.status = 204  # as older hubs have it
    near.clock.advance(days=1)
    assert events(near) == ["hub asked"]


def test_a_hub_in_a_private_network_is_not_asked(near: Site, elsewhere: Elsewhere) -> None:
    elsewhere.link = f'<http://127.0.0.1:9/hub>; rel="hub", <{TOPIC}>; rel="self"'
    elsewhere.feed += " "
    near.store.make_due("far", near.clock())
    near.poll()
    (report,) = near.work()
    assert report.event == "hub refuses"
    assert "Address refused" in str(report.facts["error"])


def test_another_hub_or_topic_begins_anew(near: Site, elsewhere: Elsewhere) -> None:
    url = callback(near, elsewhere)
    assert hear(url)[0] == 200
    elsewhere.link = elsewhere.link.replace(TOPIC, TOPIC + "&c=3")
    elsewhere.feed += " "
    near.clock.advance(days=1)
    near.poll()
    assert push(near) == Push()
    assert events(near) == ["hub asked"]
    assert elsewhere.asked[-1]["hub.topic"] == TOPIC + "&c=3"
    assert hear(url)[0] == 404
    assert fetch(url, b"x")[0] == 410


def test_a_feed_that_names_no_hub_any_more_has_none(near: Site, elsewhere: Elsewhere) -> None:
    url = callback(near, elsewhere)
    elsewhere.link = ""
    elsewhere.feed += " "
    near.clock.advance(days=1)
    near.poll()
    assert fetch(url, b"x")[0] == 410
    near.clock.advance(days=1)
    assert events(near) == []


@pytest.mark.parametrize(
    ("url", "reachable"),
    [
        ("https://feeds.example.org", True),
        ("http://feeds.example.org:8080/x", True),
        ("http://93.184.215.14/", True),
        ("http://[2606:2800:21f::1]/", True),
        (None, False),
        ("http://localhost:8000", False),
        ("http://feeds", False),
        ("http://feeds.lan", False),
        ("http://feeds.local.", False),
        ("http://127.0.0.1:8000", False),
        ("http://10.1.2.3", False),
        ("http://192.168.1.9/", False),
        ("http://[::1]/", False),
        ("http://[fd00::1]/", False),
    ],
)
def test_whether_hubs_can_reach_us(url: str | None, reachable: bool) -> None:
    assert is_reachable(url) is reachable


@pytest.mark.parametrize(
    ("url", "said", "wanted"),
    [
        ("https://feeds.example.org", {}, True),
        ("https://feeds.example.org", {"push": False}, False),
        ("http://10.0.0.1", {}, False),
        ("http://10.0.0.1", {"push": True}, True),
    ],
)
def test_who_is_subscribed_to(url: str, said: dict[str, Any], wanted: bool) -> None:
    source = {"id": "far", "type": "feed", "url": "https://far.example/"}
    made = config(url, sources=[{**source, **said}])
    assert is_wanted(made, made.source("far")) is wanted
    page = config(url, sources=[{**source, "type": "page"}])
    assert not is_wanted(page, page.source("far"))


def test_where_it_is_not_wanted_nothing_is_asked(opened: Open, elsewhere: Elsewhere) -> None:
    near = opened(sources=[{"id": "far", "type": "feed", "url": elsewhere.url}])  # on loopback
    near.poll()
    assert events(near) == ["hub not asked"]
    near.configure(sources=[{"id": "far", "type": "feed", "url": elsewhere.url, "push": True}])
    near.clock.advance(days=1)
    assert events(near) == ["hub asked"]


# ---- hearing ----------------------------------------------------------------------------------------


def test_the_challenge_is_echoed_as_text(near: Site, elsewhere: Elsewhere) -> None:
    url = callback(near, elsewhere)
    assert hear(url) == (200, "<b>42</b>")
    assert push(near) == Push(until=near.clock() + timedelta(hours=1))
    assert near.store.source_state("far").next_reason == "its hub has agreed to push"


@pytest.mark.parametrize(
    "said",
    [
        {"topic": "https://spring.example/another"},
        {"topic": ""},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"mode": ""},
        {"challenge": ""},
        {"topic": "https://spring.example/another", "mode": "denied"},
    ],
)
def test_what_we_did_not_ask_for_is_not_confirmed(
    near: Site, elsewhere: Elsewhere, said: dict[str, str]
) -> None:
    assert hear(callback(near, elsewhere), **said)[0] == 404
    assert push(near) == Push()


def test_nobody_else_knows_the_address(near: Site, elsewhere: Elsewhere) -> None:
    url = callback(near, elsewhere)
    for other in (url[:-1], url + "a", url.rpartition("/")[0] + "/x", url.rpartition("/")[0] + "/%00"):
        assert hear(other)[0] == 404
        assert fetch(other, b"x")[0] == 410
    assert fetch(url.rpartition("/")[0] + "/", b"x")[0] == 404


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [
        ("9" * 3_000, timedelta(days=90)),
        ("0", timedelta(days=1)),
        ("-1", timedelta(days=1)),
        ("", timedelta(days=1)),
        ("1", timedelta(minutes=1)),
    ],
)
def test_odd_leases_become_sane_ones(
    near: Site, elsewhere: Elsewhere, seconds: str, lease: timedelta
) -> None:
    assert hear(callback(near, elsewhere), lease_seconds=seconds)[0] == 200
    assert push(near).until == near.clock() + lease


def test_it_is_renewed_before_it_ends(near: Site, elsewhere: Elsewhere) -> None:
    url = callback(near, elsewhere)
    hear(url, lease_seconds="864000")
    near.clock.advance(days=8, hours=23)
    assert events(near) == []
    near.clock.advance(hours=1)
    assert events(near) == ["hub asked"]
    assert elsewhere.asked[-1]["hub.callback"] == url
    assert hear(url, lease_seconds="864000")[0] == 200
    assert push(near).until == near.clock() + timedelta(days=10)


def test_a_hub_may_confirm_before_it_answers(
    opened: Open, elsewhere: Elsewhere, httpserver: HTTPServer
) -> None:
    heard: list[tuple[int, str]] = []
    wait: Callable[[Request], Response] = elsewhere.ask

    def eager(request: Request) -> Response:
        answer = wait(request)
        heard.append(hear(elsewhere.asked[-1]["hub.callback"], lease_seconds="86400"))
        return answer

    httpserver.clear()
    elsewhere = Elsewhere(httpserver)
    wait = elsewhere.ask
    httpserver.clear()
    httpserver.expect_request("/feed").respond_with_handler(elsewhere.read)
    httpserver.expect_request("/hub").respond_with_handler(eager)
    near = opened(sources=[{"id": "far", "type": "feed", "url": elsewhere.url, "push": True}])
    near.poll()
    assert events(near) == ["hub asked"]
    assert heard == [(200, "<b>42</b>")]
    near.clock.advance(hours=21)
    assert events(near) == []
    near.clock.advance(hours=1)
    assert events(near) == ["hub asked"]


def test_a_denial_is_taken_for_a_week(near: Site, elsewhere: Elsewhere) -> None:
    url = callback(near, elsewhere)
    hear(url)
    assert hear(url, mode="denied", challenge="", reason="no\nfeeds here") == (200, "")
    assert push(near) == Push()
    near.clock.advance(days=6)
    assert events(near) == []
    near.clock.advance(days=1)
    assert events(near) == ["hub asked"]


# ---- content ----------------------------------------------------------------------------------------


def sign(secret: str, body: bytes, method: str = "sha256") -> str:
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


def test_what_is_signed_is_acted_on(near: Site, elsewhere: Elsewhere) -> None:
    url = callback(near, elsewhere)
    secret = elsewhere.asked[-1]["hub.secret"]
    hear(url)
    for method in ("sha1", "sha256", "sha384", "sha512"):
        near.clock.advance(minutes=5)
        assert fetch(url, b"news", X_Hub_Signature=sign(secret, b"news", method)) == (202, "")
        assert push(near).last == near.clock()
    assert near.store.source_state("far").next_reason == "its hub has agreed to push"
    assert near.poll() == ["far"]


@pytest.mark.parametrize("signature", [None, "", "sha256=00", "sha999=00", "sha256"])
def test_what_is_not_signed_is_taken_and_thrown_away(
    near: Site, elsewhere: Elsewhere, signature: str | None
) -> None:
    url = callback(near, elsewhere)
    hear(url)
    headers = {} if signature is None else {"X_Hub_Signature": signature}
    assert fetch(url, b"news", **headers) == (202, "")
    assert fetch(url, b"news", X_Hub_Signature=sign("another secret", b"news")) == (202, "")
    secret = elsewhere.asked[-1]["hub.secret"]
    assert fetch(url, b"other news", X_Hub_Signature=sign(secret, b"news")) == (202, "")
    assert push(near).last is None


def test_a_large_feed_may_be_pushed_but_no_endless_one(near: Site, elsewhere: Elsewhere) -> None:
    url = callback(near, elsewhere)
    secret = elsewhere.asked[-1]["hub.secret"]
    large = b"x" * 1_000_000
    assert fetch(url, large, X_Hub_Signature=sign(secret, large))[0] == 202
    assert push(near).last == near.clock()
    near.configure(
        fetch={"allow": ["127.0.0.0/8"], "max_bytes": "500KB"},
        sources=[{"id": "far", "type": "feed", "url": elsewhere.url, "push": True}],
    )
    assert fetch(url, large, X_Hub_Signature=sign(secret, large))[0] == 413


def test_the_store_knows_what_it_was_told(near: Site, elsewhere: Elsewhere) -> None:
    token = callback(near, elsewhere).rpartition("/")[2]
    wish = near.store.wish_of(token)
    assert wish is not None
    assert (wish.source_id, HubLink(hub=wish.hub, topic=wish.topic)) == (
        "far",
        HubLink(hub=elsewhere.url.replace("/feed", "/hub"), topic=TOPIC),
    )
