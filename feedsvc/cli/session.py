"""What does a command work with: the options in force, the config, the store and the services?"""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import click

from feedsvc.bootstrap import open_services, open_store, utc_now
from feedsvc.cli.options import given
from feedsvc.cli.output import say
from feedsvc.config import MAIN, Config, Environment, load
from feedsvc.errors import ConfigError
from feedsvc.services import Services
from feedsvc.store import Store
from feedsvc.telemetry import LogFormat, configure_logging
from feedsvc.watch import LEASE, LEASE_FOR

ALIVE = timedelta(seconds=10)  # a scheduler reports once a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The global options, filled up from the environment."""

    config_dir: Path
    database_url: str
    environment: Environment
    verbosity: int
    log_format: LogFormat
    as_json: bool
    color: bool

    @classmethod
    def of(cls, ctx: click.Context) -> "Options":
        """:raises ConfigError: for a variable that cannot be read."""
        options = given(ctx)
        environment = Environment.read()
        return cls(
            config_dir=options.get("config_dir") or environment.config,
            database_url=options.get("database_url") or environment.database_url,
            environment=environment,
            verbosity=options.get("verbose", 0) - options.get("quiet", 0),
            log_format=options.get("log_format") or "console",
            as_json=options.get("as_json", False),
            color=not (options.get("no_color") or os.environ.get("NO_COLOR")),
        )

    def listening_at(self, *, host: str | None, port: int | None) -> "Options":
        """The same with another address to listen on, where one is given."""
        changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
        return replace(self, environment=self.environment.model_copy(update=changes))

    def load(self) -> Config:
        """The config as the files have it now. Raises ConfigError."""
        return load(self.config_dir, self.environment)

    def load_or_default(self) -> Config:
        """The config of the files; what holds by default where there are none. Raises ConfigError."""
        if self.config_dir.exists():
            return self.load()
        return Config(listening=self.environment.listening())

    def log(self, *, chatty: bool = False) -> None:
        """Set logging up. ``chatty``: a service, which logs what it does; else only problems are logged."""
        verbosity = self.verbosity if chatty else self.verbosity - 1
        configure_logging(self.log_format, verbosity=verbosity, color=self.color)


@contextmanager
def stored(options: Options, *, upgrade: bool = True) -> Iterator[Store]:
    """The store alone, for what needs no config."""
    options.log()
    store = open_store(options.database_url, upgrade=upgrade)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def session(options: Options, *, strict: bool = False) -> Iterator[Services]:
    """The services of a command that runs once, on the config of the files.

    While another process reads the files (a running service), its revision is followed instead. Files that
    are invalid are told, and the last good config is used; ``strict`` raises ConfigError instead.
    """
    with stored(options) as store:
        owner = process_name("command")
        try:
            services = services_on(store, _config(options, store, strict=strict), owner=owner)
        finally:
            store.drop_lease(LEASE, owner)
        try:
            yield services
        finally:
            services.fetcher.close()


def process_name(kind: str) -> str:
    """Unique among all processes on one database, and telling to people."""
    return f"{kind} {socket.gethostname()} {os.getpid()} {uuid.uuid4().hex[:6]}"


def services_on(store: Store, config: Config | None, *, owner: str) -> Services:
    """Publish ``config`` if nobody else reads the files just now (the config lease is then ``owner``'s)."""
    first = store.revision_number() is None
    alone = store.take_lease(LEASE, owner, now=utc_now(), lasting=LEASE_FOR)
    return open_services(store, config if alone or first else None)


def files_or_last_good(options: Options, store: Store) -> Config | None:
    """The config of the files; None, which is told, where they are invalid and an earlier one goes on."""
    try:
        return options.load()
    except ConfigError as error:
        if store.revision_number() is None or not (options.config_dir / MAIN).is_file():
            raise
        say(f"{error}\nthe config is invalid, the last good one goes on")
        return None


def _config(options: Options, store: Store, *, strict: bool) -> Config | None:
    last = store.revision()
    config = options.load() if strict else files_or_last_good(options, store)
    if last is None or config is None:
        return config
    # Where the web process listens is its own affair: a command must not change every link for it.
    return config.model_copy(update={"listening": Config.from_json(last.body).listening})


def scheduler_is_alive(services: Services) -> bool:
    """Has a scheduler reported lately?"""
    now = services.clock()
    return any(one.kind == "scheduler" and now - one.seen < ALIVE for one in services.store.processes())
