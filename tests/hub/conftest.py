"""A site with a hub on a real socket, and what the scheduler does for it, one step at a time."""

import shutil
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import BaseWSGIServer, make_server

from feedsvc.bootstrap import open_services, publish_config
from feedsvc.config import Config
from feedsvc.hub import errands, topics
from feedsvc.hub.report import Report
from feedsvc.jobs import poll_source
from feedsvc.model import Format, Harvest
from feedsvc.publish import publish_due
from feedsvc.services import Services
from feedsvc.store import Store
from feedsvc.web import create_app
from tests.conftest import Clock
from tests.store.test_store import V, bring, new

WORLD = {"id": "world", "title": "World"}
SPRING = {"id": "spring", "type": "feed", "url": "https://spring.example/feed", "categories": ["world"]}
LOOPBACK = {"allow": ["127.0.0.0/8"], "timeout": "5s"}
LEASE_FOR = timedelta(minutes=1)


@dataclass
class Site:
    """One installation: its services, its address, and a clock that stands still."""

    services: Services
    clock: Clock
    serving: "Serving"

    @property
    def url(self) -> str:
        return self.serving.url

    @property
    def store(self) -> Store:
        return self.services.store

    def configure(self, **options: Any) -> None:
        publish_config(self.store, config(self.url, **options), now=self.clock())
        self.services.in_force.look_again()

    def topic(self, format: Format = "atom", key: str = "c/world") -> str:
        return f"{self.url}/{key}.{format}"

    def write(self, *titles: str) -> None:
        """New articles of ``spring``, published."""
        fresh = tuple(new(title, self.clock()) for title in titles)
        bring(self.store, self.clock, Harvest(validators=V, new=fresh))
        self.publish()

    def publish(self) -> None:
        self.clock.advance(seconds=2)
        publish_due(self.services)

    def work(self) -> list[Report]:
        """Everything of WebSub that is due now, done one after the other."""
        done: list[Report] = []
        topics.settle(self.services)
        while True:
            lease = uuid.uuid4().hex
            taken = errands.take(self.services, lease=lease, lease_for=LEASE_FOR, most=8)
            if not taken:
                return done
            done += [errands.run(self.services, one, lease) for one in taken]

    def poll(self) -> list[str]:
        """Poll what is due; the ids of the sources."""
        lease = uuid.uuid4().hex
        due = self.store.claim_due(now=self.clock(), lease=lease, lease_for=LEASE_FOR)
        for source_id in due:
            poll_source(self.services, source_id, lease=lease)
        return due


def config(url: str, **options: Any) -> Config:
    site = {"title": "Tests", "url": url, "callbacks": ["127.0.0.1", "localhost"]} | options.pop("site", {})
    given = {"site": site, "fetch": LOOPBACK, "categories": [WORLD], "sources": [SPRING]}
    return Config.model_validate(given | options)


class Serving:
    """A WSGI application on a port of its own, which is known before the application is."""

    def __init__(self) -> None:
        self.app: Callable[..., Iterable[bytes]] | None = None
        self._server: BaseWSGIServer = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def _answer(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start_response)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


Open = Callable[..., Site]


@pytest.fixture
def opened(sqlite_empty: Path, tmp_path: Path, clock: Clock) -> Iterator[Open]:
    """Opens as many installations as are asked for, each with a database and a port of its own."""
    with ExitStack() as stack:

        def open_(**options: Any) -> Site:
            serving = Serving()
            stack.callback(serving.stop)
            path = shutil.copy(sqlite_empty, tmp_path / f"{uuid.uuid4().hex}.sqlite")
            store = Store.open(f"sqlite:///{path}")
            services = open_services(store, config(serving.url, **options), clock=clock)
            stack.callback(services.close)
            serving.app = create_app(services)
            return Site(services=services, clock=clock, serving=serving)

        yield open_


@pytest.fixture
def site(opened: Open) -> Site:
    """A site whose feed has something in it."""
    made = opened()
    made.write("First")
    made.work()
    return made
