"""How is one article taken out of every feed, and shown again?"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from feedsvc.errors import NotFound
from feedsvc.refine.order import Newcomer
from feedsvc.store import archive
from feedsvc.store.placing import enter_feeds, feeds_of_source, withdraw
from feedsvc.store.tables import article

SAYS = {
    "retracted": "its source withdrew it, so no feed has it",
    "pruned": "it was too old to be kept, so no feed has it",
}


def hide(connection: Connection, article_id: str, now: datetime) -> bool:
    """Withdraw it for good; False if it is hidden. Raises NotFound."""
    row = _row(connection, article_id)
    if row.state == "hidden":
        return False
    if row.state not in {"live", "held"}:
        raise NotFound(f"article {article_id!r} cannot be hidden: {SAYS[row.state]}")
    feeds_of_source(connection, row.source_n)
    withdraw(connection, [row.n], state="hidden", now=now)
    return True


def unhide(connection: Connection, article_id: str, now: datetime) -> bool:
    """Put it back where its source belongs; False if it is not hidden. Raises NotFound.

    Its date of change is later than that of its retraction, so that readers take it in again (RFC 6721 6).
    """
    row = _row(connection, article_id)
    if row.state != "hidden":
        return False
    feeds_of_source(connection, row.source_n)
    updated = max(now, row.updated, row.state_since + timedelta(seconds=1))
    connection.execute(
        update(article).where(article.c.n == row.n).values(state="live", state_since=now, updated=updated)
    )
    archive.raise_up(connection, row.n)
    back = Newcomer(n=row.n, id=row.id, published=row.published)
    enter_feeds(connection, row.source_n, [back], backlog=False, now=now)
    return True


def _row(connection: Connection, article_id: str) -> Row[Any]:
    row = connection.execute(
        select(article).where(article.c.id == article_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(f"no article {article_id!r} in the store")
    return row
