"""Which addresses has a host, and how does a hung DNS lookup hold up nobody else?

``socket.getaddrinfo`` cannot be given a timeout nor be interrupted. So lookups run in threads of their own,
and whoever asks waits no longer than his deadline. The threads are daemons: a hung one does not keep the
process from ending (those of ``ThreadPoolExecutor`` would).
"""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from feedsvc.errors import Unreachable
from feedsvc.fetch.deadline import Deadline

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str], Sequence[Address]]

_THREADS = 64
# Names that are there but whose server did not answer, or had a fault (getaddrinfo(3)).
_PASSING = (socket.EAI_AGAIN, socket.EAI_FAIL)


def system_lookup(host: str) -> tuple[Address, ...]:
    """The addresses of ``host`` as the system knows them, in its order of preference. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ipaddress.ip_address(sockaddr[0]) for *_, sockaddr in found))


def literal(host: str) -> Address | None:
    """The address that ``host`` is, if it is one and not a name. (127.1 and 0x7f000001 count as names.)"""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


class Resolver:
    """Lookups in at most ``threads`` threads; one host's lookup runs once, whoever waits for it."""

    def __init__(self, lookup: Lookup = system_lookup, *, threads: int = _THREADS) -> None:
        self._lookup = lookup
        self._limit = threads
        self._lock = threading.Lock()
        self._running: dict[str, Future[Sequence[Address]]] = {}
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._threads = 0
        self._idle = 0

    def addresses(self, host: str, deadline: Deadline) -> Sequence[Address]:
        """At least one address. Raises Unreachable of kind "dns", or DeadlineExceeded."""
        if (address := literal(host)) is not None:
            return (address,)
        deadline.step = f"looking up {host} in the DNS"
        future = self._ask(host)
        deadline.wait(future)
        try:
            found = future.result()
        except (OSError, UnicodeError) as error:  # UnicodeError: a label that is empty or too long
            raise Unreachable(deadline.url, _explain(host, error), kind="dns") from error
        if not found:
            raise Unreachable(deadline.url, _explain(host, OSError()), kind="dns")
        return found

    def close(self) -> None:
        """End the idle threads; one that hangs in a lookup ends after it, or with the process."""
        with self._lock:
            for _ in range(self._threads):
                self._queue.put(None)

    def _ask(self, host: str) -> Future[Sequence[Address]]:
        with self._lock:
            future = self._running.get(host)
            if future is None:
                future = self._running[host] = Future()
                self._queue.put(host)
                self._find_a_thread()
        return future

    def _find_a_thread(self) -> None:
        if self._idle:
            self._idle -= 1
        elif self._threads < self._limit:
            self._threads += 1
            threading.Thread(target=self._work, name="fetch-dns", daemon=True).start()

    def _work(self) -> None:
        while (host := self._queue.get()) is not None:
            try:
                found, error = self._lookup(host), None
            except Exception as caught:  # noqa: BLE001 - whatever it is belongs to the thread that asked
                found, error = (), caught
            with self._lock:
                future = self._running.pop(host)
                if self._queue.empty():
                    self._idle += 1
            if error is None:
                future.set_result(found)
            else:
                future.set_exception(error)


def _explain(host: str, error: Exception) -> str:
    host = host.rstrip(".")
    if isinstance(error, UnicodeError):
        return f"DNS: {host} is not a possible host name."
    if isinstance(error, socket.gaierror) and error.errno in _PASSING:
        return f"DNS: no answer about {host}, the name server may be down or out of reach."
    return f"DNS: no address for {host}."
