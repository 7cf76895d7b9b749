"""What does the store answer to those who only look: pages, the command line, a render?"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, FromClause, RowMapping, Select, func, literal, select, tuple_

from feedsvc.errors import NotFound
from feedsvc.model import (
    Article,
    ArticleRecord,
    Author,
    Enclosure,
    Entry,
    FeedState,
    Image,
    NextCheck,
    Origin,
    Person,
    Podcast,
    Poll,
    Push,
    SafeHtml,
    Soundbite,
    SourceState,
    Transcript,
    Validators,
)
from feedsvc.refine.identity import publishable
from feedsvc.store import websub
from feedsvc.store.tables import UtcDateTime, article, article_key, entry, feed, feed_source, poll, source

_ORIGIN = (
    source.c.id.label("source_id"),
    source.c.name.label("source_name"),
    source.c.title.label("source_title"),
    source.c.link.label("source_link"),
    source.c.public_url.label("source_url"),
    source.c.feed_id.label("source_iri"),
)


def entries_of(connection: Connection, chosen: FromClause) -> Iterator[Entry]:
    """The entries of the chosen rows of ``entry``, newest first by date."""
    rows = connection.execute(
        select(article, chosen.c.seq.label("entry_seq"), *_ORIGIN)
        .join(chosen, chosen.c.article_n == article.c.n)
        .join(source, source.c.n == article.c.source_n)
        .order_by(article.c.published.desc(), article.c.n.desc())
    )
    for row in rows.mappings():
        yield _entry(row, row["entry_seq"])


def page(connection: Connection, key: str, *, limit: int, before: tuple[datetime, str] | None) -> list[Entry]:
    """A feed's entries, newest first; ``before`` is (published, id) of the last one of the page before."""
    # Looked up first: with a join in its place PostgreSQL sorts all that is in the feed.
    feed_n = connection.scalar(select(feed.c.n).where(feed.c.key == key, feed.c.active))
    chosen = (
        select(entry)
        .where(entry.c.feed_n == feed_n)
        .order_by(entry.c.published.desc(), entry.c.article_n.desc())
        .limit(limit)
    )
    if before is not None:
        published, article_id = before
        number = connection.scalar(select(article.c.n).where(article.c.id == article_id))
        if number is None:
            return []
        # As one row value: an OR of two comparisons would walk the index from its beginning.
        last = tuple_(literal(published, UtcDateTime), literal(number))
        chosen = chosen.where(tuple_(entry.c.published, entry.c.article_n) < last)
    return list(entries_of(connection, chosen.subquery()))


def feed_states(connection: Connection) -> dict[str, FeedState]:
    """How each feed is made up. What is in it is not counted here: that takes a second of a million."""
    members: dict[int, int] = dict(
        connection.execute(
            select(feed_source.c.feed_n, func.count())
            .join(source, source.c.n == feed_source.c.source_n)
            .where(source.c.active, source.c.enabled)
            .group_by(feed_source.c.feed_n)
        ).all()
    )
    return {
        row.key: FeedState(
            key=row.key,
            sources=members.get(row.n, 0),
            last_modified=row.last_modified,
            generation=row.generation,
        )
        for row in connection.execute(select(feed).where(feed.c.active))
    }


def count(connection: Connection, key: str, most: int) -> int:
    """How many entries are in a feed; counting ends at ``most``."""
    inside = (
        select(entry.c.article_n)
        .join(feed, feed.c.n == entry.c.feed_n)
        .where(feed.c.key == key, feed.c.active)
        .limit(most)
    )
    return connection.execute(select(func.count()).select_from(inside.subquery())).scalar_one()


def source_states(connection: Connection) -> list[SourceState]:
    """All sources that are or were configured, by id."""
    counts: dict[int, int] = dict(
        connection.execute(
            select(article.c.source_n, func.count())
            .where(article.c.state == "live")
            .group_by(article.c.source_n)
        ).all()
    )
    rows = connection.execute(select(source).order_by(source.c.id)).mappings()
    pushes = websub.pushes(connection)
    return [_source_state(row, counts.get(row["n"], 0), pushes.get(row["n"], Push())) for row in rows]


def source_state(connection: Connection, source_id: str) -> SourceState:
    """:raises NotFound: if the store never heard of the source."""
    row = connection.execute(select(source).where(source.c.id == source_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"no source {source_id!r} in the store")
    number = connection.execute(
        select(func.count()).where(article.c.source_n == row["n"], article.c.state == "live")
    ).scalar_one()
    return _source_state(row, number, websub.push(connection, row["n"]))


def _source_state(row: RowMapping, articles: int, push: Push) -> SourceState:
    return SourceState(
        id=row["id"],
        type=row["type"],
        location=row["location"],
        active=row["active"],
        enabled=row["enabled"],
        title=row["title"],
        link=row["link"],
        feed_id=row["feed_id"],
        language=row["language"],
        next_due=row["next_due"],
        next_reason=row["next_reason"],
        last_poll=row["last_poll"],
        last_ok=row["last_ok"],
        last_new=row["last_new"],
        failures=row["failures"],
        error_kind=row["error_kind"],
        error=row["error"],
        articles=articles,
        push=push,
        validators=Validators(
            etag=row["etag"],
            last_modified=row["last_modified"],
            body_hash=row["body_hash"],
            fingerprint=row["fingerprint"],
        ),
    )


def polls(connection: Connection, source_id: str | None, limit: int) -> list[Poll]:
    """The latest polls, newest first, of one source or of all."""
    query = (
        select(poll, source.c.id.label("source_id"))
        .join(source, source.c.n == poll.c.source_n)
        .order_by(poll.c.n.desc())
        .limit(limit)
    )
    if source_id is not None:
        query = query.where(source.c.id == source_id)
    return [_poll(row) for row in connection.execute(query).mappings()]


def _poll(row: RowMapping) -> Poll:
    fields = dict(row)
    for name in ("n", "source_n"):
        fields.pop(name)
    due, reason = fields.pop("next_due"), fields.pop("next_reason")
    fields["rejected"] = tuple(fields["rejected"])
    return Poll(**fields, next_check=None if due is None else NextCheck(at=due, reason=reason))


def article_record(connection: Connection, article_id: str) -> ArticleRecord:
    """:raises NotFound: if no article has or had this id."""
    found = _records(connection, _articles().where(article.c.id == article_id))
    if not found:
        raise NotFound(f"no article {article_id!r}: `feedsvc article list` names the latest")
    return found[0]


def article_numbered(connection: Connection, number: int) -> ArticleRecord | None:
    """The article of that number, whatever became of it."""
    return next(iter(_records(connection, _articles().where(article.c.n == number))), None)


def article_records(
    connection: Connection, *, source_id: str | None, feed_key: str | None, limit: int
) -> list[ArticleRecord]:
    """The latest live articles, newest first by date."""
    query = _articles().where(article.c.state == "live").order_by(article.c.published.desc()).limit(limit)
    if source_id is not None:
        query = query.where(source.c.id == source_id)
    if feed_key is not None:
        query = (
            query.join(entry, entry.c.article_n == article.c.n)
            .join(feed, feed.c.n == entry.c.feed_n)
            .where(feed.c.key == feed_key)
        )
    return _records(connection, query)


def all_articles(connection: Connection) -> Iterator[ArticleRecord]:
    """Every live article, oldest first, for an export; read in a stream."""
    last = 0
    while True:
        query = _articles().where(article.c.state == "live", article.c.n > last)
        batch = connection.execute(query.order_by(article.c.n).limit(500)).mappings().all()
        if not batch:
            return
        last = batch[-1]["n"]
        for row in batch:
            yield _record(connection, row)


def _articles() -> Select[Any]:
    return select(article, *_ORIGIN).join(source, source.c.n == article.c.source_n)


def _records(connection: Connection, query: Select[Any]) -> list[ArticleRecord]:
    return [_record(connection, row) for row in connection.execute(query).mappings().all()]


def _record(connection: Connection, row: RowMapping) -> ArticleRecord:
    feeds = connection.scalars(
        select(feed.c.key)
        .join(entry, entry.c.feed_n == feed.c.n)
        .where(entry.c.article_n == row["n"])
        .order_by(feed.c.key)
    )
    keys = connection.scalars(
        select(article_key.c.key).where(article_key.c.article_n == row["n"]).order_by(article_key.c.key)
    )
    return ArticleRecord(
        entry=_entry(row, 0),
        source_id=row["source_id"],
        state=row["state"],
        state_since=row["state_since"],
        first_seen=row["first_seen"],
        feeds=tuple(feeds),
        keys=tuple(keys),
    )


def _entry(row: RowMapping, seq: int) -> Entry:
    return Entry(
        id=row["id"],
        article=_article(row),
        published=row["published"],
        updated=row["updated"],
        seq=seq,
        n=row["n"],
        origin=Origin(
            id=row["source_id"],
            title=row["source_name"] or row["source_title"] or row["source_id"],
            iri=publishable(row["source_iri"] or "") or row["source_url"],
            link=row["source_link"],
            feed_url=row["source_url"],
        ),
    )


def _article(row: RowMapping) -> Article:
    return Article(
        title=row["title"],
        link=row["link"],
        summary=SafeHtml(row["summary"]),  # went through refine.clean on its way in
        content=SafeHtml(row["content"]),
        published=row["published"],
        fingerprint=row["fingerprint"],
        authors=tuple(Author(**one) for one in row["authors"]),
        tags=tuple(row["tags"]),
        enclosures=tuple(Enclosure(**one) for one in row["enclosures"]),
        image=None if row["image"] is None else Image(**row["image"]),
        podcast=None if row["podcast"] is None else _podcast(row["podcast"]),
        language=row["language"],
        rights=row["rights"],
        via=row["via"],
        via_title=row["via_title"],
        date_flag=row["date_flag"],
    )


def _podcast(kept: Mapping[str, Any]) -> Podcast:
    parts = {
        "transcripts": tuple(Transcript(**one) for one in kept["transcripts"]),
        "soundbites": tuple(Soundbite(**one) for one in kept["soundbites"]),
        "people": tuple(Person(**one) for one in kept["people"]),
    }
    return Podcast(**{**kept, **parts})
