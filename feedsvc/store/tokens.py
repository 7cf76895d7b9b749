"""Who may read what is private? Tokens are kept as SHA-256 only: whoever reads the database has none."""

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from feedsvc.errors import FeedsvcError, NotFound
from feedsvc.model import Token
from feedsvc.store.tables import token


def add(connection: Connection, one: Token) -> None:
    """:raises FeedsvcError: if the name is taken."""
    taken = connection.scalar(select(token.c.n).where(token.c.name == one.name))
    values = {
        "name": one.name,
        "beginning": one.beginning,
        "digest": one.digest,
        "feeds": list(one.feeds),
        "created": one.created,
    }
    try:
        if taken is None:
            connection.execute(insert(token).values(**values))
            return
    except IntegrityError as error:  # another process was quicker
        raise FeedsvcError(f"there is a token {one.name!r} already") from error
    raise FeedsvcError(f"there is a token {one.name!r} already: revoke it first, or choose another name")


def every(connection: Connection) -> list[Token]:
    """All there are, by name."""
    rows = connection.execute(select(token).order_by(token.c.name))
    return [
        Token(
            name=row.name,
            beginning=row.beginning,
            digest=row.digest,
            feeds=tuple(row.feeds),
            created=row.created,
        )
        for row in rows
    ]


def revoke(connection: Connection, name: str) -> None:
    """:raises NotFound: if there is no such token."""
    if not connection.execute(delete(token).where(token.c.name == name)).rowcount:
        raise NotFound(f"no token {name!r}: 'feedsvc token list' names them")
