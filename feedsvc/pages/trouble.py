"""Is this page what was asked for, or something that stands before it?

Precision first: a page with much to read, or with many links, is what was asked for, whatever words and
widgets are on it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urldefrag

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.pages import blocked, walls
from feedsvc.pages.blocked import WALL_LINKS, Blocked, is_small, says
from feedsvc.pages.glance import Glance, glance
from feedsvc.pages.page import Page, read

Kind = Literal["blocked", "needs-browser", "moved", "not-html"]

NOTICE: Final = 600  # characters of "this page has moved to ..."
HARDLY_ANY: Final = 200  # characters that an app says before it is drawn
_THING: Final = re.compile(r"\"(?:headline|title|name)\"\s*:", re.IGNORECASE)
_THINGS: Final = 3  # in JSON, where there may be a list without any browser
_REFRESH: Final = re.compile(r"\s*(\d{1,6})[\d.]*\s*[;,]\s*(?:url\s*=)?\s*[\"']?([^\"']*)", re.IGNORECASE)
_SOON: Final = 30  # seconds; a refresh later than that is for readers who stay
_SCRIPTED: Final = re.compile(
    r"\blocation(?:\.href)?\s*=\s*[\"']([^\"'\s]{1,2000})[\"']"
    r"|\blocation\.(?:replace|assign)\(\s*[\"']([^\"'\s]{1,2000})[\"']"
)
_SHORT_SCRIPT: Final = 2_000
_OTHERS: Final[Mapping[str, str]] = {
    "<rss": "a feed (type: feed reads it)",
    "<feed": "a feed (type: feed reads it)",
    "<rdf:rdf": "a feed (type: feed reads it)",
    "<urlset": "a sitemap (type: sitemap reads it)",
    "<sitemapindex": "a sitemap (type: sitemap reads it)",
    "{": "JSON (type: api reads it)",
    "[": "JSON (type: api reads it)",
}
_DECLARATION: Final = re.compile(r"(?:\s++|<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->)*+", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What came instead. ``kind`` is one of ParseError's, ``who`` a name such as "Cloudflare" or "consent
    wall" (empty where there is none to name), ``reason`` a sentence with what can be done."""

    kind: Kind
    who: str = ""
    reason: str

    def error(self) -> ParseError:
        return ParseError(self.reason, kind=self.kind)


def trouble(document: Document, page: Page | None = None, *, status: int | None = None) -> Trouble | None:
    """What stands before the page, None if nothing does.

    ``page`` is the document as it was read, if it was. ``status`` is that of the answer where the document
    does not know it: of an error status only walls are told, the status tells the rest.
    """
    status = document.status if status is None else status
    if wall := blocked.told(document):
        return _blocked(wall)
    if page is None:
        try:
            page = read(document)
        except ParseError as error:
            return None if status >= 400 else _not_html(page, document, str(error))
    if other := _other(page.text):
        return None if status >= 400 else _not_html(page, document, other)
    seen = glance(page)
    if wall := blocked.blocked(document, seen, status):
        return _blocked(wall)
    return None if status >= 400 else _nothing_here(page, seen)


def _blocked(wall: Blocked) -> Trouble:
    return Trouble(kind="blocked", who=wall.who, reason=wall.reason)


def _nothing_here(page: Page, seen: Glance) -> Trouble | None:
    return _moved(page, seen) or _parked(seen) or _needs_browser(seen)


# ---- moved, parked, drawn by scripts, no page -------------------------------------------------------


def _moved(page: Page, seen: Glance) -> Trouble | None:
    if len(seen.text) > NOTICE or seen.links > WALL_LINKS:
        return None
    if target := _refreshed_to(page) or (_scripted_to(page, seen) if len(seen.text) < HARDLY_ANY else None):
        return _moved_to(f"the page only sends on to {show_url(target)}")
    if says(walls.MOVED, f"{seen.title} {seen.text}".lower()) and seen.links <= 5:
        return _moved_to("the page says that what was here has moved")
    return None


def _moved_to(what: str) -> Trouble:
    return Trouble(kind="moved", reason=f"{what}; if that is where the list is now, make it the source's url")


def _refreshed_to(page: Page) -> str | None:
    """Where ``<meta http-equiv=refresh>`` leads (HTML 4.2.5.3), if soon and to another page."""
    for meta in page.tree.xpath("//meta[@http-equiv and @content][not(ancestor::noscript)]")[:50]:
        found = _REFRESH.match(meta.get("content"))
        if meta.get("http-equiv").strip().lower() == "refresh" and found and int(found[1]) <= _SOON:
            return _elsewhere(page, found[2])
    return None


def _scripted_to(page: Page, seen: Glance) -> str | None:
    """Where a page of which there is nothing but a line of script sends on to."""
    if seen.script_files or seen.pictures or sum(map(len, seen.scripts)) > _SHORT_SCRIPT:
        return None
    found = next(_SCRIPTED.finditer("\n".join(seen.scripts)), None)
    return _elsewhere(page, found[1] or found[2]) if found else None


def _elsewhere(page: Page, href: str) -> str | None:
    target = page.link(href)
    return target if target and urldefrag(target).url != urldefrag(page.url).url else None


def _parked(seen: Glance) -> Trouble | None:
    small = is_small(seen)
    if not small or not (says(walls.PARKED_MARKS, seen.marks) or _says_parked(seen)):
        return None
    return Trouble(
        kind="moved",
        who="parked domain",
        reason="the site is gone: its host or domain only says that nobody uses it at the moment",
    )


def _says_parked(seen: Glance) -> bool:
    return len(seen.text) <= NOTICE and says(
        walls.PARKED, f"{seen.title} {' '.join(seen.headings[:2])} {seen.text[:300]}".lower()
    )


def _needs_browser(seen: Glance) -> Trouble | None:
    if len(seen.text) > HARDLY_ANY or seen.links > 3 or _has_data(seen):
        return None
    scripted = seen.script_files > 0 or any(len(one) > _SHORT_SCRIPT for one in seen.scripts)
    bare = len(seen.text) < 20 and not (seen.pictures or seen.controls or seen.headings)
    asks = says(walls.NEEDS_SCRIPT, seen.unscripted.lower())
    if not scripted or not (bare or asks or seen.awaits_scripts):
        return None
    return Trouble(
        kind="needs-browser",
        reason="the page is drawn by JavaScript and its bytes hold nothing to read; "
        "`render: browser` lets Chromium draw it, an `api` source may read what its scripts fetch",
    )


def _has_data(seen: Glance) -> bool:
    """Is there JSON with enough things in it for a list?"""
    return len(_THING.findall(seen.data)) >= _THINGS


def _other(text: str) -> str | None:
    """What it is that only looks as if there was HTML in it: a feed has titles too."""
    head = _DECLARATION.sub("", text[:2_000].lstrip("\ufeff"), count=1)[:40].lower()
    return next((what for start, what in _OTHERS.items() if head.startswith(start)), None)


def _not_html(page: Page | None, document: Document, what: str) -> Trouble:
    if page is None:
        what = _other(document.body[:2_000].decode("utf-8", "replace")) or what
    named = f"{what} came instead of a page" if what in _OTHERS.values() else what
    return Trouble(kind="not-html", reason=f"{named}; is {show_url(document.url)} still its address?")
