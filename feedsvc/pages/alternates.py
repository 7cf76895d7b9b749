"""Which feeds does a page itself name, and what does it link to?"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from lxml import html

from feedsvc.model import Document
from feedsvc.pages.page import Page
from feedsvc.refine.canonical import canonical_url
from feedsvc.refine.text import one_line, shortened, words

Found = Literal["itself", "declared", "platform", "linked", "guessed", "api", "sitemap", "page"]

MOST_DECLARED: Final = 30
MOST_LINKED: Final = 10
_MOST_ANCHORS: Final = 5_000
_LONGEST_TITLE: Final = 120
_TEXTS: Final = 12  # pieces of text of one link that are looked at
_LONGEST_LABEL: Final = 40  # characters; who says "RSS" in a whole sentence links to something else

_FEED_TYPES: Final = words(
    "application/atom+xml application/feed+json application/rdf+xml application/rss+xml application/x-rss+xml"
)
# Types that many things have: believed only where rel or the address says that it is a feed.
_LOOSE_TYPES: Final = words("application/json application/xml text/rss text/rss+xml text/xml")
_NO_FEEDS: Final = words("amphtml canonical hub icon manifest preload stylesheet")
_API_RELATION: Final = (
    "https://api.w.org/"  # WordPress: the root of its REST API, in HTML and in Link headers
)

# The last part of a path, or a parameter's value, that programs give to feeds.
_FEED_NAMES: Final = words(
    "atom atom.xml atom10.xml feed feed.atom feed.json feed.php feed.rss feed.xml feeds index.atom index.rdf "
    "index.rss index.xml latest.rss posts.atom rdf rss rss.aspx rss.php rss.xml rss2 rss2.xml rss20.xml"
)
_FEED_ENDINGS: Final = (".atom", ".rss", ".rdf", "/feed", "/rss", "/atom", "-feed.xml", "-rss.xml")
_FEED_VALUE: Final = re.compile(
    r"(?:^|&)(?:feed|format|output|type|view|alt)=(?:atom|feed|jsonfeed|rdf|rss)[0-9.]{0,3}(?:&|$)"
)
_FEED_WORD: Final = re.compile(
    r"(?<![a-z0-9])(?:rss|atom|feed|feeds|web ?feed|json ?feed|podcast ?feed)(?![a-z0-9])"
)
# Addresses that only name a program which should open them: feed:https://..., feed://..., itpc://...
_SCHEMES: Final = re.compile(
    r"(?:feed|itpc|pcast|podcast|rss):(?://)?(?=https?:)|(?:feed|itpc|pcast|podcast|rss)://", re.IGNORECASE
)
_INSIDE: Final = re.compile(r"https?(?::|%3a)(?:/|%2f){2}.+", re.IGNORECASE)
_LINK_HEADER: Final = re.compile(r"<([^<>]*)>([^<>]*)")
_PARAMETER: Final = re.compile(r";\s*([a-z]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An absolute address where articles may be had: ``title`` is what it is called there, ``how`` tells in
    words for the admin how it was found, ``found`` in one."""

    url: str
    how: str
    found: Found
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    href: str
    rel: frozenset[str]
    type: str
    title: str


def feeds(page: Page, document: Document) -> tuple[Candidate, ...]:
    """The feeds that a page declares, then those that it links to, each address once, in its order."""
    declared = (
        Candidate(url=url, title=link.title, how="declared by the page", found="declared")
        for link in (*_head_links(page), *_header_links(document))
        if _declares_feed(link) and (url := page.link(_plain_scheme(link.href)))
    )
    linked = (
        Candidate(url=url, title=title, how="linked on the page", found="linked")
        for url, title in _feed_anchors(page)
    )
    return _once((*islice(declared, MOST_DECLARED), *islice(linked, MOST_LINKED)))


def own_addresses(page: Page) -> tuple[str, ...]:
    """The addresses by which the page calls itself (canonical, og:url), best first."""
    found = page.tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    return tuple(dict.fromkeys(filter(None, (page.link(str(one)) for one in found[:4]))))


def linked(page: Page) -> frozenset[str]:
    """What the page links to, in canonical form."""
    hrefs = (page.link(one.get("href")) for one in islice(page.tree.iter("a"), _MOST_ANCHORS))
    return frozenset(canonical_url(url) for url in hrefs if url)


def title_of(page: Page) -> str:
    """What the page calls itself, on one line."""
    found = page.tree.xpath("string((//head/title | //title)[1])")
    return shortened(one_line(str(found)), _LONGEST_TITLE)


def looks_like_feed(url: str) -> bool:
    """Does the address by its form seem to be that of a feed?"""
    try:
        parts = urlsplit(url.lower())
    except ValueError:
        return False
    path = parts.path.rstrip("/")
    return (
        path.rpartition("/")[2] in _FEED_NAMES
        or path.endswith(_FEED_ENDINGS)
        or _FEED_VALUE.search(parts.query) is not None
    )


# ---- declared ---------------------------------------------------------------------------------------


def _head_links(page: Page) -> Iterator[_Link]:
    """``<link>`` anywhere (the head is often broken), and ``<a rel>``, which HTML allows as well."""
    for one in islice(page.tree.iter("link", "a"), _MOST_ANCHORS):
        href, rel = one.get("href"), one.get("rel")
        if href and rel:
            yield _Link(
                href=href,
                rel=words(rel.lower()),
                type=_media_type(one.get("type")),
                title=_title(one.get("title")) or _label(one),
            )


def _header_links(document: Document) -> Iterator[_Link]:
    """The ``Link`` header (RFC 8288)."""
    for found in islice(_LINK_HEADER.finditer(document.headers.get("link", "")[:8_000]), 20):
        named = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(found[2])}
        yield _Link(
            href=found[1],
            rel=words(named.get("rel", "").lower()),
            type=_media_type(named.get("type")),
            title=_title(named.get("title")),
        )


def _declares_feed(link: _Link) -> bool:
    if link.rel & _NO_FEEDS:
        return False
    if "feed" in link.rel:
        return not link.type or link.type in _FEED_TYPES | _LOOSE_TYPES | {"text/html"}
    if "alternate" not in link.rel:
        return False
    return link.type in _FEED_TYPES or (link.type in _LOOSE_TYPES and looks_like_feed(link.href))


def _label(anchor: html.HtmlElement) -> str:
    """The first words in it: anchors may be nested without end, and each would repeat all of the others."""
    return _title("".join(islice(anchor.itertext(), _TEXTS)))


def _media_type(text: str | None) -> str:
    return (text or "").partition(";")[0].strip().lower()


def _title(text: str | None) -> str:
    return shortened(one_line(text or ""), _LONGEST_TITLE)


# ---- linked -----------------------------------------------------------------------------------------


def _feed_anchors(page: Page) -> Iterator[tuple[str, str]]:
    """Address and words of the links that by their address, or by their label, lead to a feed."""
    for one in islice(page.tree.iter("a"), _MOST_ANCHORS):
        href = one.get("href") or ""
        url = _address(page, href)
        if url and (_SCHEMES.match(href.strip()) or looks_like_feed(url) or _is_labelled(one)):
            yield url, _label(one) or _title(one.get("title"))


def _address(page: Page, href: str) -> str | None:
    """The link's address; that of the feed itself where a link hands one over to some reader's site."""
    inner = _INSIDE.search(href, 8)
    if inner is not None and (url := page.link(unquote(inner[0]))) and looks_like_feed(url):
        return url
    return page.link(_plain_scheme(href))


def _plain_scheme(href: str) -> str:
    stripped = href.strip()
    scheme = _SCHEMES.match(stripped)
    if scheme is None:
        return href
    rest = stripped[scheme.end() :]
    return rest if rest.lower().startswith(("http:", "https:")) else f"https://{rest}"


def _is_labelled(anchor: html.HtmlElement) -> bool:
    """Is it called "RSS" or the like, in its text, its tooltip, or the text of its picture?"""
    pictures = (image.get("alt") for image in islice(anchor.iter("img"), 3))
    labels = (_label(anchor), anchor.get("title"), anchor.get("aria-label"), *pictures)
    return any(
        _FEED_WORD.search(text)
        for text in (one_line(label or "").lower() for label in labels)
        if len(text) <= _LONGEST_LABEL
    )


def _once(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    first: dict[str, Candidate] = {}
    for one in candidates:
        first.setdefault(canonical_url(one.url), one)
    return tuple(first.values())
