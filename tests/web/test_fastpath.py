"""Are finished feeds answered as RFC 9110 and the publisher owe it, and kept up to date from the store?"""

import gzip
import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import brotli
import pytest
import zstandard
from flask import Flask
from werkzeug.test import Client, TestResponse

from feedsvc.errors import StoreError
from feedsvc.model import CODINGS, FORMATS, MEDIA_TYPES, Coding, Format
from feedsvc.store import Store
from feedsvc.web import create_app, front_of
from feedsvc.web.bodies import Slot
from feedsvc.web.fastpath import FastPath
from tests.web.site import Site, config, source

PATHS = [f"/{key}.{format}" for key in ("all", "c/world") for format in FORMATS] + ["/c/empty.json"]


def tag(site: Site, path: str = "/c/world.rss") -> str:
    """The bare tag of what the store has."""
    key, _, format = path[1:].rpartition(".")
    rendering = site.store.rendering(key, format)  # type: ignore[arg-type] # taken from a path of ours
    assert rendering is not None
    return rendering.etag


def unpacked(response: TestResponse) -> bytes:
    coding = response.headers.get("Content-Encoding", "identity")
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": _unzstd, "identity": bytes}
    plain: bytes = unpack[coding](response.get_data())
    return plain


def _unzstd(body: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(body)


# ---- 200 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_is_served_as_it_is_stored(client: Client, site: Site, path: str) -> None:
    key, _, format = path[1:].rpartition(".")
    stored = site.store.rendering(key, format)  # type: ignore[arg-type]
    assert stored is not None
    response = client.get(path)
    assert response.status_code == 200
    assert response.get_data() == stored.bodies["identity"]
    assert response.headers["Content-Type"] == MEDIA_TYPES[format]  # type: ignore[index]
    assert response.headers["ETag"] == f'"{stored.etag}"'
    assert response.headers["Content-Length"] == str(len(stored.bodies["identity"]))
    assert "Content-Encoding" not in response.headers


def test_the_headers_of_a_feed_whole(client: Client, site: Site) -> None:
    response = client.get("/c/world.rss", headers={"Accept-Encoding": "gzip"})
    assert dict(response.headers) == {
        "ETag": f'"{tag(site)}-gzip"',
        "Last-Modified": "Sun, 01 Mar 2026 12:00:02 GMT",
        "Cache-Control": "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400",
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Link",
        "Content-Type": "application/rss+xml; charset=utf-8",
        "Content-Length": str(len(response.get_data())),
        "Content-Encoding": "gzip",
        "Link": '<https://feeds.example.org/c/world.rss>; rel="self", '
        '<https://feeds.example.org/hub>; rel="hub", '
        '<https://feeds.example.org/c/world.atom>; rel="alternate"; type="application/atom+xml", '
        '<https://feeds.example.org/c/world.json>; rel="alternate"; type="application/feed+json", '
        '<https://feeds.example.org/c/world/>; rel="alternate"; type="text/html"',
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize("coding", CODINGS)
def test_every_coding_unpacks_to_the_same_bytes(client: Client, coding: Coding) -> None:
    response = client.get("/all.atom", headers={"Accept-Encoding": f"{coding};q=1.0"})
    assert response.headers.get("Content-Encoding", "identity") == coding
    assert unpacked(response) == client.get("/all.atom").get_data()
    assert response.headers["Content-Length"] == str(len(response.get_data()))


def test_a_browser_that_takes_all_codings_gets_the_smallest(client: Client, site: Site) -> None:
    stored = site.store.rendering("all", "json")
    assert stored is not None
    response = client.get("/all.json", headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert len(response.get_data()) == min(map(len, stored.bodies.values()))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", ["", "gzip", "br", "zstd"])
def test_head_says_what_get_says(client: Client, path: str, accept: str) -> None:
    got = client.get(path, headers={"Accept-Encoding": accept})
    head = client.head(path, headers={"Accept-Encoding": accept})
    assert (head.status_code, head.get_data()) == (200, b"")
    assert list(head.headers) == list(got.headers)


# ---- 304 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", ['"{}"', '"{}-gzip"', '"{}-br"', 'W/"{}"', 'W/"{}-zstd"', '"{}:br"', '"x", "{}"', "*"]
)
@pytest.mark.parametrize("accept", ["", "gzip", "gzip, deflate, br, zstd", "*;q=0"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_any_codings_tag_gives_304(client: Client, site: Site, form: str, accept: str, method: str) -> None:
    asked = {"If-None-Match": form.format(tag(site)), "Accept-Encoding": accept}
    response = client.open("/c/world.rss", method=method, headers=asked)
    assert (response.status_code, response.get_data()) == (304, b"")


def test_a_304_carries_what_it_must_and_no_more(client: Client, site: Site) -> None:
    response = client.get("/c/world.rss", headers={"If-None-Match": f'"{tag(site)}"'})
    assert dict(response.headers) == {
        "ETag": f'"{tag(site)}"',
        "Cache-Control": "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400",
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Link",
    }


def test_a_304_names_the_body_that_the_client_has(client: Client, site: Site) -> None:
    """So that a cache freshens that one (RFC 9111 4.3.4), whatever it would be sent now."""
    asked = {"If-None-Match": f'"{tag(site)}-gzip"', "Accept-Encoding": "br, gzip"}
    assert client.get("/c/world.rss", headers=asked).headers["ETag"] == f'"{tag(site)}-gzip"'


@pytest.mark.parametrize("given", ['"other"', '""', '"{}x"', '"{}-lzma"', "W/", "\xff"])
def test_another_tag_gives_200_whatever_the_date_says(client: Client, site: Site, given: str) -> None:
    asked = {"If-None-Match": given.format(tag(site)), "If-Modified-Since": "Wed, 01 Jan 2098 00:00:00 GMT"}
    assert client.get("/c/world.rss", headers=asked).status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Sun, 01 Mar 2026 12:00:02 GMT", 304),
        ("Sun, 01 Mar 2026 12:00:03 GMT", 304),
        ("Sunday, 01-Mar-26 12:00:02 GMT", 304),
        ("Sun, 01 Mar 2026 12:00:01 GMT", 200),
        ("yesterday", 200),
        ("", 200),
    ],
)
def test_the_date_decides_where_there_is_no_tag(client: Client, since: str, status: int) -> None:
    response = client.get("/c/world.rss", headers={"If-Modified-Since": since})
    assert response.status_code == status
    assert bool(response.get_data()) == (status == 200)


@pytest.mark.parametrize("path", PATHS)
def test_an_unconditional_request_is_never_answered_with_304(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


# ---- what addresses may carry -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["null", "_=123", "utm_source=x&utm_medium=y", "a=" + "b" * 5000, "%FF%00", "raw=1", "&&=;"]
)
def test_query_junk_changes_nothing_and_costs_no_memory(app: Flask, client: Client, query: str) -> None:
    plain = client.get("/c/world.rss")
    kept = len(front_of(app).fast.bodies)
    assert client.get(f"/c/world.rss?{query}").get_data() == plain.get_data()
    assert len(front_of(app).fast.bodies) == kept == 1


@pytest.mark.parametrize(
    ("path", "page"), [("/c/world.rss", "/c/world/"), ("/c/world.json?x=1", "/c/world/"), ("/all.atom", "/")]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_person_in_a_browser_is_sent_to_the_page(client: Client, path: str, page: str, method: str) -> None:
    response = client.open(path, method=method, headers={"Sec-Fetch-Dest": "document", "If-None-Match": "*"})
    assert (response.status_code, response.get_data()) == (303, b"")
    assert response.headers["Location"] == page
    assert response.headers["Vary"] == "Sec-Fetch-Dest"
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("dest", ["empty", "iframe", "image", "", "Document"])
def test_nobody_else_is(client: Client, dest: str) -> None:
    response = client.get("/c/world.rss", headers={"Sec-Fetch-Dest": dest})
    assert response.status_code == 200
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("query", ["raw=1", "x=2&raw=1", "raw=1&utm_source=y"])
def test_raw_shows_a_browser_the_bytes(client: Client, query: str) -> None:
    response = client.get(f"/all.rss?{query}", headers={"Sec-Fetch-Dest": "document"})
    assert response.status_code == 200
    assert response.get_data() == client.get("/all.rss").get_data()


@pytest.mark.parametrize("query", ["raw=0", "raw", "raw=", "draw=1", "raw=1&raw=0", "x=raw=1"])
def test_raw_is_one_word(client: Client, query: str) -> None:
    assert client.get(f"/all.rss?{query}", headers={"Sec-Fetch-Dest": "document"}).status_code == 303


# ---- other methods ----------------------------------------------------------------------------------


def test_a_script_on_another_site_may_ask_conditionally(client: Client) -> None:
    asked = {"Origin": "https://reader.example", "Access-Control-Request-Method": "GET"}
    asked["Access-Control-Request-Headers"] = "if-none-match"
    response = client.options("/c/world.json", headers=asked)
    assert (response.status_code, response.get_data()) == (204, b"")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Max-Age"] == "86400"
    assert "Content-Length" not in response.headers  # RFC 9110 8.6: not on a 204


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_a_feed_can_only_be_read(client: Client, method: str) -> None:
    response = client.open("/c/world.rss", method=method, data=b"x")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/c/nothing.rss", "/all.txt", "/c/world.rss/", "/c/world.RSS", "//all.rss", "/c/world"]
)
def test_what_is_no_finished_feed_goes_on_to_flask(app: Flask, path: str) -> None:
    fast = front_of(app).fast
    fast.refresh()
    assert fast.answer({"PATH_INFO": path, "REQUEST_METHOD": "GET"}) is None


# ---- following the store ----------------------------------------------------------------------------


def test_a_new_version_is_served_at_the_next_look(client: Client, site: Site) -> None:
    before = client.get("/c/world.rss")
    other = client.get("/c/arabic.rss")
    site.write("times", "Fourth")
    site.publish()
    after = client.get("/c/world.rss", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert b"Fourth" in after.get_data()
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] == "Sun, 01 Mar 2026 12:00:04 GMT"
    again = client.get("/c/arabic.rss", headers={"If-None-Match": other.headers["ETag"]})
    assert again.status_code == 304


def test_the_store_is_looked_at_once_a_second_at_most(client: Client, site: Site) -> None:
    before = client.get("/c/world.rss").get_data()
    site.write("times", "Fourth")
    site.publish()
    site.clock.advance(seconds=-1.5)  # half a second after the first look
    assert client.get("/c/world.rss").get_data() == before
    site.clock.advance(seconds=0.5)
    assert client.get("/c/world.rss").get_data() != before


def test_a_clock_set_back_does_not_stop_it(client: Client, site: Site) -> None:
    client.get("/c/world.rss")
    site.write("times", "Fourth")
    site.publish()
    site.clock.advance(hours=-1)
    assert b"Fourth" in client.get("/c/world.rss").get_data()


def test_a_new_config_is_taken_over(client: Client, site: Site) -> None:
    client.get("/c/world.rss")
    site.configure(
        config(
            site={"title": "Elsewhere", "url": "https://elsewhere.example/reading"},
            categories=[{"id": "world", "title": "World"}, {"id": "fresh", "title": "Fresh"}],
            sources=[source("times", "world", every="60m")],
        )
    )
    site.publish()
    response = client.get("/c/world.rss")
    assert "<https://elsewhere.example/reading/c/world.rss>" in response.headers["Link"]
    assert "max-age=1200" in response.headers["Cache-Control"]
    assert client.get("/reading/c/world.rss").headers["ETag"] == response.headers["ETag"]
    assert client.get("/c/fresh.atom").status_code == 200
    assert client.get("/c/arabic.rss").status_code in {404, 410}
    moved = client.get("/c/world.rss", headers={"Sec-Fetch-Dest": "document"})
    assert moved.headers["Location"] == "/reading/c/world/"


def test_a_hot_body_is_there_before_its_new_head(app: Flask, client: Client, site: Site) -> None:
    """Else the first readers of each new version would wait for the database."""
    fast = front_of(app).fast
    asked = {"Accept-Encoding": "gzip"}
    client.get("/c/world.rss", headers=asked)
    site.write("times", "Fourth")
    site.publish()
    fast.refresh()
    quick = fast.quick({"PATH_INFO": "/c/world.rss", "REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "gzip"})
    assert quick is not None
    assert b"Fourth" in gzip.decompress(quick[2])
    assert len(fast.bodies) == 1  # the old one has gone
    cold = fast.quick({"PATH_INFO": "/c/world.rss", "REQUEST_METHOD": "GET"})
    assert cold is None  # nobody has asked for it: it stays in the store


def test_a_thousand_feeds_stay_within_the_bound(site: Site) -> None:
    fast = FastPath(site.services, capacity=4_000)
    fast.refresh()
    for path in PATHS * 3:
        for accept in ("", "gzip", "br", "zstd"):
            environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": accept}
            answer = fast.answer(environ)
            assert answer is not None
            assert answer[0] == 200
            assert fast.bodies.size <= 4_000
    assert len(fast.bodies) > 0


def test_a_version_replaced_between_head_and_body_is_found_again(app: Flask, site: Site) -> None:
    fast = front_of(app).fast
    fast.refresh()
    site.write("times", "Fourth")
    site.publish()
    answer = fast.answer({"PATH_INFO": "/c/world.rss", "REQUEST_METHOD": "GET"})  # without a look before
    assert answer is not None
    assert b"Fourth" in answer[2]


# ---- when the store fails ---------------------------------------------------------------------------


@dataclass
class Breakable:
    """The real store, until it is broken: then every look at it fails."""

    store: Store
    broken: bool = False
    looks: int = 0

    def __getattr__(self, name: str) -> Any:
        self.looks += 1
        if self.broken:
            raise StoreError("the database is gone")
        return getattr(self.store, name)


Broken = tuple[Breakable, Client, FastPath]


@pytest.fixture
def breakable(site: Site) -> Broken:
    store = Breakable(site.store)
    # The config is looked up in the same database.
    in_force = type(site.services.in_force)(store, site.clock)  # type: ignore[arg-type] # stands in for it
    app = create_app(replace(site.services, store=store, in_force=in_force))  # type: ignore[arg-type]
    return store, app.test_client(), front_of(app).fast


def test_what_is_known_goes_on_being_served(breakable: Broken, site: Site) -> None:
    store, client, fast = breakable
    before = client.get("/c/world.rss")
    store.broken = True
    site.clock.advance(seconds=5)
    again = client.get("/c/world.rss")
    assert (again.status_code, again.get_data()) == (200, before.get_data())
    assert client.get("/c/world.atom", headers={"If-None-Match": "*"}).status_code == 304
    assert client.head("/c/world.json").status_code == 200
    assert fast.failure == "the database is gone"


def test_a_body_that_cannot_be_had_is_503_and_comes_back(breakable: Broken, site: Site) -> None:
    store, client, fast = breakable
    client.get("/c/world.rss")
    store.broken = True
    response = client.get("/c/world.atom")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    store.broken = False
    site.clock.advance(seconds=5)
    assert client.get("/c/world.atom").status_code == 200
    assert fast.failure is None


def test_a_refresh_that_fails_halfway_changes_nothing(
    breakable: Broken, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new head must not be served while its hot body cannot be had, nor an old body be given up."""
    _store, client, fast = breakable
    paths = ["/c/world.rss", "/c/world.atom", "/all.json"]
    before = {path: client.get(path).get_data() for path in paths}
    site.write("times", "Fourth")
    site.publish()
    fetch, fetched = FastPath._fetch, []

    def refuse(self: FastPath, slot: Slot) -> bytes | None:
        fetched.append(slot)
        if len(fetched) > 1:
            raise StoreError("lost on the way")
        return fetch(self, slot)

    with monkeypatch.context() as patch:
        patch.setattr(FastPath, "_fetch", refuse)
        for path in paths:
            assert client.get(path).get_data() == before[path]
        assert fast.failure == "lost on the way"
        assert len(fetched) == 2
    site.clock.advance(seconds=2)
    for path in paths:
        assert b"Fourth" in client.get(path).get_data()


def test_one_thread_looks_while_the_others_serve(site: Site) -> None:
    entered, go_on = threading.Event(), threading.Event()

    class Slow(Breakable):
        def heads(self, since_version: int = 0) -> Any:
            if since_version:
                entered.set()
                assert go_on.wait(10)
            return self.store.heads(since_version)

    fast = FastPath(replace(site.services, store=Slow(site.store)))  # type: ignore[arg-type]
    fast.refresh()
    environ = {"PATH_INFO": "/c/world.rss", "REQUEST_METHOD": "GET"}
    fast.answer(environ)
    before = fast.quick(environ)
    assert before is not None
    site.clock.advance(seconds=2)
    looking = threading.Thread(target=fast.refresh)
    looking.start()
    assert entered.wait(10)
    fast.refresh()  # returns at once
    assert fast.quick(environ) == before
    go_on.set()
    looking.join(10)


def test_every_format_is_well_formed(client: Client) -> None:
    for format in FORMATS:
        body = client.get(f"/c/world.{format}").get_data()
        if format != "json":
            ElementTree.fromstring(body)


def test_a_feed_of_every_format_and_key_is_known(app: Flask, site: Site) -> None:
    fast = front_of(app).fast
    fast.refresh()
    keys: list[Format] = list(FORMATS)
    for key in ("all", "c/world", "c/arabic", "c/empty"):
        for format in keys:
            assert fast.answer({"PATH_INFO": f"/{key}.{format}", "REQUEST_METHOD": "HEAD"}) is not None


def test_looks_are_cheap_while_nothing_happens(site: Site) -> None:
    """One look at the config's number and one at the heads."""
    store = Breakable(site.store)
    in_force = type(site.services.in_force)(store, site.clock)  # type: ignore[arg-type]
    fast = FastPath(replace(site.services, store=store, in_force=in_force))  # type: ignore[arg-type]
    fast.refresh()
    site.clock.advance(seconds=2)
    store.looks = 0
    fast.refresh()
    assert store.looks == 2
    site.clock.now += timedelta(milliseconds=900)
    fast.refresh()
    assert store.looks == 2
