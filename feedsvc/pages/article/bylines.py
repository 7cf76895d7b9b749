"""Who wrote the article, as its byline says?

What the page declares is believed where a reader can see it too: software names whoever pressed the button.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from feedsvc.pages.article.names import follows_by, names_in
from feedsvc.pages.article.naming import key
from feedsvc.pages.article.signatures import (
    CREDIT,
    LONGEST_LINE,
    ONLY,
    SURE,
    UNSURE,
    Byline,
    bylines,
    kept,
)
from feedsvc.pages.article.surroundings import Headline, Line, Surroundings
from feedsvc.pages.meta import Meta
from feedsvc.pages.structured import Thing, text_of, values

MOST: Final = 12
_META: Final = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "citation_author", "byl", "cxenseparse:author", "authors",
    "twitter:data1", "rbauthors", "dcsext.author", "news_authors",
)  # fmt: skip
_ADDRESS: Final = re.compile(r"\S+[./]\S+/|https?:|www\.|@\S+$|\S+\.(?:com|org|net|info)\b", re.IGNORECASE)
_GAP: Final = 30  # characters between two names that are marked alike
_ALIKE: Final = 0.3  # difference in rating


def authors(
    declared: Meta,
    subjects: Iterable[Thing],
    beside: Surroundings,
    headline: Headline | None,
    site: frozenset[str],
) -> tuple[tuple[str, ...], str]:
    """The names, and where they were found; ``beside``: what stands beside the ``headline``."""
    seen = list(bylines(beside, headline, site))
    told = list(_told(subjects, declared, site))
    shown = {key(name) for byline in seen for name in byline.names}
    lines = [line.text.casefold() for line in beside.lines if _is_credit_free(line)]
    best = max(seen, key=lambda one: one.rating, default=None)
    for names, source in told:
        if not shown.isdisjoint(map(key, names)) and not _is_outdone(names, seen, best):
            confirmed = [name for name in names if key(name) in shown or _is_in(name.casefold(), lines)]
            return _completed(_as_shown(confirmed, seen), seen), f"{source}, byline"
    if best is not None and (best.rating >= SURE or (best.rating >= ONLY and len(shown) == len(best.names))):
        return _completed(_as_told(best.names, told), seen), "byline"
    for names, source in told:
        if confirmed := [name for name in names if _is_in(name.casefold(), lines)]:
            return tuple(confirmed[:MOST]), source
    return (), ""


def _as_shown(names: Iterable[str], seen: Iterable[Byline]) -> list[str]:
    """In words where software told them in one: ``anabell`` for Ana Bell."""
    words = {key(name): name for byline in seen for name in byline.names if " " in name}
    return [name if " " in name else words.get(key(name), name) for name in names]


def _as_told(names: Iterable[str], told: Iterable[tuple[list[str], str]]) -> list[str]:
    """Without what stands behind them that is no part of the name where the page declares it."""
    full = [name for declared, _ in told for name in declared if " " in name]
    return [next((one for one in full if name.startswith(f"{one} ")), name) for name in names]


def _is_outdone(names: Iterable[str], seen: Iterable[Byline], best: Byline | None) -> bool:
    """Are these named only far from the headline, where a byline at it names others?"""
    keys = set(map(key, names))
    rating = max((one.rating for one in seen if keys & set(map(key, one.names))), default=0.0)
    return best is not None and rating < UNSURE and best.rating >= SURE


def _is_credit_free(line: Line) -> bool:
    return len(line.text) <= LONGEST_LINE and not CREDIT.search(line.text)


def _is_in(name: str, lines: list[str]) -> bool:
    """Is a line little more than this name, or does it say "by" in front of it?"""
    near = [line for line in lines if name in line] if len(name) > 2 else []
    return any(
        follows_by(name, line)
        or (len(line) < len(name) + 40 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line))
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
        if found := kept(names, site):
            yield found, thing["@source"]
    for field in _META:
        names = [name for value in declared.get(field, ()) for name in _names(value)]
        if found := kept(names, site):
            yield found, "meta"


def _names(text: str) -> Iterator[str]:
    text = text.strip("'\" ")
    return iter(()) if _ADDRESS.match(text) else names_in(text, strict=False)


# ---- putting together ---------------------------------------------------------------------------------


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
    single = _each_once(one for one in seen if one.tag and len(one.names) == 1 and one.rating >= SURE)
    wanted = (one for one in single if key(one.names[0]) in keys)
    chosen = max(wanted, key=lambda one: one.rating, default=None)
    if chosen is None:
        return []
    number = single.index(chosen)
    first, last = number, number
    while first > 0 and _follows(single[first], single[first - 1]):
        first -= 1
    while last + 1 < len(single) and _follows(single[last + 1], single[last]):
        last += 1
    return kept((one.names[0] for one in single[first : last + 1]), frozenset()) if last > first else []


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
