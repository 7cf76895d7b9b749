"""Do the schedulers deliver by themselves, soon, once, and held up by nobody?"""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request as Asking
from urllib.request import urlopen

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from feedsvc.bootstrap import open_services, utc_now
from feedsvc.jobs import Scheduler
from feedsvc.model import Harvest, NextCheck, Poll
from feedsvc.services import Services
from feedsvc.store import Store
from feedsvc.web import create_app
from tests.hub.conftest import Serving, config
from tests.store.test_store import V, new

READERS = 5


@pytest.fixture
def serving() -> Iterator[Serving]:
    made = Serving()
    yield made
    made.stop()


@pytest.fixture
def services(sqlite_empty: Path, tmp_path: Path, serving: Serving) -> Iterator[Services]:
    path = tmp_path / "feedsvc.sqlite"
    path.write_bytes(sqlite_empty.read_bytes())
    # Nothing is due: its only source waits for a day, and is brought its articles by hand.
    made = open_services(Store.open(f"sqlite:///{path}"), config(serving.url), clock=utc_now)
    serving.app = create_app(made)
    bring(made, "First")
    yield made
    made.close()


def bring(services: Services, title: str) -> None:
    now = utc_now()
    assert services.store.claim("spring", now=now, lease="test", lease_for=timedelta(minutes=1))
    check = NextCheck(at=now + timedelta(days=1), reason="by hand")
    record = Poll(source_id="spring", started=now, outcome="ok", next_check=check)
    harvest = Harvest(validators=V, new=(new(title, now),))
    services.store.finish(lease="test", record=record, harvest=harvest, now=now)


def subscribe(services: Services, callback: str) -> None:
    base = services.config().base_url()
    form = {"hub.mode": "subscribe", "hub.topic": f"{base}/c/world.atom", "hub.callback": callback}
    with urlopen(Asking(f"{base}/hub", urlencode(form).encode())) as answer:
        assert answer.status == 202


def wait_for(true: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_two_schedulers_tell_everybody_once(services: Services, httpserver: HTTPServer) -> None:
    asked: list[str] = []
    got: list[tuple[str, bytes]] = []

    def answer(request: Request) -> Response:
        if request.method == "GET":
            asked.append(request.path)
            return Response(request.args["hub.challenge"])
        got.append((request.path, request.get_data()))
        return Response("")

    silent = socket.create_server(("127.0.0.1", 0))  # accepts, and says nothing
    for number in range(READERS):
        httpserver.expect_request(f"/{number}").respond_with_handler(answer)
    schedulers = [Scheduler(services, name=name) for name in ("one", "two")]
    for scheduler in schedulers:
        scheduler.start()
    wait_for(lambda: services.store.newest_body("c/world", "atom") is not None)
    subscribe(services, f"http://127.0.0.1:{silent.getsockname()[1]}/")
    for number in range(READERS):
        subscribe(services, httpserver.url_for(f"/{number}"))
    wait_for(lambda: len(asked) == READERS)
    time.sleep(1.1)  # a second has to pass before the feed may be published again
    bring(services, "Second")
    wait_for(lambda: len(got) >= READERS)
    for scheduler in schedulers:
        scheduler.stop()
    services.fetcher.close()
    for scheduler in schedulers:
        scheduler.join()
    silent.close()
    assert sorted(path for path, _ in got) == [f"/{number}" for number in range(READERS)]
    assert all(b"Second" in body for _, body in got)
    assert services.store.take_deliveries(now=utc_now(), lease="x", lease_for=timedelta(1), most=9) == []
