"""What is remembered of the addresses that a source led to?"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from feedsvc.model import Followed, Validators
from feedsvc.store.engine import LOOKUP_BATCH, batches, insert_missing
from feedsvc.store.tables import followed, source

KEEP_FOR = timedelta(days=60)  # after the last visit


def recall(connection: Connection, source_id: str, urls: Iterable[str]) -> dict[str, Followed]:
    """Those of the addresses that were visited before."""
    keys = {_key(url): url for url in urls}
    found = {}
    for batch in batches(sorted(keys), LOOKUP_BATCH):
        rows = connection.execute(
            select(followed)
            .join(source, source.c.n == followed.c.source_n)
            .where(source.c.id == source_id, followed.c.key.in_(batch))
        )
        for row in rows:
            validators = Validators(
                etag=row.etag,
                last_modified=row.last_modified,
                body_hash=row.body_hash,
                fingerprint=row.fingerprint,
            )
            url = keys[row.key]
            found[url] = Followed(url=url, validators=validators, tries=row.tries)
    return found


def remember(connection: Connection, source_n: int, visited: Sequence[Followed], now: datetime) -> None:
    for one in visited:
        values = {
            "etag": one.validators.etag,
            "last_modified": one.validators.last_modified,
            "body_hash": one.validators.body_hash,
            "fingerprint": one.validators.fingerprint,
            "tries": one.tries,
            "seen": now,
        }
        key = {"source_n": source_n, "key": _key(one.url)}
        insert_missing(connection, followed, [{**key, **values}])
        connection.execute(
            update(followed)
            .where(followed.c.source_n == source_n, followed.c.key == key["key"])
            .values(**values)
        )


def forget(connection: Connection, now: datetime) -> int:
    """Forget what was not visited for long; returns how much."""
    return connection.execute(delete(followed).where(followed.c.seen < now - KEEP_FOR)).rowcount


def _key(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "backslashreplace")).hexdigest()
