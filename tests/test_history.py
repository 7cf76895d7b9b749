"""Does the history of a feed have every article exactly once, whatever comes meanwhile (RFC 5005 4)?"""

import gzip
import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from lxml import etree

from feedsvc.bootstrap import open_services
from feedsvc.config import Config
from feedsvc.model import FORMATS, ArchivePage, ChangedArticle, Format, Harvest, NewArticle
from feedsvc.publish import publish_due
from feedsvc.refine.history import PAGE, chapters
from feedsvc.services import Services
from feedsvc.store import Store
from tests.conftest import EMPTY, Clock, named
from tests.lint import lint_all
from tests.store.test_store import V, article, bring, new

LIMIT = 60
SITE = {
    "site": {"title": "Tests", "url": "https://feeds.example.org"},
    "defaults": {"limit": LIMIT},
    "categories": [{"id": "world", "title": "World"}],
    "sources": [{"id": "spring", "type": "feed", "url": "https://spring.example/f", "categories": ["world"]}],
}
KEY = "c/world"
ATOM = "http://www.w3.org/2005/Atom"
FEED_ID = b"<id>tag:feeds.example.org,2026:feed:c/world</id>"


@pytest.fixture
def services(store: Store, clock: Clock) -> Iterator[Services]:
    opened = open_services(store, Config.model_validate(SITE), clock=clock)
    yield opened
    lint_all(opened)
    opened.fetcher.close()


def key_of(services: Services) -> str:
    """The only category, by its name of today."""
    return services.config().feed_keys()[1]


def live(services: Services, form: Format) -> bytes:
    found = services.store.rendering(key_of(services), form)
    assert found is not None
    return found.bodies["identity"]


def page(services: Services, number: int, form: Format) -> ArchivePage:
    found = services.store.archive_page(key_of(services), number, form)
    assert found is not None, f"page {number} as {form}"
    return found


def read(body: bytes, form: Format) -> tuple[dict[str, str], str | None]:
    """(id -> updated, the address of the page before)."""
    if form == "json":
        said = json.loads(body)
        return {one["id"]: one["date_modified"] for one in said["items"]}, said.get("next_url")
    said = feedparser.parse(body)
    before = [link["href"] for link in said.feed.links if link["rel"] == "prev-archive"]
    return {one["id"]: one["updated"] for one in said.entries}, before[0] if before else None


def walk(services: Services, form: Format) -> dict[str, str]:
    """As a reader does it: from the live feed back to the first page, the latest version of each id kept.
    An address with an earlier name of the feed leads to the same page (tests/web/test_former.py)."""
    names = "|".join([key_of(services), *services.config().renamed()])
    found, before = read(live(services, form), form)
    while before is not None:
        link = re.fullmatch(rf"https://feeds.example.org/(?:{names})/archive/(\d+)\.{form}", before)
        assert link, before
        entries, before = read(gzip.decompress(page(services, int(link[1]), form).body), form)
        for name, updated in entries.items():
            found[name] = max(updated, found.get(name, updated))
    return found


def public(services: Services) -> set[str]:
    return {record.entry.id for record in services.store.all_articles() if record.state == "live"}


def some(count: int, clock: Clock, start: int = 0) -> tuple[NewArticle, ...]:
    return tuple(
        new(f"n{number}", clock() - timedelta(minutes=start + count - number))
        for number in range(start, start + count)
    )


def publish(services: Services, clock: Clock) -> None:
    clock.advance(seconds=2)
    while publish_due(services):
        clock.advance(seconds=2)


@pytest.mark.parametrize("form", FORMATS)
def test_the_history_has_everything(form: Format, services: Services, clock: Clock) -> None:
    bring(services.store, clock, Harvest(validators=V, new=some(3 * PAGE + 7, clock)))
    publish(services, clock)
    assert services.store.last_archive(KEY) == 3
    assert set(walk(services, form)) == public(services)
    sizes = [len(read(gzip.decompress(page(services, number, form).body), form)[0]) for number in (1, 2, 3)]
    assert sizes == [PAGE] * 3


def test_pages_are_linked_and_marked(services: Services, clock: Clock) -> None:
    bring(services.store, clock, Harvest(validators=V, new=some(2 * PAGE + 1, clock)))
    publish(services, clock)
    for form in ("rss", "atom"):
        body = gzip.decompress(page(services, 2, form).body)
        tree = etree.fromstring(body)
        head = tree if form == "atom" else tree[0]
        links = {one.get("rel"): one.get("href") for one in head.iterfind(f"{{{ATOM}}}link")}
        base = f"https://feeds.example.org/{KEY}"
        assert links["self"] == f"{base}/archive/2.{form}"
        assert links["prev-archive"] == f"{base}/archive/1.{form}"
        assert links["next-archive"] == f"{base}/archive/3.{form}"
        assert links["current"] == f"{base}.{form}"
        assert tree.find(".//{http://purl.org/syndication/history/1.0}archive") is not None
        assert b"history" not in live(services, form)
    first = json.loads(gzip.decompress(page(services, 1, "json").body))
    assert "next_url" not in first


def test_an_edit_leaves_the_page_and_comes_in_the_live_feed(services: Services, clock: Clock) -> None:
    bring(services.store, clock, Harvest(validators=V, new=some(3 * PAGE, clock)))
    publish(services, clock)
    before = [page(services, 1, form) for form in FORMATS]
    edited = next(one for one in services.store.all_articles() if one.entry.article.title == "n0")
    known = services.store.known("spring", edited.keys)
    change = ChangedArticle(
        n=next(iter(known.values())).n,
        keys=new("n0", clock()).keys,
        article=replace(article("n0, put right", clock()), fingerprint="other"),
        updated=clock.advance(minutes=1),
    )
    bring(services.store, clock, Harvest(validators=V, changed=(change,)))
    publish(services, clock)
    assert [page(services, 1, form) for form in FORMATS] == before
    assert b"n0, put right" in live(services, "rss")


def test_a_retraction_rewrites_its_page_alone(services: Services, clock: Clock) -> None:
    bring(services.store, clock, Harvest(validators=V, new=some(3 * PAGE, clock)))
    publish(services, clock)
    before = {(n, form): page(services, n, form) for n in (1, 2, 3) for form in FORMATS}
    (gone,) = [one.entry.id for one in services.store.all_articles() if one.entry.article.title == "n3"]
    assert services.store.hide(gone, clock.advance(minutes=5))
    publish(services, clock)
    for (number, form), old in before.items():
        now = page(services, number, form)
        if number != 1:
            assert now == old
            continue
        was, rest = gzip.decompress(old.body), gzip.decompress(now.body)
        assert set(read(was, form)[0]) - set(read(rest, form)[0]) == {gone}
        assert now.etag != old.etag
        assert now.last_modified > old.last_modified
        lines = set(was.splitlines()) - set(rest.splitlines())
        assert len(read(rest, form)[0]) == PAGE - 1
        assert all(b"n3" in line or b"<" in line for line in lines)
    assert f'ref="{gone}"'.encode() in live(services, "atom")
    assert gone not in walk(services, "atom")


def test_a_tombstone_stands_for_a_month_and_goes_when_the_article_is_back(
    services: Services, clock: Clock
) -> None:
    bring(services.store, clock, Harvest(validators=V, new=some(3, clock)))
    publish(services, clock)
    (gone,) = [one.entry.id for one in services.store.all_articles() if one.entry.article.title == "n1"]
    when = clock.advance(minutes=1)
    assert services.store.hide(gone, when)
    assert not services.store.hide(gone, clock())
    publish(services, clock)
    stone = f'<at:deleted-entry ref="{gone}" when="{when.isoformat()}"/>'
    assert stone.encode() in live(services, "atom")
    assert services.store.unhide(gone, when)  # within the same second
    publish(services, clock)
    assert b"deleted-entry" not in live(services, "atom")
    (back,) = [one.entry for one in services.store.all_articles() if one.entry.id == gone]
    assert back.updated > when
    services.store.hide(gone, clock.advance(minutes=1))
    publish(services, clock)
    clock.advance(days=29)
    assert publish_due(services) == []
    clock.advance(days=2)
    publish(services, clock)
    assert b"deleted-entry" not in live(services, "atom")


def test_what_waits_is_in_the_live_feed() -> None:
    entered = [(number, number) for number in range(PAGE + 10)]
    assert chapters(entered, range(PAGE, PAGE + 10)) == [entered[:PAGE]]
    assert chapters(entered, range(PAGE, PAGE + 9)) == [entered[:PAGE], entered[PAGE:]]
    assert chapters([], []) == []


class History(RuleBasedStateMachine):
    """Any order of news, backlogs, edits, hiding, showing, renaming, restarting and publishing.

    ``ids`` has the id of each article from the first time it was seen, ``hidden`` the names of those that
    must not be read.
    """

    def __init__(self, database: str) -> None:
        super().__init__()
        self.database = database
        self.clock = Clock()
        self.names = ["world"]
        self.ids: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.services = self.opened()

    def opened(self) -> Services:
        *was, name = self.names
        category = {"id": name, "title": "World", "was": was}
        sources = [{**SITE["sources"][0], "categories": [name]}]
        config = Config.model_validate({**SITE, "categories": [category], "sources": sources})
        return open_services(Store.open(self.database), config, clock=self.clock)

    @property
    def store(self) -> Store:
        return self.services.store

    def teardown(self) -> None:
        self.services.close()

    @rule(count=st.integers(1, 90))
    def news(self, count: int) -> None:
        self.clock.advance(minutes=5)
        first = len(self.ids)
        bring(self.store, self.clock, Harvest(validators=V, new=some(count, self.clock, first)))
        self.ids |= {f"n{number}": f"tag:x:n{number}" for number in range(first, first + count)}

    @rule(weeks=st.integers(2, 4))
    def silence(self, weeks: int) -> None:
        """What comes after it is a backlog."""
        self.clock.advance(weeks=weeks)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), count=st.integers(1, 70))
    def edits(self, data: st.DataObject, count: int) -> None:
        self.clock.advance(minutes=5)
        start = data.draw(st.integers(0, len(self.ids) - 1))
        changed = []
        for name in [*self.ids][start : start + count]:
            keys = new(name, self.clock()).keys
            known = self.store.known("spring", [keys.primary])[keys.primary]
            text = replace(article(name, self.clock()), fingerprint=str(self.clock()))
            changed.append(ChangedArticle(n=known.n, keys=keys, article=text, updated=self.clock()))
        bring(self.store, self.clock, Harvest(validators=V, changed=tuple(changed)))

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), shown=st.booleans())
    def hiding(self, data: st.DataObject, shown: bool) -> None:
        name = f"n{data.draw(st.integers(0, len(self.ids) - 1))}"
        self.clock.advance(seconds=data.draw(st.integers(0, 60)))
        (self.store.unhide if shown else self.store.hide)(self.ids[name], self.clock())
        (self.hidden.discard if shown else self.hidden.add)(name)

    @rule()
    def restart(self) -> None:
        waiting = self.store.dirty_feeds()
        self.services.close()
        self.services = self.opened()
        assert self.store.dirty_feeds() == waiting

    @rule()
    def rename(self) -> None:
        self.names.append(f"world-{len(self.names)}")
        self.clock.advance(minutes=1)
        self.services.close()
        self.services = self.opened()

    @rule()
    def publishing(self) -> None:
        publish(self.services, self.clock)
        expected = {known for name, known in self.ids.items() if name not in self.hidden}
        for form in FORMATS:
            found = walk(self.services, form)
            assert set(found) == expected, form
        lint_all(self.services)

    @invariant()
    def the_live_feed_stays_itself(self) -> None:
        for form in FORMATS:
            if self.store.rendering(key_of(self.services), form) is not None:
                read(live(self.services, form), form)
                assert FEED_ID in live(self.services, form) or form != "atom"


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """A new, migrated database at each call."""
    if request.param == "sqlite":
        empty = request.getfixturevalue("sqlite_empty")
        return lambda: f"sqlite:///{shutil.copy(empty, tmp_path / f'{uuid.uuid4().hex}.sqlite')}"
    server = request.getfixturevalue("postgresql")

    def make() -> str:
        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {EMPTY}")
        return named(server, name)

    return make


def test_whatever_happens_the_history_is_whole(fresh: Callable[[], str]) -> None:
    run_state_machine_as_test(
        lambda: History(fresh()),
        settings=settings(
            max_examples=4, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
