"""Do stored articles become the same finished bytes everywhere, at most once a second, by time alone too?"""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
import zstandard

from feedsvc.bootstrap import open_services, publish_config
from feedsvc.config import Config
from feedsvc.errors import RenderError
from feedsvc.model import FORMATS, Format, Harvest, NewArticle, Rendering, SafeHtml
from feedsvc.publish import publish_due, publish_feed
from feedsvc.services import Services
from feedsvc.store import Store
from tests.conftest import Clock
from tests.lint import lint_all
from tests.store.test_store import V, article, bring, new

SITE = {
    "site": {"title": "Tests", "url": "https://feeds.example.org"},
    "categories": [{"id": "world", "title": "World", "keep_for": "30d"}],
    "sources": [{"id": "spring", "type": "feed", "url": "https://spring.example/f", "categories": ["world"]}],
}


@pytest.fixture
def services(store: Store, clock: Clock) -> Iterator[Services]:
    opened = open_services(store, Config.model_validate(SITE), clock=clock)
    yield opened
    lint_all(opened)
    opened.fetcher.close()


def collected(services: Services, clock: Clock, *articles: NewArticle) -> None:
    bring(services.store, clock, Harvest(validators=V, new=articles, title="The Spring"))


def rendering(services: Services, form: Format = "atom") -> Rendering:
    found = services.store.rendering("c/world", form)
    assert found is not None
    return found


def test_every_coding_holds_the_same_document(services: Services, clock: Clock) -> None:
    collected(services, clock, new("one", clock()))
    publish_due(services)
    for form in FORMATS:
        bodies = rendering(services, form).bodies
        assert b"one" in bodies["identity"]
        assert gzip.decompress(bodies["gzip"]) == bodies["identity"]
        assert brotli.decompress(bodies["br"]) == bodies["identity"]
        assert zstandard.ZstdDecompressor().decompress(bodies["zstd"]) == bodies["identity"]


def test_nothing_is_due_twice(services: Services, clock: Clock) -> None:
    collected(services, clock, new("one", clock()))
    assert {one.feed_key for one in publish_due(services)} == {"all", "c/world"}
    clock.advance(seconds=5)
    assert publish_due(services) == []


def test_last_modified_rises_with_every_version(services: Services, clock: Clock) -> None:
    collected(services, clock, new("one", clock()))
    publish_due(services)
    first = rendering(services)
    collected(services, clock, new("two", clock()))
    # Within the same second it waits.
    assert publish_feed(services, "c/world") is None
    assert rendering(services) == first
    clock.advance(seconds=1)
    publish_due(services)
    second = rendering(services)
    assert second.last_modified == first.last_modified + timedelta(seconds=1)
    assert second.etag != first.etag
    # A clock set back does not stop it, nor make it go back.
    clock.advance(hours=-1)
    collected(services, clock, new("three", clock()))
    publish_due(services)
    assert rendering(services).last_modified == second.last_modified + timedelta(seconds=1)


def test_rendering_again_changes_nothing(services: Services, clock: Clock) -> None:
    collected(services, clock, new("one", clock()))
    publish_due(services)
    first = rendering(services)
    clock.advance(days=3)
    # As an upgrade does it: marked, rendered, found to be the same; the stored version keeps its date.
    config = services.config()
    plans = [replace(plan, fingerprint="another renderer") for plan in config.feeds()]
    services.store.apply_revision(body=config.to_json(), sources=config.sources, feeds=plans, now=clock())
    assert "c/world" in services.store.dirty_feeds()
    (done,) = [one for one in publish_due(services) if one.feed_key == "c/world"]
    assert done.changed is False
    assert rendering(services) == first


def test_retention_changes_a_feed_by_time_alone(services: Services, clock: Clock) -> None:
    collected(services, clock, new("one", clock()))
    clock.advance(days=10)
    collected(services, clock, new("two", clock()))
    publish_due(services)
    assert b"one" in rendering(services).bodies["identity"]
    clock.advance(days=20)
    publish_due(services)
    assert b"one" not in rendering(services).bodies["identity"]
    assert b"two" in rendering(services).bodies["identity"]


def test_an_article_that_cannot_be_shown_costs_only_itself(services: Services, clock: Clock) -> None:
    bad = new("bad", clock(), content=SafeHtml("<p>a control \x01 that cleaning never lets through</p>"))
    collected(services, clock, new("good", clock()), bad)
    (done,) = [one for one in publish_due(services) if one.feed_key == "c/world"]
    assert {error.article_id for error in done.dropped} == {"tag:x:bad"}
    for form in FORMATS:
        assert b"good" in rendering(services, form).bodies["identity"]


def test_a_feed_that_cannot_be_published_keeps_what_was_and_stops_no_other(
    services: Services, store: Store, clock: Clock
) -> None:
    collected(services, clock, new("one", clock()))
    publish_due(services)
    before = rendering(services)
    unwritable = Config.model_validate(SITE | {"categories": [{"id": "world", "title": "W\x01orld"}]})
    publish_config(store, unwritable, now=clock.advance(seconds=5))
    collected(services, clock, new("two", clock()))
    results = {one.feed_key: one for one in publish_due(services)}
    assert isinstance(results["c/world"].error, RenderError)
    assert results["all"].changed
    assert rendering(services) == before


def test_both_databases_give_the_same_bytes(sqlite_url: str, postgresql_url: str, clock: Clock) -> None:
    start = clock()
    given: list[dict[str, bytes]] = []
    for url in (sqlite_url, postgresql_url):
        clock.now = start
        store = Store.open(url)
        services = open_services(store, Config.model_validate(SITE), clock=clock)
        # As many again as the window holds, all of one date: what is cut must not depend on the database.
        batch = [new(f"a {n}", start - timedelta(days=1), tags=("b", "a")) for n in range(100)]
        collected(services, clock, *batch)
        clock.advance(hours=1)
        collected(services, clock, new("late", start - timedelta(days=9)))
        publish_due(services)
        given.append({form: rendering(services, form).bodies["identity"] for form in FORMATS})
        services.close()
    assert given[0] == given[1]
    assert given[0]["json"].count(b'"title":"a ') == 49


RENDER = """
import sys
sys.path.insert(0, sys.argv[2])
from datetime import UTC, datetime
from feedsvc.bootstrap import open_services, publish_config
from feedsvc.publish import publish_feed
from feedsvc.store import Store

services = open_services(Store.open(sys.argv[1]), clock=lambda: datetime(2026, 3, 10, tzinfo=UTC))
publish_feed(services, "c/world")
services.close()
"""


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(services: Services, store: Store, clock: Clock) -> None:
    collected(services, clock, *(new(f"a{n}", clock(), tags=("x", "y")) for n in range(20)))
    publish_due(services)
    first = {form: rendering(services, form) for form in FORMATS}
    collected(services, clock)  # marks nothing; now have another process render it anew
    with store._db.writing() as connection:
        connection.exec_driver_sql("DELETE FROM rendering_body")
        connection.exec_driver_sql("DELETE FROM rendering")
        connection.exec_driver_sql("UPDATE feed SET published_generation = 0")
    url = store._db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", RENDER, url, str(Path(__file__).parents[1])]
    subprocess.run(command, check=True, env={"PYTHONHASHSEED": "4711", "PATH": ""}, timeout=60)
    for form in FORMATS:
        again = rendering(services, form)
        assert (again.etag, again.bodies) == (first[form].etag, first[form].bodies)


def test_an_article_is_where_it_was(services: Services, clock: Clock) -> None:
    """The order within a document is by date, whatever came when."""
    collected(services, clock, new("old", clock() - timedelta(days=2)), new("new", clock()))
    clock.advance(hours=1)
    collected(services, clock, new("middle", clock() - timedelta(days=1)))
    publish_due(services)
    body = rendering(services, "json").bodies["identity"]
    assert body.index(b'"title":"new"') < body.index(b'"title":"middle"') < body.index(b'"title":"old"')


def test_article_text_is_shown_whole(services: Services, clock: Clock) -> None:
    text = article("whole", clock(), content=SafeHtml("<p>" + "word " * 5000 + "</p>"))
    whole = new("whole", clock(), content=text.content)
    collected(services, clock, whole)
    publish_due(services)
    assert rendering(services, "atom").bodies["identity"].count(b"word ") == 5000
