"""Who may poll a source now? The one that holds its lease; leases run out by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from feedsvc.store.tables import source


def claim_due(
    connection: Connection, *, now: datetime, lease: str, lease_for: timedelta, lane: str, most: int
) -> list[str]:
    """Lease up to ``most`` due sources of a lane, longest due first; no two claims share one."""
    due = (
        select(source.c.n)
        .where(
            source.c.lane == lane,
            source.c.next_due <= now,
            source.c.active,
            source.c.enabled,
            or_(source.c.lease_until.is_(None), source.c.lease_until < now),
        )
        .order_by(source.c.next_due)
        .limit(most)
        .with_for_update(skip_locked=True)  # no-op on SQLite, where the writer is alone anyway
    )
    claim = (
        update(source)
        .where(source.c.n.in_(due.scalar_subquery()))
        .values(lease=lease, lease_until=now + lease_for)
        .returning(source.c.id)
    )
    return list(connection.scalars(claim))


def claim(connection: Connection, source_id: str, *, now: datetime, lease: str, lease_for: timedelta) -> bool:
    """Lease one source whether due or not; False while another process polls it."""
    row = connection.execute(
        update(source)
        .where(
            source.c.id == source_id,
            or_(source.c.lease_until.is_(None), source.c.lease_until < now),
        )
        .values(lease=lease, lease_until=now + lease_for)
    )
    return row.rowcount == 1


def due(connection: Connection, now: datetime) -> list[str]:
    """The ids of due sources, longest due first, whoever polls them now."""
    return list(
        connection.scalars(
            select(source.c.id)
            .where(source.c.active, source.c.enabled, source.c.next_due <= now)
            .order_by(source.c.next_due, source.c.id)
        )
    )


def make_due(connection: Connection, source_id: str, now: datetime) -> None:
    connection.execute(
        update(source).where(source.c.id == source_id).values(next_due=now, next_reason="asked for")
    )


def release(connection: Connection, leases: Sequence[str]) -> None:
    """Give leases back unpolled (shutdown)."""
    connection.execute(update(source).where(source.c.lease.in_(leases)).values(lease=None, lease_until=None))
