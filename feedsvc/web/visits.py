"""How did the visits of the last 90 days go, day by day? Days that are over are counted once."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from feedsvc.services import Services

DAYS: Final = 90  # no longer is kept of the visits
AT_ONCE: Final = 250_000  # visits that one look counts, which takes some 0.2 s; the next look goes on
TODAY_FOR: Final = timedelta(minutes=1)
A_DAY: Final = timedelta(days=1)

# source id -> (visits, failed ones)
Day = Mapping[str, tuple[int, int]]


class Visits:
    """The counts that one process has made. Threads share it: while one counts, the others take what is
    there."""

    def __init__(self, services: Services, *, at_once: int = AT_ONCE) -> None:
        self._services = services
        self._at_once = at_once
        self._days: dict[datetime, Day] = {}
        self._looked: datetime | None = None
        self._looking = threading.Lock()

    def days(self) -> list[Day | None]:
        """Of each day (UTC), oldest first, today last; None where it is not counted yet."""
        now = self._services.clock()
        wanted = _days_until(now)
        if self._looking.acquire(blocking=False):
            try:
                self._look(now, wanted)
            finally:
                self._looking.release()
        return [self._days.get(day) for day in reversed(wanted)]

    def _look(self, now: datetime, wanted: list[datetime]) -> None:
        """Count today anew, if that is due, and of the other days what was not counted yet, latest first."""
        for past in set(self._days) - set(wanted):
            del self._days[past]
        # Yesterday with it: a visit is noted when it ends.
        if self._looked is None or not timedelta(0) <= now - self._looked < TODAY_FOR:
            for day in wanted[:2]:
                self._days[day] = self._services.store.visits(day)
            self._looked = now
        counted = 0
        for day in wanted:
            if day not in self._days and counted < self._at_once:
                self._days[day] = self._services.store.visits(day)
                counted += sum(visits for visits, _ in self._days[day].values())


def _days_until(now: datetime) -> list[datetime]:
    """The beginnings of the days, latest first."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return [today - back * A_DAY for back in range(DAYS)]
