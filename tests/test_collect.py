"""Does a source become stored articles, once each, under ids that never change?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from feedsvc.bootstrap import open_services, publish_config
from feedsvc.collect import collect_source, preview, visit_source
from feedsvc.config import Config
from feedsvc.errors import NotFound
from feedsvc.model import Entry, Poll
from feedsvc.services import Services
from feedsvc.store import Store
from tests.conftest import Clock


def item(
    name: str, text: str = "", *, guid: str | None = None, link: str | None = None, more: str = ""
) -> str:
    return (
        f"<item><title>{name}</title><guid isPermaLink='false'>{guid or f'urn:x:{name}'}</guid>"
        f"<link>{link or f'https://spring.example/{name}'}</link>"
        f"<description>{text or f'All about {name}.'}</description>{more}</item>"
    )


def rss(*items: str, title: str = "The Spring") -> str:
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'


class Origin:
    """One feed that a test rewrites as it goes; counts how it was asked."""

    def __init__(self, server: HTTPServer) -> None:
        self.body = rss()
        self.status = 200
        self.headers: dict[str, str] = {}
        self.etag: str | None = None
        self.asked: list[Request] = []
        server.expect_request("/feed").respond_with_handler(self.answer)
        self.url = server.url_for("/feed")

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        if self.etag is not None and request.headers.get("If-None-Match") == self.etag:
            return Response(status=304, headers={"ETag": self.etag})
        headers = self.headers | ({"ETag": self.etag} if self.etag else {})
        return Response(self.body, status=self.status, headers=headers, content_type="application/rss+xml")


@pytest.fixture
def origin(httpserver: HTTPServer) -> Origin:
    return Origin(httpserver)


def configured(origin: Origin, **source: object) -> Config:
    return Config.model_validate(
        {
            "site": {"title": "Tests", "url": "https://feeds.example.org"},
            "fetch": {"allow": ["127.0.0.0/8"], "timeout": "5s"},
            "categories": [{"id": "world", "title": "World"}],
            "sources": [
                {"id": "spring", "type": "feed", "url": origin.url, "categories": ["world"], **source}
            ],
        }
    )


@pytest.fixture
def services(store: Store, clock: Clock, origin: Origin) -> Iterator[Services]:
    opened = open_services(store, configured(origin), clock=clock)
    yield opened
    opened.fetcher.close()


def poll(services: Services) -> Poll:
    now = services.clock()
    assert services.store.claim("spring", now=now, lease="test", lease_for=timedelta(minutes=1))
    return collect_source(services, "spring", lease="test")


def entries(services: Services) -> dict[str, Entry]:
    return {entry.article.title: entry for entry in services.store.page("c/world")}


def test_a_feed_becomes_articles_once_each(services: Services, origin: Origin) -> None:
    origin.body = rss(item("one"), item("two"))
    first = poll(services)
    assert (first.outcome, first.found, first.new) == ("ok", 2, 2)
    second = poll(services)
    assert (second.outcome, second.new, second.updated) == ("unchanged", 0, 0)
    assert sorted(entries(services)) == ["one", "two"]
    assert entries(services)["one"].id == "urn:x:one"


def test_validators_are_sent_back_verbatim(services: Services, origin: Origin) -> None:
    origin.body, origin.etag = rss(item("one")), 'W/"odd  tag"'
    poll(services)
    assert "If-None-Match" not in origin.asked[0].headers
    assert poll(services).status == 304
    assert origin.asked[1].headers["If-None-Match"] == 'W/"odd  tag"'


def test_validators_of_other_options_are_not_sent(
    services: Services, origin: Origin, store: Store, clock: Clock
) -> None:
    origin.body, origin.etag = rss(item("one")), '"v1"'
    poll(services)
    again = open_services(store, configured(origin, timezone="Europe/Paris"), clock=clock)
    assert poll(again).outcome == "ok"
    assert "If-None-Match" not in origin.asked[1].headers
    again.fetcher.close()


def test_a_document_that_does_not_parse_earns_no_validators(services: Services, origin: Origin) -> None:
    origin.body, origin.etag = "<html><title>Sorry</title></html>", '"error page"'
    failed = poll(services)
    assert (failed.outcome, failed.error_kind) == ("failed", "invalid")
    assert "Sorry" in str(failed.error)
    origin.body = rss(item("one"))
    assert poll(services).new == 1
    assert "If-None-Match" not in origin.asked[1].headers


def test_an_edit_keeps_the_id_and_moves_updated(services: Services, origin: Origin, clock: Clock) -> None:
    origin.body = rss(item("one"))
    poll(services)
    before = entries(services)["one"]
    later = clock.advance(hours=2)
    origin.body = rss(item("one, corrected", "Quite another text.", guid="urn:x:one"))
    assert poll(services).updated == 1
    after = entries(services)["one, corrected"]
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated == later > before.updated


def test_cosmetic_churn_moves_nothing(services: Services, origin: Origin, clock: Clock) -> None:
    origin.body = rss(
        item("one", "Read by 12 people. &lt;a href='https://x.example/?utm_source=a'>more&lt;/a>")
    )
    poll(services)
    before = entries(services)
    clock.advance(hours=2)
    origin.body = rss(
        item("one", "Read by  12 people.\n&lt;a class='x' href='http://x.example/?utm_source=b'>more&lt;/a>")
    )
    done = poll(services)
    assert (done.outcome, done.new, done.updated) == ("ok", 0, 0)
    assert entries(services) == before


def test_a_changed_guid_is_the_same_article(services: Services, origin: Origin) -> None:
    origin.body = rss(item("one", guid="http://spring.example/?p=1"))
    poll(services)
    origin.body = rss(item("one", guid="https://spring.example/?p=1"))
    done = poll(services)
    assert (done.new, done.updated) == (0, 0)
    assert entries(services)["one"].id == "http://spring.example/?p=1"
    # From now on the new guid finds it, also under another address.
    origin.body = rss(item("one", guid="https://spring.example/?p=1", link="https://spring.example/moved"))
    assert poll(services).new == 0


def test_an_undated_article_is_dated_by_its_first_sight(
    services: Services, origin: Origin, clock: Clock
) -> None:
    origin.body = rss(item("one"))
    seen = clock()
    poll(services)
    clock.advance(days=1)
    origin.body = rss(
        item(
            "one",
            "Another text, and this time with a date.",
            more="<pubDate>Sun, 01 Feb 2026 10:00:00 GMT</pubDate>",
        )
    )
    assert poll(services).updated == 1
    assert entries(services)["one"].published == seen


def test_a_future_date_is_not_believed(services: Services, origin: Origin, clock: Clock) -> None:
    origin.body = rss(item("one", more="<pubDate>Fri, 01 Jan 2038 10:00:00 GMT</pubDate>"))
    poll(services)
    assert entries(services)["one"].published == clock()
    assert entries(services)["one"].article.date_flag == "future"


def test_a_date_without_a_zone_is_in_the_sources_zone(origin: Origin, store: Store, clock: Clock) -> None:
    services = open_services(store, configured(origin, timezone="America/New_York"), clock=clock)
    origin.body = rss(item("one", more="<pubDate>2026-02-01 10:00:00</pubDate>"))
    poll(services)
    assert entries(services)["one"].published == datetime(2026, 2, 1, 15, 0, tzinfo=UTC)
    services.fetcher.close()


def test_a_failure_keeps_the_articles_and_backs_off(services: Services, origin: Origin, clock: Clock) -> None:
    origin.body = rss(item("one"))
    poll(services)
    origin.status, origin.headers = 503, {"Retry-After": "7200"}
    failed = poll(services)
    assert (failed.outcome, failed.status, failed.error_kind) == ("failed", 503, "status")
    assert failed.next_check is not None
    assert failed.next_check.at == clock() + timedelta(hours=2)
    assert list(entries(services)) == ["one"]
    state = services.store.source_state("spring")
    assert (state.failures, state.next_due) == (1, clock() + timedelta(hours=2))
    origin.status, origin.headers = 200, {}
    origin.body = rss(item("one"), item("two"))
    assert poll(services).new == 1
    assert services.store.source_state("spring").failures == 0


def test_an_article_that_leaves_the_feed_stays(services: Services, origin: Origin) -> None:
    origin.body = rss(item("one"), item("two"))
    poll(services)
    origin.body = rss(item("two"))
    assert poll(services).retracted == 0
    assert sorted(entries(services)) == ["one", "two"]


def test_what_a_source_says_of_itself_is_kept(services: Services, origin: Origin) -> None:
    origin.body = rss(item("one"), title="Spring, renewed")
    poll(services)
    assert entries(services)["one"].origin.title == "Spring, renewed"


def test_a_look_stores_nothing(services: Services, origin: Origin) -> None:
    origin.body = rss(item("one", "&lt;script>alert(1)&lt;/script>&lt;p>Text&lt;/p>"))
    source = services.config().source("spring")
    (new,) = preview(services, source)
    article = new.article
    assert article.title == "one"
    assert "script" not in article.content + article.summary
    visit = visit_source(services, source, services.store.source_state("spring"))
    assert visit.record.new == 1
    assert services.store.articles() == []
    assert services.store.polls() == []


def test_another_fetch_section_is_taken_up(services: Services, origin: Origin, clock: Clock) -> None:
    origin.body = rss(item("one"))
    poll(services)
    assert origin.asked[0].headers["User-Agent"].endswith("(+https://feeds.example.org)")
    stricter = configured(origin).model_dump(mode="json", exclude={"listening"})
    stricter["fetch"]["allow"] = []
    publish_config(services.store, Config.model_validate(stricter), now=clock.advance(seconds=2))
    refused = poll(services)
    assert (refused.error_kind, len(origin.asked)) == ("refused-address", 1)


def test_a_source_that_is_not_configured_is_not_polled(services: Services) -> None:
    with pytest.raises(NotFound, match="nobody"):
        collect_source(services, "nobody", lease="test")
