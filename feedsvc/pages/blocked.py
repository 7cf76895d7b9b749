"""Who stands before the page: a robot check, a consent wall, a login or subscription page?

Only what is nearly empty is looked at for the marks of walls, and words alone prove nothing: two hints of
different kinds do.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from feedsvc.addresses import show_url
from feedsvc.model import Document
from feedsvc.pages import walls
from feedsvc.pages.glance import MANY, Glance

WALL: Final = 1_500  # characters that a wall has to say at most; Cloudflare's has up to 1,000
WALL_LINKS: Final = 12  # its help, imprint, privacy, languages
BRIEF: Final = 200  # characters, fewer than any article has
_IN_A_LINE: Final = re.compile(rb"error code: 10\d\d\s*$")  # what Cloudflare tells programs: 1003 to 1020
_ANY_CHECK: Final = "robot check"  # one that we do not know by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """``who`` is a name such as "Cloudflare" or "consent wall", ``reason`` a sentence."""

    who: str
    reason: str


def told(document: Document) -> Blocked | None:
    """What the answer says outright, whatever page comes with it."""
    if who := _named(walls.HEADERS, document.headers):
        return _robots(who, "a header says so")
    if _IN_A_LINE.match(document.body):
        return _robots("Cloudflare", "an error code came instead of the page")
    return None


def blocked(document: Document, seen: Glance, status: int) -> Blocked | None:
    """What the page itself tells."""
    if found := _robot_check(document, seen, status):
        return found
    return _login_wall(document, seen) or _consent_wall(document, seen)


def is_small(seen: Glance) -> bool:
    """May it be a wall or a notice, by how little there is of it?"""
    return not seen.is_busy and len(seen.text) <= WALL and seen.links <= WALL_LINKS


def says(needles: Iterable[str], text: str) -> bool:
    """Is one of these in the text, which is in lower case?"""
    return any(one in text for one in needles)


# ---- robot checks -----------------------------------------------------------------------------------


def _named(table: Mapping[tuple[str, str], str], headers: Mapping[str, str]) -> str | None:
    for (name, start), who in table.items():
        value = headers.get(name)
        if value is not None and value.strip().lower().startswith(start):
            return who
    return None


def _robot_check(document: Document, seen: Glance, status: int) -> Blocked | None:
    if not is_small(seen):
        return None
    refused = status in {401, 403, 405, 406, 418, 429, 503}
    brief = not seen.is_article or len(seen.text) < BRIEF
    if brief and (who := _first(walls.MARKS, seen.marks)):
        # A Cloudflare page that tells of a broken origin is no wall; its status says what it is.
        broken = who == "Cloudflare" and status >= 500 and "chl" not in seen.marks
        return None if broken else _robots(who, "its robot check came instead of the page")
    words = f"{seen.title} {seen.text} {seen.asking} {seen.unscripted}".lower().replace("’", "'")
    if brief and (refused or len(seen.text) < WALL // 2) and (who := _signed(words, refused)):
        return _robots(who, "its notice came instead of the page")
    hints = _hints(document, seen, refused)
    if len(hints) < 2:
        return None
    who = _named(walls.GUARDS, document.headers) if refused else None
    return _robots(who or _ANY_CHECK, f"evidence: {', '.join(hints)}")


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
        "its title": wordy and says(walls.ROBOT_CHECK, headline),
        "its wording": wordy and says(walls.ROBOT_CHECK, body),
        "a captcha": short and not seen.passwords and says(walls.CAPTCHAS, seen.marks),
        "its address": bool(_place(document.url) & walls.CHALLENGE_PLACES) and bool(document.hops),
        "the status": refused and short,
        "its guard": refused and _named(walls.GUARDS, document.headers) is not None,
    }
    found = [name for name, holds in hints.items() if holds]
    return found if {"its title", "its wording", "a captcha", "its address", "its guard"} & set(found) else []


# ---- consent, login, subscription -------------------------------------------------------------------


def _consent_wall(document: Document, seen: Glance) -> Blocked | None:
    asking = f"{seen.text} {seen.asking}".lower()
    asks = bool(seen.controls or seen.asking or seen.links) and says(walls.CONSENT_ANSWERS, asking)
    redirected = _led_to(document, walls.CONSENT_PLACES) and seen.links <= WALL_LINKS
    titled = says(walls.CONSENT_TITLES, seen.title.lower()) and is_small(seen)
    alone = len(seen.asking) > BRIEF > 2 * len(seen.text) and seen.links <= 3 and not seen.is_article
    if not redirected and not (asks and not seen.awaits_scripts and (titled or alone)):
        return None
    return Blocked(
        who="consent wall",
        reason=f"a consent wall came instead of the page, at {show_url(document.url)}; "
        "another address of the site (a section, its sitemap) may be free of it",
    )


def _login_wall(document: Document, seen: Glance) -> Blocked | None:
    title = f"{seen.title} {' '.join(seen.headings[:2])}".lower()
    small = is_small(seen) and len(seen.text) < WALL // 2
    sent = _led_to(document, walls.LOGIN_PLACES) and (seen.passwords > 0 or small)
    alone = small and seen.passwords > 0 and says(walls.LOGIN, title)
    if sent or alone:
        who, what = "login wall", "asks for a login"
    elif document.hops and _last(document.url) in walls.PAY_PLACES and seen.links <= MANY:
        who, what = "paywall", "asks for a subscription"
    else:
        return None
    return Blocked(
        who=who,
        reason=f"the site {what} at {show_url(document.url)} instead of showing the page; "
        "what it shows to everybody has to be collected from another address",
    )


# ---- asking -----------------------------------------------------------------------------------------


def _robots(who: str, what: str) -> Blocked:
    it = f"a {who}" if who == _ANY_CHECK else who
    return Blocked(
        who=who,
        reason=f"{it} stands before the page ({what}); poll less often, ask the site to let feedsvc in, "
        "or try `render: browser`",
    )


def _first(table: walls.Table, text: str) -> str | None:
    return next((who for who, marks in table.items() if says(marks, text)), None)


def _led_to(document: Document, places: frozenset[str]) -> bool:
    """Did redirects lead to such a place?"""
    return bool(document.hops) and bool(_place(document.url) & places)


def _place(url: str) -> frozenset[str]:
    return frozenset(_words_of(url))


def _last(url: str) -> str:
    """The last word of its path: what comes after "subscribe" may be an article for subscribers."""
    return next((one for one in reversed(list(_words_of(url))) if one), "")


def _words_of(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    yield from (parts.hostname or "").lower().split(".")[:-1]
    yield from parts.path.lower().split("/")
