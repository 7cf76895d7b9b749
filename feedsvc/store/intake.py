"""How does one poll enter the store: whole, under its lease, or not at all?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from feedsvc.errors import LeaseLost, StoreError
from feedsvc.model import (
    Article,
    ChangedArticle,
    Harvest,
    ItemKeys,
    Known,
    NewArticle,
    Poll,
    Touched,
    Validators,
)
from feedsvc.refine.order import Newcomer, is_backlog
from feedsvc.store import archive, followed, websub
from feedsvc.store.engine import LOOKUP_BATCH, batches, insert_missing
from feedsvc.store.placing import enter_feeds, feeds_of_source, raise_in_feeds, touch_feeds, withdraw
from feedsvc.store.tables import article, article_key, poll, source


def retract_source(connection: Connection, source_id: str, now: datetime) -> int:
    """Withdraw all live articles of a source."""
    numbers = connection.scalars(
        select(article.c.n)
        .join(source, source.c.n == article.c.source_n)
        .where(source.c.id == source_id, article.c.state == "live")
    ).all()
    withdraw(connection, numbers, state="retracted", now=now)
    return len(numbers)


def known(connection: Connection, source_id: str, keys: Iterable[str]) -> dict[str, Known]:
    """Which of a source's matching keys lead to an article that we hold, or held?"""
    found: dict[str, Known] = {}
    for batch in batches(sorted(set(keys)), LOOKUP_BATCH):
        rows = connection.execute(
            select(
                article_key.c.key,
                article.c.n,
                article.c.id,
                article.c.item_hash,
                article.c.fingerprint,
                article.c.updated,
                article.c.state,
            )
            .join(article, article.c.n == article_key.c.article_n)
            .join(source, source.c.n == article_key.c.source_n)
            .where(source.c.id == source_id, article_key.c.key.in_(batch))
        )
        for row in rows.mappings():
            fields = dict(row)
            key = fields.pop("key")
            found[key] = Known(**fields)
    return found


def finish(
    connection: Connection,
    *,
    lease: str,
    record: Poll,
    harvest: Harvest | None,
    validators: Validators | None,
    now: datetime,
) -> Poll:
    """Save one poll: articles, validators, next due time, history and the marks on touched feeds.

    ``validators`` without ``harvest``: the document had not changed. Neither: the poll failed.
    Returns the record with what was really new, updated and retracted.

    :raises LeaseLost: if the lease ran out and somebody else has the source now; nothing is saved.
    """
    row = _fenced(connection, record.source_id, lease)
    saved = record
    if harvest is not None:
        feeds_of_source(connection, row["n"])  # before any article's row: two polls cannot deadlock
        saved = _take_in(connection, row, record, harvest, now)
        validators = harvest.validators
    values = _after_poll(row, record, now) | _validator_values(validators)
    values |= websub.pushed_meanwhile(connection, row["n"], record)
    if harvest is not None:
        values |= _own_words(connection, row, harvest)
        websub.discovered(connection, row["n"], harvest.hub, now)
    if saved.new:
        values["last_new"] = now
    connection.execute(update(source).where(source.c.n == row["n"]).values(**values))
    connection.execute(insert(poll).values(source_n=row["n"], **_poll_values(saved)))
    return saved


def _fenced(connection: Connection, source_id: str, lease: str) -> Mapping[str, Any]:
    """The source's row, locked, if the lease is still ours."""
    row = (
        connection.execute(
            select(source).where(source.c.id == source_id, source.c.lease == lease).with_for_update()
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise LeaseLost(f"source {source_id!r}: the lease of this poll ran out; its result is dropped")
    return dict(row)


def _after_poll(row: Mapping[str, Any], record: Poll, now: datetime) -> dict[str, Any]:
    failed = record.outcome == "failed"
    values: dict[str, Any] = {
        "lease": None,
        "lease_until": None,
        "last_poll": record.started,
        "failures": row["failures"] + 1 if failed else 0,
        "error_kind": record.error_kind,
        "error": record.error,
        "lane": "slow" if record.error_kind == "timeout" else "normal",
    }
    if not failed:
        values["last_ok"] = now
    if record.next_check is not None:
        values["next_due"] = record.next_check.at
        values["next_reason"] = record.next_check.reason
    return values


def _validator_values(validators: Validators | None) -> dict[str, Any]:
    return {} if validators is None else asdict(validators)


def _own_words(connection: Connection, row: Mapping[str, Any], harvest: Harvest) -> dict[str, Any]:
    """What the source says of itself; its feeds name it, so a change there changes them."""
    words = {
        "title": harvest.title,
        "link": harvest.link,
        "feed_id": harvest.feed_id,
        "language": harvest.language,
    }
    if any(row[name] != value for name, value in words.items()):
        touch_feeds(connection, feeds_of_source(connection, row["n"]))
    return words


def _take_in(
    connection: Connection, row: Mapping[str, Any], record: Poll, harvest: Harvest, now: datetime
) -> Poll:
    followed.remember(connection, row["n"], harvest.followed, now)
    backlog = is_backlog(row["last_ok"], now)
    held_until = None if backlog or not harvest.hold else now + harvest.hold
    stored = _insert_articles(connection, row["n"], harvest.new, now, held_until)
    if held_until is None:
        enter_feeds(connection, row["n"], stored, backlog=backlog, now=now)
    revived = _update_articles(connection, harvest.changed, now)
    enter_feeds(connection, row["n"], revived, backlog=backlog, now=now)
    seen: tuple[ChangedArticle | Touched, ...] = (*harvest.changed, *harvest.touched)
    _remember_keys(connection, row["n"], ((one.n, one.keys) for one in seen))
    _touch(connection, harvest.touched)
    gone = _vanished(connection, row["n"], harvest, stored)
    withdraw(connection, gone, state="retracted", now=now)
    return replace(record, new=len(stored), updated=len(harvest.changed), retracted=len(gone))


def _insert_articles(
    connection: Connection,
    source_n: int,
    new: Sequence[NewArticle],
    now: datetime,
    held_until: datetime | None,
) -> list[Newcomer]:
    """Store new articles, each under the best id that is still free."""
    if not new:
        return []
    chosen = _free_ids(connection, new)
    rows = [
        {
            "id": name,
            "source_n": source_n,
            "state": "live" if held_until is None else "held",
            "state_since": now,
            "held_until": held_until,
            "first_seen": now,
            "published": item.article.published,
            "updated": item.article.updated or item.article.published,
            "item_hash": item.keys.item_hash,
            **_text(item.article),
        }
        for name, item in zip(chosen, new, strict=True)
    ]
    numbers = connection.scalars(
        insert(article).returning(article.c.n, sort_by_parameter_order=True), rows
    ).all()
    _remember_keys(connection, source_n, [(n, item.keys) for n, item in zip(numbers, new, strict=True)])
    return [
        Newcomer(n=n, id=name, published=item.article.published)
        for n, name, item in zip(numbers, chosen, new, strict=True)
    ]


def _free_ids(connection: Connection, new: Sequence[NewArticle]) -> list[str]:
    """The best id for each article that no other article has or had.

    :raises StoreError: if all that were offered are taken.
    """
    taken = _taken(connection, (one for item in new for one in item.ids))
    chosen = []
    for item in new:
        name = next((one for one in item.ids if one not in taken), None)
        if name is None:
            raise StoreError(f"no free id for an article: all of {item.ids} are taken")
        taken.add(name)
        chosen.append(name)
    return chosen


def _taken(connection: Connection, ids: Iterable[str]) -> set[str]:
    taken: set[str] = set()
    for batch in batches(sorted(set(ids)), LOOKUP_BATCH):
        taken.update(connection.scalars(select(article.c.id).where(article.c.id.in_(batch))))
    return taken


def _text(one: Article) -> dict[str, Any]:
    return {
        "fingerprint": one.fingerprint,
        "title": one.title,
        "link": one.link,
        "summary": one.summary,
        "content": one.content,
        "authors": [asdict(author) for author in one.authors],
        "tags": list(one.tags),
        "enclosures": [asdict(enclosure) for enclosure in one.enclosures],
        "image": None if one.image is None else asdict(one.image),
        "podcast": None if one.podcast is None else asdict(one.podcast),
        "language": one.language,
        "rights": one.rights,
        "via": one.via,
        "via_title": one.via_title,
        "date_flag": one.date_flag,
    }


def _remember_keys(connection: Connection, source_n: int, found: Iterable[tuple[int, ItemKeys]]) -> None:
    """Keep how articles are found again; a key that leads somewhere already goes on leading there."""
    insert_missing(
        connection,
        article_key,
        [
            {"source_n": source_n, "key": key, "article_n": number}
            for number, keys in found
            for key in dict.fromkeys((keys.primary, *keys.aliases))
        ],
    )


def _update_articles(
    connection: Connection, changed: Sequence[ChangedArticle], now: datetime
) -> list[Newcomer]:
    """Put new texts in place; what was retracted comes back and is returned to enter its feeds again."""
    revived = []
    for item in changed:
        state, since, number = connection.execute(
            select(article.c.state, article.c.state_since, article.c.n)
            .where(article.c.n == item.n)
            .with_for_update()
        ).one()
        values = _text(item.article) | {
            # The date was decided at first sight, and so was what was wrong with it.
            "date_flag": article.c.date_flag,
            "updated": item.updated,
            "item_hash": item.keys.item_hash,
        }
        if state == "retracted":
            # Later than its tombstone, or readers would not take it in again (RFC 6721 6).
            updated = max(item.updated, since + timedelta(seconds=1))
            values |= {"state": "live", "state_since": now, "updated": updated}
        row = connection.execute(
            update(article)
            .where(article.c.n == number)
            .values(**values)
            .returning(article.c.id, article.c.published)
        ).one()
        if state == "retracted":
            archive.raise_up(connection, number)
            revived.append(Newcomer(n=number, id=row.id, published=row.published))
        else:
            raise_in_feeds(connection, number, now)
    return revived


def _touch(connection: Connection, touched: Sequence[Touched]) -> None:
    for item in touched:
        connection.execute(update(article).where(article.c.n == item.n).values(item_hash=item.keys.item_hash))


def _vanished(
    connection: Connection, source_n: int, harvest: Harvest, stored: Sequence[Newcomer]
) -> list[int]:
    """The articles that a document no longer lists although it lists all, or all that are so new."""
    if harvest.present is None:
        return []
    still = harvest.present | {one.n for one in stored}
    theirs = select(article.c.n).where(article.c.source_n == source_n, article.c.state.in_(("live", "held")))
    if harvest.partial:
        oldest = min(
            (
                when
                for batch in batches(sorted(still), LOOKUP_BATCH)
                for when in connection.scalars(select(article.c.published).where(article.c.n.in_(batch)))
            ),
            default=None,
        )
        if oldest is None:
            return []
        theirs = theirs.where(article.c.published > oldest)
    return [number for number in connection.scalars(theirs) if number not in still]


def _poll_values(record: Poll) -> dict[str, Any]:
    values = asdict(record)
    check = values.pop("next_check")
    values.pop("source_id")
    values["rejected"] = list(record.rejected)
    values["next_due"] = None if check is None else check["at"]
    values["next_reason"] = "" if check is None else check["reason"]
    return values
