"""What do the web tests look at? A site on a real store, filled and published as the service does it."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from feedsvc.bootstrap import open_services, publish_config
from feedsvc.config import Config
from feedsvc.model import (
    Article,
    Harvest,
    ItemKeys,
    NewArticle,
    NextCheck,
    Poll,
    SafeHtml,
    Token,
    Validators,
)
from feedsvc.publish import publish_due
from feedsvc.services import Services
from feedsvc.store import Store
from tests.conftest import Clock

LEASE_FOR = timedelta(minutes=1)
URL = "https://feeds.example.org"


def source(id: str, *categories: str, **options: Any) -> dict[str, Any]:
    given = {"id": id, "type": "feed", "url": f"https://{id}.example/feed", "categories": categories}
    return {**given, **options}


WORLD = {"id": "world", "title": "World", "description": "What happened, and why it matters."}
ARABIC = {"id": "arabic", "title": "أخبار", "description": "آخر الأخبار من المنطقة", "language": "ar"}
EMPTY = {"id": "empty", "title": "Empty", "description": "Nothing yet."}


def config(**options: Any) -> Config:
    given: dict[str, Any] = {
        "site": {"title": "Example feeds", "url": URL},
        "categories": [WORLD, ARABIC, EMPTY],
        "sources": [source("times", "world", title="The Times of Example"), source("akhbar", "arabic")],
    }
    return Config.model_validate({**given, **options})


@dataclass
class Site:
    """Services on a store of their own, and what the collector would do to it."""

    services: Services
    clock: Clock
    numbers: dict[str, int] = field(default_factory=dict)
    hold: timedelta | None = None  # how long new articles wait

    @property
    def store(self) -> Store:
        return self.services.store

    def configure(self, config: Config) -> None:
        publish_config(self.store, config, now=self.clock())
        self.services.in_force.look_again()

    def write(self, source_id: str, *titles: str, **fields: Any) -> None:
        """New articles of a source, each a minute older than the one before."""
        number = self.numbers.get(source_id, 0)
        fresh = []
        for title in titles:
            number += 1
            fresh.append(self._new(source_id, number, title, **fields))
        self.numbers[source_id] = number
        self._bring(source_id, Harvest(validators=Validators(), new=tuple(fresh), hold=self.hold))

    def publish(self) -> None:
        """Two seconds later, so that Last-Modified can rise and every look is due again."""
        self.clock.advance(seconds=2)
        publish_due(self.services)

    def _new(self, source_id: str, number: int, title: str, **fields: Any) -> NewArticle:
        link = f"https://{source_id}.example/{number}"
        given: dict[str, Any] = {
            "title": title,
            "link": link,
            "summary": SafeHtml(""),
            "content": SafeHtml(f"<p>All about {title}.</p>"),
            "published": self.clock() - timedelta(minutes=number),
            "fingerprint": f"{source_id} {number} {title}",
        }
        keys = ItemKeys(primary=f"guid:{link}", aliases=(), iri=None, item_hash=f"{number} {title}")
        ids = (f"tag:{source_id}.example,2026:{number}",)
        return NewArticle(keys=keys, ids=ids, article=Article(**(given | fields)))

    def _bring(self, source_id: str, harvest: Harvest) -> None:
        now = self.clock()
        assert self.store.claim(source_id, now=now, lease="test", lease_for=LEASE_FOR)
        record = Poll(
            source_id=source_id,
            started=now,
            outcome="ok",
            next_check=NextCheck(at=now + timedelta(minutes=15), reason="every 15m"),
        )
        self.store.finish(lease="test", record=record, harvest=harvest, now=now)


def give_token(site: Site, secret: str, *feeds: str, name: str = "ann") -> None:
    """Somebody may read private feeds; of ``feeds``, or all."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    made = Token(name=name, beginning=secret[:8], digest=digest, feeds=feeds, created=site.clock())
    site.store.add_token(made)


def open_site(path: Path, clock: Clock, settings: Config | None = None) -> Site:
    """A site on the migrated SQLite file at ``path``."""
    store = Store.open(f"sqlite:///{path}")
    return Site(services=open_services(store, settings or config(), clock=clock), clock=clock)
