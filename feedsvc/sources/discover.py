"""What of all that was found at an address is worth proposing as a source, and in which order?"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import unquote, urljoin, urlsplit

from feedsvc.model import Article, Source
from feedsvc.pages.alternates import Candidate, Found
from feedsvc.refine.canonical import canonical_url
from feedsvc.refine.text import visible, words

Text = Literal["full", "short", "none"]

SAMPLE: Final = 10  # articles that a proposal shows
FULL: Final = 1_000  # characters of text that the middle one of the articles must have to count as full

# How far each way of finding something is trusted before anything else is known of it.
_TRUST: Final[dict[Found, float]] = {
    "itself": 0.99,
    "declared": 0.88,
    "platform": 0.86,
    "linked": 0.78,
    "guessed": 0.76,
    "api": 0.66,
    "sitemap": 0.5,
    "page": 0.75,
}
_IS_LINKED: Final = 0.08  # if all its articles are linked on the page that was asked about
_IS_HERE: Final = 0.04  # if its address has the words of the page's path in it
_IS_STALE: Final = -0.1
_IS_EMPTY: Final = -0.4
_IS_ASIDE: Final = -0.5  # comments, or about one article only
_STALE: Final = timedelta(days=365)
_FORMATS: Final = ("Atom", "JSON Feed", "RSS", "")  # those that say more of an article first
_SAME: Final = 0.7  # share of the newest articles that two lists must have in common to be one

_GUESSES: Final = ("feed", "rss", "atom.xml", "feed.xml", "index.xml", "rss.xml", "feed.json")
_GUESSES_DEEPER: Final = ("feed", "rss.xml", "index.xml")

# "Comments" in the titles and addresses of feeds.
_COMMENTS: Final = re.compile(
    r"\b(?:comments|replies|kommentare|commentaires|comentarios|comentários|commenti|reacties|kommentarer"
    r"|kommentit|komentarze|komentáře|hozzászólások|comentarii|yorumlar|комментарии|коментарі"
    r"|коментари|σχόλια|تعليقات|תגובות|bình luận|komentar)\b|コメント|评论|評論|留言|댓글"
)
_NO_TITLES: Final = words("atom feed feeds home index main news page rss untitled xml")
_NO_PLACES: Final = words(
    "atom feed feeds index json latest php posts rdf rss rss2 xml html htm home default en"
)
_WORDS: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Have:
    """A configured source that collects this already, and how that shows."""

    source_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A source that could be configured, as it was really tried.

    ``confidence`` (0 to 1): that it has the articles of the address that was asked about. ``articles`` are
    the first of its ``count``, as they would be published; ``keys`` name its newest ones, for comparing.
    ``format`` is that of a feed. ``also``: other addresses of the same articles. ``selectors``: options that
    would find the articles of a page by its markup rather than by looking for a list each time.
    """

    source: Source
    candidate: Candidate
    title: str
    confidence: float
    count: int
    articles: tuple[Article, ...]
    keys: frozenset[str]
    newest: datetime | None = None
    text: Text = "none"
    characters: int = 0  # of text, in the middle one of its articles
    format: str = ""
    notes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    have: Have | None = None
    selectors: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The page that was asked about: its address and, if it could be had, title and links (canonical)."""

    url: str
    title: str = ""
    links: frozenset[str] = frozenset()


def guesses(url: str) -> tuple[Candidate, ...]:
    """Where programs usually put a feed: beside the page first, then at the root of its host."""
    here = urljoin(url, urlsplit(url).path.rstrip("/") + "/")
    deeper = [urljoin(here, name) for name in _GUESSES_DEEPER] if _places(url) else []
    root = [urljoin(url, f"/{name}") for name in _GUESSES]
    return tuple(
        Candidate(url=one, how=f"a usual place: {urlsplit(one).path}", found="guessed")
        for one in dict.fromkeys((*deeper, *root))
    )


def judged(
    candidate: Candidate,
    source: Source,
    articles: Sequence[Article],
    *,
    asked: Asked,
    now: datetime,
    title: str | None = None,
    format: str = "",
    trust: float = 1.0,
) -> Proposal:
    """The proposal of a source that gave these articles. ``title`` is its own; ``trust`` (0 to 1) is how sure
    its type is that they are articles."""
    newest = max((one.published for one in articles if one.date_flag in {"", "zoneless"}), default=None)
    is_asked_for = candidate.found in {"itself", "page"}
    aside = "" if is_asked_for else _aside(candidate, articles, title or "", asked)
    confidence = _TRUST[candidate.found] * trust
    if not is_asked_for:
        confidence += _IS_LINKED * _share_linked(articles, asked)
        confidence += _IS_HERE * is_near(source.location, asked)
        confidence += _IS_ASIDE if aside else 0
    confidence += _IS_STALE if newest is not None and now - newest > _STALE else 0
    confidence += 0 if articles else _IS_EMPTY
    characters = _characters(articles)
    return Proposal(
        source=source,
        candidate=candidate,
        title=_title(title, candidate, asked, source.location),
        confidence=round(min(max(confidence, 0.01), 0.99), 2),
        count=len(articles),
        articles=tuple(articles[:SAMPLE]),
        keys=_keys(articles),
        newest=newest,
        text="full" if characters >= FULL else "short" if characters else "none",
        characters=characters,
        format=format,
        notes=tuple(filter(None, (aside, "" if articles else "nothing in it yet"))),
    )


def ranked(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Best first, those of the same articles (and the same type) as one."""
    groups: list[list[Proposal]] = []
    for one in proposals:
        group = next((group for group in groups if _same(group[0], one)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    # sorted is stable: of equals the one that the page names first stays first
    return tuple(sorted(map(_merged, groups), key=lambda one: -one.confidence))


def _same(one: Proposal, other: Proposal) -> bool:
    if one.source.type != other.source.type:
        return False
    if canonical_url(one.source.location) == canonical_url(other.source.location):
        return True
    both = one.keys | other.keys
    return bool(both) and len(one.keys & other.keys) / len(both) >= _SAME


def _merged(group: list[Proposal]) -> Proposal:
    """The one that says most of its articles; the others are named in it."""
    best = min(
        group, key=lambda one: (one.text != "full", _FORMATS.index(one.format), -one.count, -one.confidence)
    )
    surest = max(group, key=lambda one: one.confidence)
    others = dict.fromkeys(one.source.location for one in group if one is not best)
    return replace(
        best,
        confidence=surest.confidence,
        have=best.have or next((one.have for one in group if one.have), None),
        also=tuple(url for url in others if url != best.source.location),
    )


# ---- what the articles say --------------------------------------------------------------------------


def _keys(articles: Sequence[Article]) -> frozenset[str]:
    """Of the newest articles, by date; by place where none has one (the sort is stable)."""
    newest = sorted(articles, key=lambda one: one.published, reverse=True)[:SAMPLE]
    return frozenset(canonical_url(one.link, fragment=True) if one.link else one.title for one in newest)


def _characters(articles: Sequence[Article]) -> int:
    lengths = sorted(len(visible(one.content or one.summary)) for one in articles[:SAMPLE])
    return lengths[len(lengths) // 2] if lengths else 0


def _share_linked(articles: Sequence[Article], asked: Asked) -> float:
    links = [canonical_url(one.link) for one in articles[:SAMPLE] if one.link]
    return sum(link in asked.links for link in links) / len(links) if links else 0.0


def is_near(url: str, asked: Asked) -> float:
    """How much of the page's path is in the feed's address; a little off for a section of another name."""
    here, there = _places(asked.url), _places(url)
    if not here:
        return -0.5 if there else 0.0
    return sum(place in there for place in here) / len(here)


def _places(url: str) -> list[str]:
    """The words of path and query that name a place on a site, not a program or format."""
    parts = urlsplit(url)
    found = _WORDS.findall(unquote(f"{parts.path} {parts.query}").lower())
    return [word for word in found if word not in _NO_PLACES]


def _aside(candidate: Candidate, articles: Sequence[Article], title: str, asked: Asked) -> str:
    """Why it is not what people look for, empty if it may be."""
    told = f"{title} {candidate.title} {' '.join(_WORDS.findall(urlsplit(candidate.url).path))}".lower()
    if _COMMENTS.search(told) and not _COMMENTS.search(f"{asked.title} {asked.url}".lower()):
        return "comments"
    links = [one.link for one in articles if one.link]
    pages = {canonical_url(link) for link in links}
    if len(links) > 1 and len(pages) == 1 and canonical_url(asked.url) in pages:
        return "about this one page only"
    return ""


# ---- names ------------------------------------------------------------------------------------------


def _title(own: str | None, candidate: Candidate, asked: Asked, url: str) -> str:
    """The first of the names at hand that says more than "RSS"."""
    names = (own or "", candidate.title, asked.title)
    return next(filter(_tells, names), urlsplit(url).hostname or url)


def _tells(name: str) -> bool:
    return any(word not in _NO_TITLES and not word.isdigit() for word in _WORDS.findall(name.lower()))


def slug(title: str, url: str, taken: Collection[str]) -> str:
    """An id for a source, made of its title, else of its host, that is not taken."""
    letters = [char for char in title if char.isalnum()]
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    kept = sum(char.isalnum() for char in plain)
    text = plain if kept >= 2 and kept * 2 > len(letters) else _host_name(url)
    base = _cut(re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "")).strip("-")) or "source"
    numbers = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(name for name in numbers if name not in taken)


def _host_name(url: str) -> str:
    labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return " ".join(labels[:-1] or labels)


def _cut(name: str, most: int = 40) -> str:
    if len(name) <= most:
        return name
    head = name[: most + 1].rpartition("-")[0]
    return (head if len(head) > most // 2 else name[:most]).strip("-")
