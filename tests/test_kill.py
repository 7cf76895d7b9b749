"""Is anything lost, doubled or broken when the collector is killed in the middle?

``FEEDSVC_KILLS`` (default 6) says how often it is killed, at random points of a collection that never rests.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser
import pytest

from feedsvc.store import Store

KILLS = int(os.environ.get("FEEDSVC_KILLS", "6"))
SOURCES = 12
MOST = 400  # articles a source; the limit of the feeds is above all of them together
CONFIG = """
site: {title: Kill test, url: "https://feeds.example.org"}
defaults: {every: 1s, limit: 10000}
fetch: {allow: ["127.0.0.0/8"], timeout: 1s}
categories: [{id: even, title: Even}, {id: odd, title: Odd}]
"""


class Origin:
    """Feeds that have one more article at every visit, until they are frozen."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.asked = 0
        self.frozen = False
        self.lock = threading.Lock()
        origin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = origin.feed(int(self.path.rsplit("/", 1)[1])).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def was_asked_since(self, count: int) -> bool:
        return self.asked > count

    def feed(self, number: int) -> str:
        with self.lock:
            self.asked += 1
            if not self.frozen and self.counts[number] < MOST:
                self.counts[number] += 1
            count = self.counts[number]
        items = "".join(
            f"<item><title>{number}-{n}</title><guid>urn:x:{number}:{n}</guid>"
            f"<description>Text of {n}</description></item>"
            for n in range(1, count + 1)
        )
        return f'<rss version="2.0"><channel><title>Origin {number}</title>{items}</channel></rss>'


@contextmanager
def running(origin: Origin) -> Iterator[str]:
    thread = threading.Thread(target=origin.server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{origin.server.server_port}"
    origin.server.shutdown()
    origin.server.server_close()
    thread.join()


def write_config(directory: Path, address: str) -> None:
    (directory / "sources").mkdir(parents=True)
    (directory / "feedsvc.yaml").write_text(CONFIG)
    lines = (
        f'  - {{id: s{n}, type: feed, url: "{address}/{n}", categories: [{"odd" if n % 2 else "even"}]}}\n'
        for n in range(SOURCES)
    )
    (directory / "sources" / "all.yaml").write_text("sources:\n" + "".join(lines))


def start(directory: Path, database_url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "feedsvc", "--config", str(directory), "--db", database_url, "scheduler"]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def assert_feeds_are_valid(store: Store) -> None:
    """Whatever was killed, what readers get is whole: well-formed, each article once."""
    for key in ("all", "c/odd", "c/even"):
        for format in ("rss", "atom"):
            rendering = store.rendering(key, format)  # type: ignore[arg-type]
            if rendering is None:
                continue
            parsed = feedparser.parse(rendering.bodies["identity"])
            assert not parsed.bozo, (key, format, parsed.get("bozo_exception"))
            ids = [entry.id for entry in parsed.entries]
            assert len(ids) == len(set(ids)), (key, format)


def published(store: Store, key: str) -> Counter[str]:
    rendering = store.rendering(key, "rss")
    if rendering is None:
        return Counter()
    return Counter(entry.title for entry in feedparser.parse(rendering.bodies["identity"]).entries)


def has_all(store: Store, expected: Counter[str]) -> bool:
    return published(store, "all") == published(store, "c/odd") + published(store, "c/even") == expected


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_kill_9_loses_nothing_and_doubles_nothing(store: Store, database_url: str, tmp_path: Path) -> None:
    dice = random.Random(7)
    origin = Origin()
    with running(origin) as address:
        write_config(tmp_path / "config", address)
        for _ in range(KILLS):
            asked = origin.asked
            process = start(tmp_path / "config", database_url)
            wait_until(partial(origin.was_asked_since, asked))
            time.sleep(dice.uniform(0.0, 2.5))
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert_feeds_are_valid(store)
        origin.frozen = True
        expected = Counter(f"{s}-{n}" for s in range(SOURCES) for n in range(1, origin.counts[s] + 1))
        assert len(expected) > SOURCES * KILLS / 2, "the collection hardly ran between the kills"
        process = start(tmp_path / "config", database_url)
        try:
            wait_until(lambda: has_all(store, expected))
        finally:
            process.terminate()
            process.wait(10)
        assert published(store, "all") == expected
        assert published(store, "c/odd") + published(store, "c/even") == expected
        assert Counter(record.entry.article.title for record in store.all_articles()) == expected
        assert_feeds_are_valid(store)


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
