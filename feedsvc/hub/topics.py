"""Which feeds have a hub, and who may be called at an address that is not public?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from feedsvc.config import Config
from feedsvc.model import FORMATS, Format
from feedsvc.services import Services

HUB_PATH: Final = "/hub"
OVER: Final = "This feed has ended, or is not announced here any more."


def topics(config: Config, now: datetime) -> Mapping[str, tuple[str, Format]]:
    """Every address that our own hub knows, with its feed and format: each format is a topic of its own."""
    base = config.base_url()
    return {f"{base}/{key}.{form}": (key, form) for key in own(config, now) for form in FORMATS}


def own(config: Config, now: datetime) -> frozenset[str]:
    """The keys of the feeds whose hub we are."""
    mine = f"{config.base_url()}{HUB_PATH}"
    return frozenset(key for key in config.open_feeds(now) if config.hub_url(key) == mine)


def outside(config: Config, now: datetime) -> Mapping[str, str]:
    """The feeds that have a hub elsewhere, and which."""
    mine = f"{config.base_url()}{HUB_PATH}"
    hubs = {key: config.hub_url(key) for key in config.open_feeds(now)}
    return {key: hub for key, hub in hubs.items() if hub is not None and hub != mine}


def settle(services: Services) -> None:
    """Bring the subscriptions in line with the config and the time: done again and again, it does no harm.

    :raises StoreError: if the database refuses.
    """
    config, now = services.config(), services.clock()
    services.store.settle_hub(topics=own(config, now), outside=outside(config, now), reason=OVER, now=now)


def is_known_host(config: Config, url: str) -> bool:
    """Does the config name the host, so that it may be in a network of ``fetch.allow``?"""
    return (urlsplit(url).hostname or "") in config.site.callbacks
