"""Does a link, by its address alone, look like that of an article?"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from feedsvc.pages.listing.words import NO_ARTICLE_PATHS
from feedsvc.refine.canonical import canonical_url

_DATED: Final = re.compile(
    r"/(?:19|20)\d{2}[/-](?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]|$)|[/-](?:19|20)\d{6}(?:\D|$)"
)
_FILE: Final = re.compile(
    r"\.(?:avif|bmp|css|gif|ico|jpe?g|js|png|svg|webp|xml|rss|atom|json|m3u8?|zip|exe|dmg)$"
)
_PAGES: Final = re.compile(r"\.(?:aspx?|cfm|htm|html|jsp|jspx|pdf|php|phtml|shtml|xhtml)$")
_WORDS: Final = re.compile(r"[^\W_]+")
_NUMBERED: Final = re.compile(r"(?:^|\D)\d{4,}(?:\D|$)")
_HASHED: Final = re.compile(r"(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{6,40}")
_TOPIC: Final = re.compile(r"(?!(?:19|20)\d\d-)\d{2,}-\w")  # of forums: a number and a title
_PAGING: Final = re.compile(r"(?:page|seite|pagina|p)[-_]?\d+")
_PAGE_KEYS: Final = frozenset({"offset", "page", "paged", "pg", "seite", "start"})
_FEEDS: Final = frozenset({"atom", "feed", "feeds", "rss"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """``key`` matches addresses that are the same page. ``worth`` is 0 (no article's) .. 1 (surely one's).

    ``shape`` is equal for addresses that are built alike; it says something if it ``is_particular``, unlike
    that of all pages right below the root.
    """

    url: str
    key: str
    host: str
    path: str
    worth: float
    shape: str
    is_particular: bool = False


def listed_by(url: str) -> str:
    """The word for a list that is the end of a page's own address, such as "jobs" of ``/en/jobs``: what lies
    below it is what this page lists."""
    last = url.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2].lower()
    return last if last in NO_ARTICLE_PATHS else ""


@lru_cache(maxsize=4_096)
def address(url: str, listed: str = "") -> Address | None:
    """None if ``url`` cannot be an article's: no page, or the front page of a site. ``listed``: as from
    ``listed_by`` the page that the link is on."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = unquote(parts.path).lower()
    segments = [one for one in path.split("/") if one]
    query = parse_qsl(parts.query[:2_000])
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    if _FILE.search(path) or (segments and segments[-1] in _FEEDS):
        return None
    if not query and not fragment and (not segments or segments in (["index.html"], ["index.php"])):
        return None
    host = parts.netloc.lower().removeprefix("www.")
    worth = _worth(path, segments, query, listed)
    if worth < 0:
        return None
    shape = _shape(host, segments, query)
    return Address(
        url=url,
        key=canonical_url(url),
        host=host,
        path=path.rstrip("/"),
        worth=worth,
        shape=shape,
        is_particular=len(segments) > 1 or bool(query),
    )


def _worth(path: str, segments: list[str], query: list[tuple[str, str]], listed: str) -> float:
    """Negative for what is surely none: another page of a list."""
    if _is_paging(segments, query):
        return -1.0
    last = _PAGES.sub("", segments[-1]) if segments else ""
    many = len(_WORDS.findall(last)) if last.isascii() else max(len(_WORDS.findall(last)), len(last) // 4)
    if _is_listing(segments, many, listed):
        return 0.0
    values = " ".join(value for _, value in query)
    signs = (
        (1.0, _DATED.search(path) is not None),
        (0.95, many >= 4),
        (0.8, _NUMBERED.search(f"{last} {values}") is not None),
        (0.7, many == 3),
        (0.6, re.search(r"\d", values) is not None or _HASHED.fullmatch(last) is not None),
        (0.6, last.isdecimal() and len(segments) > 1),
        (0.45, many == 2 or bool(segments and _PAGES.search(segments[-1]))),
        (0.3, len(segments) > 1),
    )
    return next((worth for worth, holds in signs if holds), 0.2)


def _is_paging(segments: list[str], query: list[tuple[str, str]]) -> bool:
    by_path = len(segments) > 1 and segments[-2] in {"page", "seite", "pagina"} and segments[-1].isdigit()
    by_query = bool(query) and all(key.lower() in _PAGE_KEYS and value.isdigit() for key, value in query)
    return by_path or by_query or bool(segments and _PAGING.fullmatch(segments[-1]))


def _is_listing(segments: list[str], many: int, listed: str) -> bool:
    """A path of a category, a tag, a person: a word for it, and behind it no slug of an article."""
    if segments and segments[0].startswith(("@", "~")):  # what a person wrote lies below the person
        return len(segments) == 1 or (many < 4 and not _NUMBERED.search(segments[-1]))
    first = segments[0] if segments else ""
    if first in {"topic", "topics"} and len(segments) == 2 and _TOPIC.match(segments[1]):
        return False
    named = any(one in NO_ARTICLE_PATHS and one != listed for one in segments[:2])
    return named and (many < 5 or len(segments) <= 2) and not _DATED.search("/".join(("", *segments, "")))


def _shape(host: str, segments: list[str], query: list[tuple[str, str]]) -> str:
    """``example.org/news/*``, ``example.org/#/#/*``, ``example.org/item?id``."""
    kinds = []
    for place, one in enumerate(segments):
        if re.fullmatch(r"[\d-]+", one):
            kinds.append("#")
        elif place == len(segments) - 1 and not query:
            ending = _PAGES.search(one)
            kinds.append("*" + (ending[0] if ending else ""))
        else:
            kinds.append(one if place == 0 or query else "*")
    return f"{host}/{'/'.join(kinds)}?{'&'.join(sorted(key for key, _ in query))}"
