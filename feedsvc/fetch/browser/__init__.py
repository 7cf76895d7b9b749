"""How is a page had as Chromium draws it, within the bounds of every other fetch?

``Browser`` is the door. Behind it: ``room`` (the thread that a browser needs), ``keeper`` (one Chromium,
renewed and ended), ``program`` (which one, and its switches), ``processes`` (its memory); ``drawing`` (one
page until it is quiet), ``gate`` (what it may ask for), ``luggage`` (what it takes along), ``diary`` (what
happens to it), ``failure`` (what that means); ``proxy``, ``passes`` and ``heads`` (how nothing gets past the
guard).

Nothing is loaded or started before the first page is asked for.
"""

import contextlib
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from feedsvc.addresses import show_url
from feedsvc.errors import FetchError, Unreachable
from feedsvc.fetch import answer
from feedsvc.fetch.browser.order import USUAL, Limits, Order
from feedsvc.fetch.deadline import Deadline, Watchdog
from feedsvc.fetch.guard import Guard, Target, target
from feedsvc.fetch.names import Resolver
from feedsvc.fetch.trip import set_out
from feedsvc.model import Document, NotModified, Request, Validators

if TYPE_CHECKING:
    from feedsvc.fetch.browser.room import Room

T = TypeVar("T")

__all__ = ["USUAL", "Browser", "Limits"]

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*")
_MISSING = "No browser: render: browser needs the extra, pip install 'feedsvc[browser]', and chromium."
# What was said of the bytes that came, and is not true of the page that was drawn with them.
_OF_THE_BYTES = {
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "set-cookie",
    "etag",
    "last-modified",
}


class Plain(Protocol):
    """How what turns out to be no page is fetched; ``Client.get`` is."""

    def __call__(
        self, request: Request, *, validators: Validators | None, configured: bool
    ) -> Document | NotModified:
        """Raises FetchError."""


class Turns:
    """Who may draw now: ``most`` threads at once, the others in the order in which they came."""

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._free = most
        self._waiting: deque[Future[None]] = deque()

    @contextlib.contextmanager
    def turn(self, deadline: Deadline) -> Iterator[None]:
        """Wait for a turn and have it. Raises as ``Deadline.wait`` does."""
        place: Future[None] = Future()
        with self._lock:
            if self._free:
                self._free -= 1
                place.set_result(None)
            else:
                self._waiting.append(place)
        try:
            deadline.wait(place)
            yield
        finally:
            self._leave(place)

    def _leave(self, place: Future[None]) -> None:
        with self._lock:
            if not place.done():
                self._waiting.remove(place)
            elif self._waiting:
                self._waiting.popleft().set_result(None)
            else:
                self._free += 1


class Browser:
    """Draws pages; shared by all threads, to be closed in the end.

    ``timeout`` (seconds) covers a page whole; before it, waiting for a turn and for Chromium to start may
    take as much. ``max_bytes`` bounds what a page loads, and what is drawn. ``plain`` fetches what turns out
    to be no page.
    """

    def __init__(
        self,
        *,
        timeout: float,
        max_bytes: int,
        redirects: int,
        user_agent: str,
        guard: Guard,
        resolver: Resolver,
        clock: Callable[[], datetime],
        plain: Plain,
        limits: Limits,
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._redirects = redirects
        self._user_agent = user_agent
        self._guard = guard
        self._resolver = resolver
        self._clock = clock
        self._plain = plain
        self._limits = limits
        self._watchdog = Watchdog()
        self._turns = Turns(limits.at_once)
        self._lock = threading.Lock()
        self._room: Room | None = None

    def get(
        self, request: Request, *, validators: Validators | None, configured: bool
    ) -> Document | NotModified:
        """The page at ``request.url`` as it looks when its scripts have run.

        NotModified if it is the one whose hash ``validators`` have. What is no HTML comes as ``plain`` gives
        it. Raises FetchError; of kind "browser" where there is none, or it failed.
        """
        own = target(request.url.strip())
        with self._time(request) as waiting, self._turns.turn(waiting):
            room = self._ready(waiting)
            with self._time(request) as deadline:
                order = self._order(request, deadline, own if configured else None)
                drawn = _result(deadline, room.draw(order))
        if drawn.html is None and answer.has_document(drawn.status):
            return self._plain(request, validators=validators, configured=configured)
        headers = {name: text for name, text in drawn.headers.items() if name not in _OF_THE_BYTES}
        if drawn.html is None:
            shown = show_url(request.url)
            raise answer.bad_status(url=shown, status=drawn.status, headers=headers, now=self._clock())
        return answer.document(
            url=drawn.url,
            status=drawn.status,
            headers=headers | {"content-type": "text/html; charset=utf-8"},
            body=drawn.html,
            wire_bytes=drawn.wire_bytes,
            hops=drawn.hops,
            known=validators,
        )

    def close(self) -> None:
        """Cut short every page that is being drawn, from any thread, and end Chromium."""
        self._watchdog.close()
        with self._lock:
            room, self._room = self._room, None
        if room is not None:
            room.close()

    @contextlib.contextmanager
    def _time(self, request: Request) -> Iterator[Deadline]:
        deadline = self._watchdog.start(show_url(request.url), self._timeout)
        deadline.step = "waiting for its turn in the browser"
        try:
            yield deadline
        finally:
            deadline.finish()

    def _order(self, request: Request, deadline: Deadline, own: Target | None) -> Order:
        trip = set_out(request, user_agent="", validators=None)
        ours = {"Authorization", *(name.title() for name in request.headers)}
        headers = {name: value for name, value in trip.headers.items() if name in ours}
        if any(not _HEADER.fullmatch(f"{name}:{value}") for name, value in headers.items()):
            raise Unreachable(deadline.url, "Request not possible: one of its headers cannot be sent.")
        # The part after # is not sent, but scripts read it: by it some pages tell what to draw.
        fragment = urlsplit(request.url.strip()).fragment
        return Order(
            url=f"{trip.url}#{fragment}" if fragment else trip.url,
            own=own,
            user_agent=self._user_agent,
            redirects=self._redirects,
            max_bytes=self._max_bytes,
            deadline=deadline,
            headers=headers,
            body=request.body,
        )

    def _ready(self, deadline: Deadline) -> "Room":
        """The room, with a browser running in it."""
        deadline.step = "starting Chromium"
        with self._lock:
            deadline.check()
            if self._room is None:
                self._room = _room(deadline.url, self._limits, self._guard, self._resolver)
            room = self._room
        _result(deadline, room.prepare())
        return room


def _result(deadline: Deadline, future: Future[T]) -> T:
    """What ``future`` gives in time; else it is given up."""
    try:
        deadline.wait(future)
        deadline.check()  # when all stops, what was waited for is over as well
        return future.result()
    except FetchError:
        future.cancel()
        raise


def _room(url: str, limits: Limits, guard: Guard, resolver: Resolver) -> "Room":
    try:
        from feedsvc.fetch.browser.room import Room  # noqa: PLC0415 slow to import, and an extra
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "playwright":
            raise
        raise FetchError(url, _MISSING, kind="browser") from error
    return Room(limits=limits, guard=guard, resolver=resolver)
