"""How does a test collect the newspaper and read what becomes of it?"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from lxml import html

from feedsvc.bootstrap import open_services
from feedsvc.collect import collect_source
from feedsvc.config import load
from feedsvc.model import Poll
from feedsvc.publish import publish_due
from feedsvc.store import Store
from feedsvc.web import create_app
from tests.conftest import Clock
from tests.site.demo import KEY, write_config
from tests.site.paper import Paper
from tests.site.running import running
from tests.site.stories import Story

LEASE: Final = timedelta(minutes=5)


class Newsroom:
    """A newspaper at ``site``, and a feedsvc with the demo's config that collects it when it is told to."""

    def __init__(self, paper: Paper, site: str, directory: Path, store: Store, clock: Clock) -> None:
        self.paper, self.site, self._store, self._clock = paper, site, store, clock
        write_config(directory, site, with_browser=True)
        self.services = open_services(store, load(directory), clock=clock, environment={"COURIER_KEY": KEY})
        self._reader = create_app(self.services).test_client()
        self.polls: dict[str, Poll] = {}  # the latest of each source

    def collect(self, *names: str) -> dict[str, Poll]:
        """Poll these sources, an hour later than the last time, and publish what they bring."""
        self._clock.advance(hours=1)
        self.paper.hits.clear()
        polls = {name: self._poll(name) for name in names}
        self.polls |= polls
        publish_due(self.services)
        self._clock.advance(seconds=2)  # a web process looks for new renderings once a second
        return polls

    def collect_one(self, name: str) -> Poll:
        return self.collect(name)[name]

    def feed(self, category: str) -> list[dict[str, Any]]:
        """The items of its JSON feed."""
        items: list[dict[str, Any]] = json.loads(self._reader.get(f"/c/{category}.json").data)["items"]
        return items

    def bytes_of(self, category: str) -> bytes:
        body: bytes = self._reader.get(f"/c/{category}.atom").data
        return body

    def url(self, story: Story) -> str:
        return self.site + story.path

    def asked_for(self) -> dict[str, int]:
        """How often each address was asked for since ``collect`` began."""
        return dict(self.paper.hits)

    def _poll(self, name: str) -> Poll:
        lease = uuid.uuid4().hex
        assert self._store.claim(name, now=self._clock(), lease=lease, lease_for=LEASE)
        return collect_source(self.services, name, lease=lease)


@contextmanager
def newsroom(directory: Path, database_url: str, clock: Clock) -> Iterator[Newsroom]:
    paper = Paper(base=clock(), api_key=KEY)
    store = Store.open(database_url)
    with running(paper) as site:
        room = Newsroom(paper, site, directory, store, clock)
        yield room
        room.services.close()


def paragraphs(item: dict[str, Any]) -> list[str]:
    """What stands in the paragraphs of an item's content."""
    tree = html.fragment_fromstring(item["content_html"], create_parent="div")
    return [" ".join(one.text_content().split()) for one in tree.iter("p")]


def when(item: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(item["date_published"])
