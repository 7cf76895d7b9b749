"""How does a feed become JSON Feed 1.1?

https://www.jsonfeed.org/version/1.1/ . The feed itself names no authors: an item without any would be taken
for theirs. ``_source`` is where an item comes from, ``_via`` where that took it from, ``_image`` what is to
be said of its picture, ``_podcast`` what makes it an episode.
"""

import html
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from feedsvc.errors import RenderError
from feedsvc.formats import document, episodes
from feedsvc.formats.document import Attachment, Item
from feedsvc.formats.texts import language_tag, plain_text
from feedsvc.model import Author, Entry, Feed

# JSON as it is written: keys in this order, empty values left out.
_Object: TypeAlias = dict[str, Any]


def json_feed(
    feed: Feed, entries: Sequence[Entry], links: Mapping[str, str]
) -> tuple[bytes, tuple[RenderError, ...]]:
    """One item a line, UTF-8."""
    items, dropped = document.items(entries)
    written: list[bytes] = []
    for item in items:
        try:
            written.append(_json(_item(item)))
        except ValueError as error:  # a lone surrogate
            dropped.append(document.unfit(item.id, error))
    return _head(feed, links) + b",\n".join(written) + b"\n]}\n", tuple(dropped)


def _head(feed: Feed, links: Mapping[str, str]) -> bytes:
    try:
        return _json(_feed(feed, links)).removesuffix(b"}") + b',"items":[\n'
    except ValueError as error:
        raise RenderError(feed.id, f"feed {feed.key!r} cannot be written: {error}") from error


def _feed(feed: Feed, links: Mapping[str, str]) -> _Object:
    hub = links.get("hub")
    return _known(
        version="https://jsonfeed.org/version/1.1",
        title=feed.title,
        home_page_url=feed.page_url,
        feed_url=feed.urls.get("json"),
        description=feed.description,
        next_url=links.get("prev-archive"),  # older items, in the words of RFC 5005
        icon=feed.icon_url,
        favicon=feed.icon_url,
        language=language_tag(feed.language),
        hubs=[{"type": "WebSub", "url": hub}] if hub else None,
        expired=feed.expired,
    )


def _item(item: Item) -> _Object:
    return _known(
        id=item.id,
        url=item.link,
        title=item.title,
        content_html=item.content or item.summary or html.escape(item.title, quote=False),  # required
        summary=plain_text(item.summary),
        image=item.image and item.image.url,
        date_published=_when(item.published),
        date_modified=_when(item.updated),
        authors=list(map(_author, item.authors)),
        tags=list(item.tags),
        language=item.language,
        attachments=list(map(_attachment, item.attachments)),
        _source=_known(
            id=item.origin.id, title=item.origin.title, url=item.origin.link, feed_url=item.origin.feed_url
        ),
        _image=_known(credit=item.image.credit, caption=item.image.caption) if item.image else None,
        _podcast=episodes.as_json(item.podcast),
        _via=_known(title=item.via_title, url=item.via) if item.via else None,
        _rights=item.rights,
    )


def _author(author: Author) -> _Object:
    return _known(name=author.name, url=author.url)


def _attachment(file: Attachment) -> _Object:
    return _known(
        url=file.url,
        mime_type=file.type,
        title=file.title,
        size_in_bytes=file.length,
        duration_in_seconds=file.duration,
    )


def _when(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _known(**values: object) -> _Object:
    return {name: value for name, value in values.items() if value}


def _json(value: _Object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
