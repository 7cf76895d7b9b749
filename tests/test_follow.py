"""Are the pages of articles read once each, in bounds, and tried again while they cannot be had?"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from feedsvc.bootstrap import open_services
from feedsvc.collect import collect_source, preview
from feedsvc.config import Config
from feedsvc.follow.pages import MOST_PAGES, TRIES
from feedsvc.model import Entry, Poll
from feedsvc.services import Services
from feedsvc.store import Store
from tests.conftest import Clock

TEXT = (
    "The river rose in the night and took the old wooden bridge with it. By morning the whole village stood "
    "on the bank and looked across to the fields that nobody could reach any more."
)
MORE = (
    "The council met at noon in the school, because the town hall has no heating. It took them an hour to "
    "agree that a new bridge will be built of stone, and three to agree who shall pay for it."
)


def article(title: str, *paragraphs: str, head: str = "") -> str:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title} | The Bank</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><main><article><h1>{title}</h1>{body}</article></main>"
        f"<footer>All rights reserved</footer></body></html>"
    )


class Site:
    """A feed of summaries and the pages behind it; counts who asked for what."""

    def __init__(self, server: HTTPServer) -> None:
        self.names: list[str] = []
        self.pages: dict[str, Response | str] = {}
        self.asked: Counter[str] = Counter()
        self.conditions: dict[str, str | None] = {}
        self.words = "In short."
        self._server = server
        server.expect_request("/feed").respond_with_handler(self.feed)
        server.expect_request(re.compile("/a/.*")).respond_with_handler(self.page)
        self.url = server.url_for("/feed")

    def feed(self, _: Request) -> Response:
        items = "".join(
            f"<item><title>{name}</title><guid isPermaLink='false'>urn:x:{name}</guid>"
            f"<link>{self._server.url_for(f'/a/{name}')}</link><description>{self.words}</description></item>"
            for name in self.names
        )
        body = f'<rss version="2.0"><channel><title>The Bank</title>{items}</channel></rss>'
        return Response(body, content_type="application/rss+xml")

    def page(self, request: Request) -> Response:
        name = request.path.removeprefix("/a/")
        self.asked[name] += 1
        self.conditions[name] = request.headers.get("If-None-Match")
        page = self.pages[name]
        if isinstance(page, Response):
            return page
        tag = f'"{hash(page)}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(page, headers={"ETag": tag}, content_type="text/html; charset=utf-8")


@pytest.fixture
def site(httpserver: HTTPServer) -> Site:
    return Site(httpserver)


@pytest.fixture
def services(store: Store, clock: Clock, site: Site) -> Iterator[Services]:
    config = Config.model_validate(
        {
            "site": {"url": "https://feeds.example.org"},
            "fetch": {"allow": ["127.0.0.0/8"], "timeout": "5s"},
            "sources": [{"id": "bank", "type": "feed", "url": site.url, "full_text": True}],
        }
    )
    opened = open_services(store, config, clock=clock)
    yield opened
    opened.fetcher.close()


def poll(services: Services, clock: Clock) -> Poll:
    clock.advance(minutes=20)
    assert services.store.claim("bank", now=clock(), lease="l", lease_for=timedelta(minutes=1))
    return collect_source(services, "bank", lease="l")


def entries(services: Services) -> dict[str, Entry]:
    found = services.store.page("all", limit=100)
    return {entry.article.title: entry for entry in found}


def test_the_text_comes_from_the_page_once(services: Services, clock: Clock, site: Site) -> None:
    site.names, site.pages = ["Flood"], {"Flood": article("Flood", TEXT, MORE)}
    assert poll(services, clock).new == 1
    entry = entries(services)["Flood"]
    assert entry.id == "urn:x:Flood"
    assert entry.article.content == f"<p>{TEXT}</p><p>{MORE}</p>"
    assert entry.article.summary == "In short."
    site.names.append("Council")
    site.pages["Council"] = article("Council", MORE, TEXT)
    assert poll(services, clock).new == 1
    assert site.asked == {"Flood": 1, "Council": 1}


def test_a_page_is_asked_again_only_if_the_list_says_something_new(
    services: Services, clock: Clock, site: Site
) -> None:
    site.names, site.pages = ["Flood"], {"Flood": article("Flood", TEXT, MORE)}
    poll(services, clock)
    before = entries(services)["Flood"]
    site.words = "In other words."
    again = poll(services, clock)
    assert (again.new, again.updated) == (0, 0)  # the page was as it was
    assert site.asked["Flood"] == 2
    assert site.conditions["Flood"] is not None
    assert entries(services)["Flood"] == before
    site.words, site.pages["Flood"] = "At last.", article("Flood", TEXT, MORE, "It is over.")
    assert poll(services, clock).updated == 1
    assert "It is over." in entries(services)["Flood"].article.content


def test_an_article_waits_for_its_page_but_not_for_ever(services: Services, clock: Clock, site: Site) -> None:
    site.names, site.pages = ["Flood"], {"Flood": Response("later", status=503)}
    for tries in range(1, TRIES):
        record = poll(services, clock)
        assert (record.outcome, record.new, site.asked["Flood"]) == ("ok", 0, tries)
        assert "503" in record.rejected[0]
    assert poll(services, clock).new == 1
    assert entries(services)["Flood"].article.summary == "In short."
    assert poll(services, clock).outcome == "unchanged"
    assert site.asked["Flood"] == TRIES


def test_a_page_that_comes_late_brings_its_article(services: Services, clock: Clock, site: Site) -> None:
    site.names, site.pages = ["Flood"], {"Flood": Response("later", status=503)}
    poll(services, clock)
    site.pages["Flood"] = article("Flood", TEXT, MORE)
    assert poll(services, clock).new == 1
    assert MORE in entries(services)["Flood"].article.content


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_page_that_is_not_there_is_not_waited_for(
    status: int, services: Services, clock: Clock, site: Site
) -> None:
    site.names, site.pages = ["Flood"], {"Flood": Response("no", status=status)}
    record = poll(services, clock)
    assert (record.new, entries(services)["Flood"].article.content) == (1, "")
    assert str(status) in record.rejected[0]


def test_so_many_pages_in_one_poll_and_the_rest_soon(services: Services, clock: Clock, site: Site) -> None:
    site.names = [f"Day {number}" for number in range(MOST_PAGES + 5)]
    site.pages = {name: article(name, TEXT, MORE) for name in site.names}
    first = poll(services, clock)
    assert first.new == MOST_PAGES
    assert first.next_check is not None
    assert first.next_check.reason == "5 documents are left to read"
    assert (first.next_check.at - clock()).total_seconds() == 60
    assert poll(services, clock).new == 5
    assert set(site.asked.values()) == {1}
    assert poll(services, clock).outcome == "unchanged"


def test_an_article_on_several_pages_is_joined(services: Services, clock: Clock, site: Site) -> None:
    following = "<link rel='next' href='/a/Flood-2'>"
    site.names = ["Flood"]
    site.pages = {
        "Flood": article("Flood", TEXT, MORE, head=following),
        "Flood-2": article("Flood", MORE.upper(), TEXT.upper()),
    }
    assert poll(services, clock).new == 1
    content = entries(services)["Flood"].article.content
    places = [content.index(one) for one in (TEXT, MORE, MORE.upper(), TEXT.upper())]
    assert places == sorted(places)


def test_a_look_reads_as_many_pages_as_it_is_told(services: Services, site: Site) -> None:
    site.names, site.pages = (
        ["Flood", "Bridge"],
        dict.fromkeys(["Flood", "Bridge"], article("Flood", TEXT, MORE)),
    )
    source = services.config().source("bank")
    assert [bool(one.article.content) for one in preview(services, source)] == [False, False]
    assert [bool(one.article.content) for one in preview(services, source, pages=1)] == [True, False]
    assert services.store.page("all", limit=5) == []
