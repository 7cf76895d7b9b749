"""What must a request for a finished feed know? All of it worked out once a version, nothing a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedsvc.model import Coding, Feed, Head
from feedsvc.web import http
from feedsvc.web.bodies import Slot
from feedsvc.web.http import Header


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A feed in one format and coding: the headers of its 200 and its 304, and the place of its body.

    ``lean`` is ``full`` without Content-Length, for a server that counts by itself.
    """

    full: list[Header]
    lean: list[Header]
    unmodified: list[Header]
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A feed in one format. ``known`` leads from an If-None-Match, as it is sent, to the 304's headers."""

    etag: str
    last_modified: datetime
    modified: str
    smallest_first: tuple[Coding, ...]
    variants: Mapping[Coding, Variant]
    known: Mapping[str, list[Header]]
    page_path: str
    deltas: bool = False


def serve(
    head: Head, feed: Feed, *, cache: str, page_path: str, deltas: bool = False, hub: str | None = None
) -> Served:
    """``cache`` is the Cache-Control; ``page_path`` where a browser is sent, without the host; ``deltas``
    that readers may ask for only what is new; ``hub`` where they may subscribe."""
    common = http.common_headers(cache, vary="Accept-Encoding, A-IM" if deltas else "Accept-Encoding")
    link = http.link_header(feed.urls, head.format, feed.page_url, hub=hub)
    modified = http.http_date(head.last_modified)
    variants = {}
    for coding, size in head.sizes.items():
        tag = http.entity_tag(head.etag, coding)
        full = http.full_headers(
            common, format=head.format, coding=coding, tag=tag, modified=modified, link=link, size=size
        )
        variants[coding] = Variant(
            full=full,
            lean=[header for header in full if header[0] != "Content-Length"],
            unmodified=http.unmodified_headers(common, tag),
            slot=Slot(head.feed_key, head.format, coding, head.version),
        )
    return Served(
        etag=head.etag,
        last_modified=head.last_modified,
        modified=modified,
        smallest_first=http.smallest_first(head.sizes),
        variants=variants,
        known=_known(variants),
        page_path=page_path,
        deltas=deltas,
    )


def _known(variants: Mapping[Coding, Variant]) -> dict[str, list[Header]]:
    tags = {}
    for variant in variants.values():
        tag = variant.unmodified[0][1]
        tags[tag] = tags[f"W/{tag}"] = variant.unmodified
    return tags
