"""Who wrote the article, as its byline says?

What the page declares is believed where a reader can see it too: software names whoever pressed the button.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from feedsvc.pages.article.names import follows_by, is_by, is_byline, is_personal, names_in
from feedsvc.pages.article.naming import key
from feedsvc.pages.article.surroundings import AUTHOR, Headline, Line, Spot, Surroundings, is_in_card
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
_UNSURE: Final = 1.0
_GAP: Final = 30  # characters between two names that are marked alike
_ALIKE: Final = 0.3  # difference in rating
_FRAMED: Final = 0.3
_FRAME: Final = 6  # elements between a name and the byline around it


class Byline(NamedTuple):
    """``end``: place of the character behind it. ``tag``: of its element, "" for a mere line."""

    names: tuple[str, ...]
    place: int
    rating: float
    end: int = 0
    tag: str = ""


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
    best = max(seen, key=lambda one: one.rating, default=None)
    for names, source in told:
        if not shown.isdisjoint(map(key, names)) and not _is_outdone(names, seen, best):
            confirmed = [name for name in names if key(name) in shown or _is_in(name.casefold(), lines)]
            return _completed(confirmed, seen), f"{source}, byline"
    if best is not None and (
        best.rating >= _SURE or (best.rating >= _ONLY and len(shown) == len(best.names))
    ):
        return _completed(list(best.names), seen), "byline"
    for names, source in told:
        if confirmed := [name for name in names if _is_in(name.casefold(), lines)]:
            return tuple(confirmed[:MOST]), source
    return (), ""


def _is_outdone(names: Iterable[str], seen: Iterable[Byline], best: Byline | None) -> bool:
    """Are these named only far from the headline, where a byline at it names others?"""
    keys = set(map(key, names))
    rating = max((one.rating for one in seen if keys & set(map(key, one.names))), default=0.0)
    return best is not None and rating < _UNSURE and best.rating >= _SURE


def _is_credit_free(line: Line) -> bool:
    return len(line.text) <= _LONGEST_LINE and not _CREDIT.search(line.text)


def _is_in(name: str, lines: list[str]) -> bool:
    """Is a line little more than this name, or does it say "by" in front of it?"""
    near = [line for line in lines if name in line] if len(name) > 2 else []
    return any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line) if len(line) < len(name) + 40 else follows_by(name, line)
        for line in near
    )


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
    marked = {id(spot.element) for spot in spots}
    for spot in spots:
        if len(spot.text) <= 2 * _LONGEST_LINE and (names := _names_of(spot, site)):
            number = bisect_right(places, spot.place) - 1
            line = around.lines[number].text if number >= 0 else ""
            rating = _spot_rating(spot, spot.place - start, line)
            if rating > 0:
                rating += 0.5 * (id(spot.element) not in holders) + _FRAMED * _is_framed(spot, marked)
            yield Byline(names, spot.place, rating, spot.place + len(spot.text), spot.element.tag)
    for by, text in _by_lines(around.lines):
        distance = by.place - start
        if _NEAR[0] <= distance <= _NEAR[1] and not _CREDIT.search(text):
            found = _kept(names_in(text), site)
            if found:
                yield Byline(tuple(found), by.place, _line_rating(text, found, distance))


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


def _is_framed(spot: Spot, marked: set[int]) -> bool:
    """Is it a part of something that is marked as a byline, too?"""
    return any(id(one) in marked for one in islice(spot.element.iterancestors(), _FRAME))


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
    group = _chained(seen, keys)
    if best is not None and len(best.names) > len(group):
        group = list(best.names)
    others = set(map(key, group))
    names = [*group, *(name for name in names if key(name) not in others)]
    shorter = {name for one in seen for name in one.names if one.rating > alone - 0.6 and " " in name}
    return tuple(dict.fromkeys(_shortest(name, shorter) for name in names))[:MOST]


def _chained(seen: Iterable[Byline], keys: set[str]) -> list[str]:
    """The names of bylines that follow one another marked alike; the surest one of ``keys`` is among them."""
    single = _each_once(one for one in seen if one.tag and len(one.names) == 1 and one.rating >= _SURE)
    chosen = max((one for one in single if key(one.names[0]) in keys), key=lambda one: one.rating, default=None)
    if chosen is None:
        return []
    number = single.index(chosen)
    first, last = number, number
    while first > 0 and _follows(single[first], single[first - 1]):
        first -= 1
    while last + 1 < len(single) and _follows(single[last + 1], single[last]):
        last += 1
    return _kept((one.names[0] for one in single[first : last + 1]), frozenset()) if last > first else []


def _each_once(bylines: Iterable[Byline]) -> list[Byline]:
    """In the order of the page; of those that say the same at the same place, the surest."""
    found: list[Byline] = []
    for one in sorted(bylines, key=lambda one: one.place):
        if found and one.names == found[-1].names and one.place < found[-1].end:
            found[-1] = max(found[-1], one, key=lambda one: one.rating)
        else:
            found.append(one)
    return found


def _follows(one: Byline, last: Byline) -> bool:
    alike = one.tag == last.tag and abs(one.rating - last.rating) <= _ALIKE
    return alike and last.end - 2 <= one.place <= last.end + _GAP


def _shortest(name: str, others: set[str]) -> str:
    """Without the job in front of it, or glued to its end."""
    return min((one for one in others if _is_longer(name, one)), key=len, default=name)


def _is_longer(name: str, one: str) -> bool:
    return name.endswith(f" {one}") or (name.startswith(one) and name[len(one) : len(one) + 1].isupper())
