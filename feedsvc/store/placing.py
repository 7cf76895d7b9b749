"""How do articles enter feeds, rise in them and leave them, and how are the feeds marked?"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, and_, delete, func, select, update

from feedsvc.refine.order import Newcomer, flood_of, is_founder, places
from feedsvc.store import archive, indexing
from feedsvc.store.engine import LOOKUP_BATCH, batches, insert_missing
from feedsvc.store.tables import article, entry, feed, feed_source


def enter_feed(
    connection: Connection,
    feed_n: int,
    newcomers: Sequence[Newcomer],
    *,
    backlog: bool,
    founder: bool,
    flood: int,
    next_seq: int,
    now: datetime,
) -> None:
    """Give articles their place in one feed and mark it; see ``refine.order.places``."""
    published = {one.n: one.published for one in newcomers}
    given = places(newcomers, backlog=backlog, founder=founder, flood=flood, next_seq=next_seq)
    insert_missing(
        connection,
        entry,
        [
            {
                "feed_n": feed_n,
                "article_n": place.n,
                "seq": place.seq,
                "first_seq": place.first_seq,
                "entered": now,
                "published": published[place.n],
            }
            for place in given
        ],
    )
    connection.execute(
        update(feed)
        .where(feed.c.n == feed_n)
        .values(
            next_seq=next_seq + len(given),
            generation=feed.c.generation + 1,
            first_entry=func.coalesce(feed.c.first_entry, now),
        )
    )


def enter_feeds(
    connection: Connection, source_n: int, newcomers: Sequence[Newcomer], *, backlog: bool, now: datetime
) -> None:
    """Put articles into every feed that their source belongs to, and mark those feeds.

    ``backlog``: they are the source's past rather than news.
    """
    if not newcomers:
        return
    memberships = connection.execute(
        select(
            feed.c.n, feed.c.limit, feed.c.flood, feed.c.next_seq, feed.c.first_entry, feed_source.c.joined
        )
        .join(feed_source, feed_source.c.feed_n == feed.c.n)
        .where(feed_source.c.source_n == source_n)
        .order_by(feed.c.n)  # always the same order: two polls cannot deadlock
        .with_for_update(of=feed)
    ).all()
    for member in memberships:
        enter_feed(
            connection,
            member.n,
            newcomers,
            backlog=backlog,
            founder=is_founder(member.joined, member.first_entry, now),
            flood=flood_of(member.flood, member.limit),
            next_seq=member.next_seq,
            now=now,
        )
    indexing.put(connection, [one.n for one in newcomers], None if backlog else now)


def release(connection: Connection, now: datetime) -> int:
    """Publish the articles whose time of waiting is over; returns how many."""
    rows = connection.execute(
        select(article.c.n, article.c.id, article.c.source_n, article.c.published)
        .where(article.c.held_until <= now, article.c.state == "held")
        .order_by(article.c.source_n, article.c.n)
    ).all()
    for source_n, group in groupby(rows, key=lambda row: row.source_n):
        newcomers = [Newcomer(n=row.n, id=row.id, published=row.published) for row in group]
        feeds_of_source(connection, source_n)
        connection.execute(
            update(article)
            .where(article.c.n.in_([one.n for one in newcomers]))
            .values(state="live", state_since=now, held_until=None)
        )
        enter_feeds(connection, source_n, newcomers, backlog=False, now=now)
    return len(rows)


def raise_in_feeds(connection: Connection, number: int, now: datetime) -> None:
    """A changed article takes the next seq in each of its feeds, so that the live window shows it."""
    indexing.put(connection, [number], now)
    for feed_n in connection.scalars(
        select(entry.c.feed_n).where(entry.c.article_n == number).order_by(entry.c.feed_n)
    ).all():
        seq = connection.execute(
            update(feed)
            .where(feed.c.n == feed_n)
            .values(next_seq=feed.c.next_seq + 1, generation=feed.c.generation + 1)
            .returning(feed.c.next_seq)
        ).scalar_one()
        connection.execute(
            update(entry)
            .where(and_(entry.c.feed_n == feed_n, entry.c.article_n == number))
            .values(seq=seq - 1)
        )


def withdraw(connection: Connection, numbers: Sequence[int], *, state: str, now: datetime) -> None:
    """Take articles out of every feed; their ids and keys stay reserved for ever."""
    for batch in batches(list(numbers), LOOKUP_BATCH):
        feeds = connection.scalars(select(entry.c.feed_n).where(entry.c.article_n.in_(batch)).distinct())
        touch_feeds(connection, sorted(feeds))
        archive.bury(connection, batch, now)
        connection.execute(delete(entry).where(entry.c.article_n.in_(batch)))
        indexing.drop(connection, batch)
        connection.execute(update(article).where(article.c.n.in_(batch)).values(state=state, state_since=now))


def feeds_of_source(connection: Connection, source_n: int) -> list[int]:
    """The feeds that the source's articles are in, locked, always in the same order."""
    return list(
        connection.scalars(
            select(feed.c.n)
            .join(feed_source, feed_source.c.feed_n == feed.c.n)
            .where(feed_source.c.source_n == source_n)
            .order_by(feed.c.n)
            .with_for_update(of=feed)
        )
    )


def touch_feeds(connection: Connection, feeds: Sequence[int]) -> None:
    """Mark feeds as changed; always in the same order, so that two polls cannot deadlock."""
    for feed_n in sorted(feeds):
        connection.execute(update(feed).where(feed.c.n == feed_n).values(generation=feed.c.generation + 1))
