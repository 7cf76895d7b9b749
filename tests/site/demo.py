"""What does feedsvc do? A newspaper without feeds and feedsvc beside it, offline: the quickest way to see it.

``make demo`` runs this. Both end with Ctrl-C, and nothing of it stays.
"""

import argparse
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.site.paper import Paper
from tests.site.running import running

CONFIG: Final = Path(__file__).with_name("config")
KEY: Final = "open-sesame"  # of the newspaper's API; the config refers to it as ${env:COURIER_KEY}
LOG: Final = "feedsvc.log"
STARTS_WITHIN: Final = 60.0  # seconds
CHROMIUMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

TOLD: Final = """
  The newspaper  {site}/  pages as newspapers have them, without a feed
  feedsvc        {feeds}/  the same as feeds

  What to look at
{look}

  What to try, in another terminal
    export FEEDSVC_CONFIG={config} FEEDSVC_DATABASE_URL={database} COURIER_KEY={key}
{attempts}

  Every {every} seconds one more story is printed, until the drawer is empty. Ctrl-C ends both.
"""
LOOK: Final = (
    ("{site}/town/", "{feeds}/c/town/", "a list of three pages, by selectors"),
    ("{site}/culture/", "{feeds}/c/culture/", "broken markup, full text from the articles"),
    ("{site}/ar/", "{feeds}/c/arabic/", "a list from right to left"),
    ("{site}/live/", "{feeds}/c/live/", "{live}"),
    ("everything", "{feeds}/all.atom", "for your feed reader"),
)
ATTEMPTS: Final = (
    ("{feedsvc} source list", "how each source fares, and which walls were met"),
    ("{feedsvc} preview {site}/science/", "what a page would give, before it is configured"),
    ("curl -X POST {site}/control/publish", "the newspaper prints one more story at once"),
    ("curl -d design=2 {site}/control/design", "it gets a new design"),
    ("less {log}", "what feedsvc says meanwhile"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.site.demo", description=__doc__)
    parser.add_argument("--site-port", type=int, default=8001, help="of the newspaper; default 8001")
    parser.add_argument("--port", type=int, default=8000, help="of feedsvc; default 8000")
    parser.add_argument("--every", type=int, default=60, help="seconds between two new stories; default 60")
    given = parser.parse_args()
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    return run(site_port=given.site_port, port=given.port, every=given.every, stopping=stopping)


def run(*, site_port: int, port: int, every: int, stopping: threading.Event) -> int:
    """Both until ``stopping`` is set or feedsvc ends; the exit status."""
    paper = Paper(base=datetime.now(UTC), api_key=KEY)
    with (
        tempfile.TemporaryDirectory(prefix="feedsvc-demo-") as place,
        running(paper, free(site_port)) as site,
    ):
        directory = Path(place)
        draws = has_browser()
        write_config(directory / "config", site, with_browser=draws)
        feeds = f"http://127.0.0.1:{free(port)}"
        with feedsvc(directory, feeds) as process:
            if not _answers(feeds, process, stopping):
                return _not_started(process, directory / LOG, stopping)
            print(_told(site, feeds, directory, every=every, draws=draws), flush=True)
            _print_on(paper, process, every=every, stopping=stopping)
            return 0 if stopping.is_set() else process.poll() or 0


def free(port: int) -> int:
    """The port, or the next one that is not taken."""
    for candidate in range(port, port + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return candidate
    raise SystemExit(f"none of the ports {port} to {port + 49} is free: choose others (--port, --site-port)")


def has_browser() -> bool:
    return importlib.util.find_spec("playwright") is not None and any(map(shutil.which, CHROMIUMS))


def write_config(directory: Path, site: str, *, with_browser: bool) -> None:
    """The demo's config, with the newspaper at that address."""
    for path in CONFIG.rglob("*.yaml"):
        if path.stem == "browser" and not with_browser:
            continue
        target = directory / path.relative_to(CONFIG)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text("utf-8").replace("SITE", site), "utf-8")


@contextmanager
def feedsvc(directory: Path, feeds: str) -> Iterator[subprocess.Popen[bytes]]:
    """``feedsvc serve`` on that config; it is stopped at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")}
    environment |= {
        "FEEDSVC_CONFIG": str(directory / "config"),
        "FEEDSVC_DATABASE_URL": f"sqlite:///{directory}/feedsvc.sqlite",
        "COURIER_KEY": KEY,
    }
    command = [sys.executable, "-m", "feedsvc", "-q", "serve", "--port", feeds.rpartition(":")[2]]
    # In a group of its own: a Ctrl-C is ours to pass on, once.
    with (directory / LOG).open("wb") as log:
        process = subprocess.Popen(command, env=environment, start_new_session=True, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(feeds: str, process: "subprocess.Popen[bytes]", stopping: threading.Event) -> bool:
    """Wait until feedsvc takes connections."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None and not stopping.is_set():
        try:
            socket.create_connection(("127.0.0.1", int(feeds.rpartition(":")[2])), timeout=1).close()
        except OSError:
            stopping.wait(0.2)
        else:
            return True
    return False


def _not_started(process: "subprocess.Popen[bytes]", log: Path, stopping: threading.Event) -> int:
    if stopping.is_set():
        return 0
    ended = process.poll()
    print("feedsvc did not start" if ended is None else f"feedsvc ended with status {ended}", file=sys.stderr)
    print(log.read_text("utf-8", "replace"), file=sys.stderr)
    return 1


def _told(site: str, feeds: str, directory: Path, *, every: int, draws: bool) -> str:
    values: dict[str, object] = {
        "site": site,
        "feeds": feeds,
        "config": directory / "config",
        "database": f"sqlite:///{directory}/feedsvc.sqlite",
        "log": directory / LOG,
        "every": every,
        "key": KEY,
        "feedsvc": Path(sys.executable).with_name("feedsvc"),
        "live": "drawn by Chromium" if draws else "needs feedsvc[browser] and Chromium: left out here",
    }
    return TOLD.format(look=_table(LOOK, values), attempts=_table(ATTEMPTS, values), **values)


def _table(rows: Sequence[Sequence[str]], values: Mapping[str, object]) -> str:
    filled = [[cell.format(**values) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*filled, strict=True)]
    return "\n".join(("    " + "  ".join(map(str.ljust, row, widths))).rstrip() for row in filled)


def _print_on(
    paper: Paper, process: "subprocess.Popen[bytes]", *, every: int, stopping: threading.Event
) -> None:
    """A new story now and then, until it is enough."""
    due = time.monotonic() + every
    while process.poll() is None and not stopping.wait(0.5):
        if time.monotonic() < due:
            continue
        due += every
        story = paper.publish_next(datetime.now(UTC))
        if story:
            print(f"  {story.published.astimezone():%H:%M} printed: {story.title} ({story.path})", flush=True)


if __name__ == "__main__":
    sys.exit(main())
