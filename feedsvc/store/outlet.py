"""How do a feed's finished bytes get into the store, so that an older render never overwrites a newer?"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from feedsvc.model import ArchivePage, Coding, Format, Head, Rendering, Window
from feedsvc.refine.order import BELOW_THE_FOLD
from feedsvc.store import archive, hub, past
from feedsvc.store.engine import insert_missing
from feedsvc.store.placing import touch_feeds
from feedsvc.store.reading import entries_of
from feedsvc.store.tables import article, entry, feed, meta, rendering, rendering_body

DEEPER = 20  # times the limit: how far down quieter sources are looked for where one is chatty


def dirty(connection: Connection) -> list[str]:
    """The keys of the feeds whose content may differ from their renderings."""
    return list(
        connection.scalars(
            select(feed.c.key)
            .where(feed.c.active, feed.c.published_generation < feed.c.generation)
            .order_by(feed.c.n)
        )
    )


def renew(connection: Connection, now: datetime) -> int:
    """Mark the feeds that time alone changes now; returns how many."""
    marked = connection.execute(
        update(feed)
        .where(feed.c.active, feed.c.renew_at <= now)
        .values(generation=feed.c.generation + 1, renew_at=None)
    )
    return marked.rowcount


def window(connection: Connection, key: str, now: datetime) -> Window | None:
    """What a feed shows now, cut by seq; None if there is no such feed.

    The generation is read first: entries that come in meanwhile only make the render newer than it says.
    """
    row = connection.execute(select(feed).where(feed.c.key == key, feed.c.active)).one_or_none()
    if row is None:
        return None
    # The newest by seq first, then what retention still keeps of them: the other way round a planner may
    # choose to walk all that is kept.
    newest = _newest(row).subquery()
    kept = select(newest)
    if row.keep_for is not None:
        kept = kept.where(newest.c.entered > now - timedelta(seconds=row.keep_for))
    chosen = kept.subquery()
    oldest = connection.execute(select(func.min(chosen.c.entered))).scalar_one_or_none()
    ends = [] if oldest is None or row.keep_for is None else [oldest + timedelta(seconds=row.keep_for)]
    tombstones = archive.told(connection, row.n, now)
    ends += [one.when + archive.TOLD_FOR for one in tombstones[-1:]]
    shown = frozenset(connection.scalars(select(chosen.c.article_n)))
    due, more = archive.due(connection, row.n, shown)
    return Window(
        key=key,
        generation=row.generation,
        created=row.created,
        last_modified=row.last_modified,
        entries=tuple(entries_of(connection, chosen)),
        renew_at=min(ends, default=None),
        tombstones=tombstones,
        archives=archive.latest(connection, row.n),
        due=due,
        more_due=more,
        cuts=archive.cuts(connection, key, row.n),
    )


def _newest(row: Row[Any]) -> Select[Any]:
    """The feed's latest entries by seq, with no more of one source than its share."""
    latest = select(entry).where(entry.c.feed_n == row.n)
    if row.flood is not None:
        latest = latest.where(entry.c.seq > BELOW_THE_FOLD)
    latest = latest.order_by(entry.c.seq.desc(), entry.c.article_n.desc())
    if row.max_share is None:
        return latest.limit(row.limit)
    # Deep enough for the quieter sources, and no deeper: the table may have millions.
    candidates = latest.limit(DEEPER * row.limit).subquery()
    place = func.row_number().over(
        partition_by=article.c.source_n, order_by=(candidates.c.seq.desc(), candidates.c.article_n.desc())
    )
    ranked = (
        select(candidates, place.label("place"))
        .join(article, article.c.n == candidates.c.article_n)
        .subquery()
    )
    columns = [column for column in ranked.c if column.name != "place"]
    return (
        select(*columns)
        .where(ranked.c.place <= max(1, math.floor(row.max_share * row.limit)))
        .order_by(ranked.c.seq.desc(), ranked.c.article_n.desc())
        .limit(row.limit)
    )


def publish(
    connection: Connection,
    *,
    window: Window,
    renderings: Sequence[Rendering],
    pages: Sequence[ArchivePage] = (),
    deltas: bool = False,
) -> int | None:
    """Store what was made of ``window`` if nothing newer is there (None if something is); how many
    renderings were new.

    A rendering whose ETag is the stored one is left as it is, with its Last-Modified. ``pages`` are those
    of the history that were due or had something cut out. ``deltas``: what the version has in it is kept.
    """
    row = connection.execute(
        update(feed)
        .where(feed.c.key == window.key, feed.c.published_generation < window.generation)
        .values(published_generation=window.generation, renew_at=window.renew_at)
        .returning(feed.c.n)
    ).one_or_none()
    if row is None:
        return None
    archive.add(connection, row.n, window.due, pages)
    archive.settle(connection, row.n, {name for page in window.cuts for name in page.without})
    if window.more_due:
        touch_feeds(connection, [row.n])
    stored = dict(
        connection.execute(
            select(rendering.c.format, rendering.c.etag).where(rendering.c.feed_n == row.n)
        ).all()
    )
    fresh = [one for one in renderings if stored.get(one.format) != one.etag]
    if fresh:
        version = _next_version(connection)
        for one in fresh:
            _put(connection, row.n, one, version)
        connection.execute(update(feed).where(feed.c.n == row.n).values(last_modified=fresh[0].last_modified))
        hub.announce(connection, row.n, [one.format for one in fresh], fresh[0].last_modified)
    if deltas and renderings:
        when = renderings[0].last_modified
        past.remember(connection, row.n, [one.etag for one in renderings], window.entries, when)
    return len(fresh)


def _next_version(connection: Connection) -> int:
    """Counts publications. The row's lock is held to the commit, so versions appear in their order."""
    insert_missing(connection, meta, [{"key": "publication", "value": "0"}])
    number = connection.execute(
        select(meta.c.value).where(meta.c.key == "publication").with_for_update()
    ).scalar_one()
    version = int(number) + 1
    connection.execute(update(meta).where(meta.c.key == "publication").values(value=str(version)))
    return version


def drop(connection: Connection, feed_n: int) -> None:
    """Let go of what is finished: until it is published anew the feed is not to be had."""
    for table in (rendering, rendering_body):
        connection.execute(delete(table).where(table.c.feed_n == feed_n))


def _put(connection: Connection, feed_n: int, one: Rendering, version: int) -> None:
    for table in (rendering, rendering_body):
        connection.execute(delete(table).where(table.c.feed_n == feed_n, table.c.format == one.format))
    connection.execute(
        insert(rendering).values(
            feed_n=feed_n,
            format=one.format,
            etag=one.etag,
            last_modified=one.last_modified,
            version=version,
        )
    )
    connection.execute(
        insert(rendering_body),
        [
            {"feed_n": feed_n, "format": one.format, "coding": coding, "size": len(body), "body": body}
            for coding, body in one.bodies.items()
        ],
    )


def heads(connection: Connection, since: int) -> list[Head]:
    """The renderings published after version ``since``, without their bodies, in order of version."""
    sizes: dict[tuple[int, Format], dict[Coding, int]] = {}
    after = rendering.c.version > since
    rows = connection.execute(
        select(
            rendering_body.c.feed_n, rendering_body.c.format, rendering_body.c.coding, rendering_body.c.size
        )
        .join(
            rendering,
            (rendering.c.feed_n == rendering_body.c.feed_n) & (rendering.c.format == rendering_body.c.format),
        )
        .where(after)
    )
    for row in rows:
        sizes.setdefault((row.feed_n, row.format), {})[row.coding] = row.size
    found = connection.execute(
        select(rendering, feed.c.key)
        .join(feed, feed.c.n == rendering.c.feed_n)
        .where(after, feed.c.active)
        .order_by(rendering.c.version)
    )
    return [
        Head(
            feed_key=row.key,
            format=row.format,
            etag=row.etag,
            last_modified=row.last_modified,
            version=row.version,
            sizes=sizes.get((row.feed_n, row.format), {}),
        )
        for row in found
    ]


def active_keys(connection: Connection) -> frozenset[str]:
    """The keys of the feeds that there are."""
    return frozenset(connection.scalars(select(feed.c.key).where(feed.c.active)))


def former_keys(connection: Connection) -> frozenset[str]:
    """The keys of the feeds that there were, and that the config has no more."""
    return frozenset(connection.scalars(select(feed.c.key).where(~feed.c.active, feed.c.public)))


def was_active(connection: Connection, key: str) -> bool:
    """Was there a public feed of this key, which the config has no more?"""
    there = select(feed.c.n).where(feed.c.key == key, ~feed.c.active, feed.c.public)
    return connection.scalar(there) is not None


def body(connection: Connection, key: str, format: Format, coding: Coding, version: int) -> bytes | None:
    """One body of one version; None if that version has been replaced."""
    return connection.execute(
        select(rendering_body.c.body)
        .join(feed, feed.c.n == rendering_body.c.feed_n)
        .join(
            rendering,
            (rendering.c.feed_n == rendering_body.c.feed_n) & (rendering.c.format == rendering_body.c.format),
        )
        .where(
            feed.c.key == key,
            rendering_body.c.format == format,
            rendering_body.c.coding == coding,
            rendering.c.version == version,
        )
    ).scalar_one_or_none()


def get(connection: Connection, key: str, format: Format) -> Rendering | None:
    """A feed's rendering with all its bodies; None if it was never published."""
    row = connection.execute(
        select(rendering)
        .join(feed, feed.c.n == rendering.c.feed_n)
        .where(feed.c.key == key, feed.c.active, rendering.c.format == format)
    ).one_or_none()
    if row is None:
        return None
    bodies: Mapping[Coding, bytes] = dict(
        connection.execute(
            select(rendering_body.c.coding, rendering_body.c.body).where(
                rendering_body.c.feed_n == row.feed_n, rendering_body.c.format == format
            )
        ).all()
    )
    return Rendering(
        feed_key=key,
        format=format,
        etag=row.etag,
        last_modified=row.last_modified,
        bodies=bodies,
        version=row.version,
    )
