"""How does a feed become a document of a given format?

Pure: the same feed and entries always give the same bytes. ``rss_atom`` writes RSS 2.0 and Atom with
feedgen, ``json_feed`` JSON Feed 1.1, ``opml`` the list of feeds; ``document`` is what they share.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from feedsvc.errors import RenderError
from feedsvc.formats import json_feed, rss_atom
from feedsvc.model import Entry, Feed, Format

# Raise it when the bytes of an unchanged feed change: every feed is then rendered anew after the upgrade.
REVISION = 3

_WRITERS = MappingProxyType({"rss": rss_atom.rss, "atom": rss_atom.atom, "json": json_feed.json_feed})


class Rendered(NamedTuple):
    """A finished document, and an error for each entry that had to be left out of it."""

    body: bytes
    dropped: tuple[RenderError, ...]


def render(
    form: Format,
    feed: Feed,
    entries: Sequence[Entry],
    *,
    links: Mapping[str, str] = MappingProxyType({}),
) -> Rendered:
    """The document of ``feed`` with ``entries``, newest first; UTF-8.

    ``links`` are further addresses of this document by relation: ``hub`` (WebSub), ``prev-archive``,
    ``next-archive``, ``current`` (RFC 5005). RenderError if the feed's own words cannot be written.
    """
    return Rendered(*_WRITERS[form](feed, entries, links))
