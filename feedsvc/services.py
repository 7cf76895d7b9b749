"""What does a use case need of the world? The store, the network, a clock, and the config in force."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from feedsvc.config import Config
from feedsvc.errors import Stopped, StoreError
from feedsvc.fetch import Fetcher
from feedsvc.model import Document, NotModified, Request, Validators
from feedsvc.store import Store

Clock = Callable[[], datetime]

LOOK_EVERY = timedelta(seconds=1)  # how often a process looks for a newer config


class ConfigInForce:
    """The config of the store's newest revision, looked up at most once a second. Threads share it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._looked: datetime | None = None
        self._number = 0
        self._config: Config | None = None

    def current(self) -> tuple[int, Config]:
        """(number of the revision, config).

        :raises StoreError: if no config was ever published to this store.
        """
        with self._lock:
            now = self._clock()
            if self._looked is None or not timedelta(0) <= now - self._looked < LOOK_EVERY:
                self._look()
                self._looked = now
            if self._config is None:
                raise StoreError(
                    "no config has been published to this database yet: "
                    "start `feedsvc serve` or `feedsvc scheduler`, which read the files"
                )
            return self._number, self._config

    def look_again(self) -> None:
        """Look at the next call, however soon (after this process published a config itself)."""
        with self._lock:
            self._looked = None

    def _look(self) -> None:
        newest = self._store.revision_number()
        if newest is None or newest == self._number:
            return
        revision = self._store.revision()
        if revision is not None:
            self._config = Config.from_json(revision.body)
            self._number = revision.number


class Network(Protocol):
    """Where bytes come from; ``Fetcher`` and ``FetcherInForce`` are."""

    def get(
        self, request: Request, *, validators: Validators | None = None, configured: bool = True
    ) -> Document | NotModified:
        """Raises FetchError."""

    def close(self) -> None:
        """Cut short what is running."""


class FetcherInForce:
    """The network as the config in force allows it: another ``fetch:`` section, another fetcher."""

    def __init__(
        self, in_force: ConfigInForce, make: Callable[[Config], Fetcher], settings: Callable[[Config], object]
    ) -> None:
        self._in_force = in_force
        self._make = make
        self._settings = settings
        self._lock = threading.Lock()
        self._made: Fetcher | None = None
        self._made_of: object = None
        self._closed = False

    def get(
        self, request: Request, *, validators: Validators | None = None, configured: bool = True
    ) -> Document | NotModified:
        """As ``Fetcher.get``. Raises FetchError."""
        return self._current().get(request, validators=validators, configured=configured)

    def close(self) -> None:
        """Cut short what is running; from now on nothing is fetched."""
        with self._lock:
            self._closed = True
            if self._made is not None:
                self._made.close()

    def _current(self) -> Fetcher:
        config = self._in_force.current()[1]
        settings = self._settings(config)
        with self._lock:
            if self._closed:
                raise Stopped("", "Stopped: feedsvc is shutting down.")
            if self._made is None or self._made_of != settings:
                if self._made is not None:
                    # Fetches under way end as they began; by then nobody uses the old one any more.
                    later = threading.Timer(2 * config.fetch.timeout.total_seconds(), self._made.close)
                    later.daemon = True
                    later.start()
                self._made, self._made_of = self._make(config), settings
            return self._made


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Built once a process by ``bootstrap``; ``tag`` is the authority of our tag: ids, fixed in the store.

    ``environment`` is where the secrets of sources are.
    """

    store: Store
    fetcher: Network
    clock: Clock
    in_force: ConfigInForce
    tag: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def config(self) -> Config:
        """:raises StoreError: if no config was ever published."""
        return self.in_force.current()[1]

    def close(self) -> None:
        self.fetcher.close()
        self.store.close()
