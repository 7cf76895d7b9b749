"""How are addresses fetched that somebody pasted, or that a page named: few, in time, and guarded?"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final, TypeVar
from urllib.parse import urlsplit

from feedsvc.errors import BadStatus, FetchError, Stopped
from feedsvc.follow import explained
from feedsvc.model import Document, Request
from feedsvc.services import Services

T = TypeVar("T")

MOST: Final = 15  # fetches in all
AT_ONCE: Final = 4
WHOLE: Final = timedelta(seconds=60)
LEAST: Final = timedelta(seconds=10)  # in which fetches are begun, however long a single one may take


class Visits:
    """The fetches of one discovery. ``asked`` is the address that somebody gave: only its own server may be
    in a network of ``fetch.allow``; what a page names may not."""

    def __init__(self, services: Services, asked: str) -> None:
        self._services = services
        self._own = _server(asked)
        single = services.config().fetch.timeout
        self._until = services.clock() + max(WHOLE - single, LEAST)
        self.count = 0

    @property
    def left(self) -> int:
        """How many more there may be; none when the time is up."""
        return MOST - self.count if self._services.clock() < self._until else 0

    def get(self, request: Request) -> Document:
        """One document; counts however much is left. Raises FetchError."""
        self.count += 1
        return self._get(request)

    def all(
        self, wanted: Iterable[T], request: Callable[[T], Request], *, spare: int = 0
    ) -> list[tuple[T, Document | FetchError]]:
        """What came of each, in order: of as many as may be, ``spare`` kept for later. Raises Stopped."""
        chosen = list(wanted)[: max(self.left - spare, 0)]
        self.count += len(chosen)
        if not chosen:
            return []

        def one(item: T) -> tuple[T, Document | FetchError]:
            try:
                return item, self._get(request(item))
            except Stopped:
                raise
            except FetchError as error:
                return item, error

        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            return list(pool.map(one, chosen))
        finally:  # all are done, or somebody pressed Ctrl-C, who does not want to wait for the others
            pool.shutdown(wait=False, cancel_futures=True)

    def _get(self, request: Request) -> Document:
        own = _server(request.url) == self._own
        try:
            answer = self._services.fetcher.get(request, configured=own)
        except BadStatus as error:
            raise explained(error) from error
        assert isinstance(answer, Document), "asked unconditionally"
        return answer


def _server(url: str) -> tuple[str, str]:
    """Scheme and host with port. http and https at their own ports are one server."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2].lower()
    usual = parts.scheme in {"http", "https"} and ":" not in host.rpartition("]")[2]
    return ("", host) if usual else (parts.scheme, host)
