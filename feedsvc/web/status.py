"""How do the sources of each category fare, in what anybody may know?

Counts and kinds of errors only: what an origin answered, and where, is for those who run the service.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, abort, current_app, render_template

from feedsvc.config import Config
from feedsvc.model import Source, SourceStanding
from feedsvc.services import Services
from feedsvc.web import health, views
from feedsvc.web.charts import Strip, strip
from feedsvc.web.glance import Glance
from feedsvc.web.views import Card, Moment
from feedsvc.web.visits import Day, Visits

status = Blueprint("status", __name__)

DRAWN_FOR: Final = timedelta(seconds=15)
FAILING_FROM: Final = 3  # failures in a row: one or two are the weather


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A category. ``waiting`` sources were not read yet; ``kinds`` says why the others fail, and how
    many for each reason; ``share`` is what succeeded, in words."""

    card: Card
    ok: int
    failing: int
    waiting: int
    kinds: Sequence[tuple[str, int]]
    strip: Strip
    share: str

    @property
    def sources(self) -> int:
        return self.ok + self.failing + self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``seen`` is the last sign of the scheduler; ``whole``: the days are all counted."""

    rows: Sequence[Row]
    sources: int
    failing: int
    waiting: int
    alive: bool
    seen: Moment | None
    whole: bool


class Board:
    """The page, as it was drawn last: with a thousand categories that takes half a second. Threads share it:
    one draws, the others wait for it."""

    def __init__(self, services: Services, glance: Glance) -> None:
        self._services = services
        self._glance = glance
        self._visits = Visits(services)
        self._drawing = threading.Lock()
        self._drawn: tuple[Config, datetime, str] | None = None

    def page(self) -> str:
        config, now = self._services.config(), self._services.clock()
        with self._drawing:
            drawn = self._drawn
            if drawn and drawn[0] is config and timedelta(0) <= now - drawn[1] < DRAWN_FOR:
                return drawn[2]
            found = look(self._services, self._glance, self._visits)
            text = render_template("status.html", status=found)
            self._drawn = (config, now, text) if found.whole else None
            return text


@status.get("/status")
def page() -> str:
    services: Services = current_app.extensions["feedsvc.services"]
    if not services.config().site.status:
        abort(404)
    board = current_app.extensions["feedsvc.board"]
    assert isinstance(board, Board)
    return board.page()


def look(services: Services, glance: Glance, visits: Visits) -> Status:
    config, now = services.config(), services.clock()
    standings, days = services.store.standings(), visits.days()
    rows = [
        _row(views.card_of(services, glance, key), config.sources_of(key), standings, days)
        for key in config.open_feeds(now)
        if config.is_public(key)
    ]
    everything, *categories = rows
    seen = health.last_tick(services.store.processes())
    return Status(
        rows=categories,
        sources=everything.sources,
        failing=everything.failing,
        waiting=everything.waiting,
        alive=seen is not None and now - seen < health.ALIVE_FOR,
        seen=None if seen is None else views.moment(seen, now),
        whole=None not in days,
    )


def _row(
    card: Card,
    sources: Iterable[Source],
    standings: Mapping[str, SourceStanding],
    days: Sequence[Day | None],
) -> Row:
    ids = [source.id for source in sources if source.enabled]
    found = [standings[one] for one in ids if one in standings]
    failing = [one for one in found if is_failing(one)]
    waiting = sum(one.last_ok is None and not is_failing(one) for one in found)
    kinds = Counter(one.error_kind or "other" for one in failing)
    counts = [_total(day, ids) for day in days]
    return Row(
        card=card,
        ok=len(found) - len(failing) - waiting,
        failing=len(failing),
        waiting=waiting,
        kinds=kinds.most_common(),
        strip=strip(counts),
        share=_share(counts),
    )


def is_failing(one: SourceStanding) -> bool:
    return one.failures >= FAILING_FROM


def _total(day: Day | None, ids: Iterable[str]) -> tuple[int, int]:
    found = [day[one] for one in ids if one in day] if day else []
    return sum(visits for visits, _ in found), sum(failed for _, failed in found)


def _share(counts: Iterable[tuple[int, int]]) -> str:
    """``99.2 %`` of the visits; never 100 where one failed, empty where there were none."""
    visits, failed = map(sum, zip(*counts, strict=True))
    if not visits:
        return ""
    share = int(1000 * (visits - failed) / visits) / 10
    return "100 %" if not failed else f"{share:.1f} %"
