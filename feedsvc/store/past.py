"""What was in an earlier version of a feed?"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from feedsvc.model import Entry
from feedsvc.store.engine import insert_missing
from feedsvc.store.tables import feed, past

KEEP_FOR = timedelta(days=7)
KEEP = 300  # versions of a feed, in all formats


def remember(
    connection: Connection, feed_n: int, etags: Iterable[str], entries: Iterable[Entry], now: datetime
) -> None:
    """Keep what a version, under the tag of each of its formats, has in it; the oldest are forgotten."""
    told = {entry.id: entry.updated.isoformat() for entry in entries}
    insert_missing(
        connection,
        past,
        [{"feed_n": feed_n, "etag": etag, "published": now, "entries": told} for etag in etags],
    )
    beyond = (
        select(past.c.etag)
        .where(past.c.feed_n == feed_n)
        .order_by(past.c.published.desc(), past.c.etag)
        .offset(KEEP)
    )
    old = [*connection.scalars(beyond)]
    connection.execute(
        delete(past).where(
            past.c.feed_n == feed_n, (past.c.published < now - KEEP_FOR) | past.c.etag.in_(old)
        )
    )


def recall(connection: Connection, key: str, etag: str) -> tuple[datetime, Mapping[str, datetime]] | None:
    """(when that version was published, the date of change of each entry in it); None if it is not known."""
    row = connection.execute(
        select(past.c.published, past.c.entries)
        .join(feed, feed.c.n == past.c.feed_n)
        .where(feed.c.key == key, past.c.etag == etag)
    ).one_or_none()
    if row is None:
        return None
    return row.published, {name: datetime.fromisoformat(when) for name, when in row.entries.items()}
