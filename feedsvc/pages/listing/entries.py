"""Which links of a page are titled, and which part of the page belongs to each?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement

from feedsvc.pages.listing import dates, titles, words
from feedsvc.pages.listing.blocks import block_of, crowds, sole_owners
from feedsvc.pages.listing.kinds import HEADINGS, class_words, text_of
from feedsvc.pages.listing.links import Address, address
from feedsvc.pages.listing.sentences import is_inline
from feedsvc.pages.listing.survey import CONTENT, Link, Survey

_STOPS: Final = frozenset({"body", "html", "main"})
_FEW: Final = 3  # words of what may be the name of a section
_SEVERAL: Final = 3  # what stands alike is a list


@dataclass(slots=True, kw_only=True)
class Entry:
    """A link that may be an article's. ``block``: the elements that belong to it, in order."""

    address: Address
    link: Link
    title: str
    links: list[Link] = field(default_factory=list)
    block: list[HtmlElement] = field(default_factory=list)
    in_navigation: bool = False
    is_prefix: bool = False

    @property
    def key(self) -> str:
        return self.address.key

    @property
    def words(self) -> float:
        return titles.count_words(self.title)


def headed(survey: Survey) -> list[Entry]:
    """The entries whose title is a heading, each with its block, in the order of the page."""
    navigation = {link.address.key for link in survey.links if link.zone in {"nav", "footer", "header"}}
    paths = _prefixes(survey)
    entries = [*_by_heading(survey), *_beside_heading(survey)]
    entries.sort(key=lambda one: one.link.order)
    for one in entries:
        one.in_navigation = one.key in navigation
        one.is_prefix = paths[one.address.host + one.address.path] >= 2
    entries = [one for one in entries if not _names_a_section(one)]
    _give_blocks(survey, entries)
    sections = [one for one in entries if _stands_above_others(survey, one)]
    if sections:
        entries = [one for one in entries if one not in sections]
        _give_blocks(survey, entries)
    return entries


def _prefixes(survey: Survey) -> Counter[str]:
    """How many other addresses of the page go on where an address ends."""
    found: Counter[str] = Counter()
    for one in {link.address.host + link.address.path for link in survey.links}:
        at = one.rfind("/")
        while at > 0:
            found[one[:at]] += 1
            at = one.rfind("/", 0, at)
    return found


# ---- links in headings, headings in links -----------------------------------------------------------


def _by_heading(survey: Survey) -> Iterator[Entry]:
    """One entry a heading: if it holds several links, that with the longest text."""
    by_heading: dict[HtmlElement, list[Link]] = defaultdict(list)
    for link in survey.links:
        if link.heading is not None and link.zone in CONTENT:
            by_heading[link.heading].append(link)
    for heading, links in by_heading.items():
        able = [one for one in links if not is_label(one)]
        several = len({one.address.key for one in links}) > 1
        if not able or len({one.address.key for one in able}) > _FEW:
            continue  # no title, but a part that bears a name like one
        link = max(able, key=_says)
        around = heading in link.element.iterdescendants()
        title = titles.read(heading if around or not several else link.element)
        if title and not titles.says_more(title) and not titles.belongs_to_site(title):
            yield Entry(address=link.address, link=link, title=title)


def _beside_heading(survey: Survey) -> Iterator[Entry]:
    """``<h2>Title</h2> ... <a>Read more</a>``: a heading without a link, and the only link below it."""
    linked = {link.heading for link in survey.links if link.heading is not None}
    free = [one for one in survey.headings if one not in linked and text_of(one)]
    free += _named(survey, linked)
    if not free:
        return
    owners = _single_owners({**dict.fromkeys(survey.headings), **dict.fromkeys(free)})
    taken: dict[HtmlElement, list[Link]] = defaultdict(list)
    for link in survey.links:
        if link.heading is None and link.zone in CONTENT and not is_label(link):
            heading = next((owners[one] for one in link.element.iterancestors() if one in owners), None)
            if heading is not None and heading not in linked and not is_inline(link.element):
                taken[heading].append(link)
    pairs = [(heading, led) for heading, links in taken.items() if (led := _leading_on(links)) is not None]
    paths = Counter(led.path for _, led in pairs)
    for heading, link in pairs:
        title = titles.read(heading)
        is_offer = paths[link.path] < _SEVERAL and _offers(taken[heading], link, title)
        if not is_offer and not titles.belongs_to_site(title) and not _is_date(title):
            link.heading, link.rank = heading, int(heading.tag[1]) if heading.tag in HEADINGS else 6
            yield Entry(address=link.address, link=link, title=title)


def _offers(links: Sequence[Link], chosen: Link, title: str) -> bool:
    """Do the links below a heading have words of their own? Then it is the label of a box."""
    same = [one.text for one in links if one.address.key == chosen.address.key]
    return any(not titles.says_more(text) and text not in title for text in same)


def _says(link: Link) -> tuple[bool, float]:
    """Of several links in a heading the one that is called its title, or has most words."""
    named = not words.HEADLINES.isdisjoint(class_words(link.element.get("class") or ""))
    text = link.text
    return named, 0.0 if titles.belongs_to_site(text) else titles.count_words(text)


def _is_date(title: str) -> bool:
    return len(title) < 40 and dates.read_written(title, dates.Reading()) is not None


def _named(survey: Survey, linked: set[HtmlElement | None]) -> list[HtmlElement]:
    """The titles by their class only; the innermost ones, and none that is in a heading or has one in it."""
    known = {*survey.headings, *survey.named}
    around = {above for one in known for above in one.iterancestors()}
    inside = {one for one in survey.named if any(above in known for above in one.iterancestors())}
    return [
        one
        for one in survey.named
        if one not in linked
        and one not in around
        and one not in inside
        and titles.count_words(text_of(one)) > 1
    ]


def _single_owners(headings: Iterable[HtmlElement]) -> dict[HtmlElement, HtmlElement]:
    """Every element that has exactly one of these headings in it, and which."""
    owners: dict[HtmlElement, HtmlElement | None] = {}
    for heading in headings:
        for above in heading.iterancestors():
            if above.tag in _STOPS:
                break
            owners[above] = None if above in owners else heading
    return {element: heading for element, heading in owners.items() if heading is not None}


def _leading_on(links: list[Link]) -> Link | None:
    """The link that says "read more" or shows only a picture; else the only one there is."""
    more = [one for one in links if titles.says_more(one.text)]
    if more:
        return more[-1] if len({one.address.key for one in more}) == 1 else None
    keys = {one.address.key for one in links}
    return links[-1] if len(keys) == 1 else None


def is_label(link: Link) -> bool:
    """Does a link lead to whom or what an article belongs: its author, tag, section, comments?"""
    element = link.element
    rel = (element.get("rel") or "").lower().split()
    if not {"author", "tag", "category", "nofollow-tag", "next", "prev", "license"}.isdisjoint(rel):
        return True
    if link.address.worth == 0.0:
        return True
    if link.heading is not None and link.rank < 7:
        return False
    near = element
    for _ in range(3):
        if near is None or near.tag in {"article", "body", "li", "main", "section", "tr"}:
            break
        if near.get("itemprop") in {"author", "publisher", "articleSection", "keywords"}:
            return True
        names = near.get("class")
        if names:
            found = class_words(names)
            if not words.LABELS.isdisjoint(found) and words.HEADLINES.isdisjoint(found):
                return link.address.worth < 0.9 or titles.count_words(text_of(element)) <= _FEW
        near = near.getparent()
    return False


# ---- sections ---------------------------------------------------------------------------------------


def _names_a_section(entry: Entry) -> bool:
    """A short heading whose address is that of the navigation, or goes on in others."""
    return entry.words <= _FEW and entry.address.worth < 0.75 and (entry.in_navigation or entry.is_prefix)


def _stands_above_others(survey: Survey, entry: Entry) -> bool:
    """A short heading in whose block there are longer titles that lead elsewhere: it names them all."""
    if entry.words > _FEW or entry.address.worth >= 0.7 or not entry.block:
        return False
    first, last = survey.span(entry.block[0])[0], survey.span(entry.block[-1])[1]
    others = {
        link.address.key
        for link in survey.links
        if first <= link.order <= last
        and link.address.key != entry.key
        and link.address.worth >= 0.6
        and titles.count_words(link.text) > _FEW
        and not is_inline(link.element)
    }
    return len(others) >= 2


# ---- blocks -----------------------------------------------------------------------------------------


def _give_blocks(survey: Survey, entries: list[Entry]) -> None:
    """Each entry gets the largest part of the page that has no other entry in it."""
    shapes = {one.address.shape for one in entries}
    marks = [(one.link.element, one.key, one.link.card) for one in entries]
    keys = {one.key for one in entries}
    cards = {one.link.card for one in entries if one.link.card is not None}
    marks += [
        (link.element, link.address.key, link.card)
        for link in survey.links
        if link.heading is None
        and link.zone in CONTENT
        and link.address.key not in keys
        and link.address.shape in shapes
        and link.card not in cards
        and is_titled(link)
    ]
    owners = sole_owners((element, key) for element, key, _ in marks)
    places = Counter(one.link.path for one in entries)
    lists = crowds(survey) if 1 in places.values() else frozenset()
    for one in entries:
        bounds = lists if places[one.link.path] == 1 else frozenset()
        one.block = block_of(one.link, one.key, owners, bounds)
        if one.link.card is not None:
            one.block = _within_card(one, owners)


def _within_card(entry: Entry, owners: dict[HtmlElement, str | None]) -> list[HtmlElement]:
    """An <article> is the block, be there other titled links in it, unless it holds several entries."""
    card = entry.link.card
    assert card is not None
    if entry.block and (entry.block[0] is card or card in entry.block[0].iterdescendants()):
        return entry.block if owners.get(card) == entry.key and entry.block[0] is card else [card]
    return [card] if owners.get(card, entry.key) == entry.key else entry.block


def is_titled(link: Link) -> bool:
    """Is its text long enough for a title, and the link neither a label nor part of a sentence?"""
    text = link.text
    return titles.count_words(text) > _FEW and not is_label(link) and not is_inline(link.element)


def keys_of(urls: Iterable[str]) -> list[str]:
    """What matches addresses, one each; empty for what is no article's."""
    return [found.key if (found := address(url)) else "" for url in urls]
