"""What does a sitemap list: addresses, or further sitemaps?

XML (sitemaps.org 0.9 and Google's extensions for news and pictures), plain text, and robots.txt, which
names sitemaps. Packed or not. Nothing here knows what an article is.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.refine.dates import believable, read_date
from feedsvc.refine.links import absolute
from feedsvc.refine.text import one_line
from feedsvc.sources.defuse import marked_encoding
from feedsvc.sources.found import describe
from feedsvc.sources.unpack import unpacked

if TYPE_CHECKING:
    from lxml import etree

MOST_BYTES: Final = 50 * 1024 * 1024  # unpacked; both are the protocol's own bounds
MOST_URLS: Final = 50_000
_MOST_ELEMENTS: Final = 2_000_000
_MOST_WITHIN: Final = 10_000  # elements of one entry: pictures, versions in other languages
_ROBOTS_BYTES: Final = 512 * 1024  # RFC 9309 2.5 has parsers read 500 KiB at least
_ROBOTS_LINE: Final = re.compile(r"^[ \t]*(?:user-agent|sitemap)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_ROBOTS_SITEMAP: Final = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_END: Final = re.compile(rb"</(?:[\w.-]+:)?(urlset|sitemapindex)\s*>\s*$")
_BEGIN: Final = re.compile(rb"<(?:[\w.-]+:)?(urlset|sitemapindex)[\s>]")
_FEEDS: Final = frozenset({"RDF", "feed", "rss"})
_NEWS: Final = "sitemap-news"  # part of the namespace's name, in all of its spellings
_IMAGE: Final = "sitemap-image"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a Google News sitemap says of an article."""

    title: str | None = None
    published: datetime | None = None
    language: str | None = None
    keywords: tuple[str, ...] = ()
    publication: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``url`` is absolute. ``language`` is what the entry's alternates call this very address."""

    url: str
    lastmod: datetime | None = None
    news: News | None = None
    image: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """``children`` are further sitemaps. ``cut``: it lists more than we read.

    ``is_news``: it declares the news vocabulary, in which only the articles of the last days are listed.
    """

    entries: tuple[Entry, ...] = ()
    children: tuple[Entry, ...] = ()
    cut: bool = False
    is_news: bool = False


def read(document: Document) -> Sitemap:
    """:raises ParseError: if it is no sitemap, or breaks off."""
    body = unpacked(document.body, MOST_BYTES)
    if len(body) > MOST_BYTES:
        raise ParseError(f"the sitemap has {len(body):,} bytes, more than the protocol allows; refused")
    base = document.url
    if text := _plain_text(body):
        if _ROBOTS_LINE.search(text):
            return _robots(text, base)
        if listed := _listed(text):
            return listed
    else:
        return _xml(Document(url=base, body=body, headers=document.headers))
    raise no_sitemap(Document(url=base, body=body, headers=document.headers))


def no_sitemap(document: Document) -> ParseError:
    from feedsvc.pages.trouble import trouble  # noqa: PLC0415 slow to import

    stands_before = trouble(document)
    if stands_before and stands_before.kind == "blocked":
        return stands_before.error()
    return ParseError(
        f"{describe(document)} came instead of a sitemap; is {show_url(document.url)} still its address?"
    )


# ---- text -------------------------------------------------------------------------------------------


def _plain_text(body: bytes) -> str:
    """The document if it is neither markup nor binary, else nothing."""
    head = body[:1_000]
    if not head.strip() or b"\0" in head or b"<" in head:
        return ""
    return body.decode("utf-8-sig", "replace")


def _robots(text: str, base: str) -> Sitemap:
    """The sitemaps that robots.txt names; if it names none, the customary one."""
    found = _ROBOTS_SITEMAP.findall(text[:_ROBOTS_BYTES])
    urls = [url for one in found or ["/sitemap.xml"] if (url := absolute(one, base))]
    return Sitemap(children=tuple(Entry(url=url) for url in dict.fromkeys(urls)))


def _listed(text: str) -> Sitemap | None:
    """A sitemap as plain text: an address a line, and nothing else."""
    lines = [line.strip() for line in text.splitlines()[: MOST_URLS + 1]]
    lines = [line for line in lines if line]
    urls = [url for line in lines if line.startswith(("http://", "https://")) and (url := absolute(line))]
    if not urls or len(urls) < len(lines):
        return None
    return Sitemap(entries=tuple(Entry(url=url) for url in urls[:MOST_URLS]), cut=len(urls) > MOST_URLS)


# ---- XML --------------------------------------------------------------------------------------------


def _xml(document: Document) -> Sitemap:
    """Strictly; if that fails although the end is there, forgivingly (a bare & in an address)."""
    from lxml import etree  # noqa: PLC0415 slow to import

    try:
        return _read(document, recover=False)
    except etree.XMLSyntaxError as error:
        if not _BEGIN.search(document.body[:20_000]):
            raise no_sitemap(document) from error
        if not _END.search(document.body[-1_000:]):
            raise ParseError(f"the sitemap breaks off: {error}") from error
    try:
        return _read(document, recover=True)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"the sitemap is broken: {error}") from error


def _read(document: Document, *, recover: bool) -> Sitemap:
    """Raises XMLSyntaxError, ParseError."""
    from lxml import etree  # noqa: PLC0415 slow to import

    events = etree.iterparse(
        io.BytesIO(document.body),
        events=("end",),
        encoding=_encoding(document),
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    found: dict[str, list[Entry]] = {"url": [], "sitemap": []}
    top = None
    for parent, element in _members(element for _, element in events):
        top, name = parent, _name(element)
        if name in found and (entry := _entry(element, document.url)):
            found[name].append(entry)
        if len(found["url"]) > MOST_URLS or len(found["sitemap"]) > MOST_URLS:
            break
    root = _root(events.root if top is None else top, document)
    return Sitemap(
        entries=tuple(found["url"][:MOST_URLS]),
        children=tuple(found["sitemap"][:MOST_URLS]),
        cut=max(map(len, found.values())) > MOST_URLS,
        is_news=any(_NEWS in uri for uri in root.nsmap.values()),
    )


def _members(ended: "Iterable[etree._Element]") -> "Iterator[tuple[etree._Element, etree._Element]]":
    """The root with each of its children in turn, complete; what was read needs no memory any more.

    :raises ParseError: if there is more in one of them, or in all, than any sitemap has.
    """
    since = 0
    for number, element in enumerate(ended):
        since += 1
        if since > _MOST_WITHIN or number > _MOST_ELEMENTS:
            raise ParseError(f"the sitemap has {number:,} elements for few addresses; refused")
        parent = element.getparent()
        if parent is not None and parent.getparent() is None:
            yield parent, element
            since = 0
            element.clear()
            while element.getprevious() is not None:
                del parent[0]


def _root(root: "etree._Element | None", document: Document) -> "etree._Element":
    name = "" if root is None else _name(root)
    if name in _FEEDS:
        raise ParseError(f"{show_url(document.url)} is a feed, no sitemap: write type: feed")
    if root is None or name not in {"sitemapindex", "urlset"}:
        raise no_sitemap(document)
    return root


def _encoding(document: Document) -> str | None:
    """What the HTTP header says, if the document itself says nothing (RFC 7303 3)."""
    if marked_encoding(document.body) or document.body.lstrip().startswith(b"<?xml"):
        return None
    charset = re.search(r"charset=[\"']?([\w.:-]{1,40})", document.headers.get("content-type", ""))
    try:
        return charset[1] if charset and "a".encode(charset[1]) == b"a" else None
    except (LookupError, ValueError):
        return None


# ---- an entry ---------------------------------------------------------------------------------------


def _entry(element: "etree._Element", base: str) -> Entry | None:
    """None for one without an address that can be followed."""
    own = _children(element, _space(element))
    url = absolute(_text(own.get("loc")) or "", base)
    if url is None or url == base:
        return None
    extended = len(element) > len(own)
    news = next(_extension(element, "news", _NEWS), None) if extended else None
    images = _extension(element, "image", _IMAGE) if extended else ()
    return Entry(
        url=url,
        lastmod=_date(own.get("lastmod")),
        news=None if news is None else _news(news),
        image=next((_text(_children(one, _space(one)).get("loc")) for one in images), None),
        language=_language(element, url) if extended else None,
    )


def _news(element: "etree._Element") -> News:
    own = _children(element, _space(element))
    publication = own.get("publication")
    about = {} if publication is None else _children(publication, _space(element))
    keywords = (_text(own.get("keywords")) or "").split(",")
    return News(
        title=_text(own.get("title")),
        published=_date(own.get("publication_date")),
        language=_text(own.get("language")) or _text(about.get("language")),
        keywords=tuple(word for one in keywords if (word := one.strip())),
        publication=_text(about.get("name")),
    )


def _language(element: "etree._Element", url: str) -> str | None:
    """Of the versions in other languages that an entry names, the one that it is itself."""
    versions = (one for one in element.iterchildren("{*}link") if one.get("rel") == "alternate")
    return next((one.get("hreflang") for one in versions if one.get("href") == url), None)


def _children(element: "etree._Element", space: str) -> "dict[str, etree._Element]":
    """By name, the first of each, those of the vocabulary ``space`` only: ``{uri}`` or nothing."""
    start = len(space)
    return {
        tag[start:]: one
        for one in reversed(element)
        if (tag := str(one.tag)).startswith(space) and "}" not in tag[start:]
    }


def _extension(element: "etree._Element", name: str, space: str) -> "Iterator[etree._Element]":
    return (one for one in element.iterchildren(f"{{*}}{name}") if space in str(one.tag))


def _text(element: "etree._Element | None") -> str | None:
    return None if element is None else one_line("".join(map(str, element.itertext()))) or None


def _date(element: "etree._Element | None") -> datetime | None:
    text = _text(element) or ""
    try:
        return believable(datetime.fromisoformat(text))  # ten times as fast, and there may be 50,000
    except ValueError:
        return read_date(text)


def _name(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _space(element: "etree._Element") -> str:
    space, brace, _ = str(element.tag).rpartition("}")
    return space + brace
