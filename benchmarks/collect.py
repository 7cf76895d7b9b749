"""How long does a whole round take: many feeds, all new, then all asked again? Against lemon24/reader.

    python benchmarks/collect.py [--feeds 1000] [--rounds 1] [--postgresql]

Each feed has 20 articles (about 55 KB), is served on 127.0.0.1 by a process of its own, and is asked by
`feedsvc collect --all` and by reader with 16 workers, in turn, each in a fresh process on a fresh database.
Wall and processor time are those of the process; the ratio is that of the walls.
"""

import argparse
import asyncio
import hashlib
import multiprocessing
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate, islice
from multiprocessing.connection import Connection
from pathlib import Path

ARTICLES = 20
VOCABULARY = 20_000  # words; the n-th comes as often as 1/n, as in a language
# As installed: modules are compiled once, whatever holds where this is run.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1], feed_root=None)
for n in range(int(sys.argv[3])):
    reader.add_feed(f"{sys.argv[2]}/{n}", exist_ok=True)
reader.update_feeds(workers=16)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="feedsvc on the embedded PostgreSQL")
    options = parser.parse_args()
    with ExitStack() as stack:
        origin = stack.enter_context(served())
        times: dict[str, list[tuple[float, float]]] = {}
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory() as directory:
                root = Path(directory)
                database = (
                    stack.enter_context(postgresql()) if options.postgresql else f"sqlite:///{root / 'f.db'}"
                )
                configure(root, origin, options.feeds)
                ours = [
                    sys.executable,
                    "-m",
                    "feedsvc",
                    "-c",
                    str(root),
                    "--db",
                    database,
                    "collect",
                    "--all",
                    "-q",
                ]
                theirs = [sys.executable, "-c", READER, str(root / "r.db"), origin, str(options.feeds)]
                for when in ("first", "again"):
                    for name, command in (("feedsvc", ours), ("reader", theirs)):
                        times.setdefault(f"{name}, {when}", []).append(timed(command))
    report(times, options.feeds)


def report(times: dict[str, list[tuple[float, float]]], feeds: int) -> None:
    print(f"{feeds:,} feeds of {ARTICLES} articles; load {os.getloadavg()[0]:.2f}")
    for name, found in times.items():
        wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        rate = f"{feeds * ARTICLES / wall:8,.0f} articles/s" if name.endswith("first") else " " * 19
        print(f"{name:15} {wall:7.2f} s wall {cpu:7.2f} s of processor {rate}")
    for when in ("first", "again"):
        pairs = zip(times[f"reader, {when}"], times[f"feedsvc, {when}"], strict=True)
        ratio = statistics.median(their[0] / our[0] for their, our in pairs)
        print(f"{when}: reader takes {ratio:.2f} times as long")


def timed(command: list[str]) -> tuple[float, float]:
    """(wall, processor) in seconds of a command that must succeed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, timeout=600, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def configure(root: Path, origin: str, feeds: int) -> None:
    (root / "sources").mkdir()
    (root / "feedsvc.yaml").write_text(
        "site: {title: T, url: 'https://feeds.example.org'}\nfetch: {allow: [127.0.0.0/8]}\n"
        "categories:\n" + "".join(f"  - {{id: c{n}, title: C{n}}}\n" for n in range(10))
    )
    (root / "sources" / "all.yaml").write_text(
        "sources:\n"
        + "".join(
            f"  - {{id: s{n}, type: feed, url: '{origin}/{n}', categories: [c{n % 10}]}}\n"
            for n in range(feeds)
        )
    )


def _made_up(number: int) -> str:
    """A word of two to four syllables."""
    dice = random.Random(number)
    return "".join(dice.choice("bcdfghjklmnprstvw") + dice.choice("aeiou") for _ in range(dice.randint(2, 4)))


_LANGUAGE = [_made_up(n) for n in range(VOCABULARY)]
_OFTEN = list(accumulate(1 / n for n in range(1, VOCABULARY + 1)))


# ---- the origin -------------------------------------------------------------------------------------


def _words(dice: random.Random, count: int) -> Iterator[str]:
    return iter(dice.choices(_LANGUAGE, cum_weights=_OFTEN, k=count))


def feed(number: int) -> bytes:
    dice = random.Random(number)
    words = _words(dice, ARTICLES * 370)
    start = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=number)
    items = []
    for n in range(ARTICLES):
        text = "".join(f"<p>{' '.join(islice(words, 60))}.</p>" for _ in range(6))
        items.append(
            f"<item><title>{' '.join(islice(words, 7))}</title><guid>https://s{number}.example/{n}</guid>"
            f"<link>https://s{number}.example/{n}</link><author>a@b.example (Ann Lee)</author>"
            f"<category>{next(words)}</category><pubDate>{format_datetime(start - timedelta(hours=n))}"
            f"</pubDate><description><![CDATA[{text}]]></description></item>"
        )
    head = f"<title>Feed {number}</title><link>https://s{number}.example/</link><description>D</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


@contextmanager
def served() -> Iterator[str]:
    """The address of the origin, which runs until the block ends."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(there,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()


def serve(told: Connection) -> None:
    asyncio.run(_serve(told))


async def _serve(told: Connection) -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            body = feed(int(head.split(b" ", 2)[1].strip(b"/")))
            tag = b'"' + hashlib.sha256(body).hexdigest()[:16].encode() + b'"'
            if tag in head:
                writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n")
            else:
                lines = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: " + tag
                writer.write(lines + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


@contextmanager
def postgresql() -> Iterator[str]:
    from benchmarks.store import database

    with database("postgresql") as url:
        yield url


if __name__ == "__main__":
    main()
