"""Where does an article that enters a feed stand in its live window?

The window is cut by ``seq``, highest first. What arrives while a source is being followed takes the next
number, whatever its date, so that a latecomer with an old date is seen. What a source brings when it is
first seen is its backlog: below everything that arrived live, by date.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Seqs that arrive live count up from 1; those of backlogs are far below, founders' above joiners'.
FOUNDERS = -(1 << 61)
JOINERS = -(1 << 62)

BELOW_THE_FOLD = FOUNDERS - (1 << 60)  # what joiners' backlogs are below, and nothing else

FRESH_FOR = timedelta(days=1)  # after its first entry a feed's founding sources still fill it by date
REVIVED_AFTER = timedelta(days=7)  # a source back after so long brings a backlog again
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """An article about to enter a feed; ``n`` is the store's number of it."""

    n: int
    id: str
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    n: int
    seq: int
    first_seq: int


def is_backlog(last_ok: datetime | None, now: datetime) -> bool:
    """Is what this source brings now its past rather than news?"""
    return last_ok is None or now - last_ok > REVIVED_AFTER


def is_founder(joined: datetime, first_entry: datetime | None, now: datetime) -> bool:
    """Did the source belong to the feed before anything was in it?"""
    return first_entry is None or (joined <= first_entry and now - first_entry < FRESH_FOR)


def places(
    newcomers: Sequence[Newcomer], *, backlog: bool, founder: bool, flood: int, next_seq: int
) -> tuple[Place, ...]:
    """Give each newcomer its seq; ``first_seq`` counts on from ``next_seq`` in order of date.

    Of a joiner's backlog the latest ``flood`` articles stand above what is there; the rest stands below
    all of it, and so fills only free room, if any.
    """
    ordered = sorted(newcomers, key=lambda one: (one.published, one.id))
    above_fold = len(ordered) if not backlog else 0 if founder else flood
    below = len(ordered) - above_fold
    tier = FOUNDERS if founder else JOINERS
    return tuple(
        Place(
            n=one.n,
            seq=next_seq + index if index >= below else tier + _by_date(one),
            first_seq=next_seq + index,
        )
        for index, one in enumerate(ordered)
    )


def flood_of(configured: int | None, limit: int) -> int:
    """How much of its past a joiner may show: what is configured, else a tenth of the window, at least 1."""
    return max(1, limit // 10) if configured is None else configured


def _by_date(one: Newcomer) -> int:
    """A number that rises with the date; ties are broken by the id, alike in every store."""
    seconds = int((one.published - EPOCH).total_seconds())
    tie = int.from_bytes(hashlib.sha256(one.id.encode()).digest()[:3], "big") >> 4
    return (seconds << 20) + tie
