"""What in a valid config is probably not meant?"""

from collections.abc import Iterator
from datetime import timedelta

from feedsvc.config.settings import Config


def advice(config: Config) -> tuple[str, ...]:
    """One sentence a doubt: what it means, and what to do."""
    return (*_site(config), *_categories(config), *_sources(config))


def _site(config: Config) -> Iterator[str]:
    if config.site.url is None:
        yield f"site.url is not set, feeds link to {config.base_url()}: set it before others subscribe"
    if config.site.contact is None:
        yield "site.contact is not set: origins that you collect from cannot reach you"


def _categories(config: Config) -> Iterator[str]:
    if not config.categories:
        yield "there is no category: add one under 'categories' in feedsvc.yaml"
    for category in config.categories:
        if not config.sources_of(f"c/{category.id}"):
            yield f"category '{category.id}' has no source: its feed stays empty"


def _sources(config: Config) -> Iterator[str]:
    if not any(source.enabled for source in config.sources):
        yield "no source is switched on: 'feedsvc source resume ID' does that"
    homes: dict[str, str] = {}
    for source in config.sources:
        other = homes.setdefault(source.location, source.id)
        if other != source.id:
            yield f"sources '{other}' and '{source.id}' collect the same address: give one both categories"
        if source.every < timedelta(minutes=1):
            yield f"source '{source.id}' is polled more than once a minute: its origin may refuse that"
        if not source.categories:
            yield f"source '{source.id}' is in no category: its articles go to 'all' only"
