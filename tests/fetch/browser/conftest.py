"""A real Chromium, started once for most tests, and pages for it to draw."""

import contextlib
import importlib.util
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from feedsvc.fetch import Fetcher
from feedsvc.model import Document, Request
from tests.fetch.conftest import LOOPBACK, NOW, lookup_of

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
AGENT = "feedsvc-test/1 (+https://example.org/; feeds@example.org)"

MakeDrawing = Callable[..., Fetcher]

looked_up: list[str] = []  # the names that were asked for
known = lookup_of(
    localhost=["127.0.0.1"],
    site_example=["127.0.0.1"],
    inside_example=["10.0.0.7"],
    here_example=["127.0.0.1"],
)


def lookup(host: str) -> list[Any]:
    looked_up.append(host)
    return known(host)


def require_chromium() -> None:
    """Without a browser skip, but never in CI."""
    missing = "Chromium" if not any(map(shutil.which, CHROMIUMS)) else None
    if importlib.util.find_spec("playwright") is None:
        missing = "playwright"
    if missing is not None:
        if os.environ.get("CI"):
            pytest.fail(f"{missing} is not installed, and CI must have it")
        pytest.skip(f"{missing} is not installed")


def drawing_fetcher(**options: Any) -> Fetcher:
    """A fetcher that may draw pages of this machine."""
    defaults: dict[str, Any] = {
        "timeout": timedelta(seconds=25),
        "max_bytes": 1_000_000,
        "user_agent": AGENT,
        "allow": LOOPBACK,
        "clock": lambda: NOW,
        "lookup": lookup,
    }
    return Fetcher(**(defaults | options))


@pytest.fixture(scope="session")
def drawing() -> Iterator[Fetcher]:
    """Shared by all tests that leave it as it was."""
    require_chromium()
    fetcher = drawing_fetcher()
    yield fetcher
    fetcher.close()


@pytest.fixture
def make_drawing() -> Iterator[MakeDrawing]:
    """Fetchers with a Chromium of their own."""
    require_chromium()
    made: list[Fetcher] = []

    def make(**options: Any) -> Fetcher:
        made.append(drawing_fetcher(**options))
        return made[-1]

    yield make
    for fetcher in made:
        fetcher.close()


Draw = Callable[..., Document]


@pytest.fixture
def draw(drawing: Fetcher, httpserver: HTTPServer) -> Draw:
    """Serve a page with this body and draw it."""

    def drawn(body: str, *, head: str = "", path: str = "/page", fragment: str = "") -> Document:
        html = f"<!doctype html><html lang='fr'><head>{head}</head><body>{body}</body></html>"
        httpserver.expect_request(path).respond_with_data(html, content_type="text/html; charset=utf-8")
        document = drawing.get(Request(url=httpserver.url_for(path) + fragment, render="browser"))
        assert isinstance(document, Document)
        return document

    return drawn


def paths(server: HTTPServer) -> list[str]:
    """What was asked for, sorted."""
    return sorted(request.path for request, _ in server.log)


def descendants(pid: int) -> set[int]:
    """All processes below ``pid``, but those that have ended and that nobody has waited for yet."""
    parents = dict[int, int]()
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, parent = (place / "stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(place.name)] = int(parent)
    found, more = set[int](), {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
