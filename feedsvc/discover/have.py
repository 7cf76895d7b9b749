"""Is it collected already: the same address under another spelling, or the same articles?"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from feedsvc.model import NewArticle, Source, SourceState
from feedsvc.refine.canonical import canonical_url
from feedsvc.services import Services
from feedsvc.sources.discover import Have

LEAST = 2  # articles in common
MOST_OF_THEM = 0.6  # as a share of those that were found
LOOKED_AT = 30  # articles


def by_address(services: Services, urls: Iterable[str]) -> Have | None:
    """A source at one of these addresses: http or https, with or without www. and a final slash."""
    wanted = {canonical_url(url) for url in urls}
    for source in services.config().sources:
        if canonical_url(source.location) in wanted or canonical_url(getattr(source, "url", "")) in wanted:
            return Have(source_id=source.id, why="it has this address")
    return None


def by_articles(services: Services, found: Sequence[NewArticle], urls: Sequence[str]) -> Have | None:
    """A source of the same site, or of the site that the articles are on, whose stored articles they are."""
    sites = {_site(url) for url in (*urls, *(one.article.link for one in found[:3] if one.article.link))}
    looked_at = found[:LOOKED_AT]
    keys = [key for one in looked_at for key in (one.keys.primary, *one.keys.aliases)]
    for source in _sources_at(services, sites):
        known = services.store.known(source.id, keys)
        held = sum(any(key in known for key in (one.keys.primary, *one.keys.aliases)) for one in looked_at)
        if held >= LEAST and held >= MOST_OF_THEM * len(looked_at):
            return Have(source_id=source.id, why=f"it has {held} of the {len(looked_at)} articles")
    return None


def _sources_at(services: Services, sites: set[str]) -> list[Source]:
    states = {state.id: state for state in services.store.source_states()}
    return [one for one in services.config().sources if sites & set(_sites_of(one, states.get(one.id)))]


def _sites_of(source: Source, state: SourceState | None) -> list[str]:
    return [_site(source.location), *([_site(state.link)] if state is not None and state.link else [])]


def _site(url: str) -> str:
    """The last two labels of the host: near enough to say whether asking the store is worth it."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host if host.replace(".", "").isdigit() else ".".join(host.split(".")[-2:])
