"""Which articles does a query find? The same ones on SQLite and PostgreSQL, newest first."""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select, text

from feedsvc.model import Choosable, Findings, Query
from feedsvc.refine import search as language
from feedsvc.refine.search import Search, Term
from feedsvc.store.indexing import ANY, language_facet, source_facet, tag_facet
from feedsvc.store.reading import entries_of
from feedsvc.store.tables import article, feed, feed_source, search, source

MOST_SOURCES: Final = 200  # of the feeds asked for that are named to the index; of more, all is looked at
RECENT: Final = 5_000  # articles that PostgreSQL looks at first: what is common is found among them
LONGEST: Final = 3.0  # seconds of a search
LATEST: Final = 300  # articles whose properties are offered for choice
STEPS: Final = 20_000  # of SQLite's machine between two looks at the clock
HIGHEST: Final = 2**63 - 1
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

# Walked from its newest end, and no further than to the last one wanted (SQLite keeps the order of a CROSS
# JOIN). PostgreSQL would rather sort all that match: it looks at the latest first.
_SQLITE: Final = text("""
    SELECT s.article_n FROM search_text t CROSS JOIN search s ON s.place = t.rowid
    WHERE t.search_text MATCH :match AND t.rowid < :before
    AND EXISTS (SELECT 1 FROM entry e WHERE e.feed_n IN :feeds AND e.article_n = s.article_n)
    ORDER BY t.rowid DESC LIMIT :limit
""").bindparams(bindparam("feeds", expanding=True))
_POSTGRESQL: Final = text("""
    SELECT s.article_n FROM search_text t JOIN search s ON s.place = t.place
    WHERE t.words @@ CAST(:match AS tsquery) AND t.place < :before AND t.place >= :floor
    AND EXISTS (SELECT 1 FROM entry e WHERE e.feed_n IN :feeds AND e.article_n = s.article_n)
    ORDER BY s.place DESC LIMIT :limit
""").bindparams(bindparam("feeds", expanding=True))
# What is rare: all that match first, by the index of words, which it would else not trust to be few.
_OF_ALL: Final = text("""
    WITH t AS MATERIALIZED (
        SELECT place FROM search_text WHERE words @@ CAST(:match AS tsquery) AND place < :before
    )
    SELECT s.article_n FROM t JOIN search s ON s.place = t.place
    WHERE EXISTS (SELECT 1 FROM entry e WHERE e.feed_n IN :feeds AND e.article_n = s.article_n)
    ORDER BY s.place DESC LIMIT :limit
""").bindparams(bindparam("feeds", expanding=True))


def find(connection: Connection, query: Query, *, before: int | None = None) -> Findings:
    """What is found below the place ``before``, at most ``query.limit`` entries."""
    feeds = _feeds(connection, query)
    found = _numbers(connection, query, feeds, HIGHEST if before is None else before)
    chosen = select(search.c.article_n, search.c.place.label("seq")).where(search.c.article_n.in_(found))
    entries = sorted(entries_of(connection, chosen.subquery()), key=lambda one: one.seq, reverse=True)
    stamps: list[datetime] = [row.last_modified for row in feeds if row.last_modified is not None]
    return Findings(
        entries=tuple(entries),
        created=min((row.created for row in feeds), default=NEVER),
        last_modified=max(stamps, default=None),
        settled=all(row.published_generation >= row.generation for row in feeds),
    )


def _feeds(connection: Connection, query: Query) -> Sequence[Row[Any]]:
    return connection.execute(select(feed).where(feed.c.key.in_(query.feeds), feed.c.active)).all()


def choosable(connection: Connection, query: Query) -> Choosable:
    """What the latest articles of some feeds have, of all their sources or of those that are named."""
    numbers = _numbers(connection, replace(query, limit=LATEST), _feeds(connection, query), HIGHEST)
    rows = connection.execute(
        select(source.c.id, func.coalesce(source.c.name, source.c.title, source.c.id).label("title"))
        .add_columns(article.c.tags, article.c.language)
        .join(article, article.c.source_n == source.c.n)
        .where(article.c.n.in_(numbers))
    ).all()
    return Choosable(
        titles={row.id: row.title for row in rows},
        tags=tuple(tag for row in rows for tag in row.tags),
        languages=tuple(row.language for row in rows if row.language),
    )


def _numbers(connection: Connection, query: Query, rows: Sequence[Row[Any]], before: int) -> list[int]:
    """The numbers of the articles found."""
    feeds = [row.n for row in rows]
    facets = _facets(connection, query, feeds)
    if not feeds or facets is None:
        return []
    asked = {"feeds": feeds, "before": before, "limit": query.limit}
    with _bounded(connection):
        if connection.dialect.name == "sqlite":
            match = _for_sqlite(language.read(query.text), facets)
            return list(connection.scalars(_SQLITE, {**asked, "match": match}))
        match = _for_postgresql(language.read(query.text), facets)
        floor = _recent(connection, before)
        found = list(connection.scalars(_POSTGRESQL, {**asked, "match": match, "floor": floor}))
        if len(found) < query.limit and floor:
            found = list(connection.scalars(_OF_ALL, {**asked, "match": match}))
        return found


def _recent(connection: Connection, before: int) -> int:
    """The place of the last of the latest articles; 0 where there are no more than these."""
    where = select(search.c.place).where(search.c.place < before).order_by(search.c.place.desc())
    return connection.scalar(where.offset(RECENT).limit(1)) or 0


@contextmanager
def _bounded(connection: Connection) -> Iterator[None]:
    """No search takes longer than ``LONGEST``: it fails then, as does what the database refuses."""
    if connection.dialect.name != "sqlite":
        # Compiling a search (jit) takes PostgreSQL ten times as long as running it.
        settings = {"statement_timeout": str(int(LONGEST * 1000)), "jit": "off"}
        connection.execute(select(*(func.set_config(name, to, True) for name, to in settings.items())))
        yield
        return
    database: Any = connection.connection.driver_connection
    end = time.monotonic() + LONGEST
    database.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        yield
    finally:
        database.set_progress_handler(None, 0)


# ---- what is asked of the index ---------------------------------------------------------------------


def _facets(connection: Connection, query: Query, feeds: Sequence[int]) -> list[list[str]] | None:
    """Of each list the article must have one; None: nothing can be found."""
    wanted = []
    if query.sources:
        ids = connection.scalars(select(source.c.n).where(source.c.id.in_(query.sources))).all()
        wanted.append(sorted(map(source_facet, ids)))
    elif "all" not in query.feeds:
        wanted += _members(connection, feeds)
    if query.tags:
        wanted.append(sorted(map(tag_facet, query.tags)))
    if query.languages:
        wanted.append(sorted(map(language_facet, query.languages)))
    return wanted if all(wanted) else None


def _members(connection: Connection, feeds: Collection[int]) -> list[list[str]]:
    """The sources of the feeds, so that the index need not be walked past all others."""
    numbers = connection.scalars(
        select(feed_source.c.source_n).where(feed_source.c.feed_n.in_(feeds)).distinct()
    ).all()
    return [sorted(map(source_facet, numbers))] if len(numbers) <= MOST_SOURCES else []


def _for_sqlite(asked: Search, facets: Sequence[Sequence[str]]) -> str:
    """As FTS5 reads it (https://sqlite.org/fts5.html, 3)."""
    parts = [_either(map(_fts, group), " OR ") for group in asked.groups]
    named = [f"facets : {_either((_quoted(one) for one in group), ' OR ')}" for group in facets]
    wanted = " AND ".join([*parts, *named] or [f"facets : {ANY}"])
    unwanted = _either(map(_fts, asked.without), " OR ")
    return f"({wanted}) NOT {unwanted}" if asked.without else wanted


def _fts(term: Term) -> str:
    found, more = term.tokens()
    columns = "title" if term.title else "{title body}"
    return f"{columns} : {_quoted(' '.join(found))}{' *' if more else ''}"


def _for_postgresql(asked: Search, facets: Sequence[Sequence[str]]) -> str:
    """As a tsquery is written."""
    parts = [_either(map(_tsquery, group), " | ") for group in asked.groups]
    named = [_either((f"'={one}'" for one in group), " | ") for group in facets]
    unwanted = [f"!{_tsquery(term)}" for term in asked.without]
    return " & ".join([*(parts + named or [f"'={ANY}'"]), *unwanted])


def _tsquery(term: Term) -> str:
    found, more = term.tokens()
    weight = "A" if term.title else ""
    *first, last = (f"'{token}'" for token in found)
    ends = f"{last}:{'*' if more else ''}{weight}" if more or weight else last
    return f"({' <-> '.join([*(f'{one}:{weight}' if weight else one for one in first), ends])})"


def _either(parts: Any, between: str) -> str:
    return f"({between.join(parts)})"


def _quoted(tokens: str) -> str:
    return f'"{tokens}"'  # tokens have letters and digits, no quotes
