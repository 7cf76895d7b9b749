"""Are due sources polled once, by whoever comes first, and never held up by one another?"""

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from feedsvc.bootstrap import open_services, utc_now
from feedsvc.config import Config
from feedsvc.jobs import Scheduler
from feedsvc.services import Services
from feedsvc.store import Store

FEED = '<rss version="2.0"><channel><title>T</title><item><title>one {n}</title></item></channel></rss>'


@pytest.fixture
def asked(httpserver: HTTPServer) -> Counter[str]:
    """How often each path was asked for."""
    seen: Counter[str] = Counter()
    lock = threading.Lock()

    def answer(request: Request) -> Response:
        with lock:
            seen[request.path] += 1
        return Response(FEED.format(n=request.path), content_type="application/rss+xml")

    httpserver.expect_request(re.compile("/[0-9]+")).respond_with_handler(answer)
    return seen


@pytest.fixture
def hanging() -> Iterator[str]:
    """An address that accepts and never answers."""
    server = socket.create_server(("127.0.0.1", 0), backlog=50)
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    server.close()


def config(addresses: list[str], *, threads: int = 4, timeout: str = "5s") -> Config:
    return Config.model_validate(
        {
            "site": {"title": "Tests", "url": "https://feeds.example.org"},
            "fetch": {"allow": ["127.0.0.0/8"], "timeout": timeout, "threads": threads},
            "categories": [{"id": "world", "title": "World"}],
            "sources": [
                {"id": f"s{n}", "type": "feed", "url": url, "categories": ["world"], "every": "1h"}
                for n, url in enumerate(addresses)
            ],
        }
    )


@pytest.fixture
def opened(store: Store) -> Iterator[Callable[[Config], Services]]:
    made: list[Services] = []

    def open_(wanted: Config) -> Services:
        made.append(open_services(store, wanted, clock=utc_now))
        return made[-1]

    yield open_
    for services in made:
        services.fetcher.close()


@pytest.fixture
def start(opened: Callable[[Config], Services]) -> Iterator[Callable[[Config], Scheduler]]:
    """Runs a scheduler on a config; no thread of it outlives the test."""
    started: list[tuple[Services, Scheduler]] = []

    def start_(wanted: Config) -> Scheduler:
        services = opened(wanted)
        scheduler = Scheduler(services)
        started.append((services, scheduler))
        scheduler.start()
        return scheduler

    yield start_
    for services, scheduler in started:
        services.fetcher.close()
        scheduler.join()


def wait_for(true: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_two_schedulers_share_the_work(
    httpserver: HTTPServer, asked: Counter[str], start: Callable[[Config], Scheduler], store: Store
) -> None:
    addresses = [httpserver.url_for(f"/{n}") for n in range(30)]
    schedulers = [start(config(addresses)) for _ in range(2)]
    wait_for(lambda: len(store.polls(limit=100)) >= 30 and not store.dirty_feeds())
    for one in schedulers:
        one.stop()
    assert asked == Counter({f"/{n}": 1 for n in range(30)})
    assert Counter(poll.source_id for poll in store.polls(limit=100)) == Counter(f"s{n}" for n in range(30))
    rendering = store.rendering("c/world", "json")
    assert rendering is not None
    assert rendering.bodies["identity"].count(b'"title":"one /') == 30
    assert store.processes() == []


def test_hanging_sources_hold_up_nobody(
    httpserver: HTTPServer,
    asked: Counter[str],
    hanging: str,
    start: Callable[[Config], Scheduler],
    opened: Callable[[Config], Services],
    store: Store,
) -> None:
    addresses = [f"{hanging}{n}" for n in range(12)]
    scheduler = start(config(addresses, threads=4, timeout="1s"))
    wait_for(lambda: sum(poll.error_kind == "timeout" for poll in store.polls(limit=100)) >= 12)
    # All twelve are now in the slow lane; have them hang again, for long, and give the others work.
    healthy = config(addresses + [httpserver.url_for(f"/{n}") for n in range(8)], threads=4, timeout="60s")
    for n in range(12):
        store.make_due(f"s{n}", utc_now())
    opened(healthy)
    # Behind twelve hanging ones in four threads they would wait three minutes.
    wait_for(lambda: len(asked) == 8)
    scheduler.stop()


def test_a_stop_is_quick_and_gives_unfinished_work_back(
    hanging: str, start: Callable[[Config], Scheduler], store: Store
) -> None:
    scheduler = start(config([f"{hanging}{n}" for n in range(3)], threads=2, timeout="30s"))
    wait_for(lambda: len(store.due(utc_now())) == 3 and bool(store.processes()))
    time.sleep(0.5)
    began = time.monotonic()
    scheduler.stop()
    assert time.monotonic() - began < 3
    assert store.polls() == []
    again = store.claim_due(now=utc_now(), lease="other", lease_for=timedelta(minutes=1))
    assert sorted(again) == ["s0", "s1", "s2"]
