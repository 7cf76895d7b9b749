"""Is this page what was asked for, or something that stands before it?

Precision first: a page with much to read, or with many links, is what was asked for, whatever words and
widgets are on it. Only what is nearly empty is looked at for the marks of walls, and words alone prove
nothing: two hints of different kinds do.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urldefrag, urlsplit

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.pages import walls
from feedsvc.pages.glance import Glance, glance
from feedsvc.pages.page import Page, read

Kind = Literal["blocked", "needs-browser", "moved", "not-html"]

WALL: Final = 1_500  # characters that a wall has to say at most; Cloudflare's has up to 1,000
WALL_LINKS: Final = 12  # its help, imprint, privacy, languages
_TOLD_IN_A_LINE: Final = re.compile(rb"error code: 10\d\d\s*$")  # to programs; of kinds 1003 to 1020
_ANY_CHECK: Final = "robot check"  # one that we do not know by name
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
    if said := _named(walls.HEADERS, document.headers):
        return _blocked(said, "a header says so")
    if _TOLD_IN_A_LINE.match(document.body):
        return _blocked("Cloudflare", "an error code came instead of the page")
    if page is None:
        try:
            page = read(document)
        except ParseError as error:
            return None if status >= 400 else _not_html(page, document, str(error))
    if other := _other(page.text):
        return None if status >= 400 else _not_html(page, document, other)
    seen = glance(page)
    return _wall(document, seen, status) or (None if status >= 400 else _nothing_here(page, seen))


def _wall(document: Document, seen: Glance, status: int) -> Trouble | None:
    if found := _robot_check(document, seen, status):
        return found
    return _login_wall(document, seen) or _consent_wall(document, seen)


def _nothing_here(page: Page, seen: Glance) -> Trouble | None:
    return _moved(page, seen) or _parked(seen) or _needs_browser(seen)


# ---- robot checks -----------------------------------------------------------------------------------


def _named(table: Mapping[tuple[str, str], str], headers: Mapping[str, str]) -> str | None:
    for (name, start), who in table.items():
        value = headers.get(name)
        if value is not None and value.strip().lower().startswith(start):
            return who
    return None


def _robot_check(document: Document, seen: Glance, status: int) -> Trouble | None:
    if not _is_small(seen):
        return None
    refused = status in {401, 403, 405, 406, 418, 429, 503}
    brief = not seen.is_article or len(seen.text) < HARDLY_ANY
    if brief and (who := _first(walls.MARKS, seen.marks)):
        # A Cloudflare page that tells of a broken origin is no wall; its status says what it is.
        broken = who == "Cloudflare" and status >= 500 and "chl" not in seen.marks
        return None if broken else _blocked(who, "its robot check came instead of the page")
    words = f"{seen.title} {seen.text} {seen.asking} {seen.unscripted}".lower().replace("’", "'")
    if brief and (refused or len(seen.text) < WALL // 2) and (who := _signed(words, refused)):
        return _blocked(who, "its notice came instead of the page")
    hints = _hints(document, seen, refused)
    if len(hints) < 2:
        return None
    who = _named(walls.GUARDS, document.headers) if refused else None
    return _blocked(who or _ANY_CHECK, f"evidence: {', '.join(hints)}")


def _signed(words: str, refused: bool) -> str | None:
    for who, signatures in walls.SIGNATURES.items():
        for one in signatures:
            if one in words and (one not in walls.WEAK_SIGNATURES or refused or "reference #" in words):
                return who
    return None


def _hints(document: Document, seen: Glance, refused: bool) -> list[str]:
    """What speaks for a robot check of a kind that we do not know by name; each alone may be a page's own."""
    headline = " ".join((seen.title, *seen.headings[:2])).lower()
    body = f"{seen.text} {seen.unscripted}".lower()
    for heading in seen.headings[:2]:
        body = body.replace(heading.lower(), "", 1)
    short = len(seen.text) < WALL // 2
    wordy = short and not seen.is_article
    hints = {
        "its title": wordy and _any(walls.ROBOT_CHECK, headline),
        "its wording": wordy and _any(walls.ROBOT_CHECK, body),
        "a captcha": short and not seen.passwords and _any(walls.CAPTCHAS, seen.marks),
        "its address": bool(_place(document.url) & walls.CHALLENGE_PLACES) and bool(document.hops),
        "the status": refused and short,
        "its guard": refused and _named(walls.GUARDS, document.headers) is not None,
    }
    found = [name for name, holds in hints.items() if holds]
    return found if {"its title", "its wording", "a captcha", "its address", "its guard"} & set(found) else []


# ---- consent, login, subscription -------------------------------------------------------------------


def _consent_wall(document: Document, seen: Glance) -> Trouble | None:
    asking = f"{seen.text} {seen.asking}".lower()
    asks = bool(seen.controls or seen.asking or seen.links) and _any(walls.CONSENT_ANSWERS, asking)
    redirected = _led_to(document, walls.CONSENT_PLACES) and not seen.is_busy
    titled = _any(walls.CONSENT_TITLES, seen.title.lower()) and _is_small(seen) and not _has_app(seen)
    alone = len(seen.asking) > HARDLY_ANY and len(seen.text) < HARDLY_ANY // 2 and seen.links <= 3
    if not redirected and not (asks and (titled or (alone and not _has_app(seen)))):
        return None
    return Trouble(
        kind="blocked",
        who="consent wall",
        reason=f"a consent wall came instead of the page, at {show_url(document.url)}; "
        "another address of the site (a section, its sitemap) may be free of it",
    )


def _login_wall(document: Document, seen: Glance) -> Trouble | None:
    title = f"{seen.title} {' '.join(seen.headings[:2])}".lower()
    small = _is_small(seen) and len(seen.text) < WALL // 2
    sent = _led_to(document, walls.LOGIN_PLACES) and (seen.passwords > 0 or small)
    alone = small and seen.passwords > 0 and _any(walls.LOGIN, title)
    if sent or alone:
        who, what = "login wall", "asks for a login"
    elif _led_to(document, walls.PAY_PLACES) and not seen.is_busy:
        who, what = "paywall", "asks for a subscription"
    else:
        return None
    return Trouble(
        kind="blocked",
        who=who,
        reason=f"the site {what} at {show_url(document.url)} instead of showing the page; "
        "what it shows to everybody has to be collected from another address",
    )


# ---- moved, parked, drawn by scripts, no page -------------------------------------------------------


def _moved(page: Page, seen: Glance) -> Trouble | None:
    if len(seen.text) > NOTICE or seen.links > WALL_LINKS:
        return None
    if target := _refreshed_to(page) or (_scripted_to(page, seen) if len(seen.text) < HARDLY_ANY else None):
        return _moved_to(f"the page only sends on to {show_url(target)}")
    if _any(walls.MOVED, f"{seen.title} {seen.text}".lower()) and seen.links <= 5:
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
    small = _is_small(seen)
    if not small or not (_any(walls.PARKED_MARKS, seen.marks) or _says_parked(seen)):
        return None
    return Trouble(
        kind="moved",
        who="parked domain",
        reason="the site is gone: its host or domain only says that nobody uses it at the moment",
    )


def _says_parked(seen: Glance) -> bool:
    return len(seen.text) < WALL // 2 and _any(
        walls.PARKED, f"{seen.title} {' '.join(seen.headings[:2])} {seen.text[:300]}".lower()
    )


def _needs_browser(seen: Glance) -> Trouble | None:
    if len(seen.text) > HARDLY_ANY or seen.links > 3 or _has_data(seen):
        return None
    scripted = seen.script_files > 0 or any(len(one) > _SHORT_SCRIPT for one in seen.scripts)
    bare = len(seen.text) < 20 and not (seen.pictures or seen.controls or seen.headings)
    asks = _any(walls.NEEDS_SCRIPT, seen.unscripted.lower())
    if not scripted or not (bare or asks or _has_app(seen)):
        return None
    return Trouble(
        kind="needs-browser",
        reason="the page is drawn by JavaScript and its bytes hold nothing to read; "
        "`render: browser` lets Chromium draw it, an `api` source may read what its scripts fetch",
    )


def _has_data(seen: Glance) -> bool:
    """Is there JSON with enough things in it for a list?"""
    return len(_THING.findall(seen.data)) >= _THINGS


def _has_app(seen: Glance) -> bool:
    """An empty place that scripts will fill; custom elements (with a hyphen) are such places as well."""
    return any(one in walls.APP_ROOTS or (one.startswith("app-") and "-" in one) for one in seen.empty_ids)


def _other(text: str) -> str | None:
    """What it is that only looks as if there was HTML in it: a feed has titles too."""
    head = _DECLARATION.sub("", text[:2_000].lstrip("\ufeff"), count=1)[:40].lower()
    return next((what for start, what in _OTHERS.items() if head.startswith(start)), None)


def _not_html(page: Page | None, document: Document, what: str) -> Trouble:
    if page is None:
        what = _other(document.body[:2_000].decode("utf-8", "replace")) or what
    named = f"{what} came instead of a page" if what in _OTHERS.values() else what
    return Trouble(kind="not-html", reason=f"{named}; is {show_url(document.url)} still its address?")


# ---- asking -----------------------------------------------------------------------------------------


def _blocked(who: str, what: str) -> Trouble:
    it = f"a {who}" if who == _ANY_CHECK else who
    return Trouble(
        kind="blocked",
        who=who,
        reason=f"{it} stands before the page ({what}); poll less often, ask the site to let feedsvc in, "
        "or try `render: browser`",
    )


def _is_small(seen: Glance) -> bool:
    return not seen.is_busy and len(seen.text) <= WALL and seen.links <= WALL_LINKS


def _first(table: walls.Table, text: str) -> str | None:
    return next((who for who, marks in table.items() if _any(marks, text)), None)


def _any(needles: Iterable[str], text: str) -> bool:
    return any(one in text for one in needles)


def _led_to(document: Document, places: frozenset[str]) -> bool:
    """Did redirects lead to such a place?"""
    return bool(document.hops) and bool(_place(document.url) & places)


def _place(url: str) -> frozenset[str]:
    return frozenset(_words_of(url))


def _words_of(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    yield from (parts.hostname or "").lower().split(".")[:-1]
    yield from parts.path.lower().split("/")
