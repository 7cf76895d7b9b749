"""How are the real store, client and clock put together and handed in?"""

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version

from feedsvc.config import Config, default_tag, variables
from feedsvc.fetch import Fetcher
from feedsvc.formats import REVISION
from feedsvc.model import Revision
from feedsvc.services import Clock, ConfigInForce, FetcherInForce, Services
from feedsvc.store import Store

SLOW_THREADS = 8  # for sources whose last poll timed out: they may hold these and no more
TAG = "tag"


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_store(database_url: str, *, upgrade: bool = True) -> Store:
    """Open the database, migrated unless told otherwise.

    :raises StoreError: if it cannot be opened or is newer than this version.
    """
    store = Store.open(database_url)
    if upgrade:
        store.upgrade()
    return store


def open_services(
    store: Store,
    config: Config | None = None,
    *,
    clock: Clock = utc_now,
    environment: Mapping[str, str] | None = None,
) -> Services:
    """Services on an open store. ``config`` (as read from the files) is published to the store first;
    without it the process follows what another one published. ``environment`` has the secrets of sources;
    unset: that of this process.

    :raises StoreError: without ``config``, if none was ever published.
    """
    in_force = ConfigInForce(store, clock)
    if config is not None:
        publish_config(store, config, now=clock())
    current = in_force.current()[1]
    return Services(
        store=store,
        fetcher=FetcherInForce(in_force, make_fetcher, settings_of_fetcher),
        clock=clock,
        in_force=in_force,
        tag=store.fix_fact(TAG, default_tag(current)),
        environment=variables() if environment is None else environment,
    )


def publish_config(store: Store, config: Config, *, now: datetime) -> Revision:
    """Make a config, as read from the files, the one that every process follows."""
    # With the renderer's revision: after an upgrade that writes other bytes, every feed is due.
    feeds = [replace(plan, fingerprint=f"{REVISION}-{plan.fingerprint}"[:64]) for plan in config.feeds()]
    return store.apply_revision(body=config.to_json(), sources=config.sources, feeds=feeds, now=now)


def settings_of_fetcher(config: Config) -> object:
    """What a fetcher is made of: with another answer, another fetcher is needed."""
    return config.fetch, config.site.contact, config.base_url()


def make_fetcher(config: Config) -> Fetcher:
    """The network as this config allows it, with an honest name (RFC 9110 10.1.5)."""
    contact = config.site.contact or config.base_url()
    return Fetcher(
        timeout=config.fetch.timeout,
        max_bytes=config.fetch.max_bytes,
        allow=[ipaddress.ip_network(one) for one in config.fetch.allow],
        redirects=config.fetch.redirects,
        user_agent=f"feedsvc/{version('feedsvc')} (+{contact})",
        pool_size=config.fetch.threads + SLOW_THREADS,
    )
