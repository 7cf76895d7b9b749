"""What of all that was found at an address is worth proposing as a source, and in which order?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from feedsvc.model import Article, Source
from feedsvc.pages.alternates import Candidate, Found
from feedsvc.refine.canonical import canonical_url
from feedsvc.refine.text import visible
from feedsvc.sources.doubts import Asked, doubts
from feedsvc.sources.naming import telling

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
_IS_STALE: Final = -0.1
_STALE: Final = timedelta(days=365)
_FORMATS: Final = ("Atom", "JSON Feed", "RSS", "")  # those that say more of an article first
_SAME: Final = 0.7  # share of the newest articles that two lists must have in common to be one

_GUESSES: Final = ("feed/", "feed", "rss", "atom.xml", "feed.xml", "index.xml", "rss.xml", "feed.json")
_GUESSES_DEEPER: Final = ("feed/", "rss.xml", "index.xml")


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


def guesses(url: str) -> tuple[Candidate, ...]:
    """Where programs usually put a feed: beside the page first, then at the root of its host."""
    here = urljoin(url, urlsplit(url).path.rstrip("/") + "/")
    deeper = [urljoin(here, name) for name in _GUESSES_DEEPER] if urlsplit(url).path.strip("/") else []
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
    found = doubts(candidate, articles, asked=asked, title=title or "", url=source.location)
    confidence = _TRUST[candidate.found] * trust + found.weight
    if newest is not None and now - newest > _STALE:
        confidence += _IS_STALE
    characters = _characters(articles)
    return Proposal(
        source=source,
        candidate=candidate,
        title=telling((title or "", candidate.title, asked.title), source.location),
        confidence=round(min(max(confidence, 0.01), 0.99), 2),
        count=len(articles),
        articles=tuple(articles[:SAMPLE]),
        keys=_keys(articles),
        newest=newest,
        text="full" if characters >= FULL else "short" if characters else "none",
        characters=characters,
        format=format,
        notes=found.notes,
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
