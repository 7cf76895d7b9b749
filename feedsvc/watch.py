"""Who reads the config files, and when? One process at a time, at its start and when a file changes."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

from watchfiles import Change, watch

from feedsvc.bootstrap import publish_config
from feedsvc.config import Environment, load
from feedsvc.errors import ConfigError, StoreError
from feedsvc.services import Services
from feedsvc.telemetry import logger

LEASE = "config"
LEASE_FOR = timedelta(seconds=10)
LOOK_EVERY_MS = 1000  # at most this long until a stop or a lost lease is noticed
SETTLE_MS = 200  # editors write a file in several steps


class ConfigReader:
    """Follows a config directory and publishes what it says, while it holds the store's config lease.

    An invalid file changes nothing: it is logged with every problem, and ``note()`` says so.
    """

    def __init__(self, services: Services, directory: Path, *, environment: Environment, name: str) -> None:
        self._services = services
        self._directory = directory
        self._environment = environment
        self._name = name
        self._note = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="config", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(2 * LOOK_EVERY_MS / 1000)
        self._services.store.drop_lease(LEASE, self._name)

    def note(self) -> str:
        """``config: invalid`` while the files cannot be used, else nothing."""
        return self._note

    def read(self) -> None:
        """Publish what the files say now."""
        try:
            config = load(self._directory, self._environment)
        except ConfigError as error:
            self._note = "config: invalid"
            for problem in error.problems:
                logger().error("config invalid, the last good one goes on", problem=str(problem))
            return
        if self._note:
            logger().info("config valid again")
        self._note = ""
        before = self._services.store.revision_number()
        revision = publish_config(self._services.store, config, now=self._services.clock())
        self._services.in_force.look_again()
        if revision.number != before:
            logger().info("config published", revision=revision.number, sources=len(config.sources))

    def _follow(self) -> None:
        # The directory, not the files: a watched file is lost when an editor replaces it.
        holding = False
        renewed: datetime | None = None
        for changes in watch(
            self._directory,
            watch_filter=_is_config,
            debounce=SETTLE_MS,
            rust_timeout=LOOK_EVERY_MS,
            yield_on_timeout=True,
            stop_event=self._stopping,
            raise_interrupt=False,
        ):
            now = self._services.clock()
            try:
                if renewed is None or now - renewed > LEASE_FOR / 3:
                    had, holding = holding, self._hold(now)
                    renewed = now
                    if holding and not had:
                        self.read()
                        continue
                if holding and changes:
                    self.read()
            except StoreError as error:
                holding, renewed = False, None
                logger().error("config not published", error=str(error))

    def _hold(self, now: datetime) -> bool:
        return self._services.store.take_lease(LEASE, self._name, now=now, lasting=LEASE_FOR)


def _is_config(_change: Change, path: str) -> bool:
    return path.endswith((".yaml", ".yml"))
