"""Which part of a page belongs to a link?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from typing import Final

from lxml.html import HtmlElement

from feedsvc.pages.listing import titles
from feedsvc.pages.listing.kinds import HEADINGS, text_of
from feedsvc.pages.listing.survey import CONTENT, Link, Survey

_STOPS: Final = frozenset({"body", "html", "main"})
_CROWD: Final = 4  # titled links that stand alike: a list of its own, whatever single heading is near
_FEW: Final = 3  # words that make no title


def sole_owners(marks: Iterable[tuple[HtmlElement, str]]) -> dict[HtmlElement, str | None]:
    """Every element that holds marks, and the key if it is one only."""
    owners: dict[HtmlElement, str | None] = {}
    for element, key in marks:
        node: HtmlElement | None = element
        while node is not None:
            if node in owners and owners[node] in {None, key}:
                break  # what is above it was told before
            owners[node] = None if node in owners else key
            node = node.getparent()
    return owners


def crowds(survey: Survey) -> frozenset[HtmlElement]:
    """The elements that have whole lists of titled links in them: no heading that stands by itself is the
    title of all that."""
    found = {
        (link.address.key, link.path): link
        for link in survey.links
        if link.heading is None and link.zone in CONTENT and titles.count_words(link.text) > _FEW
    }
    counts = Counter((above, link.path) for link in found.values() for above in link.element.iterancestors())
    return frozenset(element for (element, _), count in counts.items() if count >= _CROWD)


def block_of(
    link: Link,
    key: str,
    owners: Mapping[HtmlElement, str | None],
    bounds: Set[HtmlElement] = frozenset(),
) -> list[HtmlElement]:
    """The highest element that is this key's alone and within ``bounds``; what follows it, too, where it says
    only the title."""
    node = link.element
    for above in link.element.iterancestors():
        if above.tag in _STOPS or owners.get(above) != key or above in bounds:
            break
        node = above
    block = [node]
    title = link.heading if link.heading is not None else link.element
    if len(text_of(node)) > len(text_of(title)) + 3 and node.tag not in {"dd", "dt"}:
        return block
    for before in node.itersiblings(preceding=True):
        if before.tag == "dt" and node.tag == "dd":
            block.insert(0, before)
        break
    for after in node.itersiblings():
        if not isinstance(after.tag, str):
            continue
        if after in owners or after.tag in HEADINGS or after.tag == "hr" or len(block) > 12:
            break
        if after.tag == node.tag and node.tag in {"li", "dt", "article", "section"}:
            break
        block.append(after)
    return block
