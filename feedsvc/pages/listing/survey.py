"""Which links does a page have, and in what part of it does each stand?

One walk over the tree, in the order of the document. Everything else of this room asks what it found.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final
from urllib.parse import quote, urlsplit

from lxml.html import HtmlElement

from feedsvc.pages.listing.kinds import BY_NAME, LONGEST_TEXT, UNSEEN, Kind, kind_of, text_of
from feedsvc.pages.listing.labels import labelled
from feedsvc.pages.listing.links import Address, address, listed_by
from feedsvc.pages.page import Page
from feedsvc.refine.text import one_line

MOST_ELEMENTS: Final = 60_000
MOST_LINKS: Final = 6_000
DEEPEST: Final = 200  # elements within one another; browsers stop at 512

CONTENT: Final = frozenset({"", "side"})  # zones in which articles may be listed
_CONTENT: Final = frozenset({"article", "main", "section", "li", "td"})
_ITEMS: Final = frozenset({"article", "dd", "li", "td"})
_NOT_THE_ARTICLE: Final = ("comment", "respond", "disqus", "reply")


@dataclass(slots=True, kw_only=True)
class Link:
    """``zone``: "" for content, else nav, header, footer, ad, popular, related, aside, side.

    ``heading`` is the heading that the link is in or that is in the link, ``rank`` its level (7: by class
    only, 0: none). ``path`` names its place by tags alone, equal for links that stand alike. ``order``
    counts the elements of the page. ``card`` is the <article> or the like around it, ``is_main`` whether it
    is in the <main> of the page.
    """

    element: HtmlElement
    address: Address
    text: str
    order: int
    zone: str
    path: int
    heading: HtmlElement | None = None
    rank: int = 0
    card: HtmlElement | None = None
    is_main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """``orders``: every element that was seen, and its number. ``named``: headings by their class only."""

    page: Page
    links: tuple[Link, ...]
    orders: dict[HtmlElement, int] = field(repr=False)
    headings: tuple[HtmlElement, ...] = ()
    named: tuple[HtmlElement, ...] = ()
    cards: tuple[HtmlElement, ...] = ()

    def span(self, element: HtmlElement) -> tuple[int, int]:
        """The number of an element, and one that is not below those in it, but below that of the next one."""
        first = self.orders.get(element)
        if first is None:
            return -1, -1
        node: HtmlElement | None = element
        while node is not None:
            following = next((one for one in node.itersiblings("*") if one in self.orders), None)
            if following is not None:
                return first, self.orders[following] - 1
            node = node.getparent()
        return first, MOST_ELEMENTS


def take(page: Page) -> Survey:
    body = page.tree.find("body")
    walk = _Walk(page, page.tree if body is None else body)
    walk.run()
    return Survey(
        page=page,
        links=tuple(walk.links),
        orders=walk.orders,
        headings=tuple(walk.headings),
        named=tuple(walk.named),
        cards=tuple(walk.cards),
    )


@dataclass(slots=True)
class _Place:
    """What an element hands down to what is in it."""

    zone: str = ""
    path: int = 0
    heading: HtmlElement | None = None
    rank: int = 0
    card: HtmlElement | None = None
    link: Link | None = None
    content: bool = False  # within an article, a section, an item
    inner: bool = False  # within an item
    main: bool = False  # within <main>


class _Walk:
    def __init__(self, page: Page, root: HtmlElement) -> None:
        self._page = page
        self._root = root
        self._counts = _links_below(root)
        self._half = self._counts.get(root, 0) / 2
        self._listed = listed_by(page.url)
        self._labelled: dict[HtmlElement, str] = {}
        self._places: dict[HtmlElement, _Place] = {}
        self._paths: dict[tuple[int, str], int] = {}
        self._depths: dict[HtmlElement | None, int] = {}
        self.orders: dict[HtmlElement, int] = {}
        self.links: list[Link] = []
        self.headings: list[HtmlElement] = []
        self.named: list[HtmlElement] = []
        self.cards: list[HtmlElement] = []

    def run(self) -> None:
        unseen: set[HtmlElement] = set()
        for order, element in enumerate(self._root.iter("*")):
            if order >= MOST_ELEMENTS:
                break
            parent = element.getparent()
            depth = self._depths[element] = self._depths.get(parent, 0) + 1
            if element.tag in UNSEEN or parent in unseen or depth > DEEPEST:
                unseen.add(element)
            else:
                self.orders[element] = order
                self._visit(element, order)
        self._spread()
        self._read_pictures()

    def _visit(self, element: HtmlElement, order: int) -> None:
        kind = kind_of(element)
        above = self._places.get(element.getparent()) or _Place()
        place = self._places[element] = self._place(element, kind, above)
        if kind.rank:
            self._head(element, kind.rank, place)
        if kind.is_card:
            place.card, place.content, place.inner = element, True, True
            self.cards.append(element)
        if element.tag == "a" and len(self.links) < MOST_LINKS:
            place.link = _link(self._page, element, order, place, self._listed)
            if place.link is not None:
                self.links.append(place.link)

    def _place(self, element: HtmlElement, kind: Kind, above: _Place) -> _Place:
        zone = above.zone or self._labelled.get(element, "")
        if zone in CONTENT and (kind.zone or kind.named):
            zone = self._zone(kind, above, self._counts.get(element, 0)) or zone
        return _Place(
            zone,
            self._paths.setdefault((above.path, element.tag), len(self._paths) + 1),
            above.heading,
            above.rank,
            above.card,
            above.link,
            above.content or element.tag in _CONTENT,
            above.inner or element.tag in _ITEMS,
            above.main or element.tag == "main",
        )

    def _zone(self, kind: Kind, above: _Place, links: int) -> str:
        """Classes are believed only of parts with several links, but less than half of them all."""
        if kind.zone == "header":
            return "header" if not above.content and links <= self._half else ""
        zone = kind.zone or (kind.named if 2 <= links <= self._half else "")
        return "aside" if zone == "footer" and above.inner else zone

    def _head(self, element: HtmlElement, rank: int, place: _Place) -> None:
        if not (place.rank and rank == BY_NAME):
            place.heading, place.rank = element, rank
        link = place.link
        if link is not None and (link.heading is None or rank < link.rank) and text_of(element):
            link.heading, link.rank = element, rank
        (self.headings if rank < BY_NAME else self.named).append(element)
        if rank > 1:  # what a page is called is no label of a part of it
            zone, parts = labelled(element, self._counts, self._half)
            self._labelled.update(dict.fromkeys(parts, zone))

    def _spread(self) -> None:
        """A label may come after what it labels."""
        for link in self.links if self._labelled else ():
            if link.zone in CONTENT:
                above = (self._labelled[one] for one in link.element.iterancestors() if one in self._labelled)
                link.zone = next(above, link.zone)

    def _read_pictures(self) -> None:
        """Where no link to an address has words, the picture in it says what it is."""
        said = {link.address.key for link in self.links if link.text}
        for link in self.links:
            if not link.text and link.address.key not in said:
                link.text = next((text for one in link.element.iter("img") if (text := _words_of(one))), "")


def _words_of(image: HtmlElement) -> str:
    return one_line((image.get("alt") or image.get("title") or "")[:LONGEST_TEXT])


def _links_below(root: HtmlElement) -> dict[HtmlElement, int]:
    """How many links each element has in it, itself included; from the innermost outwards."""
    counts: dict[HtmlElement, int] = {}
    for element in reversed(list(islice(root.iter("*"), MOST_ELEMENTS))):
        count = counts.get(element, 0) + (element.tag == "a")
        if count:
            counts[element] = count
            parent = element.getparent()
            if parent is not None and element is not root:
                counts[parent] = counts.get(parent, 0) + count
    return counts


# ---- links ------------------------------------------------------------------------------------------


def _link(page: Page, element: HtmlElement, order: int, place: _Place, listed: str) -> Link | None:
    """None for what leads to no article: the page itself, the front page, shares, comments, files."""
    href = element.get("href")
    if not href or (href.startswith("#") and not href.startswith("#!")):
        return None
    if href.partition("#")[2].lower().startswith(_NOT_THE_ARTICLE):
        return None
    url = page.link(href)
    found = address(url, listed) if url else None
    if found is None or found.key == _key(page.url) or _is_share(found, page.url):
        return None
    return Link(
        element=element,
        address=found,
        text=text_of(element),
        order=order,
        zone=place.zone,
        path=place.path,
        heading=place.heading,
        rank=place.rank,
        card=place.card,
        is_main=place.main,
    )


@lru_cache(maxsize=64)
def _key(url: str) -> str:
    found = address(url)
    return found.key if found else ""


def _is_share(found: Address, here: str) -> bool:
    """A link to elsewhere that carries an address of this site along."""
    mark = found.url.find("?")
    host = _host(here)
    if mark < 0 or not host or found.host.endswith(host):
        return False
    query = found.url[mark:]
    return host in query or quote(host, safe="") in query


@lru_cache(maxsize=64)
def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
