"""What does a search cost at 10 thousand and at 100 thousand articles, and what does keeping the index cost?

    python benchmarks/search.py [--articles 100000] [--postgresql]

Texts are 150 words each, drawn as in a language (the n-th commonest word as often as 1/n) from 30 thousand.
`ranked` is what one would write first: all that match, the best first (bm25, ts_rank), timed in the same run.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import text

from benchmarks.store import BATCH, SMALL, article, database, fill, timed
from feedsvc.model import Query
from feedsvc.store import Store, indexing
from feedsvc.store import tables as t

WORDS = 30_000
LENGTH = 150
ROUNDS = 20
ALL = ("all",)
LOOKS = {
    "a common word": Query(feeds=ALL, limit=50, text="w1"),
    "a rare word": Query(feeds=ALL, limit=50, text="w20000"),
    "two words": Query(feeds=ALL, limit=50, text="w5 w40"),
    "a phrase": Query(feeds=ALL, limit=50, text='"w2 w3"'),
    "a beginning, w12*": Query(feeds=ALL, limit=50, text="w12*"),
    "without": Query(feeds=ALL, limit=50, text="w3 -w1"),
    "in the title": Query(feeds=ALL, limit=50, text="title:w3"),
    "nothing to find": Query(feeds=ALL, limit=50, text="w1 w2 nowhere"),
    "one source": Query(feeds=ALL, limit=50, sources=("s3",)),
    "two categories": Query(feeds=("c/c3", "c/c4"), limit=50),
    "common, in a category": Query(feeds=("c/c3",), limit=50, text="w1"),
}
RANKED = {
    "sqlite": "SELECT rowid FROM search_text WHERE search_text MATCH 'w1' ORDER BY rank LIMIT 50",
    "postgresql": "SELECT place FROM search_text WHERE words @@ 'w1'::tsquery "
    "ORDER BY ts_rank(words, 'w1'::tsquery) DESC LIMIT 50",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000, help="size of the large store")
    parser.add_argument("--postgresql", action="store_true", help="on the embedded PostgreSQL too")
    options = parser.parse_args()
    for kind in ("sqlite", "postgresql") if options.postgresql else ("sqlite",):
        with ExitStack() as stack:
            small = stack.enter_context(filled(kind, SMALL))
            large = stack.enter_context(filled(kind, options.articles))
            report(kind, small, large, options.articles)


@contextmanager
def filled(kind: str, articles: int) -> Iterator[Store]:
    with database(kind) as url:
        store = Store.open(url)
        store.upgrade()
        fill(store, articles)
        words, index = indexed(store, articles)
        each = (
            f"{words / articles * 1e6:.0f} us a text for its tokens, {index / articles * 1e6:.0f} us in all"
        )
        print(f"{kind:10} {articles:,} articles indexed: {each}")
        yield store
        store.close()


def indexed(store: Store, articles: int) -> tuple[float, float]:
    """Seconds for making tokens alone, and for all of it."""
    dice = random.Random(1)
    names = [f"w{n}" for n in range(1, WORDS)]
    weights = [1 / n for n in range(1, WORDS)]
    words = took = 0.0
    for start in range(0, articles, BATCH):
        rows = []
        for n in range(start, min(start + BATCH, articles)):
            drawn = dice.choices(names, weights, k=LENGTH)
            content = f"<p>{' '.join(drawn)}</p>"
            rows.append({**article(n), "title": " ".join(drawn[:6]), "content": content})
        began = time.perf_counter()
        for row in rows:
            indexing.words_of(row)  # type: ignore[arg-type]  # a mapping is all it needs
        words += time.perf_counter() - began
        began = time.perf_counter()
        with store._db.writing() as connection:  # the bench fills tables; the service never does
            places = [(row, indexing.place(row["published"], row["n"])) for row in rows]
            indexing.add(connection, places)  # type: ignore[arg-type]
        took += time.perf_counter() - began
    with store._db.writing() as connection:
        if not store._db.is_sqlite:
            connection.exec_driver_sql("ANALYZE")
        assert connection.execute(t.search.select().limit(1)).one()
    return words, took


def report(kind: str, small: Store, large: Store, size: int) -> None:
    looks: dict[str, Callable[[Store], object]] = {"ranked, a common word": lambda store: ranked(kind, store)}
    looks |= {name: (lambda store, query=query: store.find(query)) for name, query in LOOKS.items()}
    for name, look in looks.items():
        few, many = [], []
        for _ in range(ROUNDS):
            few.append(timed(look, small))
            many.append(timed(look, large))
        a, b = statistics.median(few) * 1000, statistics.median(many) * 1000
        print(f"{kind:10} {name:22} {SMALL:>9,}: {a:6.2f} ms   {size:>9,}: {b:6.2f} ms   ratio {b / a:.2f}")


def ranked(kind: str, store: Store) -> object:
    with store._db.reading() as connection:
        return connection.execute(text(RANKED[kind])).all()


if __name__ == "__main__":
    main()
