"""What does an export of 100 categories cost: the first, one with nothing new, one with one new article?

Each category has 120 articles of some 2,400 characters, so that there is history. Seconds are wall time, the
best of three for the repeats; files count compressed forms too. ``python benchmarks/export.py``.
"""

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedsvc.bootstrap import open_services, open_store
from feedsvc.config import Config
from feedsvc.export import Brought, export_site
from feedsvc.model import Article, Harvest, ItemKeys, NewArticle, NextCheck, Poll, SafeHtml, Validators
from feedsvc.publish import publish_due
from feedsvc.services import Services

ARTICLES = 120  # of a category
CHARACTERS = 2_400  # of an article
AGAIN = 3


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now


def articles(category: int, first: int, count: int, now: datetime) -> Iterator[NewArticle]:
    """Prose of made-up words, as often as words are, so that it packs as prose does."""
    dice = random.Random(category * 100_000 + first)
    syllables = [a + b for a in "bdfgklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er", "st")]
    words = ["".join(dice.choices(syllables, k=dice.choice((1, 2, 2, 3)))) for _ in range(600)]
    weights = [1 / (rank + 2) for rank in range(len(words))]
    for number in range(first, first + count):
        text = " ".join(dice.choices(words, weights, k=CHARACTERS // 4))[:CHARACTERS]
        yield NewArticle(
            keys=ItemKeys(primary=f"guid:{category}/{number}", aliases=(), iri=None, item_hash=str(number)),
            ids=(f"tag:bench.example,2026:{category}:{number}",),
            article=Article(
                title=text[:60],
                link=f"https://bench{category}.example/{number}",
                summary=SafeHtml(""),
                content=SafeHtml(f"<p>{text}</p>"),
                published=now - timedelta(minutes=ARTICLES - number),
                fingerprint=f"{category}/{number}",
            ),
        )


def write(services: Services, category: int, first: int, count: int) -> None:
    now = services.clock()
    name = f"source-{category}"
    assert services.store.claim(name, now=now, lease="bench", lease_for=timedelta(minutes=1))
    fresh = tuple(articles(category, first, count, now))
    check = NextCheck(at=now + timedelta(hours=1), reason="benchmark")
    record = Poll(source_id=name, started=now, outcome="ok", next_check=check)
    harvest = Harvest(validators=Validators(), new=fresh)
    services.store.finish(lease="bench", record=record, harvest=harvest, now=now)


def publish(services: Services, clock: Clock) -> None:
    while True:
        clock.now += timedelta(seconds=2)
        publish_due(services)
        if not services.store.dirty_feeds():
            return


def filled(here: Path, categories: int, clock: Clock) -> Services:
    config = Config.model_validate(
        {
            "site": {"title": "Benchmark", "url": "https://feeds.example.org"},
            "categories": [{"id": f"topic-{n}", "title": f"Topic {n}"} for n in range(categories)],
            "sources": [
                {
                    "id": f"source-{n}",
                    "type": "feed",
                    "url": f"https://bench{n}.example/feed",
                    "categories": [f"topic-{n}"],
                }
                for n in range(categories)
            ],
        }
    )
    services = open_services(open_store(f"sqlite:///{here / 'bench.db'}"), config, clock=clock)
    for category in range(categories):
        write(services, category, 0, ARTICLES)
    publish(services, clock)
    return services


def timed(services: Services, directory: Path) -> tuple[float, float, Brought]:
    wall, cpu = time.perf_counter(), time.process_time()
    done = export_site(services, directory)
    return time.perf_counter() - wall, time.process_time() - cpu, done


def tell(what: str, runs: list[tuple[float, float, Brought]]) -> None:
    wall, cpu, done = min(runs, key=lambda one: one[0])
    written, kept = len(done.written), done.kept
    print(f"{what:<28} {wall:7.2f} s  {cpu:7.2f} s CPU  {written:6,} written  {kept:6,} kept")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--categories", type=int, default=100)
    categories = parser.parse_args().categories
    here, clock = Path(tempfile.mkdtemp(prefix="feedsvc-export-")), Clock()
    try:
        services = filled(here, categories, clock)
        www = here / "www"
        tell("first", [timed(services, www)])
        tell("again, nothing new", [timed(services, www) for _ in range(AGAIN)])
        runs = []
        for number in range(AGAIN):
            clock.now += timedelta(minutes=1)
            write(services, 0, ARTICLES + number, 1)
            publish(services, clock)
            runs.append(timed(services, www))
        tell("again, one new article", runs)
        size = sum(path.stat().st_size for path in www.rglob("*") if path.is_file())
        print(f"{categories} categories of {ARTICLES} articles: {size / 1e6:,.1f} MB")
        services.close()
    finally:
        shutil.rmtree(here)


if __name__ == "__main__":
    main()
