"""Which links does a page have, and in what part of it does each stand?

One walk over the tree, in the order of the document. Everything else of this room asks what it found.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from typing import Final
from urllib.parse import quote, urlsplit

from lxml.html import HtmlElement

from feedsvc.pages.listing import words
from feedsvc.pages.listing.links import Address, address
from feedsvc.pages.page import Page
from feedsvc.refine.text import one_line

MOST_ELEMENTS: Final = 60_000
MOST_LINKS: Final = 6_000
LONGEST_LABEL: Final = 60  # characters
LONGEST_TEXT: Final = 4_000

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
UNSEEN: Final = frozenset(
    {
        "script",
        "style",
        "svg",
        "noscript",
        "template",
        "select",
        "textarea",
        "iframe",
        "head",
        "object",
        "math",
    }
)
_CONTENT: Final = frozenset({"article", "main", "section", "li", "td"})
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_a-zA-Z]+")
_ROLES: Final = {
    "navigation": "nav",
    "menu": "nav",
    "menubar": "nav",
    "menuitem": "nav",
    "contentinfo": "footer",
    "search": "aside",
    "dialog": "aside",
    "alertdialog": "aside",
    "tooltip": "aside",
}
_CLASSES: Final = (
    ("nav", words.NAVIGATION),
    ("footer", words.FOOTERS),
    ("ad", words.ADS),
    ("popular", words.POPULAR),
    ("related", words.RELATED),
    ("aside", words.ASIDES),
    ("side", words.SIDES),
)
_LABELS: Final = {
    label: zone
    for zone, labels in (
        ("popular", words.POPULAR_LABELS),
        ("ad", words.AD_LABELS),
        ("related", words.RELATED_LABELS),
        ("aside", words.OTHER_LABELS),
    )
    for label in labels.split("|")
}


@dataclass(slots=True, kw_only=True)
class Link:
    """``zone``: "" for content, else nav, footer, ad, popular, related, aside, side, header.

    ``heading`` is the heading that the link is in or that is in the link, ``rank`` its level (7: by class
    only, 0: none). ``path`` names its place by tags alone, equal for links that stand alike. ``order``
    counts the elements of the page.
    """

    element: HtmlElement
    address: Address
    order: int
    zone: str
    path: int
    heading: HtmlElement | None = None
    rank: int = 0
    card: HtmlElement | None = None  # the <article> (or microdata thing) around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    page: Page
    links: tuple[Link, ...]
    orders: dict[HtmlElement, int] = field(repr=False)  # every element that was seen, and its place
    headings: tuple[HtmlElement, ...] = ()
    cards: tuple[HtmlElement, ...] = ()
    named: tuple[HtmlElement, ...] = ()  # headings by their class only

    def order(self, element: HtmlElement) -> int:
        return self.orders.get(element, -1)


@dataclass(slots=True)
class _Place:
    """What an element hands down to what is in it."""

    zone: str
    path: int
    heading: HtmlElement | None
    rank: int
    card: HtmlElement | None
    content: bool


def take(page: Page) -> Survey:
    body = page.tree.find("body")
    root = page.tree if body is None else body
    counts = _links_below(root)
    half = counts.get(root, 0) / 2
    labelled: dict[HtmlElement, str] = {}
    places: dict[HtmlElement, _Place] = {}
    paths: dict[tuple[int, str], int] = {}
    orders: dict[HtmlElement, int] = {}
    links: list[Link] = []
    headings: list[HtmlElement] = []
    cards: list[HtmlElement] = []
    named: list[HtmlElement] = []
    unseen: set[HtmlElement] = set()
    for order, element in enumerate(root.iter("*")):
        if order >= MOST_ELEMENTS:
            break
        tag, parent = element.tag, element.getparent()
        if tag in UNSEEN or parent in unseen:
            unseen.add(element)
            continue
        above = places.get(parent) or _Place("", 0, None, 0, None, content=False)
        orders[element] = order
        place = _Place(
            above.zone or labelled.get(element, ""),
            paths.setdefault((above.path, tag), len(paths) + 1),
            above.heading,
            above.rank,
            above.card,
            above.content or tag in _CONTENT,
        )
        places[element] = place
        if place.zone in {"", "side"}:
            found = _zone(element, tag, above, counts.get(element, 0), half)
            place.zone = found or place.zone
        if rank := _rank(element, tag):
            if not (place.rank and rank == 7):
                place.heading, place.rank = element, rank
            (headings if rank < 7 else named).append(element)
            _label(element, counts, half, labelled)
        if tag == "article" or "Article" in (element.get("itemtype") or "") or _is_entry(element):
            place.card = element
            cards.append(element)
        if tag == "a" and len(links) < MOST_LINKS:
            link = _link(page, element, order, place)
            if link is not None:
                links.append(link)
    # A label may be found after the walk has passed what it labels: tell those too.
    if labelled:
        _spread(links, labelled)
    _headings_within(links, orders)
    return Survey(
        page=page,
        links=tuple(links),
        orders=orders,
        headings=tuple(headings),
        cards=tuple(cards),
        named=tuple(named),
    )


def text_of(element: HtmlElement) -> str:
    """What one reads in an element, on one line."""
    return (
        one_line("".join(element.itertext("*", with_tail=True))[:LONGEST_TEXT])
        if len(element)
        else one_line(element.text or "")
    )


@lru_cache(maxsize=4_096)
def class_words(names: str) -> frozenset[str]:
    """The words of class names and ids, in lower case: ``site-nav postList`` -> site, nav, post, list."""
    found = _WORD.findall(names[:500])
    whole = (re.sub(r"[-_]", "", one) for one in names[:500].lower().split())
    return frozenset((*(one.lower() for one in found), *whole))


def names_of(element: HtmlElement) -> frozenset[str]:
    return class_words(f"{element.get('class') or ''} {element.get('id') or ''}")


# ---- zones ------------------------------------------------------------------------------------------


def _links_below(root: HtmlElement) -> dict[HtmlElement, int]:
    """How many links each element has in it."""
    counts: dict[HtmlElement, int] = {}
    for link in root.iter("a"):
        above = link
        while above is not None and above is not root:
            counts[above] = counts.get(above, 0) + 1
            above = above.getparent()
        counts[root] = counts.get(root, 0) + 1
    return counts


def _zone(element: HtmlElement, tag: str, above: _Place, links: int, half: float) -> str:
    if tag in {"nav", "dialog"}:
        return "nav"
    if tag == "footer":
        return "footer"
    if tag == "aside":
        return "side"
    if tag == "header" and not above.content:
        return "header" if links <= half else ""
    if not links:
        return ""
    role = element.get("role")
    if role and role in _ROLES:
        return _ROLES[role]
    if links < 2 or links > half or tag in {"body", "html", "main"}:
        return ""
    names = element.get("class") or element.get("id")
    if not names:
        return ""
    found = names_of(element)
    return next((zone for zone, table in _CLASSES if not table.isdisjoint(found)), "")


def _label(
    element: HtmlElement, counts: dict[HtmlElement, int], half: float, labelled: dict[HtmlElement, str]
) -> None:
    """Mark what a short heading such as "Most read" stands above."""
    text = text_of(element)
    if not 0 < len(text) <= LONGEST_LABEL:
        return
    zone = _LABELS.get(text.lower().strip(" :：…»›>→|"))
    if zone is None:
        return
    own = counts.get(element, 0)
    node = element
    while (parent := node.getparent()) is not None:
        if counts.get(parent, 0) - own >= 2:
            break
        node = parent
    if parent is None:
        return
    if counts[parent] <= half and _has_one_heading(parent, element):
        labelled[parent] = zone
        return
    following = list(takewhile(lambda one: not _is_heading_like(one, element), node.itersiblings()))
    if sum(counts.get(one, 0) for one in following) <= half:
        labelled.update(dict.fromkeys(following, zone))


def _has_one_heading(parent: HtmlElement, heading: HtmlElement) -> bool:
    """Is ``heading`` the first and highest of this part?"""
    found = [one for one in parent.iter(*HEADINGS)]
    if heading not in found:
        return True
    return found[0] is heading and all(one.tag > heading.tag for one in found[1:])


def _is_heading_like(sibling: HtmlElement, heading: HtmlElement) -> bool:
    level = heading.tag if heading.tag in HEADINGS else "h6"
    if sibling.tag in HEADINGS:
        return bool(sibling.tag <= level)
    return any(one.tag <= level for one in sibling.iter(*HEADINGS))


def _spread(links: list[Link], labelled: dict[HtmlElement, str]) -> None:
    for link in links:
        if link.zone in {"", "side"}:
            above = link.element
            while above is not None:
                if above in labelled:
                    link.zone = labelled[above]
                    break
                above = above.getparent()


# ---- links ------------------------------------------------------------------------------------------


def _link(page: Page, element: HtmlElement, order: int, place: _Place) -> Link | None:
    href = element.get("href")
    if not href or href.startswith("#") and not href.startswith("#!"):
        return None
    url = page.link(href)
    found = address(url) if url else None
    if found is None or _is_share(found, page) or found.key == address_key(page.url):
        return None
    if href.partition("#")[2].lower().startswith(("comment", "respond", "disqus", "reply")):
        return None
    return Link(
        element=element,
        address=found,
        order=order,
        zone=place.zone,
        path=place.path,
        heading=place.heading,
        rank=place.rank,
        card=place.card,
    )


@lru_cache(maxsize=64)
def address_key(url: str) -> str:
    found = address(url)
    return found.key if found else ""


def _is_share(found: Address, page: Page) -> bool:
    """A link to elsewhere that carries an address of this site along."""
    try:
        here = (urlsplit(page.url).hostname or "").removeprefix("www.")
        query = urlsplit(found.url).query
    except ValueError:
        return False
    return (
        bool(query and here)
        and not found.host.endswith(here)
        and (here in query or quote(here, safe="") in query)
    )


def _rank(element: HtmlElement, tag: str) -> int:
    if tag in HEADINGS:
        return int(tag[1])
    if element.get("role") == "heading":
        return 6
    if element.get("itemprop") == "headline":
        return 5
    names = element.get("class")
    if not names or tag in {"body", "main", "ul", "ol", "table", "tr", "tbody", "section", "article", "img"}:
        return 0
    found = class_words(names)
    is_one = not words.HEADLINES.isdisjoint(found) and words.NO_HEADLINES.isdisjoint(found)
    return 7 if is_one else 0


def _is_entry(element: HtmlElement) -> bool:
    names = element.get("class")
    return bool(names) and not {"h-entry", "hentry"}.isdisjoint(names.split())


def _headings_within(links: list[Link], orders: dict[HtmlElement, int]) -> None:
    """A link around a heading belongs to it as well as a link in it."""
    for link in links:
        if link.heading is not None or not len(link.element):
            continue
        best: tuple[int, HtmlElement] | None = None
        for inner in link.element.iter("*"):
            if inner is link.element or inner not in orders:
                continue
            rank = _rank(inner, inner.tag)
            if rank and (best is None or rank < best[0]) and (inner.text_content() or "").strip():
                best = (rank, inner)
        if best is not None:
            link.rank, link.heading = best
