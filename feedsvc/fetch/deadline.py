"""How is one deadline kept over DNS, connect, TLS, headers and body?

A socket's own timeout starts anew with each byte that comes, so a server that drips one byte a second is
never too late. Here one ``Deadline`` covers the whole fetch. The ``Watchdog``, a single thread, shuts the
connection of each fetch whose deadline passed; whatever the fetching thread was reading then ends at once.
"""

import contextlib
import heapq
import itertools
import os
import socket
import threading
import time
from concurrent.futures import Future
from typing import Any, Literal

from feedsvc.errors import DeadlineExceeded, Stopped


class Deadline:
    """The time that one fetch has. Its own thread uses it; the watchdog calls only ``cut``.

    ``step`` says what the fetch is doing, for the message. ``url`` is one that may be shown.
    """

    def __init__(self, url: str, seconds: float) -> None:
        self.url = url
        self.seconds = seconds
        self.at = time.monotonic() + seconds  # on the monotonic clock
        self.step = "starting"
        self._lock = threading.Lock()
        self._state: Literal["running", "passed", "stopped", "finished"] = "running"
        self._handle: socket.socket | None = None
        self._woken: threading.Event | None = None

    @property
    def finished(self) -> bool:
        return self._state == "finished"

    def remaining(self) -> float:
        """Seconds left, more than 0. Raises DeadlineExceeded when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            self.cut("passed")
        self.check()
        return left

    def check(self) -> None:
        """Raises DeadlineExceeded if the time is over, Stopped if the service stops."""
        if self._state == "passed":
            raise self.error()
        if self._state == "stopped":
            raise Stopped(self.url, "Stopped: feedsvc is shutting down.")

    def error(self) -> DeadlineExceeded:
        return DeadlineExceeded(self.url, f"Timeout: not done within {self.seconds:g} s, was {self.step}.")

    def watch(self, sock: socket.socket) -> None:
        """From now on shut the connection of ``sock`` when the deadline passes, until ``release``."""
        # A duplicate, because TLS takes the descriptor away from the socket that it wraps, and because nobody
        # else can close a descriptor of our own and have its number given to another connection. Shutting
        # down a duplicate shuts down the connection itself.
        duplicate = socket.socket(sock.family, sock.type, sock.proto, fileno=os.dup(sock.fileno()))
        with self._lock:
            previous, self._handle = self._handle, duplicate
        if previous is not None:
            previous.close()
        self.remaining()

    def release(self) -> None:
        """The connection is no longer ours: it goes back to the pool, or is closed."""
        with self._lock:
            handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()

    def wait(self, future: Future[Any]) -> None:
        """Return when ``future`` is done. Raises as ``check`` does when that takes too long."""
        woken = threading.Event()
        with self._lock:
            self._woken = woken
        future.add_done_callback(lambda _: woken.set())
        while not future.done():
            woken.wait(self.remaining())

    def cut(self, state: Literal["passed", "stopped"]) -> None:
        """End whatever the fetching thread waits for; it then raises. May be called from any thread."""
        with self._lock:
            if self._state != "running":
                return
            self._state = state
            if self._handle is not None:
                # The other side may have gone a moment before: then there is nothing left to shut.
                with contextlib.suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)
            if self._woken is not None:
                self._woken.set()

    def finish(self) -> None:
        """The fetch is over, one way or the other."""
        with self._lock:
            self._state = "finished"
        self.release()


class Watchdog:
    """Cuts each deadline when its time has come. One daemon thread, started with the first deadline."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heap: list[tuple[float, int, Deadline]] = []
        self._count = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    def start(self, url: str, seconds: float) -> Deadline:
        """A running deadline, ``seconds`` from now. Whoever asks for it must ``finish`` it."""
        deadline = Deadline(url, seconds)
        with self._changed:
            if self._closed:
                deadline.cut("stopped")
                return deadline
            heapq.heappush(self._heap, (deadline.at, next(self._count), deadline))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="fetch-watchdog", daemon=True)
                self._thread.start()
            elif self._heap[0][2] is deadline:
                self._changed.notify()
        return deadline

    def close(self) -> None:
        """Cut short every fetch that is running, and end the thread."""
        with self._changed:
            self._closed = True
            running = [deadline for _, _, deadline in self._heap]
            self._heap.clear()
            self._changed.notify()
            thread, self._thread = self._thread, None
        for deadline in running:
            deadline.cut("stopped")
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while (deadline := self._next()) is not None:
            deadline.cut("passed")

    def _next(self) -> Deadline | None:
        """Wait for the next deadline that passes; None when there is no more watching."""
        with self._changed:
            while not self._closed:
                while self._heap and self._heap[0][2].finished:
                    heapq.heappop(self._heap)
                left = self._heap[0][0] - time.monotonic() if self._heap else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(left)
        return None
