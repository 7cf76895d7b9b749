"""Is a text what it is meant to be: an address, a date, a number, a language, words?

Each check gives the code of the broken rule with what it says, or None.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from feedsvc import languages
from feedsvc.refine.dates import read_date

Broken: TypeAlias = "tuple[str, Mapping[str, object]] | None"
Check: TypeAlias = Callable[[str, datetime], Broken]

_SKEW: Final = timedelta(minutes=10)  # clocks differ
_OLDEST: Final = 1970  # before that nothing was published on the web
_RFC822_EXAMPLE: Final = "Tue, 24 Nov 2026 10:30:00 +0000"
_RFC3339_EXAMPLE: Final = "2026-11-24T10:30:00Z"

_DAYS: Final = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_ZONE: Final = r"[+-]\d{4}|UT|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|Z"
_RFC822: Final = re.compile(
    rf"(?:(?P<weekday>{_DAYS}), )?(?P<day>\d\d?) (?:{_MONTHS}) (?P<year>\d{{4}}) "
    rf"(?P<hour>\d\d):(?P<minute>\d\d)(?::\d\d)? (?:{_ZONE})",
    re.ASCII,
)
_OBSOLETE: Final = re.compile(
    rf"(?:(?:{_DAYS})\s*,\s*)?\d\d?\s+(?:{_MONTHS})\s+\d\d(?:\d\d)?\s+\d\d:\d\d(?::\d\d)?(?:\s+(?:{_ZONE}|[A-IK-Z]))?",
    re.ASCII | re.IGNORECASE,
)
_RFC3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_W3CDTF: Final = re.compile(
    r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?", re.ASCII
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ALLOWED: Final = re.compile(r"(?:[\w\-.~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])*", re.ASCII)
_HOST: Final = re.compile(r"(?:[^\s<>\"{}|\\^`/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])")
_MAIL: Final = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+\.[^\s@<>()\",;:]+")
_MAIL_AND_NAME: Final = re.compile(
    r"(\S+)\s*(?:\((?P<name>[^()]*)\))?|(?P<before>[^<>]*)<(?P<inside>[^<>]*)>"
)
_MEDIA_TYPE: Final = re.compile(
    r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;\s*[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|\"[^\"]*\"))*", re.ASCII
)
_OWN_LANGUAGE: Final = re.compile(r"[xi](?:-[A-Za-z0-9]{1,8})+", re.IGNORECASE)
_TAG: Final = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|code|div|em|font|h[1-6]|hr|i|iframe|img|li|ol|p|pre|script|small|span|strike|strong|sub|sup|table|td|th|tr|tt|u|ul)"
    r"(?:\s+[\w:-]{1,50}\s*=[^<>]{0,2000})?\s*/?>",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_STRANGE: Final = re.compile("[\x80-\x9f\ud800-\udfff\ufffd\ufdd0-\ufdef\ufffe\uffff]")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DURATION: Final = re.compile(r"\d{1,7}(?:\.\d+)?|\d{1,3}:\d\d(?::\d\d)?", re.ASCII)


def check(kind: str, text: str, now: datetime) -> Broken:
    """What is wrong with ``text`` as a value of that kind (a key of ``KINDS``)."""
    return KINDS[kind](text, now)


# ---- addresses --------------------------------------------------------------------------------------


def _iri(text: str, _now: datetime) -> Broken:
    """Any absolute IRI (RFC 3987)."""
    if not _SCHEME.match(text):
        return "url", {}
    if text.lower().startswith("urn:uuid:") and not _UUID.fullmatch(text[9:]):
        return "uuid", {}
    if not _ALLOWED.fullmatch(text):
        return "url-characters", {}
    return None if not _is_web(text) or _host(text) else ("url", {})


def _web(text: str, now: datetime) -> Broken:
    """An http(s) address."""
    broken = _iri(text, now)
    return broken or (None if _is_web(text) else ("url-web", {}))


def _reference(text: str, now: datetime) -> Broken:
    """An IRI that may be relative."""
    return ("url-relative", {}) if is_relative(text) else _iri(text, now)


def _is_web(text: str) -> bool:
    return text.lower().startswith(("http:", "https:"))


def _host(text: str) -> bool:
    try:
        return bool(_HOST.fullmatch(urlsplit(text).hostname or ""))
    except ValueError:
        return False


def is_relative(url: str) -> bool:
    """Does an address need a base? "#..." does too: in a feed it leads nowhere."""
    return not _SCHEME.match(url.strip())


# ---- dates ------------------------------------------------------------------------------------------


def _rfc822(text: str, now: datetime) -> Broken:
    parts = _RFC822.fullmatch(text)
    when = read_date(text)
    if parts is None or when is None:
        told = {"form": "RFC 822", "example": _RFC822_EXAMPLE}
        return ("date-obsolete" if when and _OBSOLETE.fullmatch(text) else "date"), told
    weekday = parts["weekday"]
    if weekday and _DAYS.split("|")[when.weekday()] != weekday:
        return "date-weekday", {"value": weekday}
    return _plausible(when, now)


def _rfc3339(text: str, now: datetime) -> Broken:
    found = _RFC3339.fullmatch(text)
    try:
        when = read_date(text) if found and date.fromisoformat(found[1]) else None
    except ValueError:
        when = None
    if when is None:
        return "date", {"form": "RFC 3339", "example": _RFC3339_EXAMPLE}
    return _plausible(when, now)


def _w3cdtf(text: str, now: datetime) -> Broken:
    when = read_date(text) if _W3CDTF.fullmatch(text) else None
    if when is None:
        return "date", {"form": "W3C-DTF", "example": _RFC3339_EXAMPLE}
    return _plausible(when, now)


def _plausible(when: datetime, now: datetime) -> Broken:
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    if when > now + _SKEW:
        return "date-future", {}
    return ("date-implausible", {}) if when.year < _OLDEST else None


# ---- words and numbers ------------------------------------------------------------------------------


def _words(text: str, _now: datetime) -> Broken:
    """Plain words: no tags, and no references that were escaped once too often."""
    markup = _TAG.search(text) or _REFERENCE.search(text)
    return ("html-in-words", {"value": markup[0]}) if markup else None


def strange(text: str) -> str | None:
    """A character that stands for nothing, as its code."""
    found = _STRANGE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def _email(text: str, _now: datetime) -> Broken:
    """``user@host (Name)`` as RSS has it; ``Name <user@host>`` is understood too."""
    parts = _MAIL_AND_NAME.fullmatch(text)
    address = (parts["inside"] or parts[1] or "") if parts else ""
    if not _MAIL.fullmatch(address.removeprefix("mailto:")):
        return "email", {}
    named = bool(parts and (parts["name"] or (parts["before"] or "").strip()))
    return None if named else ("email-name", {})


def _address(text: str, _now: datetime) -> Broken:
    return None if _MAIL.fullmatch(text) else ("email", {})


def _count(text: str, _now: datetime) -> Broken:
    return None if text.isascii() and text.isdigit() else ("number", {"kind": "whole number"})


def _positive(text: str, _now: datetime) -> Broken:
    good = text.isascii() and text.isdigit() and len(text) < 20 and int(text) > 0
    return None if good else ("number", {"kind": "positive number"})


def _number(text: str, _now: datetime) -> Broken:
    return None if re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", text, re.ASCII) else ("number", {"kind": "number"})


def _duration(text: str, _now: datetime) -> Broken:
    return None if _DURATION.fullmatch(text) else ("number", {"kind": "duration (seconds or H:MM:SS)"})


def _language(text: str, _now: datetime) -> Broken:
    known = languages.language_tag(text) or _OWN_LANGUAGE.fullmatch(text)
    return None if known else ("language", {})


def _media_type(text: str, _now: datetime) -> Broken:
    return None if _MEDIA_TYPE.fullmatch(text) else ("media-type", {})


def _any(_text: str, _now: datetime) -> Broken:
    return None


def _uuid(text: str, _now: datetime) -> Broken:
    return None if _UUID.fullmatch(text) else ("uuid", {})


def _one_of(*choices: str) -> Check:
    """In any case of letters."""

    def check(text: str, _now: datetime) -> Broken:
        return None if text.lower() in choices else ("choice", {"choices": ", ".join(choices)})

    return check


def _at_most(most: int) -> Check:
    def check(text: str, _now: datetime) -> Broken:
        return None if len(text) <= most else ("too-long", {"most": most})

    return check


KINDS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "any": _any,
        "words": _words,
        "html": _any,  # looked at by markup
        "iri": _iri,
        "reference": _reference,
        "url": _web,
        "rfc822": _rfc822,
        "rfc3339": _rfc3339,
        "w3cdtf": _w3cdtf,
        "email": _email,
        "address": _address,
        "count": _count,
        "positive": _positive,
        "number": _number,
        "duration": _duration,
        "language": _language,
        "media-type": _media_type,
        "yes-no": _one_of("yes", "no"),
        "true-false": _one_of("true", "false"),
        "day": _one_of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        "hour": _one_of(*map(str, range(24))),
        "protocol": _one_of("xml-rpc", "soap", "http-post"),
        "medium": _one_of("image", "audio", "video", "document", "executable"),
        "episode-type": _one_of("full", "trailer", "bonus"),
        "show-type": _one_of("episodic", "serial"),
        "update-period": _one_of("hourly", "daily", "weekly", "monthly", "yearly"),
        "uuid": _uuid,
        "short": _at_most(255),
        "long": _at_most(4_000),
    }
)
