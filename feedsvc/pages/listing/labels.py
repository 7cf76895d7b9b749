"""Which parts of a page stand under a label such as "Most read" or "Advertisement"?"""

from itertools import takewhile
from typing import Final

from lxml.html import HtmlElement

from feedsvc.pages.listing import words
from feedsvc.pages.listing.kinds import HEADINGS, text_of

LONGEST: Final = 60  # characters
_LABELS: Final = {
    label: zone
    for zone, labels in (
        ("popular", words.POPULAR_LABELS),
        ("ad", words.AD_LABELS),
        ("ad", words.SOLD_LABELS),
        ("related", words.RELATED_LABELS),
        ("aside", words.OTHER_LABELS),
    )
    for label in labels.split("|")
}
_SOLD: Final = frozenset(words.SOLD_LABELS.split("|"))
_SOLD_BY: Final = tuple(f"{one} " for one in words.SOLD_BY.split("|"))
_ENDS: Final = " :：…»›>→|"


def labelled(
    heading: HtmlElement, counts: dict[HtmlElement, int], most: float
) -> tuple[str, list[HtmlElement]]:
    """The zone that a heading names, and what stands under it: its own part of the page, or what follows it
    up to the next heading. ``counts``: how many links are in each element; parts of more than ``most`` are
    left alone."""
    zone = zone_of(text_of(heading))
    if not zone:
        return "", []
    own = counts.get(heading, 0)
    node, parent = heading, heading.getparent()
    while parent is not None and counts.get(parent, 0) <= own:
        node, parent = parent, parent.getparent()
    if parent is None:
        return "", []
    if counts[parent] <= most and _heads(heading, parent):
        return zone, [parent]
    following = list(takewhile(lambda one: not _is_next(one, heading), node.itersiblings()))
    return zone, following if sum(counts.get(one, 0) for one in following) <= most else []


def zone_of(text: str) -> str:
    return _LABELS.get(text.lower().strip(_ENDS), "") if 0 < len(text) <= LONGEST else ""


def says_sold(text: str) -> bool:
    """Is it a note that an article is paid for: "Sponsored", "Sponsored by Dreamland"?"""
    said = text.lower().strip(_ENDS)
    return said in _SOLD or said.startswith(_SOLD_BY)


def _heads(heading: HtmlElement, part: HtmlElement) -> bool:
    """Is it the first heading of this part, and the highest unless the others are those of articles: links
    that are all alike?"""
    found = list(part.iter(*HEADINGS))
    if heading not in found:
        return True
    if found[0] is not heading:
        return False
    if all(one.tag > heading.tag for one in found[1:]):
        return True
    return found[1].tag != heading.tag and _are_linked(found[1:])


def _are_linked(headings: list[HtmlElement]) -> bool:
    alike = len({(one.tag, one.get("class")) for one in headings}) == 1
    return alike and all(next(one.iter("a"), None) is not None or _is_in_link(one) for one in headings)


def _is_in_link(element: HtmlElement) -> bool:
    return next(element.iterancestors("a"), None) is not None


def _is_next(element: HtmlElement, heading: HtmlElement) -> bool:
    level = heading.tag if heading.tag in HEADINGS else "h6"
    return any(one.tag <= level for one in element.iter(*HEADINGS))
