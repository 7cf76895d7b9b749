"""What speaks for and against a feed being that of the page that somebody asked about?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from feedsvc.model import Article
from feedsvc.pages.alternates import Candidate
from feedsvc.refine.canonical import canonical_url
from feedsvc.refine.text import words

LOOKED_AT: Final = 10  # articles
_IS_LINKED: Final = 0.08  # if all its articles are linked on the page that was asked about
_IS_HERE: Final = 0.04  # if its address has the words of the page's path in it

_EMPTY: Final = "nothing in it yet"
_COMMENTS_ONLY: Final = "comments"
_ONE_PAGE: Final = "about this one page only"
_ANOTHER: Final = "not the articles that the page lists"
_NOT_LINKED: Final = "not linked on the page"
_WEIGHTS: Final[Mapping[str, float]] = {
    _EMPTY: -0.4,
    _COMMENTS_ONLY: -0.5,
    _ONE_PAGE: -0.5,
    _ANOTHER: -0.25,
    _NOT_LINKED: -0.1,
}
_UNTOLD: Final = frozenset({_NOT_LINKED})  # no news to anybody: most pages list no articles
_ASKED_FOR: Final = frozenset({"itself", "page"})
_SHOULD_BE_LINKED: Final = frozenset({"declared", "linked", "guessed"})

# "Comments" in the titles and addresses of feeds.
_COMMENTS: Final = re.compile(
    r"\b(?:comments|replies|kommentare|commentaires|comentarios|comentários|commenti|reacties|kommentarer"
    r"|kommentit|komentarze|komentáře|hozzászólások|comentarii|yorumlar|комментарии|коментарі"
    r"|коментари|σχόλια|تعليقات|תגובות|bình luận|komentar)\b|コメント|评论|評論|留言|댓글"
)
_NO_PLACES: Final = words(
    "atom feed feeds index json latest php posts rdf rss rss2 xml html htm home default"
)
_WORDS: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The page that was asked about: its address and, if it could be had, its title and links (canonical).

    ``listed`` are the titles of the articles that it lists, as ``folded`` has them; none for the page of a
    single article.
    """

    url: str
    title: str = ""
    links: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """``weight`` is added to how sure one is, ``notes`` are told."""

    weight: float = 0.0
    notes: tuple[str, ...] = ()


def doubts(
    candidate: Candidate, articles: Sequence[Article], *, asked: Asked, title: str, url: str
) -> Doubts:
    """What the articles, the feed's ``title`` and its address ``url`` say against it, or for it."""
    notes = tuple(_notes(candidate, articles, title, asked))
    weight = sum(_WEIGHTS[note] for note in notes)
    if candidate.found not in _ASKED_FOR:
        weight += _IS_LINKED * _share_linked(articles, asked) + _IS_HERE * is_near(url, asked)
    return Doubts(weight=weight, notes=tuple(note for note in notes if note not in _UNTOLD))


def folded(title: str) -> str:
    """A title as it is compared: only its letters and digits."""
    return "".join(_WORDS.findall(title.lower()))


def _share_linked(articles: Sequence[Article], asked: Asked) -> float:
    """Which part of the first articles is on the page, by address or by title."""
    first = articles[:LOOKED_AT]
    there = (
        canonical_url(one.link or "") in asked.links or folded(one.title) in asked.listed for one in first
    )
    return sum(there) / len(first) if first else 0.0


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


def _notes(candidate: Candidate, articles: Sequence[Article], title: str, asked: Asked) -> Iterator[str]:
    """Why it may not be what was asked for."""
    if not articles:
        yield _EMPTY
    if candidate.found in _ASKED_FOR:
        return
    told = f"{title} {candidate.title} {' '.join(_WORDS.findall(urlsplit(candidate.url).path))}".lower()
    if _COMMENTS.search(told) and not _COMMENTS.search(f"{asked.title} {asked.url}".lower()):
        yield _COMMENTS_ONLY
    elif _is_about_one_page(articles, asked):
        yield _ONE_PAGE
    elif (
        articles
        and asked.links
        and candidate.found in _SHOULD_BE_LINKED
        and not _share_linked(articles, asked)
    ):
        yield _ANOTHER if asked.listed else _NOT_LINKED


def _is_about_one_page(articles: Sequence[Article], asked: Asked) -> bool:
    links = [one.link for one in articles if one.link]
    pages = {canonical_url(link) for link in links}
    return len(links) > 1 and pages == {canonical_url(asked.url)}
