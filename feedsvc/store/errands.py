"""Who runs an errand of WebSub now? The one that holds its lease; no host is given more than its share.

Errands are rows of ``hub_request``, ``hub_subscription`` and ``websub`` whose ``due`` has come: a callback to
be asked, a version to be delivered, a hub to be asked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, func, or_, select, update

from feedsvc.store.tables import hub_request, hub_subscription, websub

TABLES: Final = (hub_request, hub_subscription, websub)
A_HOST: Final = 2  # errands that lead to one host at the same time
UNLEASED: Final = {"lease": None, "lease_until": None}


def waiting(
    connection: Connection, table: Table, *only: ColumnElement[bool], now: datetime, most: int
) -> Sequence[int]:
    """The numbers of errands that may be begun, those first that have not failed, then the longest due.

    Nothing is leased yet: looking takes long where thousands are due, and must not hold up a writer.
    """
    due = (table.c.due <= now, _free(table, now), *only)
    if connection.scalar(select(table.c.n).where(*due).limit(1)) is None:
        return ()
    busy = (
        select(table.c.host)
        .where(table.c.lease.is_not(None), table.c.lease_until >= now)
        .group_by(table.c.host)
        .having(func.count() >= A_HOST)
    )
    place = func.row_number().over(partition_by=table.c.host, order_by=(table.c.due, table.c.n))
    ranked = (
        select(table.c.n, table.c.tries, table.c.due, place.label("place"))
        .where(*due, table.c.host.not_in(busy))
        .subquery()
    )
    return connection.scalars(
        select(ranked.c.n)
        .where(ranked.c.place <= A_HOST)
        .order_by(ranked.c.tries, ranked.c.due, ranked.c.n)
        .limit(most)
    ).all()


def claim(
    connection: Connection,
    table: Table,
    numbers: Sequence[int],
    *,
    now: datetime,
    lease: str,
    lease_for: timedelta,
) -> Sequence[int]:
    """Lease those of the errands that nobody else has leased meanwhile; returns their numbers."""
    claimed = connection.scalars(
        update(table)
        .where(table.c.n.in_(numbers), _free(table, now))
        .values(lease=lease, lease_until=now + lease_for)
        .returning(table.c.n)
    )
    return sorted(claimed)


def finish(connection: Connection, table: Table, n: int, lease: str, **values: Any) -> bool:
    """Give an errand back with what came of it; False, and nothing written, if somebody else has it now."""
    done = connection.execute(
        update(table).where(table.c.n == n, table.c.lease == lease).values(**UNLEASED, **values)
    )
    return done.rowcount == 1


def release(connection: Connection, leases: Sequence[str]) -> None:
    """Give errands back undone (shutdown)."""
    for table in TABLES:
        connection.execute(update(table).where(table.c.lease.in_(leases)).values(**UNLEASED))


def _free(table: Table, now: datetime) -> ColumnElement[bool]:
    return or_(table.c.lease_until.is_(None), table.c.lease_until < now)
