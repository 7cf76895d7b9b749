"""How do an article's words get into the index that searches read, and out of it?

Both databases are given the same tokens (``refine.tokens``): SQLite as an FTS5 table, PostgreSQL as a
tsvector that is written by us, not by its parser. Every change is part of the transaction that makes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, TextClause, delete, insert, select, text

from feedsvc.refine.text import visible
from feedsvc.refine.tokens import FILLER, facet, folded, spread, tokens
from feedsvc.store.engine import LOOKUP_BATCH, batches
from feedsvc.store.tables import article, search

LONGEST_TITLE: Final = 60  # tokens
LONGEST_TEXT: Final = 8000  # tokens; PostgreSQL counts places to 16,383
TEXT_BEGINS: Final = 100  # place of its first token: no phrase runs from the title into the text
LATEST: Final = 2**32 - 1  # seconds
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS: Final = [
    article.c[name]
    for name in ("n", "source_n", "published", "title", "summary", "content", "authors", "tags", "language")
]
_PUT: Final[Mapping[str, TextClause]] = {
    "sqlite": text(
        "INSERT INTO search_text (rowid, title, body, facets) VALUES (:place, :title, :body, :facets)"
    ),
    "postgresql": text("INSERT INTO search_text (place, words) VALUES (:place, CAST(:words AS tsvector))"),
}
_DROP: Final[Mapping[str, TextClause]] = {
    "sqlite": text("DELETE FROM search_text WHERE rowid = :place"),
    "postgresql": text("DELETE FROM search_text WHERE place = :place"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The tokens of an article; ``facets`` stand for its source, tags and language."""

    title: Sequence[str]
    body: Sequence[str]
    facets: Sequence[str]


def put(connection: Connection, numbers: Sequence[int], now: datetime | None) -> None:
    """Index live articles anew: as what is news ``now`` or, with None, as of their dates.

    What is not live is left out, and taken out if it was in.
    """
    for batch in batches(list(numbers), LOOKUP_BATCH):
        drop(connection, batch)
        rows = connection.execute(
            select(*_COLUMNS).where(article.c.n.in_(batch), article.c.state == "live")
        ).mappings()
        add(connection, [(row, place(now or row["published"], row["n"])) for row in rows])


def add(connection: Connection, rows: Sequence[tuple[RowMapping, int]]) -> None:
    """Index articles that are not in the index, each at its place."""
    if not rows:
        return
    connection.execute(insert(search), [{"article_n": row["n"], "place": at} for row, at in rows])
    written = _for_sqlite if connection.dialect.name == "sqlite" else _for_postgresql
    connection.execute(_PUT[connection.dialect.name], [written(words_of(row), at) for row, at in rows])


def drop(connection: Connection, numbers: Sequence[int]) -> None:
    """Take articles out of the index, those that are in it."""
    for batch in batches(list(numbers), LOOKUP_BATCH):
        places = connection.scalars(
            delete(search).where(search.c.article_n.in_(batch)).returning(search.c.place)
        ).all()
        if places:
            connection.execute(_DROP[connection.dialect.name], [{"place": at} for at in places])


def place(when: datetime, number: int) -> int:
    """A number that rises with the time, and is nobody else's."""
    seconds = min(max(int((when - _EPOCH).total_seconds()), 0), LATEST)
    return (seconds << 31) + (number & 0x7FFFFFFF)


def words_of(row: RowMapping) -> Words:
    summary, content = row["summary"], row["content"]
    parts = [visible(summary)] if summary and summary != content else []
    parts += [visible(content), *(author["name"] for author in row["authors"]), *row["tags"]]
    return Words(
        title=tokens(row["title"], most=LONGEST_TITLE),
        body=spread(tokens(" \n".join(parts), most=LONGEST_TEXT)),
        facets=list(_facets(row)),
    )


def source_facet(source_n: int) -> str:
    return facet("source", str(source_n))


def tag_facet(tag: str) -> str:
    """The same for a tag in whatever case, and with or without its accents."""
    return facet("tag", " ".join(folded(tag).split()))


def language_facet(language: str) -> str:
    return facet("language", language.lower())


ANY: Final = facet("any")


def _facets(row: RowMapping) -> Iterator[str]:
    yield ANY
    yield source_facet(row["source_n"])
    yield from dict.fromkeys(map(tag_facet, row["tags"]))
    parts = (row["language"] or "").split("-")
    for length in range(1, len(parts) + 1 if parts[0] else 1):
        yield language_facet("-".join(parts[:length]))  # "en-GB" is found by "en", too


def _for_sqlite(words: Words, at: int) -> dict[str, Any]:
    return {
        "place": at,
        "title": " ".join(words.title),
        "body": " ".join(words.body),
        "facets": " ".join(words.facets),
    }


def _for_postgresql(words: Words, at: int) -> dict[str, Any]:
    """A tsvector as PostgreSQL writes it: ``'storm':3A,105``. Facets begin with ``=``, as no word does."""
    places: dict[str, list[str]] = {}
    titled = ((token, f"{number}A") for number, token in enumerate(words.title, start=1))
    rest = ((token, str(number)) for number, token in enumerate(words.body, start=TEXT_BEGINS))
    for token, where in chain(titled, rest):
        if token != FILLER:
            places.setdefault(token, []).append(where)
    written = [f"'{token}':{','.join(where)}" for token, where in places.items()]
    return {"place": at, "words": " ".join([*written, *(f"'={one}'" for one in words.facets)])}
