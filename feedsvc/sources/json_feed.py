"""What does a JSON Feed say (version 1.0 and 1.1)?"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from feedsvc.errors import ParseError
from feedsvc.model import Author, Document, Enclosure, Image, Parsed, ParsedItem
from feedsvc.refine.clean import language_tag, plain
from feedsvc.refine.dates import read_date
from feedsvc.refine.links import absolute, without_secrets
from feedsvc.sources import hubs

Fields = Mapping[str, Any]

_VERSION: Final = "jsonfeed.org/version/1"
_SPACE: Final = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"  # white space and byte order marks, in wide encodings too


def looks_like_one(body: bytes) -> bool:
    return body[:1_000].lstrip(_SPACE).startswith((b"{", b"["))


def parse(document: Document) -> Parsed:
    """The items of a JSON Feed. Pages that ``next_url`` leads to are older items and are not asked for.

    :raises ParseError: if it is no JSON, or JSON of another kind.
    """
    feed = _feed(document)
    inherited = tuple(_authors(feed))
    items, rejected = [], []
    for number, raw in enumerate(feed["items"], start=1):
        item = _item(raw, inherited) if isinstance(raw, dict) else None
        if item is not None and _has_something(item):
            items.append(item)
        else:
            rejected.append(f"item {number}: has neither title, url, text, attachment nor id")
    home = _text(feed.get("home_page_url"))
    return Parsed(
        items=tuple(items),
        rejected=tuple(rejected),
        title=plain(_text(feed.get("title")), "text") or None,
        link=absolute(home, without_secrets(document.url)) if home else None,
        feed_id=plain(_text(feed.get("feed_url")), "text") or None,
        language=language_tag(_text(feed.get("language"))),
        hub=hubs.named("hub", document, _hubs(feed)),
        self_url=hubs.named("self", document, filter(None, [_text(feed.get("feed_url"))])),
    )


def _hubs(feed: Fields) -> Iterator[str]:
    """Hubs of the kind that we can subscribe to, in either of its names."""
    named = (one for one in _list(feed.get("hubs")) if isinstance(one, dict))
    known = (one for one in named if str(one.get("type")).lower() in {"websub", "pubsubhubbub"})
    return filter(None, (_text(one.get("url")) for one in known))


def _feed(document: Document) -> Fields:
    found = _json(document.body)
    if not isinstance(found, dict) or _VERSION not in str(found.get("version")):
        raise ParseError(f"JSON of another kind came instead of a feed; is {document.url} still its address?")
    if not isinstance(found.get("items"), list):
        raise ParseError("the JSON Feed has no list of items")
    return found


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except UnicodeDecodeError:  # one bad byte must not cost the feed
        text = body.decode("utf-8", "replace")
    except (ValueError, RecursionError) as error:
        raise _broken(error) from error
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(error) from error


def _broken(error: Exception) -> ParseError:
    return ParseError(f"the document is broken JSON or breaks off: {error}")


def _item(raw: Fields, inherited: tuple[Author, ...]) -> ParsedItem:
    content, kind = _content(raw)
    image = _text(raw.get("image")) or _text(raw.get("banner_image"))
    page, elsewhere = _text(raw.get("url")), _text(raw.get("external_url"))
    return ParsedItem(
        guid=_text(raw.get("id")),
        link=page or elsewhere,
        title=_text(raw.get("title")),
        title_type="text",
        content=content,
        content_type=kind,
        summary=_text(raw.get("summary")),
        summary_type="text",
        authors=tuple(_authors(raw)) or inherited,
        published=read_date(_text(raw.get("date_published"))),
        updated=read_date(_text(raw.get("date_modified"))),
        tags=tuple(filter(None, map(_text, _list(raw.get("tags"))))),
        enclosures=tuple(_attachments(raw)),
        image=Image(url=image) if image else None,
        language=_text(raw.get("language")),
        via=elsewhere if page else None,
    )


def _has_something(item: ParsedItem) -> bool:
    return any((item.title, item.link, item.summary, item.content, item.enclosures, item.guid))


def _text(value: object) -> str | None:
    """A string; ids are seen as numbers too, although the specification asks for strings."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _content(raw: Fields) -> tuple[str | None, Literal["text", "html"]]:
    markup = _text(raw.get("content_html"))
    return (markup, "html") if markup else (_text(raw.get("content_text")), "text")


def _authors(raw: Fields) -> Iterator[Author]:
    """``authors`` of version 1.1, else ``author`` of 1.0."""
    for one in _list(raw.get("authors")) or [raw.get("author")]:
        if isinstance(one, dict):
            author = Author(name=_text(one.get("name")) or "", url=_text(one.get("url")))
            if author.name or author.url:
                yield author


def _attachments(raw: Fields) -> Iterator[Enclosure]:
    for one in _list(raw.get("attachments")):
        if isinstance(one, dict) and (url := _text(one.get("url"))):
            yield Enclosure(
                url=url,
                type=_text(one.get("mime_type")),
                length=_whole(one.get("size_in_bytes")),
                title=_text(one.get("title")),
                duration=_whole(one.get("duration_in_seconds")),
            )


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 2**53:
        return None
    return int(value)
