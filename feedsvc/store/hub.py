"""Who is subscribed to our feeds, what do they ask, and what is due to whom (WebSub, the hub's side)?"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, or_, select, update

from feedsvc.errors import NotFound
from feedsvc.model import FORMATS, Delivery, Format, HubRequest, Intent
from feedsvc.store import errands
from feedsvc.store.engine import insert_missing
from feedsvc.store.tables import feed, hub_request, hub_subscription, rendering, rendering_body

# Taken, or why not: too much for all, or for one host.
Verdict = Literal["taken", "full", "host"]
KEY: Final = ("feed_n", "format", "key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much may be waiting to be confirmed, and how much be subscribed, of all and of one host."""

    requests: int
    requests_a_host: int
    subscriptions: int
    subscriptions_a_host: int


def ask(connection: Connection, wanted: HubRequest, *, bounds: Bounds, now: datetime) -> Verdict:
    """Take a request in, to be confirmed soon; a later one of the same callback replaces it.

    :raises NotFound: if there is no such feed (yet).
    """
    feed_n = connection.scalar(select(feed.c.n).where(feed.c.key == wanted.feed_key, feed.c.active))
    if feed_n is None:
        raise NotFound(f"no feed {wanted.feed_key!r}")
    row = _place(feed_n, wanted.format, wanted.callback, wanted.topic)
    connection.execute(delete(hub_request).where(*_same(hub_request, row)))
    verdict = _verdict(connection, wanted, row, bounds)
    if verdict == "taken":
        asked = {"mode": wanted.mode, "secret": wanted.secret, "due": now}
        lease_seconds = int(wanted.lease.total_seconds())
        connection.execute(insert(hub_request).values(**row, **asked, lease_seconds=lease_seconds))
    return verdict


def _verdict(connection: Connection, wanted: HubRequest, row: Mapping[str, Any], bounds: Bounds) -> Verdict:
    host = row["host"]
    if _count(connection, hub_request) >= bounds.requests:
        return "full"
    if _count(connection, hub_request, host) >= bounds.requests_a_host:
        return "host"
    known = connection.scalar(select(hub_subscription.c.n).where(*_same(hub_subscription, row)))
    if wanted.mode != "subscribe" or known is not None:
        return "taken"
    if _count(connection, hub_subscription) >= bounds.subscriptions:
        return "full"
    return "host" if _count(connection, hub_subscription, host) >= bounds.subscriptions_a_host else "taken"


def _count(connection: Connection, table: Table, host: str | None = None) -> int:
    query = select(func.count()).select_from(table)
    return int(connection.execute(query if host is None else query.where(table.c.host == host)).scalar_one())


def _place(feed_n: int, format: Format, callback: str, topic: str) -> dict[str, Any]:
    key = hashlib.sha256(callback.encode("utf-8", "backslashreplace")).hexdigest()
    host = (urlsplit(callback).hostname or "")[:255]
    return {
        "feed_n": feed_n,
        "format": format,
        "key": key,
        "callback": callback,
        "host": host,
        "topic": topic,
    }


def _same(table: Table, row: Any) -> tuple[ColumnElement[bool], ...]:
    return tuple(table.c[name] == row[name] for name in KEY)


# ---- requests ---------------------------------------------------------------------------------------


def intents(connection: Connection, numbers: Sequence[int]) -> list[Intent]:
    rows = connection.execute(
        select(hub_request).where(hub_request.c.n.in_(numbers)).order_by(hub_request.c.n)
    )
    return [
        Intent(
            n=row.n,
            mode=row.mode,
            topic=row.topic,
            callback=row.callback,
            lease=timedelta(seconds=row.lease_seconds),
            tries=row.tries,
            reason=row.reason,
        )
        for row in rows
    ]


def confirm(connection: Connection, n: int, lease: str, *, asked: datetime) -> bool:
    """Do what was requested, now that its callback has confirmed it; the lease runs from when that was
    ``asked``. False if the request was replaced meanwhile."""
    row = _taken(connection, n, lease)
    if row is None:
        return False
    if row["mode"] == "unsubscribe":
        connection.execute(delete(hub_subscription).where(*_same(hub_subscription, row)))
        return True
    known = {name: row[name] for name in (*KEY, "callback", "host", "topic")}
    said = {"secret": row["secret"], "expires": asked + timedelta(seconds=row["lease_seconds"])}
    version = _version(connection, row["feed_n"], row["format"])
    fresh = {**known, **said, "kind": "subscriber", "since": asked, "version": version, "tries": 0}
    insert_missing(connection, hub_subscription, [fresh])
    # One that is renewed still has due what was due to it.
    connection.execute(
        update(hub_subscription)
        .where(*_same(hub_subscription, row))
        .values(**said, topic=row["topic"], kind="subscriber")
    )
    return True


def drop(connection: Connection, n: int, lease: str) -> bool:
    """Forget a request: it was not confirmed, or a denial has been told."""
    return _taken(connection, n, lease) is not None


def _taken(connection: Connection, n: int, lease: str) -> Mapping[str, Any] | None:
    mine = (hub_request.c.n == n, hub_request.c.lease == lease)
    row = connection.execute(delete(hub_request).where(*mine).returning(hub_request)).mappings().one_or_none()
    return None if row is None else dict(row)


# ---- deliveries -------------------------------------------------------------------------------------


def unexpired(now: datetime) -> ColumnElement[bool]:
    return or_(hub_subscription.c.expires.is_(None), hub_subscription.c.expires > now)


def deliveries(connection: Connection, numbers: Sequence[int]) -> list[Delivery]:
    rows = connection.execute(
        select(hub_subscription, feed.c.key.label("feed_key"))
        .join(feed, feed.c.n == hub_subscription.c.feed_n)
        .where(hub_subscription.c.n.in_(numbers))
        .order_by(hub_subscription.c.n)
    )
    return [
        Delivery(
            n=row.n,
            kind=row.kind,
            feed_key=row.feed_key,
            format=row.format,
            callback=row.callback,
            secret=row.secret,
            tries=row.tries,
            failing=row.failing,
        )
        for row in rows
    ]


def newest(connection: Connection, key: str, format: Format) -> tuple[int, bytes] | None:
    """(version, body) of a feed; None if it was never published, or is no more."""
    row = connection.execute(
        select(rendering.c.version, rendering_body.c.body)
        .join(
            rendering_body,
            (rendering_body.c.feed_n == rendering.c.feed_n) & (rendering_body.c.format == rendering.c.format),
        )
        .join(feed, feed.c.n == rendering.c.feed_n)
        .where(
            feed.c.key == key,
            feed.c.active,
            rendering.c.format == format,
            rendering_body.c.coding == "identity",
        )
    ).one_or_none()
    return None if row is None else (row.version, row.body)


def announce(connection: Connection, feed_n: int, formats: Collection[Format], when: datetime) -> None:
    """These formats of a feed are new: due to whoever is not behind anyway."""
    connection.execute(
        update(hub_subscription)
        .where(
            hub_subscription.c.feed_n == feed_n,
            hub_subscription.c.format.in_(formats),
            hub_subscription.c.due.is_(None),
        )
        .values(due=when)
    )


def delivered(connection: Connection, n: int, lease: str, *, version: int, now: datetime) -> bool:
    """A version has arrived; if there is a newer one by now, that is due."""
    mine = (hub_subscription.c.n == n, hub_subscription.c.lease == lease)
    # Locked before the version is read: a publication either is seen here, or finds that nothing is due.
    row = connection.execute(select(hub_subscription).where(*mine).with_for_update()).one_or_none()
    if row is None:
        return False
    due = now if _version(connection, row.feed_n, row.format) > version else None
    return errands.finish(
        connection, hub_subscription, n, lease, version=version, due=due, tries=0, failing=None
    )


def undelivered(connection: Connection, n: int, lease: str, *, due: datetime, now: datetime) -> bool:
    failing = func.coalesce(hub_subscription.c.failing, now)
    tries = hub_subscription.c.tries + 1
    return errands.finish(connection, hub_subscription, n, lease, due=due, tries=tries, failing=failing)


def end(connection: Connection, n: int, lease: str) -> bool:
    """A subscription is over: its callback is gone or was dead for too long."""
    mine = (hub_subscription.c.n == n, hub_subscription.c.lease == lease)
    return connection.execute(delete(hub_subscription).where(*mine)).rowcount == 1


def _version(connection: Connection, feed_n: int, format: Format) -> int:
    version = connection.scalar(
        select(rendering.c.version).where(rendering.c.feed_n == feed_n, rendering.c.format == format)
    )
    return version or 0


# ---- what the config says ---------------------------------------------------------------------------


def settle(
    connection: Connection, *, topics: Collection[str], outside: Mapping[str, str], reason: str, now: datetime
) -> None:
    """Bring subscriptions in line with the feeds that have a hub now.

    ``topics`` are the feeds of our own hub: whoever is subscribed to another is told that this is over, and
    why. ``outside`` maps feeds to a hub elsewhere that is to be told of each version.
    """
    connection.execute(
        delete(hub_subscription).where(
            hub_subscription.c.kind == "subscriber", hub_subscription.c.expires <= now
        )
    )
    keys: dict[int, str] = dict(connection.execute(select(feed.c.n, feed.c.key).where(feed.c.active)).all())
    ours = [n for n, key in keys.items() if key in topics]
    _deny(connection, ours, reason, now)
    _tell_outside(connection, {n: outside[key] for n, key in keys.items() if key in outside}, now)


def _deny(connection: Connection, ours: Collection[int], reason: str, now: datetime) -> None:
    lost = (hub_subscription.c.kind == "subscriber", hub_subscription.c.feed_n.not_in(ours))
    for row in connection.execute(delete(hub_subscription).where(*lost).returning(hub_subscription)).all():
        place = _place(row.feed_n, row.format, row.callback, row.topic)
        connection.execute(delete(hub_request).where(*_same(hub_request, place)))
        connection.execute(
            insert(hub_request).values(**place, mode="denied", lease_seconds=0, reason=reason, due=now)
        )


def _tell_outside(connection: Connection, hubs: Mapping[int, str], now: datetime) -> None:
    told = hub_subscription.c.kind == "hub"
    for row in connection.execute(select(hub_subscription).where(told)).all():
        if hubs.get(row.feed_n) != row.callback:
            connection.execute(delete(hub_subscription).where(hub_subscription.c.n == row.n))
    rows = [
        {**_place(n, format, hub, ""), "kind": "hub", "since": now, "version": 0, "tries": 0, "due": now}
        for n, hub in hubs.items()
        for format in FORMATS
    ]
    insert_missing(connection, hub_subscription, rows)
