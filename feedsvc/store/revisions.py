"""How does a new config reach the store: sources renamed, adopted or let go, feeds made, all in one step?"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from feedsvc.model import FeedPlan, Revision, Source
from feedsvc.refine.order import Newcomer, flood_of, is_founder
from feedsvc.store import archive, outlet
from feedsvc.store.engine import insert_missing
from feedsvc.store.placing import enter_feed, feeds_of_source, touch_feeds
from feedsvc.store.tables import article, entry, feed, feed_source, meta, revision, source

KEEP_REVISIONS = 50


def newest(connection: Connection) -> Revision | None:
    row = connection.execute(select(revision).order_by(revision.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else Revision(**row._mapping)


def newest_number(connection: Connection) -> int | None:
    number: int | None = connection.scalar(select(func.max(revision.c.number)))
    return number


def apply(
    connection: Connection,
    *,
    body: str,
    sources: Sequence[Source],
    feeds: Sequence[FeedPlan],
    now: datetime,
) -> Revision:
    """Make the config the current revision; the same config again changes nothing.

    ``feeds`` and the feeds that ``feeds_of`` gives for each source must agree.
    """
    digest = hashlib.sha256(body.encode()).hexdigest()
    last = newest(connection)
    if last is None or last.digest != digest:
        number = connection.execute(
            insert(revision).values(created=now, digest=digest, body=body).returning(revision.c.number)
        ).scalar_one()
        connection.execute(delete(revision).where(revision.c.number <= number - KEEP_REVISIONS))
        last = Revision(number=number, created=now, digest=digest, body=body)
    # Also when the text is the same: a newer version of feedsvc may render or plan differently.
    feed_rows = _apply_feeds(connection, feeds, now)
    private = {plan.key for plan in feeds if not plan.public}
    homes = {one.id: {feed_rows[key] for key in feeds_of(one, private)} for one in sources}
    _apply_sources(connection, sources, homes, now)
    return last


def feeds_of(one: Source, private: Collection[str] = ()) -> list[str]:
    """The keys of the feeds that a source's articles go to: to that of everything, unless all its own are
    private."""
    keys = [f"c/{category}" for category in one.categories]
    shared = not keys or any(key not in private for key in keys)
    return ["all", *keys] if shared else keys


def fix_fact(connection: Connection, key: str, value: str) -> str:
    """Keep a fact for the life of the store; the first value given stays."""
    insert_missing(connection, meta, [{"key": key, "value": value}])
    return str(connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar_one())


def _apply_feeds(connection: Connection, plans: Sequence[FeedPlan], now: datetime) -> dict[str, int]:
    rows = {row["key"]: dict(row) for row in connection.execute(select(feed)).mappings()}
    configured = {plan.key for plan in plans}
    numbers = {}
    for plan in plans:
        earlier = (rows[key] for key in plan.was if key in rows and key not in configured)
        numbers[plan.key] = _apply_feed(connection, rows.get(plan.key) or next(earlier, None), plan, now)
    kept = set(numbers.values())
    gone = [row["n"] for row in rows.values() if row["n"] not in kept and row["active"]]
    for number in gone:
        connection.execute(update(feed).where(feed.c.n == number).values(active=False))
    return numbers


def _apply_feed(connection: Connection, row: Mapping[str, Any] | None, plan: FeedPlan, now: datetime) -> int:
    said: dict[str, Any] = {
        "key": plan.key,
        "active": True,
        "public": plan.public,
        "limit": plan.limit,
        "keep_for": None if plan.keep_for is None else int(plan.keep_for.total_seconds()),
        "keep_count": plan.keep_count,
        "flood": plan.flood,
        "max_share": plan.max_share,
        "plan": plan.fingerprint,
    }
    if row is None:
        made = insert(feed).values(created=now, **said).returning(feed.c.n)
        return int(connection.execute(made).scalar_one())
    changed = {name: value for name, value in said.items() if row[name] != value}
    if changed:
        changed["generation"] = feed.c.generation + 1
        if "public" in changed:  # what was finished names its address, or does not, as it must no more
            outlet.drop(connection, row["n"])
        connection.execute(update(feed).where(feed.c.n == row["n"]).values(**changed))
    return int(row["n"])


def _apply_sources(
    connection: Connection, sources: Sequence[Source], homes: Mapping[str, set[int]], now: datetime
) -> None:
    """Bring the rows in line with ``homes``, the feeds of each source; what did not change is not written,
    however many sources there are."""
    rows = {row["id"]: dict(row) for row in connection.execute(select(source)).mappings()}
    members = _members(connection)
    configured = {one.id for one in sources}
    kept: set[int] = set()
    for one in sources:
        row = _row_of(one, rows, configured, kept)
        number = _new_source(connection, one, now) if row is None else _same_source(connection, one, row, now)
        kept.add(number)
        have = members.get(number, set())
        _apply_membership(connection, one, number, row, have, homes[one.id], now)
    gone = [row["n"] for row in rows.values() if row["n"] not in kept and row["active"]]
    for number in gone:
        connection.execute(update(source).where(source.c.n == number).values(active=False))


def _members(connection: Connection) -> dict[int, set[int]]:
    """The feeds of each source."""
    members: dict[int, set[int]] = {}
    for row in connection.execute(select(feed_source.c.source_n, feed_source.c.feed_n)):
        members.setdefault(row.source_n, set()).add(row.feed_n)
    return members


def _row_of(
    one: Source, rows: Mapping[str, Mapping[str, Any]], configured: set[str], kept: set[int]
) -> Mapping[str, Any] | None:
    """The stored source that this one is: by id, by an earlier id, or by collecting from the same place."""
    if one.id in rows:
        return rows[one.id]
    free = [row for key, row in rows.items() if key not in configured and row["n"] not in kept]
    by_name = next((row for row in free if row["id"] in one.was), None)
    by_place = (row for row in free if (row["type"], row["location"]) == (one.type, one.location))
    return by_name or next(by_place, None)


def _said(one: Source) -> dict[str, Any]:
    """What the config says of a source, as the store keeps it."""
    return {
        "id": one.id,
        "type": one.type,
        "location": one.location,
        "public_url": one.public_url,
        "name": one.title,
        "active": True,
        "enabled": one.enabled,
    }


def _new_source(connection: Connection, one: Source, now: datetime) -> int:
    made = insert(source).values(next_due=now, next_reason="new source", **_said(one))
    return int(connection.execute(made.returning(source.c.n)).scalar_one())


def _same_source(connection: Connection, one: Source, row: Mapping[str, Any], now: datetime) -> int:
    said = _said(one)
    changed = {name: value for name, value in said.items() if row[name] != value}
    if not changed:
        return int(row["n"])
    if "location" in changed:
        changed |= {"next_due": now, "next_reason": "address changed"} | _FRESH
    if "active" in changed or (one.enabled and "enabled" in changed):
        changed |= {"next_due": now, "next_reason": "resumed"}
    connection.execute(update(source).where(source.c.n == row["n"]).values(**changed))
    if changed.keys() & {"id", "name", "public_url"}:
        touch_feeds(connection, feeds_of_source(connection, row["n"]))
    return int(row["n"])


# Another place answers for itself: its validators, failures and errors are not the old one's.
_FRESH = {
    "etag": None,
    "last_modified": None,
    "body_hash": None,
    "failures": 0,
    "error": None,
    "error_kind": None,
    "lane": "normal",
}


def _apply_membership(
    connection: Connection,
    one: Source,
    number: int,
    row: Mapping[str, Any] | None,
    have: set[int],
    wanted: set[int],
    now: datetime,
) -> None:
    """Put a source's articles into the feeds it now belongs to, and out of those that it left."""
    for feed_n in sorted(have - wanted):
        _leave(connection, feed_n, number, now)
    insert_missing(
        connection,
        feed_source,
        [{"feed_n": feed_n, "source_n": number, "joined": now} for feed_n in sorted(wanted - have)],
    )
    if row is None:
        return
    if one.enabled and not row["enabled"]:
        # A source that was paused from the start joins when it is switched on.
        connection.execute(
            update(feed_source)
            .where(feed_source.c.source_n == number, ~_has_articles(number))
            .values(joined=now)
        )
    for feed_n in sorted(wanted - have):
        _bring_backlog(connection, feed_n, number, now)


def _has_articles(source_n: int) -> Any:
    return select(article.c.n).where(article.c.source_n == source_n).exists()


def _leave(connection: Connection, feed_n: int, source_n: int, now: datetime) -> None:
    theirs = select(article.c.n).where(article.c.source_n == source_n)
    inside = (entry.c.feed_n == feed_n, entry.c.article_n.in_(theirs.scalar_subquery()))
    if connection.scalar(select(feed.c.key).where(feed.c.n == feed_n)) == "all":
        # They have become private: readers are told, and the pages of the past are cut.
        numbers = connection.scalars(select(entry.c.article_n).where(*inside)).all()
        archive.bury(connection, numbers, now, feed_n)
    connection.execute(delete(entry).where(*inside))
    connection.execute(
        delete(feed_source).where(feed_source.c.feed_n == feed_n, feed_source.c.source_n == source_n)
    )
    touch_feeds(connection, [feed_n])


def _bring_backlog(connection: Connection, feed_n: int, source_n: int, now: datetime) -> None:
    rows = connection.execute(
        select(article.c.n, article.c.id, article.c.published).where(
            article.c.source_n == source_n, article.c.state == "live"
        )
    )
    newcomers = [Newcomer(n=row.n, id=row.id, published=row.published) for row in rows]
    if not newcomers:
        return
    at = connection.execute(
        select(feed.c.limit, feed.c.flood, feed.c.next_seq, feed.c.first_entry)
        .where(feed.c.n == feed_n)
        .with_for_update()
    ).one()
    enter_feed(
        connection,
        feed_n,
        newcomers,
        backlog=True,
        founder=is_founder(now, at.first_entry, now),
        flood=flood_of(at.flood, at.limit),
        next_seq=at.next_seq,
        now=now,
    )
