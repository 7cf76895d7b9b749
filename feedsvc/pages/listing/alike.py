"""Which links of a page stand alike, in one list?"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedsvc.pages.listing.blocks import sole_owners
from feedsvc.pages.listing.survey import Link

FEWEST: Final = 3  # links that make a list by themselves
_WIDEST: Final = 6  # links that stand alike in one row of a list
_NEST: Final = 5  # elements around a link that tell where it stands
_NUMBERED: Final = re.compile(r"[-_]?\d+$")
_WRAPPERS: Final = frozenset({"b", "em", "font", "i", "small", "span", "strong"})

# The place of a link by tags alone, its classes, the part of the page: equal for links that stand alike.
Place = tuple[int, str, str]


def place_of(link: Link) -> Place:
    return link.path, _stable(link.element.get("class")), link.zone


def nest_of(link: Link) -> tuple[str, ...]:
    """What a link stands in, by tags and classes: equal for those of boxes that are alike."""
    around = [one for one, _ in zip(link.element.iterancestors(), range(_NEST), strict=False)]
    return link.zone, *(f"{one.tag} {_stable(one.get('class'))}" for one in around)


def lists(links: Sequence[Link]) -> list[list[Link]]:
    """Links that stand alike in one container; those of several small ones that are alike are one list."""
    by_place: dict[Place, list[Link]] = defaultdict(list)
    for link in links:
        by_place[place_of(link)].append(link)
    return [found for alike in by_place.values() for found in _by_container(alike)]


def _by_container(links: list[Link]) -> list[list[Link]]:
    holders = _holders(links)
    rows = _rows(holders)
    containers: dict[tuple[HtmlElement | None, int], list[Link]] = defaultdict(list)
    ordinals: dict[HtmlElement, int] = defaultdict(int)
    for link, holder in holders:
        if holder is not None and holder in rows:
            containers[holder.getparent(), ordinals[holder]].append(link)
            ordinals[holder] += 1
        else:
            containers[holder, 0].append(link)
    return _merged(containers)


def _merged(containers: dict[tuple[HtmlElement | None, int], list[Link]]) -> list[list[Link]]:
    large: list[list[Link]] = []
    small: dict[tuple[object, ...], list[Link]] = defaultdict(list)
    for (container, ordinal), members in containers.items():
        if len(members) >= FEWEST or container is None:
            large.append(members)
        else:
            small[container.tag, _stable(container.get("class")), ordinal].extend(members)
    return large + list(small.values())


def _holders(links: list[Link]) -> list[tuple[Link, HtmlElement | None]]:
    """Each link with the nearest element in which there are links to other addresses that stand alike."""
    owners = sole_owners((link.element, link.address.key) for link in links)
    return [
        (link, next((one for one in link.element.iterancestors() if owners.get(one) is None), None))
        for link in links
    ]


def _rows(holders: Sequence[tuple[Link, HtmlElement | None]]) -> set[HtmlElement]:
    """The containers that are no lists, but the rows of one: many, each with a few links side by side,
    such as a title and an author. Their links are told apart by their number in the row."""
    members: dict[HtmlElement, list[Link]] = defaultdict(list)
    for link, holder in holders:
        if holder is not None:
            members[holder].append(link)
    kin: dict[tuple[object, ...], list[HtmlElement]] = defaultdict(list)
    for holder, inside in members.items():
        side_by_side = holder.tag == "tr" or all(_stands_in(one, holder) for one in inside)
        if side_by_side and len(inside) <= _WIDEST:
            kin[holder.getparent(), holder.tag, _stable(holder.get("class"))].append(holder)
    return {holder for alike in kin.values() if len(alike) >= FEWEST for holder in alike}


def _stands_in(link: Link, holder: HtmlElement) -> bool:
    parent = link.element.getparent()
    while parent is not None and parent is not holder and parent.tag in _WRAPPERS:
        parent = parent.getparent()
    return parent is holder


def _stable(names: str | None) -> str:
    """Class names without the numbers at their ends."""
    return " ".join(_NUMBERED.sub("#", one) for one in (names or "").split()[:8])
