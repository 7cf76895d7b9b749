"""Are the further documents of a source read: as many as wanted, on condition, each failing alone?"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from feedsvc.bootstrap import open_services
from feedsvc.collect import collect_source
from feedsvc.config import Config
from feedsvc.model import Poll
from feedsvc.services import Services
from feedsvc.store import Store
from tests.conftest import Clock

Open = Callable[..., Services]


@pytest.fixture
def opened(store: Store, clock: Clock) -> Iterator[Open]:
    """Services with one source, ``spring``."""
    with ExitStack() as stack:

        def make(**source: Any) -> Services:
            config = {
                "site": {"url": "https://feeds.example.org"},
                "fetch": {"allow": ["127.0.0.0/8"], "timeout": "5s"},
                "sources": [{"id": "spring", **source}],
            }
            services = open_services(store, Config.model_validate(config), clock=clock)
            stack.callback(services.fetcher.close)
            return services

        yield make


def poll(services: Services, clock: Clock) -> Poll:
    clock.advance(minutes=20)
    assert services.store.claim("spring", now=clock(), lease="l", lease_for=timedelta(minutes=1))
    return collect_source(services, "spring", lease="l")


def links(services: Services) -> set[str]:
    return {str(entry.article.link).rpartition("/")[2] for entry in services.store.page("all", limit=100)}


def urlset(server: HTTPServer, *names: str) -> str:
    urls = "".join(f"<url><loc>{server.url_for(f'/2026/03/{name}')}</loc></url>" for name in names)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def index(server: HTTPServer, *names: str) -> str:
    maps = "".join(f"<sitemap><loc>{server.url_for(f'/{name}')}</loc></sitemap>" for name in names)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'


class Maps:
    """A sitemap index that never changes, with two sitemaps that a test rewrites."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.bodies: dict[str, str | int] = {
            "index.xml": index(server, "news-1.xml", "news-2.xml"),
            "news-1.xml": urlset(server, "a-fine-day-at-the-river"),
            "news-2.xml": urlset(server, "a-long-night-in-town"),
        }
        self.answers: list[tuple[str, int]] = []
        for name in self.bodies:
            server.expect_request(f"/{name}").respond_with_handler(self.answer)
        self.url = server.url_for("/index.xml")

    def answer(self, request: Request) -> Response:
        name = request.path[1:]
        body = self.bodies[name]
        if isinstance(body, int):
            answer = Response("no", status=body)
        else:
            answer = Response(body, content_type="application/xml")
            answer.set_etag(str(len(body)))
            answer.make_conditional(request)
        self.answers.append((name, answer.status_code))
        return answer


@pytest.fixture
def maps(httpserver: HTTPServer) -> Maps:
    return Maps(httpserver)


def test_what_an_unchanged_index_leads_to_is_seen(opened: Open, maps: Maps, clock: Clock) -> None:
    services = opened(type="sitemap", url=maps.url, full_text=False)
    assert poll(services, clock).new == 2
    maps.answers.clear()
    maps.bodies["news-2.xml"] = urlset(maps.server, "the-market-opens-again", "a-long-night-in-town")
    assert poll(services, clock).new == 1
    assert dict(maps.answers) == {"index.xml": 200, "news-1.xml": 304, "news-2.xml": 200}
    assert links(services) == {"a-fine-day-at-the-river", "a-long-night-in-town", "the-market-opens-again"}


def test_one_document_fails_alone(opened: Open, maps: Maps, clock: Clock) -> None:
    services = opened(type="sitemap", url=maps.url, full_text=False)
    maps.bodies["news-2.xml"] = 500
    first = poll(services, clock)
    assert (first.outcome, first.new) == ("ok", 1)
    assert "news-2.xml: The server answered 500" in first.rejected[0]
    again = poll(services, clock)
    assert (again.outcome, again.new) == ("ok", 0)
    maps.bodies["news-2.xml"] = urlset(maps.server, "a-long-night-in-town")
    assert poll(services, clock).new == 1


def test_where_nothing_can_be_had_the_poll_failed(opened: Open, maps: Maps, clock: Clock) -> None:
    services = opened(type="sitemap", url=maps.url, full_text=False)
    maps.bodies |= {"news-1.xml": 503, "news-2.xml": 500}
    failed = poll(services, clock)
    assert (failed.outcome, failed.status, failed.error_kind) == ("failed", 503, "status")


@pytest.mark.parametrize("pages", [1, 2, 4])
def test_as_many_pages_as_are_wanted(pages: int, opened: Open, httpserver: HTTPServer, clock: Clock) -> None:
    asked = []

    def answer(request: Request) -> Response:
        number = request.get_json()["after"] or 0
        asked.append(number)
        items = [
            {"id": f"{number}-{i}", "title": f"Story {number} {i}", "url": f"/{number}/{i}"} for i in (1, 2)
        ]
        return Response(json.dumps({"stories": items, "next": number + 1}), content_type="application/json")

    httpserver.expect_request("/api", method="POST").respond_with_handler(answer)
    paging = {"paging": {"cursor": "next", "param": "after"}} if pages > 1 else {}
    services = opened(
        type="api", url=httpserver.url_for("/api"), method="POST", body={"after": None}, pages=pages, **paging
    )
    assert poll(services, clock).new == 2 * pages
    assert asked == list(range(pages))
