"""Does the hub tell those who asked for it, only those, and not for ever?"""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlencode
from urllib.request import Request as Asking
from urllib.request import urlopen

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from feedsvc.hub import errands
from feedsvc.hub.signature import is_signed
from tests.hub.conftest import LEASE_FOR, Open, Site

TEN_DAYS = 864_000


class Reader:
    """A subscriber that is not ours: it confirms, and keeps what it is sent."""

    def __init__(self, server: HTTPServer, path: str = "/cb?a=1&b=%2F") -> None:
        self.url = server.url_for(path)
        self.asked: list[dict[str, str]] = []
        self.queries: list[str] = []
        self.got: list[Request] = []
        self.bodies: list[bytes] = []
        self.echo: str | None = None  # in place of the challenge
        self.confirms = 200
        self.takes = 204
        self.headers: dict[str, str] = {}
        server.expect_request(path.partition("?")[0]).respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        if request.method == "GET":
            self.queries.append(request.query_string.decode())
            said = dict(parse_qsl(self.queries[-1]))
            self.asked.append(said)
            echo = said.get("hub.challenge", "") if self.echo is None else self.echo
            return Response(echo, self.confirms, headers=self.headers)
        self.got.append(request)
        self.bodies.append(request.get_data())
        return Response("ignored", self.takes, headers=self.headers)


@pytest.fixture
def reader(httpserver: HTTPServer) -> Reader:
    return Reader(httpserver)


def ask(site: Site, reader: Reader, mode: str = "subscribe", **more: str) -> int:
    form = {"hub.mode": mode, "hub.topic": site.topic(), "hub.callback": reader.url}
    form |= {f"hub.{name}": value for name, value in more.items()}
    with urlopen(Asking(f"{site.url}/hub", urlencode(form).encode())) as answer:
        return int(answer.status)


def events(site: Site) -> list[str]:
    return [one.event for one in site.work()]


def subscribed(site: Site, reader: Reader, **more: str) -> None:
    assert ask(site, reader, **more) == 202
    assert events(site) == ["confirmed"]


# ---- verification -----------------------------------------------------------------------------------


def test_a_callback_is_asked_whether_it_meant_it(site: Site, reader: Reader) -> None:
    assert ask(site, reader) == 202
    assert reader.asked == []
    assert events(site) == ["confirmed"]
    (said,) = reader.asked
    assert said.pop("hub.challenge").isascii()
    assert said == {
        "a": "1",
        "b": "/",
        "hub.mode": "subscribe",
        "hub.topic": site.topic(),
        "hub.lease_seconds": str(TEN_DAYS),
    }
    assert reader.queries[0].startswith("a=1&b=%2F&hub.mode=subscribe&")


def test_each_challenge_is_another(site: Site, reader: Reader) -> None:
    for _ in range(2):
        subscribed(site, reader)
    assert len({said["hub.challenge"] for said in reader.asked}) == 2


def test_any_other_answer_is_a_no(site: Site, reader: Reader) -> None:
    answers = [(200, ""), (200, "something else"), (404, None), (500, None), (302, None), (204, None)]
    for reader.confirms, reader.echo in answers:
        reader.headers = {"Location": reader.url} if reader.confirms == 302 else {}
        ask(site, reader)
        assert events(site) == ["not confirmed"], reader.confirms
    site.write("Second")
    site.clock.advance(days=2)
    assert events(site) == []
    assert (len(reader.asked), reader.got) == (len(answers), [])


def test_a_callback_that_does_not_answer_is_asked_three_times(site: Site, httpserver: HTTPServer) -> None:
    reader = Reader(httpserver)
    reader.url = "http://127.0.0.1:1/cb"
    ask(site, reader)
    assert events(site) == ["callback does not answer"]
    assert events(site) == []
    site.clock.advance(minutes=1)
    assert events(site) == ["callback does not answer"]
    site.clock.advance(minutes=3)
    assert events(site) == ["not confirmed"]
    site.clock.advance(days=9)
    assert events(site) == []


def test_private_callbacks_are_refused(opened: Open, reader: Reader) -> None:
    site = opened(site={"callbacks": []})
    site.write("First")
    assert ask(site, reader) == 202
    (report,) = site.work()
    assert (report.event, report.facts["error"]) == ("not confirmed", "refused-address")
    assert reader.asked == []


# ---- distribution -----------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["rss", "atom", "json"])
def test_the_whole_feed_is_sent(site: Site, reader: Reader, format: str) -> None:
    topic = f"{site.url}/c/world.{format}"
    subscribed(site, reader, topic=topic)
    site.write("Second")
    assert events(site) == ["delivered"]
    with urlopen(topic) as feed:
        assert reader.bodies == [feed.read()]
        assert reader.got[0].headers["Content-Type"] == feed.headers["Content-Type"]
    (got,) = reader.got
    assert b"Second" in reader.bodies[0]
    assert got.query_string == b"a=1&b=%2F"
    assert got.headers["Link"] == f'<{site.url}/hub>; rel="hub", <{topic}>; rel="self"'
    assert "X-Hub-Signature" not in got.headers


def test_nothing_is_sent_before_there_is_something_new(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    site.publish()
    assert (events(site), reader.got) == ([], [])


def test_it_is_signed_with_the_secret(site: Site, reader: Reader) -> None:
    subscribed(site, reader, secret="pssst")
    site.write("Second")
    events(site)
    assert reader.got[0].headers["X-Hub-Signature"].startswith("sha256=")
    assert is_signed("pssst", reader.bodies[0], reader.got[0].headers["X-Hub-Signature"])


def test_a_new_secret_counts_once_it_is_confirmed(site: Site, reader: Reader) -> None:
    subscribed(site, reader, secret="first")
    reader.confirms = 404
    ask(site, reader, secret="second")
    assert events(site) == ["not confirmed"]
    site.write("Second")
    events(site)
    assert is_signed("first", reader.bodies[-1], reader.got[-1].headers["X-Hub-Signature"])
    reader.confirms = 200
    subscribed(site, reader, secret="second")
    site.write("Third")
    assert events(site) == ["delivered"]  # once, not for each request
    assert is_signed("second", reader.bodies[-1], reader.got[-1].headers["X-Hub-Signature"])
    subscribed(site, reader)
    site.write("Fourth")
    events(site)
    assert "X-Hub-Signature" not in reader.got[-1].headers


def test_who_leaves_is_asked_too(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    reader.confirms = 404
    ask(site, reader, mode="unsubscribe")
    assert events(site) == ["not confirmed"]
    site.write("Second")
    assert events(site) == ["delivered"]
    reader.confirms = 200
    ask(site, reader, mode="unsubscribe", lease_seconds="junk is ignored here")
    assert events(site) == ["confirmed"]
    assert reader.asked[-1]["hub.mode"] == "unsubscribe"
    site.write("Third")
    assert (events(site), len(reader.got)) == ([], 1)


def test_a_lease_ends_unless_it_is_renewed(site: Site, reader: Reader) -> None:
    subscribed(site, reader, lease_seconds="3600")
    assert reader.asked[0]["hub.lease_seconds"] == "3600"
    site.clock.advance(minutes=50)
    subscribed(site, reader, lease_seconds="3600")
    site.clock.advance(minutes=50)
    site.write("Second")
    assert events(site) == ["delivered"]
    site.clock.advance(minutes=10)
    site.write("Third")
    assert (events(site), len(reader.got)) == ([], 1)


def test_every_2xx_is_a_success_and_all_else_is_tried_again(site: Site, httpserver: HTTPServer) -> None:
    good = [200, 202, 204, 206, 226, 299]
    bad = [301, 307, 400, 404, 429, 500, 503]
    readers = {status: Reader(httpserver, f"/cb/{status}") for status in (*good, *bad)}
    for one in readers.values():
        subscribed(site, one)
    for status, one in readers.items():
        one.takes = status
        one.headers = {"Location": one.url} if 300 <= status < 400 else {}
    site.write("Second")
    assert sorted(events(site)) == ["delivered"] * len(good) + ["not delivered"] * len(bad)
    assert events(site) == []
    site.clock.advance(minutes=1)
    for one in readers.values():
        one.takes = 200
    assert events(site) == ["delivered"] * len(bad)
    assert {status: len(one.got) for status, one in readers.items()} == {
        **dict.fromkeys(good, 1),
        **dict.fromkeys(bad, 2),
    }


def test_who_is_behind_gets_only_the_newest(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    reader.takes = 503
    for title in ("Second", "Third", "Fourth"):
        site.write(title)
        site.work()
    assert len(reader.got) == 1  # it was not hurried by what came after
    reader.takes = 200
    site.clock.advance(minutes=1)
    assert events(site) == ["delivered"]
    assert b"Fourth" in reader.bodies[-1]
    site.clock.advance(days=1)
    assert events(site) == []


def test_what_is_published_during_a_delivery_follows_it(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    site.write("Second")
    (one,) = errands.take(site.services, lease="mine", lease_for=LEASE_FOR, most=8)
    newest = site.store.newest_body("c/world", "atom")
    assert newest is not None
    site.write("Third")
    assert site.store.delivered(one.n, "mine", version=newest[0], now=site.clock())
    assert events(site) == ["delivered"]
    assert b"Third" in reader.bodies[-1]


def test_who_asks_for_time_gets_it(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    reader.takes, reader.headers = 503, {"Retry-After": "1800"}
    site.write("Second")
    site.work()
    site.clock.advance(minutes=29)
    assert events(site) == []
    site.clock.advance(minutes=1)
    assert events(site) == ["not delivered"]


def test_who_is_gone_is_not_told_again(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    reader.takes = 410
    site.write("Second")
    assert events(site) == ["subscription ended"]
    site.write("Third")
    assert (events(site), len(reader.got)) == ([], 1)


def test_who_is_dead_for_a_day_is_given_up(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    reader.takes = 500
    site.write("Second")
    told: list[str] = []
    for _ in range(40):
        told += events(site)
        site.clock.advance(hours=1)
    assert told[-1] == "subscription ended"
    assert 8 <= len(told) <= 12
    site.write("Third")
    assert events(site) == []


def test_a_failure_says_nothing_of_the_callback(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    reader.takes = 500
    site.write("Second")
    (report,) = site.work()
    assert report.failed
    assert report.facts == {"feed": "c/world.atom", "host": "localhost", "error": "500"}


# ---- limits -----------------------------------------------------------------------------------------


def test_a_host_is_told_two_things_at_a_time(site: Site, httpserver: HTTPServer) -> None:
    for number in range(5):
        subscribed(site, Reader(httpserver, f"/cb/{number}"))
    site.write("Second")
    taken = [
        errands.take(site.services, lease=f"{number}", lease_for=LEASE_FOR, most=8) for number in range(3)
    ]
    assert [len(some) for some in taken] == [2, 0, 0]
    for one in taken[0]:
        errands.run(site.services, one, "0")
    assert len(errands.take(site.services, lease="4", lease_for=LEASE_FOR, most=8)) == 2
    site.clock.advance(minutes=2)  # whoever had those has died
    assert len(site.work()) == 3


def test_no_two_take_the_same(site: Site, httpserver: HTTPServer) -> None:
    for number in range(6):
        subscribed(site, Reader(httpserver, f"/cb/{number}"))
    site.write("Second")
    start = threading.Barrier(4)

    def work(name: int) -> int:
        start.wait()
        done = 0
        for turn in range(20):
            lease = f"{name} {turn}"
            for one in errands.take(site.services, lease=lease, lease_for=LEASE_FOR, most=2):
                done += errands.run(site.services, one, lease).event == "delivered"
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 6


# ---- what the config says ---------------------------------------------------------------------------


def test_feeds_name_their_hub(site: Site) -> None:
    for form in ("rss", "atom", "json"):
        with urlopen(f"{site.url}/c/world.{form}") as feed:
            body, link = feed.read(), feed.headers["Link"]
        assert f'<{site.url}/hub>; rel="hub"' in link
        assert f'<{site.url}/c/world.{form}>; rel="self"' in link
        if form == "json":
            assert json.loads(body)["hubs"] == [{"type": "WebSub", "url": f"{site.url}/hub"}]
        else:
            assert f'rel="hub" href="{site.url}/hub"'.encode() in body or (
                f'href="{site.url}/hub" rel="hub"'.encode() in body
            )


def test_without_a_hub_none_is_named_and_subscribers_are_told(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    site.configure(site={"hub": "none"})
    site.publish()
    with urlopen(site.topic()) as feed:
        assert b"hub" not in feed.read()
        assert "hub" not in feed.headers["Link"]
    assert events(site) == ["subscription denied"]
    said = reader.asked[-1]
    assert (said["hub.mode"], said["hub.topic"]) == ("denied", site.topic())
    assert said["hub.reason"] == "This feed has ended, or is not announced here any more."
    site.write("Second")
    assert (events(site), reader.got) == ([], [])


def test_subscribers_of_a_feed_that_ends_are_told(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    site.configure(categories=[{"id": "world", "title": "World", "retired": site.clock().date()}])
    site.publish()
    assert events(site) == ["delivered"]  # its last version says so
    site.clock.advance(days=29)
    subscribed(site, reader)
    site.clock.advance(days=1)
    assert events(site) == ["subscription denied"]
    assert reader.asked[-1]["hub.mode"] == "denied"


def test_a_feed_that_is_renamed_takes_its_subscribers_along(site: Site, reader: Reader) -> None:
    subscribed(site, reader)
    site.configure(
        categories=[{"id": "earth", "title": "World", "was": ["world"]}],
        sources=[{"id": "spring", "type": "feed", "url": "https://s.example/f", "categories": ["earth"]}],
    )
    site.write("Second")
    assert events(site) == ["delivered"]
    assert f'<{site.url}/c/earth.atom>; rel="self"' in reader.got[-1].headers["Link"]


# ---- a hub elsewhere --------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(httpserver: HTTPServer) -> Reader:
    return Reader(httpserver, "/hub")


def test_a_hub_elsewhere_is_named_and_told(opened: Open, elsewhere: Reader) -> None:
    site = opened(site={"hub": elsewhere.url, "callbacks": []})
    site.write("First")
    assert set(events(site)) == {"hub told"}
    told = [dict(parse_qsl(body.decode())) for body in elsewhere.bodies]
    topics = {f"{site.url}/{key}.{form}" for key in ("all", "c/world") for form in ("rss", "atom", "json")}
    assert {one["hub.url"] for one in told} == {one["hub.topic"] for one in told} == topics
    assert {one["hub.mode"] for one in told} == {"publish"}
    assert elsewhere.got[0].content_type == "application/x-www-form-urlencoded"
    with urlopen(site.topic()) as feed:
        assert f'<{elsewhere.url}>; rel="hub"' in feed.headers["Link"]
    elsewhere.bodies.clear()
    site.write("Second")
    assert events(site) == ["hub told"] * 6
    assert events(site) == []


def test_a_hub_elsewhere_that_is_dead_is_not_given_up(opened: Open, elsewhere: Reader) -> None:
    site = opened(site={"hub": elsewhere.url})
    site.write("First")
    elsewhere.takes = 500
    assert set(events(site)) == {"not delivered"}
    for _ in range(3):
        site.clock.advance(days=2)
        assert set(events(site)) == {"not delivered"}
    elsewhere.takes = 204
    site.clock.advance(days=2)
    assert events(site) == ["hub told"] * 6
    site.configure(site={"hub": "own"})
    site.write("Second")
    assert events(site) == []


def test_the_lease_is_counted_from_the_question(site: Site, reader: Reader) -> None:
    subscribed(site, reader, lease_seconds="3600")
    site.clock.advance(seconds=3598)
    site.write("Second")  # publishes two seconds later
    assert events(site) == []
