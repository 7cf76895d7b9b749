"""Do readers that ask for it get only what is new to them (RFC 3229, "A-IM: feed")?"""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tests.web.site import URL, Site, config

ASK = {"A-IM": "feed"}


@pytest.fixture(autouse=True)
def deltas(site: Site) -> None:
    site.configure(config(site={"title": "Example feeds", "url": URL, "deltas": True}))
    site.publish()


def tag(client: Client, path: str = "/c/world.json", **headers: str) -> str:
    return client.get(path, headers=headers).headers["ETag"]


def ask(client: Client, etag: str, path: str = "/c/world.json", **headers: str) -> TestResponse:
    return client.get(path, headers={**ASK, "If-None-Match": etag, **headers})


def titles(body: bytes) -> list[str]:
    items: list[dict[str, Any]] = json.loads(body)["items"]
    return [one["title"] for one in items]


def test_only_what_is_new_is_sent(site: Site, client: Client) -> None:
    before = tag(client)
    site.write("times", "Fourth")
    site.publish()
    got = ask(client, before)
    assert (got.status_code, titles(got.data)) == (226, ["Fourth"])
    assert got.headers["IM"] == "feed"
    assert got.headers["ETag"] == tag(client)
    assert got.headers["Delta-Base"] == before
    assert got.headers["Cache-Control"] == "no-store, im"
    assert got.headers["Vary"] == "Accept-Encoding, A-IM"
    assert got.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    assert ask(client, got.headers["ETag"]).status_code == 304


def test_step_by_step_is_the_same_as_all_at_once(site: Site, client: Client) -> None:
    first = at = tag(client)
    steps = []
    for title in ("Fourth", "Fifth", "Sixth"):
        site.write("times", title)
        site.publish()
        got = ask(client, at)
        steps += titles(got.data)
        at = got.headers["ETag"]
    assert sorted(steps) == sorted(titles(ask(client, first).data)) == ["Fifth", "Fourth", "Sixth"]


def test_it_is_compressed_like_the_rest(site: Site, client: Client) -> None:
    before = tag(client, **{"Accept-Encoding": "gzip"})
    assert before.endswith('-gzip"')
    site.write("times", "Fourth")
    site.publish()
    got = ask(client, before, **{"Accept-Encoding": "gzip"})
    assert (got.status_code, got.headers["Content-Encoding"]) == (226, "gzip")
    assert titles(gzip.decompress(got.data)) == ["Fourth"]
    assert got.headers["ETag"] == tag(client, **{"Accept-Encoding": "gzip"})


def test_head_is_the_same_without_the_body(site: Site, client: Client) -> None:
    before = tag(client)
    site.write("times", "Fourth")
    site.publish()
    got = ask(client, before)
    head = client.head("/c/world.json", headers={**ASK, "If-None-Match": before})
    assert (head.status_code, head.data) == (226, b"")
    assert dict(head.headers) == dict(got.headers)


def test_what_was_retracted_is_told(site: Site, client: Client) -> None:
    before = tag(client, "/c/world.atom")
    site.store.hide("tag:times.example,2026:2", site.clock.advance(seconds=5))
    site.publish()
    got = ask(client, before, "/c/world.atom")
    assert got.status_code == 226
    assert b'deleted-entry ref="tag:times.example,2026:2"' in got.data
    assert b"<entry" not in got.data


@pytest.mark.parametrize(
    "headers",
    [
        {"A-IM": "feed;q=0"},
        {"A-IM": "vcdiff, gzip"},
        {"A-IM": "feed", "If-None-Match": '"unknown"'},
        {"A-IM": "feed"},
        {},
    ],
)
def test_who_does_not_ask_or_is_not_known_gets_everything(
    headers: dict[str, str], site: Site, client: Client
) -> None:
    given = {"If-None-Match": tag(client), **headers}
    if headers == {"A-IM": "feed"}:
        del given["If-None-Match"]
    site.write("times", "Fourth")
    site.publish()
    got = client.get("/c/world.json", headers=given)
    assert (got.status_code, len(titles(got.data))) == (200, 4)
    assert "IM" not in got.headers
    assert got.headers["Vary"] == "Accept-Encoding, A-IM"


def test_an_old_version_is_forgotten(site: Site, client: Client) -> None:
    before = tag(client)
    site.clock.now += timedelta(days=8)
    site.write("times", "Fourth")
    site.publish()
    assert ask(client, before).status_code == 200


def test_off_by_default(site: Site, client: Client) -> None:
    before = tag(client)
    site.configure(config())
    site.write("times", "Fourth")
    site.publish()
    got = ask(client, before)
    assert (got.status_code, got.headers["Vary"]) == (200, "Accept-Encoding")
