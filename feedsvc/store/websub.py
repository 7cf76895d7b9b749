"""What have we asked of the hubs that our sources name, and do they keep to it (WebSub)?"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from feedsvc.model import HubLink, Poll, Push, Wish
from feedsvc.store import errands
from feedsvc.store.tables import source, websub

CALM: Final = timedelta(seconds=30)  # between two polls of a source, however often its hub calls
PUSHED: Final = "pushed by its hub"


def discovered(connection: Connection, source_n: int, found: HubLink | None, now: datetime) -> None:
    """Remember which hub a source's document names; another one, or another topic, begins anew.

    With the old token gone, whoever still delivers to it is told that it is (410).
    """
    row = _row(connection, source_n)
    if found is not None and row is not None and (row.hub, row.topic) == (found.hub, found.topic):
        return
    connection.execute(delete(websub).where(websub.c.n == source_n))
    if found is None:
        return
    connection.execute(
        insert(websub).values(
            n=source_n,
            hub=found.hub,
            host=(urlsplit(found.hub).hostname or "")[:255],
            topic=found.topic,
            token=secrets.token_urlsafe(24),
            secret=secrets.token_urlsafe(24),
            due=now,
            tries=0,
        )
    )


def wishes(connection: Connection, numbers: Sequence[int]) -> list[Wish]:
    rows = connection.execute(_joined().where(websub.c.n.in_(numbers)).order_by(websub.c.n))
    return [_wish(row) for row in rows]


def by_token(connection: Connection, token: str) -> Wish | None:
    """The subscription whose callback ends in ``token``, of a source that is still collected."""
    row = connection.execute(_joined().where(websub.c.token == token, source.c.active)).one_or_none()
    return None if row is None else _wish(row)


def push(connection: Connection, source_n: int) -> Push:
    row = _row(connection, source_n)
    return Push() if row is None else Push(until=row.until, last=row.pushed)


def pushes(connection: Connection) -> dict[int, Push]:
    """By source, of those whose document names a hub."""
    rows = connection.execute(select(websub.c.n, websub.c.until, websub.c.pushed))
    return {row.n: Push(until=row.until, last=row.pushed) for row in rows}


def asked(connection: Connection, n: int, lease: str, *, at: datetime, due: datetime) -> bool:
    """The hub has taken our wish; without a confirmation it is asked again when ``due``.

    It may have confirmed before it answered, and then it has said itself when to renew.
    """
    confirmed = connection.scalar(select(websub.c.confirmed).where(websub.c.n == n, websub.c.lease == lease))
    if confirmed is not None and confirmed >= at:
        return errands.finish(connection, websub, n, lease, error=None)
    return errands.finish(connection, websub, n, lease, due=due, tries=websub.c.tries + 1, error=None)


def refused(connection: Connection, n: int, lease: str, *, due: datetime, error: str | None) -> bool:
    """The hub did not take it, or we do not want it now."""
    return errands.finish(connection, websub, n, lease, due=due, tries=websub.c.tries + 1, error=error)


def drop(connection: Connection, n: int, lease: str) -> bool:
    gone = connection.execute(delete(websub).where(websub.c.n == n, websub.c.lease == lease))
    return gone.rowcount == 1


def agreed(connection: Connection, n: int, *, now: datetime, until: datetime, renew: datetime) -> None:
    """The hub will tell us until then. What came before it did is fetched now."""
    first = connection.scalar(select(websub.c.until).where(websub.c.n == n)) is None
    connection.execute(
        update(websub)
        .where(websub.c.n == n)
        .values(confirmed=now, until=until, due=renew, tries=0, error=None)
    )
    if first:
        _make_due(connection, n, now, "its hub has agreed to push")


def denied(connection: Connection, n: int, *, reason: str, due: datetime) -> None:
    """The hub will not, or not any more, tell us."""
    connection.execute(update(websub).where(websub.c.n == n).values(until=None, due=due, error=reason))


def pushed(connection: Connection, n: int, now: datetime) -> None:
    """The hub has told us that there is something new."""
    connection.execute(update(websub).where(websub.c.n == n).values(pushed=now))
    _make_due(connection, n, now, PUSHED)


def pushed_meanwhile(connection: Connection, source_n: int, record: Poll) -> dict[str, Any]:
    """When to poll again if the hub called while a poll was running, which may have come too early."""
    at = connection.scalar(select(websub.c.pushed).where(websub.c.n == source_n))
    if at is None or at <= record.started:
        return {}
    return {"next_due": record.started + CALM, "next_reason": PUSHED}


def _make_due(connection: Connection, source_n: int, now: datetime, reason: str) -> None:
    last = connection.scalar(select(source.c.last_poll).where(source.c.n == source_n))
    at = now if last is None else max(now, last + CALM)
    connection.execute(
        update(source)
        .where(source.c.n == source_n, or_(source.c.next_due.is_(None), source.c.next_due > at))
        .values(next_due=at, next_reason=reason)
    )


def _joined() -> Any:
    return select(websub, source.c.id.label("source_id")).join(source, source.c.n == websub.c.n)


def _row(connection: Connection, source_n: int) -> Row[Any] | None:
    return connection.execute(select(websub).where(websub.c.n == source_n)).one_or_none()


def _wish(row: Row[Any]) -> Wish:
    return Wish(
        n=row.n,
        source_id=row.source_id,
        hub=row.hub,
        topic=row.topic,
        token=row.token,
        secret=row.secret,
        tries=row.tries,
    )
