"""What does a web feed say: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.x?

XML is read by feedparser, which forgives nearly everything, and only here; JSON Feed by ``json_feed``.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from pydantic import Field

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Author, Document, Parsed, ParsedItem, Request, WebSource
from feedsvc.refine.clean import language_tag, plain
from feedsvc.refine.dates import believable, read_date
from feedsvc.refine.links import absolute, without_secrets
from feedsvc.sources import hubs, json_feed, media
from feedsvc.sources.contract import SourceType
from feedsvc.sources.defuse import REFERENCE, defused, existing, marked_encoding, root_name, short_first_line
from feedsvc.sources.extras import Extras, extras
from feedsvc.sources.found import describe

Details = Mapping[str, Any]

_ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_PAGE_TYPES: Final = frozenset({"application/xhtml+xml", "text/html", "text/plain"})
_ROOTS: Final = frozenset({"channel", "feed", "rss"})
_NO_ROOTS: Final = frozenset({"", "body", "head", "html"})
_ONE_DAY: Final = 24 * 60  # minutes; a <ttl> above it is taken for a mistake
_TAGS: Final = re.compile(r"<[^<>]*>")


class FeedSource(WebSource):
    """A feed on the web."""

    type: Literal["feed"] = Field(description="feed: RSS, Atom or JSON Feed at an address.")
    push: bool | None = Field(
        None,
        description="true: subscribe to the hub that the feed names (WebSub); false: never. Unset: if "
        "site.url is an address that hubs can reach.",
    )

    @property
    def public_url(self) -> str | None:
        # An address that would be shown to an admin only in part holds a secret: readers get none of it.
        return self.url if show_url(self.url) == self.url else None


def start(source: FeedSource) -> Request:
    return Request(url=source.url, headers={"Accept": _ACCEPT}, render=source.render)


def parse(source: FeedSource, document: Document) -> Parsed:
    """The articles of a feed document, as it claims them.

    :raises ParseError: if it is no feed, or breaks off: half an article must not replace a whole one.
    """
    body = document.body
    if json_feed.looks_like_one(body):
        return json_feed.parse(document)
    if not body.strip(b"\0\t\r\n "):
        raise _no_feed(document)
    data = defused(_in_utf8(document))
    root = root_name(data)
    if root.lower() in _NO_ROOTS:
        raise _no_feed(document)
    result = _read(data)
    if not result["entries"] and not _is_feed(result, root):
        raise _no_feed(document)
    _expect_whole(result, data, root)
    return _parsed(result, document, extras(data, len(result["entries"])))


def _no_feed(document: Document) -> ParseError:
    return ParseError(
        f"{describe(document)} came instead of a feed; is {show_url(document.url)} still its address?"
    )


# ---- the door to feedparser -------------------------------------------------------------------------


def _in_utf8(document: Document) -> bytes:
    """The body in UTF-8, by what the HTTP header, the byte order mark and the XML declaration say."""
    from feedparser.encodings import convert_to_utf8  # noqa: PLC0415 slow to import, and few commands parse

    marked = marked_encoding(document.body)
    content_type = f"application/xml; charset={marked}" if marked else document.headers.get("content-type")
    headers = {"content-type": content_type} if content_type else {}
    try:
        converted: bytes = convert_to_utf8(headers, short_first_line(document.body), {})
    except ValueError as error:  # UnicodeError is one: codecs such as "undefined" or "idna"
        raise ParseError(f"the document names an encoding that is none: {error}") from error
    return converted


def _read(data: bytes) -> Details:
    """feedparser's reading of a document in UTF-8."""
    try:
        try:
            return _feedparser(data)
        except (ValueError, OverflowError):  # references to characters that do not exist, such as &#xD800;
            return _feedparser(REFERENCE.sub(existing, data))
    except Exception as error:  # whatever it trips over, the document is to blame, and the message says so
        raise ParseError(f"the document is broken in a way that cannot be read: {error!r}") from error


def _feedparser(data: bytes) -> Details:
    import feedparser  # noqa: PLC0415 slow to import, and few commands parse

    result: Details = feedparser.parse(
        io.BytesIO(data),  # bytes alone would be tried as the name of a file
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return result


def _expect_whole(result: Details, data: bytes, root: str) -> None:
    if result["bozo"] and f"</{root}".lower().encode() not in data.lower():
        count = len(result["entries"])
        raise ParseError(f"the document breaks off before </{root}>, after {count} entries")


def _is_feed(result: Details, root: str) -> bool:
    name = root.rpartition(":")[2].lower()
    return name in _ROOTS or (name == "rdf" and bool(result["version"]))


# ---- the document -----------------------------------------------------------------------------------


def _parsed(result: Details, document: Document, further: Sequence[Extras]) -> Parsed:
    about = _own(result["feed"])
    # RFC 4287 4.2.1: an entry without authors has those of its feed. RSS promises nothing of the kind.
    is_atom = str(result["version"]).startswith("atom")
    inherited = _authors(about) if is_atom else ()
    items, rejected = [], []
    for number, (entry, extra) in enumerate(zip(result["entries"], further, strict=True), start=1):
        own = _own(entry)
        if any(own.values()):
            items.append(_item(own, extra, inherited, is_atom=is_atom))
        else:
            rejected.append(f"entry {number}: says nothing at all")
    link = _text(about.get("link"))
    return Parsed(
        items=tuple(items),
        rejected=tuple(rejected),
        title=plain(_text(about.get("title")), _kind(about.get("title_detail"))) or None,
        link=absolute(link, without_secrets(document.url)) if link else None,
        feed_id=plain(_text(about.get("id")), "text") or None,
        language=language_tag(_text(about.get("language"))),
        ttl=_ttl(about.get("ttl")),
        hub=hubs.named("hub", document, _addresses(about, "hub")),
        self_url=hubs.named("self", document, _addresses(about, "self")),
    )


def _ttl(value: object) -> timedelta | None:
    text = _text(value) or ""
    minutes = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return timedelta(minutes=minutes) if 0 < minutes <= _ONE_DAY else None


# ---- an entry ---------------------------------------------------------------------------------------


def _item(entry: Details, extra: Extras, inherited: tuple[Author, ...], *, is_atom: bool) -> ParsedItem:
    guid = _text(entry.get("id"))
    title = _text(entry.get("title"))
    content, summary = _content_and_summary(entry, is_atom=is_atom)
    details = [one for one in (content, summary, entry.get("title_detail")) if isinstance(one, Mapping)]
    origin = entry.get("source")
    origin = _own(origin) if isinstance(origin, Mapping) else {}
    return ParsedItem(
        guid=guid,
        link=_link(entry, guid),
        title=title,
        title_type=_kind(entry.get("title_detail")),
        content=_text(content.get("value")) if content else None,
        content_type=_kind(content),
        summary=_text(summary.get("value")) if summary else None,
        summary_type=_kind(summary),
        authors=_authors(entry) or _authors(origin) or inherited,
        published=_when(entry, "published") or _when(entry, "created"),
        updated=_when(entry, "updated"),
        tags=tuple(_tags(entry)),
        enclosures=extra.enclosures(media.enclosures(entry)),
        image=extra.image(media.image(entry)),
        podcast=extra.podcast,
        language=_first(one.get("language") for one in details) or _text(entry.get("language")),
        rights=_text(entry.get("rights")),
        via=_first((origin.get("link"), origin.get("href"), *_addresses(origin))),
        via_title=_text(origin.get("title")),
        base_url=_first(one.get("base") for one in details),
    )


def _own(found: Details) -> dict[str, Any]:
    """A plain dict: feedparser's own answers ``updated`` with ``published`` and warns about it."""
    return dict(found)


def _text(value: object) -> str | None:
    """A text that is one; elements that feedparser does not know may be dicts where a text is expected."""
    return value.strip() or None if isinstance(value, str) else None


def _first(values: Iterable[object]) -> str | None:
    return next((text for value in values if (text := _text(value))), None)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [dict(one) for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _kind(detail: object) -> Literal["text", "html"]:
    """Markup unless it is said to be text; types that say nothing mostly hide markup."""
    kind = str(detail.get("type")) if isinstance(detail, Mapping) else ""
    return "text" if kind.startswith("text") and kind != "text/html" else "html"


def _addresses(entry: Details, rel: str = "alternate") -> Iterator[str]:
    for link in _dicts(entry.get("links")):
        if link.get("rel", "alternate") == rel and (href := _text(link.get("href"))):
            yield href


def _link(entry: Details, guid: str | None) -> str | None:
    """The entry's page. A guid is one only where it is an address itself, whatever isPermaLink promises.

    A service that counts clicks tells the article's own address beside the one that leads through itself.
    """
    own = _text(entry.get("feedburner_origlink"))
    if own and own.lower().startswith(("http://", "https://")):
        return own
    link = _text(entry.get("link"))
    if link and (link != guid or link.lower().startswith(("http://", "https://", "/"))):
        return link
    pages = (one.get("src") for one in _dicts(entry.get("content")) if one.get("type") in _PAGE_TYPES)
    return _first((*_addresses(entry), *pages))


def _content_and_summary(entry: Details, *, is_atom: bool) -> tuple[Details | None, Details | None]:
    """The full text and the summary, as details with type, language and base.

    Of several contents the best is taken. Of two descriptions in RSS feedparser calls the second content,
    be it a caption or the plain text of a podcast: if it says less than the first, they trade places.
    """
    summary = entry.get("summary_detail")
    summary = summary if isinstance(summary, Mapping) and _text(summary.get("value")) else None
    contents = [one for one in _dicts(entry.get("content")) if _is_text(one)]
    content = max(contents, key=lambda one: (_kind(one) == "html", _weight(one)), default=None)
    if content is None or summary is None:
        return content, summary
    if content["value"] == summary["value"]:
        return content, None
    says_less = not is_atom and "<" not in content["value"] and _weight(content) < _weight(summary)
    return (summary, content) if says_less else (content, summary)


def _is_text(detail: Details) -> bool:
    picture = str(detail.get("type")).startswith(("audio/", "image/", "video/"))
    return bool(_text(detail.get("value"))) and not picture


def _weight(detail: Details) -> int:
    return len(_TAGS.sub("", str(detail["value"])))


def _authors(entry: Details) -> tuple[Author, ...]:
    found: list[Author] = []
    for one in _dicts(entry.get("authors")):
        name, email, url = (_text(one.get(key)) for key in ("name", "email", "href"))
        if found and email == found[-1].email:  # feedparser gives an author the address of the one before
            email = None
        if name or email or url:
            found.append(Author(name=name or "", email=email, url=url))
    alone = _text(entry.get("author"))
    return tuple(dict.fromkeys(found)) or ((Author(name=alone),) if alone else ())


def _tags(entry: Details) -> Iterator[str]:
    for tag in _dicts(entry.get("tags")):
        if name := _first((tag.get("label"), tag.get("term"))):
            yield name


def _when(entry: Details, name: str) -> datetime | None:
    """Our own reading, which knows what zone-less means, else feedparser's (Greek, Hungarian, Korean)."""
    raw, read = _text(entry.get(name)), entry.get(f"{name}_parsed")
    ours = read_date(raw)
    if ours is not None or raw is None or read is None or not re.search(r"\d{4}", raw):
        return ours
    try:
        year, month, day, hour, minute, second = read[:6]
        return believable(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    except ValueError:
        return None


TYPE: Final = SourceType(name="feed", model=FeedSource, start=start, parse=parse, revision=2)
