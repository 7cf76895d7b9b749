"""How did each day go: how much did every feed gain, how many visits to every source failed?"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, literal, select

from feedsvc.model import SourceStanding
from feedsvc.store.tables import UtcDateTime, entry, feed, feed_source, poll, source

A_DAY = timedelta(days=1)


def gains(connection: Connection, days: Sequence[datetime]) -> dict[str, tuple[int, ...]]:
    """How many entries of each feed are dated within the day that begins at each moment of ``days``.

    A short walk along the index for each feed and day, rather than one along all that was ever published.
    """
    counts = [
        select(func.count())
        .where(
            entry.c.feed_n == feed.c.n,
            entry.c.published >= literal(day, UtcDateTime),
            entry.c.published < literal(day + A_DAY, UtcDateTime),
        )
        .scalar_subquery()
        .label(f"day{number}")
        for number, day in enumerate(days)
    ]
    rows = connection.execute(select(feed.c.key, *counts).where(feed.c.active))
    return {key: tuple(numbers) for key, *numbers in rows}


def visits(connection: Connection, day: datetime) -> Mapping[str, tuple[int, int]]:
    """(visits, failed ones) to each source in the day that begins at that moment; absent: none."""
    failed = func.sum(case((poll.c.outcome == "failed", 1), else_=0))
    # Grouped before it is joined: a hundred thousand visits are counted in 50 ms rather than 200.
    counted = (
        select(poll.c.source_n, func.count().label("visits"), failed.label("failed"))
        .where(poll.c.started >= day, poll.c.started < day + A_DAY)
        .group_by(poll.c.source_n)
        .subquery()
    )
    rows = connection.execute(
        select(source.c.id, counted.c.visits, counted.c.failed).join(
            counted, counted.c.source_n == source.c.n
        )
    )
    return {source_id: (number, int(bad)) for source_id, number, bad in rows}


def standings(connection: Connection) -> dict[str, SourceStanding]:
    """How the sources that are collected fare now."""
    rows = connection.execute(
        select(
            source.c.id, source.c.last_poll, source.c.last_ok, source.c.failures, source.c.error_kind
        ).where(source.c.active, source.c.enabled)
    )
    return {row.id: SourceStanding(**row._mapping) for row in rows}


def homes(connection: Connection, source_id: str) -> frozenset[str]:
    """The feeds that a source's articles go to, or went to when it was last configured."""
    return frozenset(
        connection.scalars(
            select(feed.c.key)
            .join(feed_source, feed_source.c.feed_n == feed.c.n)
            .join(source, source.c.n == feed_source.c.source_n)
            .where(source.c.id == source_id)
        )
    )
