"""What may one page do through the proxy, and what did it do there?"""

import contextlib
import secrets
import socket
import threading
import time
from collections.abc import Iterator

from feedsvc.errors import FetchError, Stopped, TooLarge
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.guard import Target

_CONNECTIONS = 64  # of one page at once; a browser wants no more than 32 through a proxy

_PLACES = 1000  # remembered; a page may try many


class Pass:
    """Leave for one page to use the proxy, until its time is over or it is ended. All threads share it.

    ``url`` is the page's, as it may be shown. ``own`` is the host and port that ``fetch.allow`` serves.
    ``seconds`` is the time that there is, ``most`` the number of bytes that may come in.
    """

    def __init__(self, *, url: str, own: Target | None, seconds: float, most: int) -> None:
        self.url = url
        self.own = own
        self.token = secrets.token_urlsafe(32)
        self.received = 0
        self.overrun: TooLarge | None = None
        self._until = time.monotonic() + seconds
        self._most = most
        self._lock = threading.Lock()
        self._failures: dict[Target, FetchError] = {}
        self._sockets: set[socket.socket] = set()
        self._deadlines: set[Deadline] = set()
        self._ended = False

    def left(self) -> float:
        """Seconds, as a timeout: never 0, which would mean something else to a socket."""
        return max(self._until - time.monotonic(), 0.001)

    def is_own(self, place: Target) -> bool:
        return self.own is not None and (self.own.host, self.own.port) == (place.host, place.port)

    def count(self, more: int) -> None:
        """Note bytes that came in. Raises TooLarge when they are too many, now and ever after."""
        with self._lock:
            self.received += more
            if self.overrun is None and self.received > self._most:
                words = f"Too large: the page and all that it loads take more than {self._most:,} bytes"
                self.overrun = TooLarge(self.url, f"{words} (fetch.max_bytes).")
        if self.overrun is not None:
            raise self.overrun

    def note(self, place: Target, error: FetchError | None) -> None:
        """Remember why a place could not be reached (a browser tells little of it), or that it was."""
        with self._lock:
            if error is None:
                self._failures.pop(place, None)
            elif place in self._failures or len(self._failures) < _PLACES:
                self._failures[place] = error

    def failure(self, place: Target) -> FetchError | None:
        """Why ``place`` could not be reached when it was last tried."""
        with self._lock:
            return self._failures.get(place)

    @contextlib.contextmanager
    def deadline(self) -> Iterator[Deadline]:
        """A deadline for one step of one connection; ``end`` cuts it. Raises Stopped when that is over."""
        deadline = Deadline(self.url, self.left())
        with self._lock:
            if self._ended:
                raise _ended(self.url)
            self._deadlines.add(deadline)
        try:
            yield deadline
        finally:
            with self._lock:
                self._deadlines.discard(deadline)

    @contextlib.contextmanager
    def holding(self, sock: socket.socket) -> Iterator[None]:
        """While ``sock`` is used: ``end`` shuts it. Raises Stopped when there must be no more."""
        with self._lock:
            if self._ended or len(self._sockets) >= 2 * _CONNECTIONS:
                raise _ended(self.url)
            self._sockets.add(sock)
        try:
            yield
        finally:
            with self._lock:
                self._sockets.discard(sock)

    def end(self) -> None:
        """Shut all its connections; there will be no others."""
        with self._lock:
            self._ended = True
            for deadline in self._deadlines:
                deadline.cut("stopped")
            for sock in self._sockets:
                shut(sock)


def shut(sock: socket.socket) -> None:
    """End a connection that another thread is using."""
    with contextlib.suppress(OSError):  # it has ended already
        sock.shutdown(socket.SHUT_RDWR)


def _ended(url: str) -> Stopped:
    return Stopped(url, "Stopped: the page is closed, or has too many connections.")
