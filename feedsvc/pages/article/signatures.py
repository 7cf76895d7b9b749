"""Which bylines does a reader see around the headline, and how sure is each?"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from feedsvc.pages.article.names import is_by, is_byline, is_personal, names_in
from feedsvc.pages.article.naming import key
from feedsvc.pages.article.surroundings import (
    AUTHOR,
    Headline,
    Line,
    Spot,
    Surroundings,
    is_in_card,
    marked,
)

SURE: Final = 2.6  # rating of a byline that is believed
ONLY: Final = 1.1  # where the page has no other
UNSURE: Final = 1.0
LONGEST_LINE: Final = 120
CREDIT: Final = re.compile(r"©|\bcopyright\b|\bfoto|\bphoto|\bbild\b|\bimage|\bgetty|\bcredit", re.IGNORECASE)
_NEAR: Final = (-500, 2_500)  # characters from the headline
_MOST_SPOTS: Final = 300
_DEEPEST: Final = 50
_FRAMED: Final = 0.3
_FRAME: Final = 6  # elements between a name and the byline around it


class Byline(NamedTuple):
    """``end``: place of the character behind it. ``tag``: of its element, "" for a mere line."""

    names: tuple[str, ...]
    place: int
    rating: float
    end: int = 0
    tag: str = ""


def bylines(around: Surroundings, headline: Headline | None, site: frozenset[str]) -> Iterator[Byline]:
    start = around.start(headline)
    spots = list(islice(around.of(AUTHOR), _MOST_SPOTS))
    places = [line.place for line in around.lines]
    holders = {id(parent) for spot in spots for parent in islice(spot.element.iterancestors(), _DEEPEST)}
    frames = {id(spot.element) for spot in spots}
    for spot in spots:
        if len(spot.text) > 2 * LONGEST_LINE or CREDIT.match(spot.text.lstrip(" (|/[")):
            continue
        if names := _names_of(spot, site):
            number = bisect_right(places, spot.place) - 1
            line = around.lines[number].text if number >= 0 else ""
            rating = 0.0 if _is_mention(spot, line) else _spot_rating(spot, spot.place - start, line)
            if rating > 0:
                rating += 0.5 * (id(spot.element) not in holders) + _FRAMED * _is_framed(spot, frames)
            yield Byline(names, spot.place, rating, spot.place + len(spot.text), spot.element.tag)
    for by, text in _by_lines(around.lines):
        distance = by.place - start
        if _NEAR[0] <= distance <= _NEAR[1] and not CREDIT.search(text):
            found = kept(names_in(text), site)
            if found:
                yield Byline(tuple(found), by.place, _line_rating(text, found, distance))


def _by_lines(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """The lines that begin with "by"; where that is all they say, with the next one."""
    for line, following in zip(lines, (*lines, Line("", 0, "", 0, ()))[1:], strict=True):
        if len(line.text) <= LONGEST_LINE and is_byline(line.text):
            yield line, line.text
        elif is_by(line.text) and len(following.text) <= LONGEST_LINE:
            yield line, following.text


def _names_of(spot: Spot, site: frozenset[str]) -> tuple[str, ...]:
    """Without the site's own, unless that is a person's, who is linked as an author."""
    is_declared = bool(spot.element.get("href") or spot.element.get("itemprop"))
    names = kept(names_in(spot.text), frozenset())
    return tuple(name for name in names if key(name) not in site or (is_declared and is_personal(name)))


def _is_mention(spot: Spot, line: str) -> bool:
    """Is it a mere link to somebody's page, in the middle of a text?"""
    get = spot.element.get
    names, declared = f"{get('class', '')} {get('id', '')}", f"{get('itemprop', '')} {get('rel', '')}"
    return AUTHOR not in marked(names, declared) and len(line) > LONGEST_LINE and not is_byline(line)


def _is_framed(spot: Spot, frames: set[int]) -> bool:
    """Is it a part of something that is marked as a byline, too?"""
    return any(id(one) in frames for one in islice(spot.element.iterancestors(), _FRAME))


def _spot_rating(spot: Spot, distance: int, line: str) -> float:
    get = spot.element.get
    near = _NEAR[0] <= distance <= _NEAR[1]
    if not near and not (
        is_byline(spot.text) or is_byline(line) or "author" in get("rel", "") or get("href")
    ):
        return 0.0  # far away there are boxes about other articles' authors, too
    if is_in_card(spot):
        return 0.0
    marks = f"{get('itemprop', '')} {get('rel', '')} {get('class', '')}".lower()
    rating = 2.0 + 0.5 * ("author" in marks) + (1.0 if near else 0.0) - 0.4 * (distance < 0)
    return rating - min(1.0, abs(distance) / 4_000)


def _line_rating(text: str, names: list[str], distance: int) -> float:
    share = sum(map(len, names)) / max(1, len(text))
    return 1.0 + share + (0.5 if distance >= 0 else 0.0) - min(1.0, abs(distance) / 2_000)


def kept(names: Iterable[str], site: frozenset[str]) -> list[str]:
    """Each once, however it is written, and none that is the site's."""
    found: dict[str, str] = {}
    for name in names:
        if key(name) not in site:
            found.setdefault(key(name), name)
    return list(found.values())
