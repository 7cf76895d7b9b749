"""The product in one story: config, collect, feed, 304, a new article, an edit under the same id."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from werkzeug.test import TestResponse

from feedsvc.bootstrap import open_services, publish_config
from feedsvc.collect import collect_source
from feedsvc.config import load
from feedsvc.publish import publish_due
from feedsvc.services import Services
from feedsvc.store import Store
from feedsvc.web import create_app
from tests.conftest import Clock
from tests.lint import lint_all

MAIN = """\
site: {title: Town feeds, url: "https://feeds.example.org", language: en}
fetch: {allow: ["127.0.0.0/8"]}
categories:
  - {id: town, title: Town, description: What happens in town.}
"""
SOURCES = """\
sources:
  - {id: gazette, type: feed, url: "URL", categories: [town]}
"""
GAZETTE = """\
<rss version="2.0"><channel><title>The Gazette</title><link>https://gazette.example/</link>
<description>News</description>
{items}</channel></rss>
"""
ITEM = """<item><title>{title}</title><link>https://gazette.example/{name}</link>
<guid isPermaLink="false">gazette-{name}</guid><pubDate>{date}</pubDate>
<description>&lt;p&gt;{text}&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description></item>"""


class Town:
    """A newspaper with a feed, a directory of config, and a feedsvc that follows both."""

    def __init__(self, server: HTTPServer, directory: Path, store: Store, clock: Clock) -> None:
        self.server, self.directory, self.store, self.clock = server, directory, store, clock
        (directory / "sources").mkdir(parents=True)
        (directory / "feedsvc.yaml").write_text(MAIN)
        (directory / "sources" / "town.yaml").write_text(SOURCES.replace("URL", server.url_for("/feed")))
        self.services: Services = open_services(store, load(directory), clock=clock)
        self.reader: FlaskClient = create_app(self.services).test_client()

    def prints(self, *items: str) -> None:
        self.server.clear()
        body = GAZETTE.format(items="".join(items))
        self.server.expect_request("/feed").respond_with_data(body, content_type="application/rss+xml")

    def a_quarter_of_an_hour_later(self) -> None:
        """What the scheduler does once the source is due."""
        self.clock.advance(minutes=20)
        lease = uuid.uuid4().hex
        lasting = timedelta(minutes=1)
        for source_id in self.store.claim_due(now=self.clock(), lease=lease, lease_for=lasting):
            collect_source(self.services, source_id, lease=lease)
        publish_due(self.services)

    def get(self, path: str, etag: str | None = None) -> TestResponse:
        self.clock.advance(seconds=2)  # a web process looks for new renderings once a second
        return self.reader.get(path, headers={"If-None-Match": etag} if etag else {})


@pytest.fixture
def town(httpserver: HTTPServer, tmp_path: Path, store: Store, clock: Clock) -> Iterator[Town]:
    made = Town(httpserver, tmp_path / "config", store, clock)
    yield made
    lint_all(made.services)
    made.services.fetcher.close()


def item(name: str, title: str, text: str = "A story.") -> str:
    return ITEM.format(name=name, title=title, text=text, date="Sun, 01 Mar 2026 09:00:00 +0100")


def test_the_story(town: Town) -> None:
    # The admin has configured one source. The newspaper prints two articles; feedsvc collects them.
    town.prints(item("bridge", "The bridge opens"), item("market", "Market &amp; fair"))
    town.a_quarter_of_an_hour_later()

    # A subscriber reads them: complete, dated, safe.
    first = town.get("/c/town.atom")
    assert (first.status_code, first.content_type) == (200, "application/atom+xml; charset=utf-8")
    read = feedparser.parse(first.data)
    assert read.feed.title == "Town"
    bridge = next(entry for entry in read.entries if entry.title == "The bridge opens")
    assert {entry.title for entry in read.entries} == {"The bridge opens", "Market & fair"}
    assert bridge.link == "https://gazette.example/bridge"
    assert bridge.published == "2026-03-01T08:00:00+00:00"
    assert bridge.source.title == "The Gazette"
    assert b"<script" not in first.data
    assert b"alert" not in first.data

    # An aggregator asks again, and again after a restart that found nothing new: nothing changed.
    etag = first.headers["ETag"]
    assert town.get("/c/town.atom", etag).status_code == 304
    town.a_quarter_of_an_hour_later()
    assert town.get("/c/town.atom", etag).status_code == 304
    town.reader = create_app(town.services).test_client()
    assert town.get("/c/town.atom", etag).status_code == 304

    # The newspaper prints a third article: new bytes, a new tag, a later date.
    town.prints(
        item("ferry", "The ferry stops"),
        item("bridge", "The bridge opens"),
        item("market", "Market &amp; fair"),
    )
    town.a_quarter_of_an_hour_later()
    second = town.get("/c/town.atom", etag)
    assert second.status_code == 200
    assert second.headers["ETag"] != etag
    assert second.last_modified > first.last_modified  # type: ignore[operator]
    assert len(feedparser.parse(second.data).entries) == 3

    # It corrects the first: the same id and date of publication, `updated` moved, nobody sees it twice.
    town.prints(
        item("ferry", "The ferry stops"),
        item("bridge", "The bridge opens late", "It did not open today after all."),
        item("market", "Market &amp; fair"),
    )
    town.a_quarter_of_an_hour_later()
    corrected = feedparser.parse(town.get("/c/town.atom", second.headers["ETag"]).data)
    late = next(entry for entry in corrected.entries if entry.title == "The bridge opens late")
    assert len(corrected.entries) == 3
    assert (late.id, late.published) == (bridge.id, bridge.published)
    assert late.updated > bridge.updated
    # The description is now another one as well, in every format.
    for form in ("rss", "json"):
        assert "It did not open today after all." in town.get(f"/c/town.{form}").text

    # The newspaper breaks. Subscribers keep what they have; the admin is told why.
    town.server.clear()
    town.server.expect_request("/feed").respond_with_data("<html><title>Oops</title></html>", status=500)
    before = town.get("/c/town.rss")
    town.a_quarter_of_an_hour_later()
    assert town.get("/c/town.rss", before.headers["ETag"]).status_code == 304
    state = town.store.source_state("gazette")
    assert (state.failures, state.error_kind) == (1, "status")
    assert "500" in str(state.error)

    # The admin renames the source and its category's title. Articles, ids and dates stay.
    path = town.directory / "sources" / "town.yaml"
    path.write_text(path.read_text().replace("id: gazette,", "id: daily, was: [gazette],"))
    main = town.directory / "feedsvc.yaml"
    main.write_text(main.read_text().replace("title: Town,", "title: Our town,"))
    publish_config(town.store, load(town.directory), now=town.clock.advance(seconds=5))
    publish_due(town.services)
    renamed = feedparser.parse(town.get("/c/town.atom").data)
    assert renamed.feed.title == "Our town"
    assert renamed.feed.id == read.feed.id
    assert {entry.id for entry in renamed.entries} == {entry.id for entry in corrected.entries}
