"""Which answer does HTTP owe: unchanged or not, in which coding, under which headers?

Pure: RFC 9110 (12.5.3 Accept-Encoding, 13.1 preconditions, 15.4.5 what a 304 carries) and RFC 5861
(stale-*). What real clients and proxies send instead of the grammar is understood where it is harmless.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final

from feedsvc.model import CODINGS, FORMATS, MEDIA_TYPES, Coding, Format

Header = tuple[str, str]

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(hours=1)
STALE_IF_ERROR: Final = 86_400  # seconds that a cache may go on serving while we cannot be reached
PREFLIGHT_FOR: Final = 86_400  # seconds that a browser may remember what it is allowed to send

EXPOSED: Final = "ETag, Link"  # Last-Modified is shown to scripts anyhow
METHODS: Final = "GET, HEAD, OPTIONS"

# RFC 9110 8.8.3, and tags that came without their quotes.
_TAG = re.compile(r'(?:W/)?"([^"]*)"|([^\s,"]+)')
# What proxies add to a tag when they compress by themselves: abc-gzip, abc:br, abc;gzip, abc--gzip.
_SUFFIXES = re.compile(r"(?:(?:--|[-:;.])(?:gzip|deflate|br|zstd|identity|df))+")
_CODED = re.compile(r"(?:(?:--|[-:;.])(?:gzip|deflate|br|zstd|identity|df))+$")
_QVALUE = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_ALIASES: Final[Mapping[str, str]] = {"x-gzip": "gzip"}


# ---- validators -------------------------------------------------------------------------------------


def entity_tag(etag: str, coding: Coding) -> str:
    """The strong tag of one coding of a rendering, quoted: ``"h"`` or ``"h-gzip"``."""
    return f'"{etag}"' if coding == "identity" else f'"{etag}-{coding}"'


def http_date(moment: datetime) -> str:
    """IMF-fixdate (RFC 9110 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def parse_date(value: str) -> datetime | None:
    """A date in any of the three forms of RFC 9110 5.6.7; None if it is not one."""
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def none_match(header: str, etag: str) -> bool:
    """Does If-None-Match name a rendering, in whatever coding? Weak comparison (RFC 9110 13.1.2)."""
    if header.strip() == "*":
        return True
    return any(_is_ours(quoted or bare, etag) for quoted, bare in _TAG.findall(header))


def _is_ours(tag: str, etag: str) -> bool:
    if not tag.startswith(etag):
        return False
    rest = tag[len(etag) :]
    return not rest or _SUFFIXES.fullmatch(rest) is not None


def modified_since(header: str, last_modified: datetime) -> bool:
    """Is a rendering newer than If-Modified-Since? A date that nobody can read is no condition."""
    since = parse_date(header)
    return since is None or last_modified > since


# ---- content codings --------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def choose_coding(accept: str, smallest_first: tuple[Coding, ...]) -> Coding:
    """The coding to send, of those there are: highest q first, then the smallest body.

    Nothing that was not asked for is ever compressed, and where even identity is refused it is sent all
    the same: bytes that a reader may be able to use beat an error that it cannot (RFC 9110 12.5.3).
    """
    weights = _weights(accept)
    others = weights.get("*", 0)
    wanted = [weights.get(coding, others) for coding in smallest_first]
    highest = max(wanted, default=0)
    return smallest_first[wanted.index(highest)] if highest else "identity"


def wants_delta(header: str) -> bool:
    """Does A-IM ask for the instance manipulation "feed" (RFC 3229 10.5.3)?"""
    return _weights(header).get("feed", 0) > 0


def named_tags(header: str) -> list[str]:
    """The opaque tags of an If-None-Match, without quotes and codings, each once."""
    found = (quoted or bare for quoted, bare in _TAG.findall(header))
    return list(dict.fromkeys(_CODED.sub("", tag) for tag in found))


def _weights(accept: str) -> dict[str, int]:
    """``gzip;q=0.5, br`` -> {"gzip": 500, "br": 1000}; what cannot be read is left out."""
    weights: dict[str, int] = {}
    for part in accept.lower().split(","):
        name, _, parameters = part.partition(";")
        name = name.strip()
        found = _QVALUE.fullmatch(parameters.strip())
        if name and (found or not parameters.strip()):
            weights[_ALIASES.get(name, name)] = round(float(found[1]) * 1000) if found else 1000
    return weights


# ---- headers ----------------------------------------------------------------------------------------


def freshness(every: Iterable[timedelta]) -> timedelta:
    """How long a feed is fresh whose sources are polled so often: a third of the shortest pause.

    A cache then adds little to the time that an article takes to its reader. No source: an hour.
    """
    return min(max(min(every, default=LONGEST * 3) / 3, SHORTEST), LONGEST)


def cache_control(fresh: timedelta, *, private: bool = False) -> str:
    seconds = int(fresh.total_seconds())
    if private:
        return f"private, max-age={seconds}"
    return f"public, max-age={seconds}, stale-while-revalidate={2 * seconds}, stale-if-error={STALE_IF_ERROR}"


def link_header(urls: Mapping[Format, str], format: Format, page_url: str, *, hub: str | None = None) -> str:
    """This feed, its hub, the same in the other formats, and its page (RFC 8288); nothing of a private feed,
    whose addresses have a token in them."""
    if not urls:
        return ""
    others = (
        f'<{urls[other]}>; rel="alternate"; type="{MEDIA_TYPES[other].partition(";")[0]}"'
        for other in FORMATS
        if other != format
    )
    page = f'<{page_url}>; rel="alternate"; type="text/html"'
    hubs = [] if hub is None else [f'<{hub}>; rel="hub"']
    return ", ".join([f'<{urls[format]}>; rel="self"', *hubs, *others, page])


def common_headers(cache: str, *, vary: str = "Accept-Encoding") -> list[Header]:
    """What 200 and 304 have in common but for the tag."""
    return [
        ("Cache-Control", cache),
        ("Vary", vary),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", EXPOSED),
    ]


def full_headers(
    common: Sequence[Header], *, format: Format, coding: Coding, tag: str, modified: str, link: str, size: int
) -> list[Header]:
    """The headers of a 200, and of the HEAD that stands for it."""
    coded = [] if coding == "identity" else [("Content-Encoding", coding)]
    return [
        ("ETag", tag),
        ("Last-Modified", modified),
        *common,
        ("Content-Type", MEDIA_TYPES[format]),
        ("Content-Length", str(size)),
        *coded,
        *([("Link", link)] if link else []),
        ("X-Content-Type-Options", "nosniff"),
    ]


def unmodified_headers(common: Sequence[Header], tag: str) -> list[Header]:
    """The headers of a 304: those that its 200 would have had and that guide a cache."""
    return [("ETag", tag), *common]


def preflight_headers() -> list[Header]:
    """The answer to a browser that asks before it sends If-None-Match from another origin."""
    return [
        ("Allow", METHODS),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", METHODS),
        ("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since, Accept, Cache-Control"),
        ("Access-Control-Max-Age", str(PREFLIGHT_FOR)),
    ]


def smallest_first(sizes: Mapping[Coding, int]) -> tuple[Coding, ...]:
    """The codings there are, smallest body first; of equal ones in the order of CODINGS."""
    return tuple(sorted((c for c in CODINGS if c in sizes), key=lambda c: sizes[c]))
