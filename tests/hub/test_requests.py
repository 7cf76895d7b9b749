"""Is what somebody asks of the hub understood, and refused with a word where it cannot be done?"""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from feedsvc.errors import HubRefused
from feedsvc.hub import requests
from feedsvc.hub.requests import LONGEST_LEASE, SHORTEST_LEASE, USUAL_LEASE, read
from feedsvc.model import Format
from feedsvc.store.hub import Bounds
from feedsvc.web import create_app
from tests.conftest import Clock
from tests.web.site import Site, open_site

TOPIC = "https://feeds.example.org/c/world.atom"
KNOWN: dict[str, tuple[str, Format]] = {TOPIC: ("c/world", "atom")}
FORM = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": "https://reader.example/cb?a=1&a=2"}


def test_all_that_is_needed() -> None:
    wanted = read(FORM, KNOWN)
    assert (wanted.mode, wanted.feed_key, wanted.format) == ("subscribe", "c/world", "atom")
    assert (wanted.topic, wanted.callback) == (TOPIC, FORM["hub.callback"])
    assert (wanted.lease, wanted.secret) == (USUAL_LEASE, None)


def test_what_the_hub_does_not_know_is_ignored() -> None:
    assert read({**FORM, "foo": "bar", "hub.foo": "bar", "hub.verify": "sync"}, KNOWN) == read(FORM, KNOWN)


@pytest.mark.parametrize(
    ("text", "lease"),
    [
        ("", USUAL_LEASE),
        ("86400", timedelta(days=1)),
        ("0", SHORTEST_LEASE),
        ("1", SHORTEST_LEASE),
        ("000000000000086400", timedelta(days=1)),
        ("2592000", LONGEST_LEASE),
        ("999999999", LONGEST_LEASE),
        ("9" * 4_000, LONGEST_LEASE),
    ],
)
def test_leases_are_within_bounds(text: str, lease: timedelta) -> None:
    assert read({**FORM, "hub.lease_seconds": text}, KNOWN).lease == lease


def test_secrets_are_short_of_200_bytes() -> None:
    assert read({**FORM, "hub.secret": "s" * 199}, KNOWN).secret == "s" * 199
    assert read({**FORM, "hub.secret": "é" * 99}, KNOWN).secret == "é" * 99


def test_of_who_leaves_neither_lease_nor_secret_count() -> None:
    more = {"hub.mode": "unsubscribe", "hub.lease_seconds": "long", "hub.secret": "s" * 500}
    assert (read({**FORM, **more}, KNOWN).mode, read({**FORM, **more}, KNOWN).secret) == ("unsubscribe", None)


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"hub.mode": ""}, 400, "hub.mode"),
        ({"hub.mode": "publish"}, 400, "hub.mode"),
        ({"hub.mode": "denied"}, 400, "hub.mode"),
        ({"hub.topic": ""}, 400, "hub.topic"),
        ({"hub.topic": "https://feeds.example.org/c/other.atom"}, 404, "hub.topic"),
        ({"hub.topic": "https://else.example/"}, 404, "hub.topic"),
        ({"hub.callback": ""}, 400, "hub.callback"),
        ({"hub.callback": "/callback"}, 400, "absolute"),
        ({"hub.callback": "ftp://reader.example/"}, 400, "http or https"),
        ({"hub.callback": "file:///etc/passwd"}, 400, "http or https"),
        ({"hub.callback": "http://"}, 400, "absolute"),
        ({"hub.callback": "http://[::1"}, 400, "no web address"),
        ({"hub.callback": "http://reader.example:99999/"}, 400, "no web address"),
        ({"hub.callback": "http://u:p@reader.example/"}, 400, "user"),
        ({"hub.callback": "http://reader.example/#part"}, 400, "fragment"),
        ({"hub.callback": "http://reader.example\\@else.example/"}, 400, "backslashes"),
        ({"hub.callback": "http://reader.example/a b"}, 400, "spaces"),
        ({"hub.callback": "http://reader.example/" + "a" * 3_000}, 400, "longer"),
        ({"hub.lease_seconds": "-1"}, 400, "hub.lease_seconds"),
        ({"hub.lease_seconds": "1e9"}, 400, "hub.lease_seconds"),
        ({"hub.lease_seconds": "٣٠٠"}, 400, "hub.lease_seconds"),
        ({"hub.secret": "s" * 200}, 400, "hub.secret"),
        ({"hub.secret": "é" * 100}, 400, "hub.secret"),
        ({"hub.secret": "a\0b"}, 400, "hub.secret"),
    ],
)
def test_what_cannot_be_done_is_refused(change: dict[str, str], status: int, word: str) -> None:
    with pytest.raises(HubRefused) as refused:
        read({**FORM, **change}, KNOWN)
    assert refused.value.status == status
    assert word in str(refused.value)


@given(st.dictionaries(st.sampled_from([*FORM, "hub.lease_seconds", "hub.secret"]), st.text(max_size=50)))
def test_nothing_else_comes_of_nonsense(form: dict[str, str]) -> None:
    with contextlib.suppress(HubRefused):
        assert read({**FORM, **form}, KNOWN).feed_key == "c/world"


# ---- over HTTP --------------------------------------------------------------------------------------


@pytest.fixture
def site(database: Path, clock: Clock) -> Iterator[Site]:
    opened = open_site(database, clock)
    yield opened
    opened.services.close()


@pytest.fixture
def database(tmp_path: Path, sqlite_empty: Path) -> Path:
    path = tmp_path / "feedsvc.sqlite"
    path.write_bytes(sqlite_empty.read_bytes())
    return path


@pytest.fixture
def client(site: Site) -> Client:
    app = create_app(site.services)
    app.testing = True
    return app.test_client()


def ask(client: Client, **change: str) -> TestResponse:
    return client.post("/hub", data={**FORM, **change})


def test_what_is_asked_is_taken_in_at_once(client: Client, site: Site) -> None:
    answer = ask(client)
    assert (answer.status_code, answer.mimetype) == (202, "text/plain")
    taken = site.store.take_intents(now=site.clock(), lease="a", lease_for=timedelta(minutes=1), most=5)
    assert [(one.mode, one.topic, one.callback) for one in taken] == [
        ("subscribe", TOPIC, FORM["hub.callback"])
    ]


def test_each_format_of_each_public_feed_is_a_topic(client: Client) -> None:
    base = "https://feeds.example.org"
    for key in ("all", "c/world", "c/arabic", "c/empty"):
        for form in ("rss", "atom", "json"):
            assert ask(client, **{"hub.topic": f"{base}/{key}.{form}"}).status_code == 202
    for path in ("/", "/c/world/", "/c/world/archive/1.atom", "/c/world.atom?raw=1", "/opml.xml"):
        assert ask(client, **{"hub.topic": base + path}).status_code == 404


def test_a_refusal_says_why_in_plain_text(client: Client) -> None:
    answer = ask(client, **{"hub.callback": ""})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert answer.text == "hub.callback is missing: the address that is to be told.\n"
    assert client.post("/hub", json=FORM).status_code == 415
    assert client.get("/hub").status_code == 405
    assert client.post("/hub", data={"hub.secret": "x" * 100_000}).status_code == 413


def test_the_same_again_takes_no_more_room(client: Client, site: Site) -> None:
    for _ in range(3):
        assert ask(client).status_code == 202
    assert ask(client, **{"hub.mode": "unsubscribe"}).status_code == 202
    taken = site.store.take_intents(now=site.clock(), lease="a", lease_for=timedelta(minutes=1), most=9)
    assert [one.mode for one in taken] == ["unsubscribe"]


def test_what_waits_is_bounded_for_a_host_and_for_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = Bounds(requests=3, requests_a_host=2, subscriptions=9, subscriptions_a_host=9)
    monkeypatch.setattr(requests, "BOUNDS", bounds)
    told = [
        ask(client, **{"hub.callback": f"https://{host}.example/{n}"})
        for host, n in (("a", 1), ("a", 2), ("a", 3), ("b", 1), ("c", 1))
    ]
    assert [one.status_code for one in told] == [202, 202, 429, 202, 503]
    assert told[2].headers["Retry-After"] == "600"
    assert told[4].headers["Retry-After"] == "5"


def test_a_site_without_a_hub_of_its_own_takes_nothing(client: Client, site: Site) -> None:
    config = site.services.config()
    for hub in ("none", "https://hub.example/"):
        site.configure(config.model_copy(update={"site": config.site.model_copy(update={"hub": hub})}))
        assert ask(client).status_code == 404
