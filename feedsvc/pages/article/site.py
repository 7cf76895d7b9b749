"""By which names does the site go, so that they are taken neither for headlines nor for authors?"""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from feedsvc.pages.article.naming import key, segments
from feedsvc.pages.meta import Meta, first
from feedsvc.pages.page import Page
from feedsvc.pages.structured import Thing, is_a, text_of, texts, values
from feedsvc.refine.text import one_line

_SITES: Final = ("WebSite", "Organization", "NewsMediaOrganization", "Corporation", "LocalBusiness", "Blog")
_NAMES: Final = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "twitter:app:name:iphone",
    "dc.publisher",
)
_FEED: Final = re.compile(
    r"\b(?:rss|atom|feeds?|comments?|kommentare?\w*|commentaires|flux)\b.*|».*", re.IGNORECASE
)


def site_names(page: Page, declared: Meta, found: Iterable[Thing]) -> frozenset[str]:
    """The keys of all names that the page gives its site."""
    names = (key(name) for name in _names(page, declared, found))
    return frozenset(name for name in names if len(name) > 1)


def _names(page: Page, declared: Meta, found: Iterable[Thing]) -> Iterator[str]:
    for name in _NAMES:
        for value in declared.get(name, ()):
            yield value
            yield from _parts(value)
    for thing in found:
        if is_a(thing, *_SITES) and thing["@in"] in {"", "publisher", "isPartOf"}:
            yield from texts(thing, "name", "alternateName", "legalName")
        yield from filter(None, (text_of(one) for one in values(thing, "publisher")))
    feeds = page.tree.xpath("/html/head/link[contains(@rel, 'alternate') and contains(@type, 'rss')]/@title")
    for title in feeds[:1]:  # "Site » Feed"
        yield one_line(_FEED.sub(" ", title))
    yield from _hosts(page, declared)


def _parts(value: str) -> Iterator[str]:
    parts = [value[start:end] for start, end in segments(value)]
    return iter(parts if len(parts) > 1 else ())


def _hosts(page: Page, declared: Meta) -> Iterator[str]:
    """``www.the-times.example`` -> that, "the-times.example" and "the-times"."""
    for address in (page.url, first(declared, "link:canonical"), first(declared, "og:url")):
        try:
            host = urlsplit(address or "").hostname or ""
        except ValueError:
            continue
        name = host.removeprefix("www.")
        if name and not name.endswith(".invalid"):
            yield from (host, name)
            labels = name.split(".")
            yield from (
                labels[: max(1, len(labels) - 1)] if len(labels) < 3 or len(labels[-2]) > 3 else labels[:-2]
            )
