"""Is this process alive, and is it ready to serve? For load balancers, containers and monitors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from feedsvc.errors import StoreError
from feedsvc.model import ProcessState
from feedsvc.services import Services
from feedsvc.telemetry import logger
from feedsvc.web.fastpath import FastPath

SCHEDULER: Final = "scheduler"
ALIVE_FOR: Final = timedelta(minutes=1)  # a scheduler reports every second
INVALID: Final = "config: invalid"
FAILING: Final = "cannot be read: see the log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    ready: bool
    facts: Mapping[str, Any]


def health(services: Services) -> str:
    """``ok``, or that the config files are invalid (the last good ones are in force; details are logged).

    Alive is alive: a database that cannot be reached is no reason to restart this process.
    """
    try:
        running = _alive(services.store.processes(), services.clock())
    except StoreError:
        return "ok"
    return INVALID if any(one.note == INVALID for one in running) else "ok"


def readiness(services: Services, fast: FastPath) -> Readiness:
    """Ready: the database answers, has our schema, and a scheduler has ticked within a minute."""
    try:
        there, needed = services.store.schema()
        processes = services.store.processes()
        revision, _config = services.in_force.current()
    except StoreError as error:
        # What the driver says may name hosts and users: that is for the log, not for whoever asks.
        logger().error("not ready", error=str(error))
        return Readiness(ready=False, facts={"ready": False, "database": FAILING})
    now = services.clock()
    seen = last_tick(processes)
    migrated = there == needed
    ticking = seen is not None and now - seen < ALIVE_FOR
    ready = migrated and ticking and fast.failure is None
    return Readiness(
        ready=ready,
        facts={
            "ready": ready,
            "database": FAILING if fast.failure else "ok",
            "schema": "ok" if migrated else f"is {there}, needs {needed}: run `feedsvc db upgrade`",
            "scheduler": "ok" if ticking else "no tick within a minute: run `feedsvc scheduler`",
            "last_tick_age_seconds": None if seen is None else round((now - seen).total_seconds(), 1),
            "config_revision": revision,
        },
    )


def last_tick(processes: list[ProcessState]) -> datetime | None:
    """When a scheduler was last seen."""
    return max((one.seen for one in processes if one.kind == SCHEDULER), default=None)


def _alive(processes: list[ProcessState], now: datetime) -> list[ProcessState]:
    return [one for one in processes if now - one.seen < ALIVE_FOR]
