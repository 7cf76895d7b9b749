"""What does the store forget, and who is running?

An article leaves a feed by the feed's own age and count; out of its last feed it loses its text, but its id
and keys stay, so that it cannot come back as new.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from feedsvc.store import archive, indexing
from feedsvc.store.engine import insert_missing
from feedsvc.store.placing import touch_feeds
from feedsvc.store.tables import article, entry, feed, lease, poll, process

PRUNE_BATCH = 1000  # entries of a feed in one transaction, so that no writer waits long
KEEP_POLLS_FOR = timedelta(days=90)


def prune(connection: Connection, now: datetime) -> int:
    """Take what retention no longer keeps out of the feeds, at most a batch of each; returns how many."""
    taken = 0
    for row in connection.execute(select(feed).where(feed.c.active)).all():
        old: list[int] = []
        if row.keep_for is not None:
            old += _entered_before(connection, row.n, now - timedelta(seconds=row.keep_for))
        if row.keep_count is not None:
            old += _beyond(connection, row.n, row.keep_count)
        taken += _take_out(connection, row.n, old, now)
        cutoff = None if row.keep_for is None else now - timedelta(seconds=row.keep_for)
        archive.forget(connection, row.n, cutoff=cutoff, count=row.keep_count)
    return taken


def _entered_before(connection: Connection, feed_n: int, cutoff: datetime) -> Sequence[int]:
    return connection.scalars(
        select(entry.c.article_n)
        .where(entry.c.feed_n == feed_n, entry.c.entered <= cutoff)
        .order_by(entry.c.entered)
        .limit(PRUNE_BATCH)
    ).all()


def _beyond(connection: Connection, feed_n: int, count: int) -> Sequence[int]:
    return connection.scalars(
        select(entry.c.article_n)
        .where(entry.c.feed_n == feed_n)
        .order_by(entry.c.seq.desc(), entry.c.article_n.desc())
        .offset(count)
        .limit(PRUNE_BATCH)
    ).all()


def _take_out(connection: Connection, feed_n: int, numbers: Sequence[int], now: datetime) -> int:
    if not numbers:
        return 0
    left = connection.execute(delete(entry).where(entry.c.feed_n == feed_n, entry.c.article_n.in_(numbers)))
    touch_feeds(connection, [feed_n])
    still = select(entry.c.article_n).where(entry.c.article_n == article.c.n).exists()
    pruned = connection.scalars(
        update(article)
        .where(article.c.n.in_(numbers), article.c.state == "live", ~still)
        .values(
            state="pruned",
            state_since=now,
            title="",
            summary="",
            content="",
            authors=[],
            tags=[],
            enclosures=[],
            image=None,
        )
        .returning(article.c.n)
    ).all()
    indexing.drop(connection, pruned)
    return left.rowcount


def prune_polls(connection: Connection, now: datetime) -> int:
    """Forget polls older than 90 days."""
    return connection.execute(delete(poll).where(poll.c.started < now - KEEP_POLLS_FOR)).rowcount


def take_lease(connection: Connection, name: str, owner: str, *, now: datetime, lasting: timedelta) -> bool:
    """Hold, or go on holding, something that only one process may do at a time."""
    insert_missing(connection, lease, [{"name": name, "owner": owner, "until": now}])
    taken = connection.execute(
        update(lease)
        .where(lease.c.name == name, or_(lease.c.owner == owner, lease.c.until <= now))
        .values(owner=owner, until=now + lasting)
    )
    return taken.rowcount == 1


def drop_lease(connection: Connection, name: str, owner: str) -> None:
    connection.execute(delete(lease).where(lease.c.name == name, lease.c.owner == owner))


def report(connection: Connection, *, name: str, kind: str, revision: int, note: str, now: datetime) -> None:
    """Say that a process is alive, which revision it runs and how it fares."""
    values = {"kind": kind, "revision": revision, "note": note, "seen": now}
    insert_missing(connection, process, [{"name": name, **values}])
    connection.execute(update(process).where(process.c.name == name).values(**values))
    connection.execute(delete(process).where(process.c.seen < now - timedelta(days=1)))


def leave(connection: Connection, name: str) -> None:
    connection.execute(delete(process).where(process.c.name == name))
