"""What does a feed that is made when asked for cost: cold, warm, after news elsewhere, as a 304?

    python benchmarks/filtered.py [--rounds 100]

One process, SQLite, 2,000 articles of 3 KB; no sockets: what is timed is the processor time of a thread of
the web process. A finished feed in memory is timed in the same run, and the rest told as a ratio to it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from feedsvc.model import SafeHtml
from feedsvc.store import Store
from feedsvc.web.fastpath import FastPath
from feedsvc.web.ondemand import OnDemand
from tests.conftest import Clock
from tests.web.site import Site, open_site

TEXT = "What happened there, who says so, and why it may matter to those who read of it. " * 36


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        site = filled(Path(folder) / "bench.sqlite")
        fast = FastPath(site.services)
        fast.refresh()
        measure(site, fast, OnDemand(site.services, fast), rounds)
        site.services.close()


def filled(path: Path) -> Site:
    store = Store.open(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    site = open_site(path, Clock())
    content = SafeHtml(f"<p>{TEXT}</p>")
    for start in range(0, 2_000, 500):
        titles = [f"Number {number} of many" for number in range(start, start + 500)]
        site.write("times", *titles, content=content)
    site.publish()
    return site


def measure(site: Site, fast: FastPath, made: OnDemand, rounds: int) -> None:
    path, query = "/c/world.rss", "q=number+-nothing&lang=&utm_source=x"
    finished = timed(rounds, lambda n: fast.answer(request(path)))
    print(f"finished feed, 200             {finished * 1e6:9.1f} us")
    tell(
        "filtered, cold (made)",
        timed(rounds, lambda n: made.answer(request(path, f"q=w{n}+OR+many"))),
        finished,
    )
    tell("filtered, warm", timed(rounds, lambda n: made.answer(request(path, query))), finished)
    answer = made.answer(request(path, query))
    assert answer is not None
    tag = dict(answer[1])["ETag"]
    tell("filtered, 304", timed(rounds, lambda n: made.answer(request(path, query, tag))), finished)
    again = [looked_at_again(site, fast, made, path, query) for _ in range(max(rounds // 5, 5))]
    tell("filtered, looked at again", statistics.median(again), finished)


def looked_at_again(site: Site, fast: FastPath, made: OnDemand, path: str, query: str) -> float:
    """After so long that it may have changed, and did not."""
    site.clock.now += timedelta(seconds=61)
    fast.refresh()
    return timed(1, lambda n: made.answer(request(path, query)))


def request(path: str, query: str = "", tag: str | None = None) -> dict[str, Any]:
    given = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": "GET",
        "HTTP_ACCEPT_ENCODING": "gzip",
    }
    return given if tag is None else {**given, "HTTP_IF_NONE_MATCH": tag}


def timed(rounds: int, act: Callable[[int], object]) -> float:
    """Seconds of processor time; the machine may be busy."""
    took = []
    for number in range(rounds):
        began = time.thread_time()
        assert act(number) is not None
        took.append(time.thread_time() - began)
    return statistics.median(took)


def tell(name: str, seconds: float, finished: float) -> None:
    print(f"{name:30} {seconds * 1e6:9.1f} us   {seconds / finished:7.1f} times the finished one")


if __name__ == "__main__":
    main()
