"""What is the history of a feed, in pages that do not change any more (RFC 5005 4)?"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from feedsvc.model import ArchiveHead, ArchivePage, Chapter, Format, Tombstone
from feedsvc.refine.history import PAGE, chapters
from feedsvc.store.engine import LOOKUP_BATCH, batches
from feedsvc.store.reading import entries_of
from feedsvc.store.tables import archive, archive_body, article, entry, feed, tombstone

AT_ONCE = 20  # pages made in one step, so that no publication takes long
TOLD_FOR = timedelta(days=30)  # how long readers are told of a retraction
MOST_TOLD = 500
LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


def newest(connection: Connection, feed_n: int) -> tuple[int, int]:
    """(number of a feed's newest page, the last first seq in it); zeros where there is none."""
    row = connection.execute(
        select(archive.c.number, archive.c.last_seq)
        .where(archive.c.feed_n == feed_n)
        .order_by(archive.c.number.desc())
        .limit(1)
    ).one_or_none()
    return (0, 0) if row is None else (row.number, row.last_seq)


def due(connection: Connection, feed_n: int, shown: Collection[int]) -> tuple[tuple[Chapter, ...], bool]:
    """The pages to make next, and whether there are more; ``shown`` are the articles of the live feed."""
    number, last = newest(connection, feed_n)
    rows = connection.execute(
        select(entry.c.article_n, entry.c.first_seq)
        .where(entry.c.feed_n == feed_n, entry.c.first_seq > last)
        .order_by(entry.c.first_seq)
        .limit(AT_ONCE * PAGE + 1)
    ).all()
    entered = [(row.article_n, row.first_seq) for row in rows]
    more = len(entered) > AT_ONCE * PAGE
    made = chapters(entered[: AT_ONCE * PAGE], shown)
    found = [_chapter(connection, feed_n, number + index, one) for index, one in enumerate(made, start=1)]
    return tuple(found), more


def _chapter(connection: Connection, feed_n: int, number: int, entered: Sequence[tuple[int, int]]) -> Chapter:
    chosen = select(entry).where(
        entry.c.feed_n == feed_n, entry.c.article_n.in_([article_n for article_n, _ in entered])
    )
    newest_entry = connection.execute(select(func.max(chosen.subquery().c.entered))).scalar_one()
    return Chapter(
        number=number,
        first=entered[0][1],
        last=entered[-1][1],
        newest=newest_entry,
        entries=tuple(entries_of(connection, chosen.subquery())),
    )


def add(connection: Connection, feed_n: int, made: Iterable[Chapter], pages: Iterable[ArchivePage]) -> None:
    """Keep the pages that were made of ``made``."""
    for one in made:
        connection.execute(
            insert(archive).values(
                feed_n=feed_n,
                number=one.number,
                first_seq=one.first,
                last_seq=one.last,
                newest=one.newest,
            )
        )
    put(connection, feed_n, pages)


def put(connection: Connection, feed_n: int, pages: Iterable[ArchivePage]) -> None:
    """Keep the bytes of some pages in place of those that are there."""
    for page in pages:
        where = (
            archive_body.c.feed_n == feed_n,
            archive_body.c.number == page.number,
            archive_body.c.format == page.format,
        )
        connection.execute(delete(archive_body).where(*where))
        connection.execute(
            insert(archive_body).values(
                feed_n=feed_n,
                number=page.number,
                format=page.format,
                etag=page.etag,
                last_modified=page.last_modified,
                body=page.body,
            )
        )


def get(connection: Connection, key: str, number: int, format: Format) -> ArchivePage | None:
    """A page; None if it was not made yet, or is not kept any more."""
    row = connection.execute(
        select(archive_body)
        .join(feed, feed.c.n == archive_body.c.feed_n)
        .where(
            feed.c.key == key,
            feed.c.active,
            archive_body.c.number == number,
            archive_body.c.format == format,
        )
    ).one_or_none()
    return None if row is None else _page(key, row, ())


def heads(connection: Connection) -> list[ArchiveHead]:
    """The pages of all feeds that can be read, by feed, number and format."""
    rows = connection.execute(
        select(feed.c.key, archive_body.c.number, archive_body.c.format, archive_body.c.etag)
        .join(feed, feed.c.n == archive_body.c.feed_n)
        .where(feed.c.active)
        .order_by(feed.c.n, archive_body.c.number, archive_body.c.format)
    )
    return [
        ArchiveHead(feed_key=row.key, number=row.number, format=row.format, etag=row.etag) for row in rows
    ]


def latest(connection: Connection, feed_n: int) -> int:
    """The number of the newest page that can be read; 0 where there is none."""
    number = connection.scalar(select(func.max(archive_body.c.number)).where(archive_body.c.feed_n == feed_n))
    return number or 0


def last(connection: Connection, key: str) -> int:
    """The number of the newest page that was made, kept or not; 0 where there is none."""
    number = connection.scalar(
        select(func.max(archive.c.number))
        .join(feed, feed.c.n == archive.c.feed_n)
        .where(feed.c.key == key, feed.c.active)
    )
    return number or 0


def _page(key: str, row: Any, without: Sequence[str]) -> ArchivePage:
    return ArchivePage(
        feed_key=key,
        number=row.number,
        format=row.format,
        etag=row.etag,
        last_modified=row.last_modified,
        body=row.body,
        without=tuple(without),
    )


# ---- retraction -------------------------------------------------------------------------------------


def bury(connection: Connection, numbers: Collection[int], now: datetime, feed_n: int | None = None) -> None:
    """Remember that entries are withdrawn, from every feed or from one; to be called while they still are
    in it."""
    for batch in batches(list(numbers), LOOKUP_BATCH):
        chosen = select(entry.c.feed_n, entry.c.article_n, entry.c.first_seq).where(
            entry.c.article_n.in_(batch)
        )
        if feed_n is not None:
            chosen = chosen.where(entry.c.feed_n == feed_n)
        rows = connection.execute(chosen).all()
        if rows:
            connection.execute(
                insert(tombstone), [dict(row._mapping) | {"withdrawn": now, "cut": False} for row in rows]
            )


def raise_up(connection: Connection, number: int) -> None:
    """An article is back: nobody is told any more that it went."""
    connection.execute(delete(tombstone).where(tombstone.c.article_n == number, tombstone.c.cut))
    # What no archive page has let go of yet must still be cut there: it enters a later page again.
    connection.execute(update(tombstone).where(tombstone.c.article_n == number).values(withdrawn=LONG_AGO))


def told(connection: Connection, feed_n: int, now: datetime) -> tuple[Tombstone, ...]:
    """The retractions that readers are told of, newest first."""
    rows = connection.execute(
        select(article.c.id, tombstone.c.withdrawn)
        .join(article, article.c.n == tombstone.c.article_n)
        .where(tombstone.c.feed_n == feed_n, tombstone.c.withdrawn > now - TOLD_FOR)
        .order_by(tombstone.c.withdrawn.desc(), tombstone.c.article_n.desc())
        .limit(MOST_TOLD)
    )
    return tuple(Tombstone(id=row.id, when=row.withdrawn) for row in rows)


def cuts(connection: Connection, key: str, feed_n: int) -> tuple[ArchivePage, ...]:
    """The pages that still have what is withdrawn, in every format, with the ids to take out."""
    rows = connection.execute(
        select(archive.c.number, article.c.id)
        .join(tombstone, tombstone.c.feed_n == archive.c.feed_n)
        .join(article, article.c.n == tombstone.c.article_n)
        .where(
            archive.c.feed_n == feed_n,
            ~tombstone.c.cut,
            tombstone.c.first_seq.between(archive.c.first_seq, archive.c.last_seq),
        )
    )
    ids: dict[int, list[str]] = {}
    for row in rows:
        ids.setdefault(row.number, []).append(row.id)
    if not ids:
        return ()
    bodies = connection.execute(
        select(archive_body)
        .where(archive_body.c.feed_n == feed_n, archive_body.c.number.in_(ids))
        .order_by(archive_body.c.number, archive_body.c.format)
    )
    return tuple(_page(key, row, sorted(ids[row.number])) for row in bodies)


def settle(connection: Connection, feed_n: int, ids: Collection[str]) -> None:
    """These are in no page any more."""
    numbers = select(article.c.n).where(article.c.id.in_(ids))
    connection.execute(
        update(tombstone)
        .where(tombstone.c.feed_n == feed_n, tombstone.c.article_n.in_(numbers.scalar_subquery()))
        .values(cut=True)
    )


def forget(connection: Connection, feed_n: int, *, cutoff: datetime | None, count: int | None) -> int:
    """Let go of the pages that retention keeps no entry of any more; returns how many documents."""
    old: list[Any] = []
    if cutoff is not None:
        old.append(archive.c.newest <= cutoff)
    if count is not None:
        old.append(archive.c.number <= newest(connection, feed_n)[0] - (count // PAGE + 1))
    if not old:
        return 0
    numbers = connection.scalars(select(archive.c.number).where(archive.c.feed_n == feed_n, or_(*old))).all()
    mine = (archive_body.c.feed_n == feed_n, archive_body.c.number.in_(numbers))
    gone = connection.execute(delete(archive_body).where(*mine)).rowcount
    # The newest page is remembered without its text: its number and its entries are never used again.
    older = [number for number in numbers if number != newest(connection, feed_n)[0]]
    connection.execute(delete(archive).where(archive.c.feed_n == feed_n, archive.c.number.in_(older)))
    return gone
