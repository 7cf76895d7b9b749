"""What does a use case need of the world? The store, the network, a clock and the config in force."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedsvc.config import Config
from feedsvc.errors import StoreError
from feedsvc.fetch import Fetcher
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Built once a process by ``bootstrap``; ``tag`` is the authority of our tag: ids, fixed in the store."""

    store: Store
    fetcher: Fetcher
    clock: Clock
    in_force: ConfigInForce
    tag: str

    def config(self) -> Config:
        """:raises StoreError: if no config was ever published."""
        return self.in_force.current()[1]

    def close(self) -> None:
        self.fetcher.close()
        self.store.close()
