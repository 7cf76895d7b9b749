"""Who wrote the article, as its byline says?

What the page declares is believed where a reader can see it too: software names whoever pressed the button.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from feedsvc.pages.article.names import is_by, is_byline, is_personal, names_in
from feedsvc.pages.article.naming import key
from feedsvc.pages.article.surroundings import AUTHOR, Headline, Line, Spot, Surroundings
from feedsvc.pages.meta import Meta
from feedsvc.pages.structured import Thing, text_of, values

MOST: Final = 12
_META: Final = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "citation_author", "byl", "cxenseparse:author", "authors",
    "twitter:data1", "rbauthors", "dcsext.author", "news_authors",
)  # fmt: skip
_NEAR: Final = (-500, 2_500)  # characters from the headline
_LONGEST_LINE: Final = 120
_MOST_SPOTS: Final = 300
_DEEPEST: Final = 50
_CREDIT: Final = re.compile(
    r"©|\bcopyright\b|\bfoto|\bphoto|\bbild\b|\bimage|\bgetty|\bcredit", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"\S+[./]\S+/|https?:|www\.|@\S+$|\S+\.(?:com|org|net|info)\b", re.IGNORECASE)
_SURE: Final = 2.6  # rating of a byline that is believed
_ONLY: Final = 1.1  # where the page has no other


class Byline(NamedTuple):
    names: tuple[str, ...]
    place: int
    rating: float


def authors(
    declared: Meta,
    subjects: Iterable[Thing],
    beside: Surroundings,
    headline: Headline | None,
    site: frozenset[str],
) -> tuple[tuple[str, ...], str]:
    """The names, and where they were found; ``beside``: what stands beside the ``headline``."""
    seen = list(_bylines(beside, headline, site))
    told = list(_told(subjects, declared, site))
    shown = {key(name) for byline in seen for name in byline.names}
    lines = [line.text.casefold() for line in beside.lines if _is_credit_free(line)]
    for names, source in told:
        if not shown.isdisjoint(map(key, names)):
            confirmed = [name for name in names if key(name) in shown or _is_in(name.casefold(), lines)]
            return _completed(confirmed, seen), f"{source}, byline"
    best = max(seen, key=lambda one: one.rating, default=None)
    if best is not None and (
        best.rating >= _SURE or (best.rating >= _ONLY and len(shown) == len(best.names))
    ):
        return _completed(list(best.names), seen), "byline"
    for names, source in told:
        if confirmed := [name for name in names if _is_in(name.casefold(), lines)]:
            return tuple(confirmed[:MOST]), source
    return (), ""


def _is_credit_free(line: Line) -> bool:
    return len(line.text) <= _LONGEST_LINE and not _CREDIT.search(line.text)


def _is_in(name: str, lines: list[str]) -> bool:
    """Is a line little more than this name?"""
    near = (line for line in lines if name in line and len(line) < len(name) + 40)
    return len(name) > 2 and any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line) for line in near)


# ---- what is declared -------------------------------------------------------------------------------


def _told(subjects: Iterable[Thing], declared: Meta, site: frozenset[str]) -> Iterator[tuple[list[str], str]]:
    for thing in list(subjects)[:4]:
        names = [
            name
            for one in values(thing, "author", "creator")
            if (text := text_of(one))
            for name in _names(text)
        ]
        if kept := _kept(names, site):
            yield kept, thing["@source"]
    for field in _META:
        names = [name for value in declared.get(field, ()) for name in _names(value)]
        if kept := _kept(names, site):
            yield kept, "meta"


def _names(text: str) -> Iterator[str]:
    text = text.strip("'\" ")
    return iter(()) if _ADDRESS.match(text) else names_in(text, strict=False)


def _kept(names: Iterable[str], site: frozenset[str]) -> list[str]:
    """Each once, however it is written, and none that is the site's."""
    found: dict[str, str] = {}
    for name in names:
        if key(name) not in site:
            found.setdefault(key(name), name)
    return list(found.values())


# ---- what is seen -----------------------------------------------------------------------------------


def _bylines(around: Surroundings, headline: Headline | None, site: frozenset[str]) -> Iterator[Byline]:
    start = around.start(headline)
    spots = list(islice(around.of(AUTHOR), _MOST_SPOTS))
    places = [line.place for line in around.lines]
    holders = {id(parent) for spot in spots for parent in islice(spot.element.iterancestors(), _DEEPEST)}
    for spot in spots:
        if len(spot.text) <= 2 * _LONGEST_LINE and (names := _names_of(spot, site)):
            number = bisect_right(places, spot.place) - 1
            line = around.lines[number].text if number >= 0 else ""
            inner = id(spot.element) not in holders
            yield Byline(names, spot.place, _spot_rating(spot, spot.place - start, line, inner=inner))
    for by, text in _by_lines(around.lines):
        distance = by.place - start
        if _NEAR[0] <= distance <= _NEAR[1] and not _CREDIT.search(text):
            found = _kept(names_in(text), site)
            if found:
                yield Byline(tuple(found), by.place, _line_rating(by, found, distance))


def _by_lines(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """The lines that begin with "by"; where that is all they say, with the next one."""
    for line, following in zip(lines, (*lines, Line("", 0, "", 0, ()))[1:], strict=True):
        if len(line.text) <= _LONGEST_LINE and is_byline(line.text):
            yield line, line.text
        elif is_by(line.text) and len(following.text) <= _LONGEST_LINE:
            yield line, following.text


def _names_of(spot: Spot, site: frozenset[str]) -> tuple[str, ...]:
    """Without the site's own, unless that is a person's, who is linked as an author."""
    is_declared = bool(spot.element.get("href") or spot.element.get("itemprop"))
    names = _kept(names_in(spot.text), frozenset())
    return tuple(name for name in names if key(name) not in site or (is_declared and is_personal(name)))


def _spot_rating(spot: Spot, distance: int, line: str, *, inner: bool) -> float:
    get = spot.element.get
    near = _NEAR[0] <= distance <= _NEAR[1]
    if not near and not (
        is_byline(spot.text) or is_byline(line) or "author" in get("rel", "") or get("href")
    ):
        return 0.0  # far away there are boxes about other articles' authors, too
    marks = f"{get('itemprop', '')} {get('rel', '')} {get('class', '')}".lower()
    rating = 2.0 + 0.5 * ("author" in marks) + 0.5 * inner + (1.0 if near else 0.0)
    return rating - min(1.0, abs(distance) / 4_000)


def _line_rating(line: Line, names: list[str], distance: int) -> float:
    share = sum(map(len, names)) / max(1, len(line.text))
    return 1.0 + share + (0.5 if distance >= 0 else 0.0) - min(1.0, abs(distance) / 2_000)


def _completed(names: list[str], seen: list[Byline]) -> tuple[str, ...]:
    """With those who stand beside them in the same byline, and without the jobs in front of them."""
    keys = set(map(key, names))
    alone = max((one.rating for one in seen if keys & set(map(key, one.names))), default=0.0)
    together = [
        one
        for one in seen
        if len(one.names) > 1 and keys & set(map(key, one.names)) and one.rating > alone - 0.6
    ]
    best = max(together, key=lambda one: one.rating, default=None)
    if best is not None:
        others = set(map(key, best.names))
        names = [*best.names, *(name for name in names if key(name) not in others)]
    shorter = {name for one in seen for name in one.names if one.rating > alone - 0.6 and " " in name}
    return tuple(dict.fromkeys(_shortest(name, shorter) for name in names))[:MOST]


def _shortest(name: str, others: set[str]) -> str:
    return min((one for one in others if name.endswith(f" {one}")), key=len, default=name)
