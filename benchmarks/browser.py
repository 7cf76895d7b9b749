"""Does a browser stay as large as it was over 200 pages, and what does a page cost beside a plain fetch?

    python benchmarks/browser.py [--pages 200]

Draws a page whose list comes by a script, over and over with one Chromium that is never replaced, and fetches
the same list plainly in the same run. Prints memory as it goes, then medians and the ratio drawn / plain.
"""

import argparse
import ipaddress
import logging
import os
import statistics
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from werkzeug import Request as Received
from werkzeug import Response
from werkzeug.serving import make_server

from feedsvc.fetch import Fetcher
from feedsvc.fetch.browser import Limits
from feedsvc.fetch.browser.processes import Group, led_by
from feedsvc.model import Document, Request

MB = 1_000_000
ITEM = "<article><h2><a href=/{0}>Headline number {0} of the day</a></h2><p>{1}</p></article>"
LIST = "".join(ITEM.format(number, "What it is about, in a few words. " * 4) for number in range(60))
PAGE = f"""<!doctype html><title>News</title><main></main><script>const library = "{"x" * 300_000}";
fetch("/list").then(answer => answer.text())
  .then(html => document.querySelector("main").innerHTML = html)</script>"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    pages = parser.parse_args().pages
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, _serve, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    fetcher = Fetcher(
        timeout=timedelta(seconds=30),
        max_bytes=10 * MB,
        user_agent="feedsvc-benchmark/1",
        allow=[ipaddress.ip_network("127.0.0.0/8")],
        browser=Limits(pages=pages + 1),
    )
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        first = _timed(lambda: _draw(fetcher, address))
        peak, drawn = Peak(), [0.0]
        for number in range(2, pages + 1):
            drawn.append(_timed(lambda: _draw(fetcher, address)))
            if number in {2, 10, 50, 100, 150, 200, pages}:
                print(f"after {number:3} pages: {peak}")
        plain = [_timed(lambda: fetcher.get(Request(url=f"{address}/list"))) for _ in range(pages)]
    finally:
        fetcher.close()
    page, bare = statistics.median(drawn[1:]), statistics.median(plain)
    print(f"first page, with the start of Chromium: {first:.0f} ms")
    print(f"drawn: {page:.0f} ms a page (fastest {min(drawn[1:]):.0f}); plain: {bare:.1f} ms")
    print(f"drawn / plain: {page / bare:.0f}")


@Received.application
def _serve(request: Received) -> Response:
    return Response(LIST if request.path == "/list" else PAGE, content_type="text/html; charset=utf-8")


def _draw(fetcher: Fetcher, address: str) -> None:
    document = fetcher.get(Request(url=f"{address}/", render="browser"))
    assert isinstance(document, Document)
    assert document.body.count(b"<article>") == 60


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


class Peak:
    """The memory of Chromium, now and at most since it was last told."""

    def __init__(self) -> None:
        self._group, self._driver = _chromium()
        self._most = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def __str__(self) -> str:
        most, self._most = self._most, 0
        now = sum(self._group.memory().values())
        return f"Chromium {now // MB} MB now, {most // MB} MB at most, driver {_own(self._driver) // MB} MB"

    def _watch(self) -> None:
        while True:
            self._most = max(self._most, sum(self._group.memory().values()))
            time.sleep(0.1)


def _chromium() -> tuple[Group, int]:
    """(Chromium's processes, its driver), as this process's child and that one's child."""
    parents = {int(place.name): _parent(place) for place in Path("/proc").glob("[0-9]*")}
    for pid, parent in parents.items():
        group = led_by(pid) if parents.get(parent) == os.getpid() else None
        if group is not None:
            return group, parent
    raise SystemExit("no Chromium below this process")


def _parent(place: Path) -> int:
    try:
        return int((place / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it has ended


def _own(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon:"))


if __name__ == "__main__":
    main()
