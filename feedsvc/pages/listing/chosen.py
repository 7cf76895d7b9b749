"""Which articles does a page list, where a config says what its items or some of their fields are?"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Author, Enclosure, Image, ParsedItem
from feedsvc.pages.listing import dates, entries, fields, outcome, selectors, titles
from feedsvc.pages.listing.dates import Reading
from feedsvc.pages.listing.kinds import text_of
from feedsvc.pages.listing.selectors import BadSelector, Match, Selector
from feedsvc.pages.listing.survey import Link, Survey
from feedsvc.pages.page import Page

MOST: Final = 1_000  # items
_MOST_VALUES: Final = 100  # of one field of an item

Block = Sequence[HtmlElement]


def items(page: Page, seen: Survey, item: Selector, how: Reading) -> Iterator[tuple[Block, ParsedItem]]:
    """Every item with what it says by itself; a title or link that it does not have is None.

    :raises ParseError: if nothing is there: "list-gone", or "list-empty" if what holds the items still is.
    """
    found = selectors.matches(item, page.tree)
    if not found:
        raise _nothing(page, item)
    if not all(isinstance(one, HtmlElement) for one in found):
        raise ParseError(f"item: {item.text!r} selects texts, not elements; leave ::text, ::attr() or @ out")
    for element in found[:MOST]:
        assert isinstance(element, HtmlElement)
        yield [element], _by_itself(page, seen, element, how)


def _nothing(page: Page, item: Selector) -> ParseError:
    where = show_url(page.url)
    holder = selectors.container(item)
    if holder is not None and selectors.elements(holder, page.tree):
        return ParseError(
            f"the list on {where} is empty: {holder.text!r} is there, {item.text!r} is not", kind="list-empty"
        )
    if note := outcome.says_nothing(page.tree):
        return ParseError(f'the list on {where} is empty; the page says "{note}"', kind="list-empty")
    return ParseError(f"nothing on {where} is what item says: {item.text!r}", kind="list-gone")


def _by_itself(page: Page, seen: Survey, element: HtmlElement, how: Reading) -> ParsedItem:
    link = _link_in(seen, element)
    heading = next(
        (one for one in (*seen.headings, *seen.named) if one is element or element in one.iterancestors()),
        None,
    )
    title = (
        titles.read(heading) if heading is not None else titles.of_cards([link.element])[0] if link else ""
    )
    told = fields.read(page, [element], title, how)
    return ParsedItem(
        link=link.address.url if link else None,
        title=title or text_of(element)[: titles.LONGEST_TITLE] or None,
        title_type="text",
        summary=told.summary,
        summary_type="text",
        published=told.published or (dates.read_path(link.address.path) if link else None),
        authors=told.authors,
        tags=told.tags,
        image=told.image,
        base_url=page.base,
    )


def _link_in(seen: Survey, element: HtmlElement) -> Link | None:
    """The link of the heading, else the one with most to say; the link around it if there is none inside."""
    first, last = seen.span(element)
    inside = [one for one in seen.links if first <= one.order <= last]
    around = [one for one in seen.links if one.element in element.iterancestors()]
    able = [one for one in inside if not entries.is_label(one)] or inside
    headed = [one for one in able if one.rank]
    return max(headed or able, key=_weight, default=None) or next(iter(around), None)


def _weight(link: Link) -> tuple[float, float]:
    if titles.says_more(link.text):
        return 0.5, link.address.worth
    said = 0.0 if titles.belongs_to_site(link.text) else min(titles.count_words(link.text), 8)
    return said, link.address.worth


# ---- fields -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    page: Page
    how: Reading


def with_fields(scope: Scope, block: Block, item: ParsedItem, chosen: Mapping[str, Selector]) -> ParsedItem:
    """What is chosen replaces what was found; what it does not match leaves a field empty."""
    values: dict[str, Any] = {}
    for name, selector in chosen.items():
        try:
            values |= _READERS[name](scope, block, selector)
        except BadSelector as error:
            raise ParseError(f"fields: {name}: {error}") from error
    return replace(item, **values)


def _all(block: Block, selector: Selector) -> list[Match]:
    return [found for element in block for found in selectors.matches(selector, element)][:_MOST_VALUES]


def _text(block: Block, selector: Selector) -> str | None:
    return next((text for element in block if (text := selectors.text(selector, element))), None)


def _address(scope: Scope, found: Match) -> str | None:
    if isinstance(found, str):
        return scope.page.link(found)
    for one in (found, *found.iter("a", "area"), *found.iterancestors("a")):
        if href := one.get("href"):
            return scope.page.link(href)
    return None


def _link(scope: Scope, block: Block, selector: Selector) -> dict[str, Any]:
    link = next((url for one in _all(block, selector) if (url := _address(scope, one))), None)
    # Two items on one page differ by the fragment only, which is no part of what links are compared by.
    return {"link": link, **({"guid": link} if link and "#" in link else {})}


def _picture(scope: Scope, found: Match) -> str | None:
    if isinstance(found, str):
        return scope.page.link(found)
    image = fields.image_in(scope.page, list(found.iter("*")))
    return image.url if image else _address(scope, found)


def _image(scope: Scope, block: Block, selector: Selector) -> dict[str, Any]:
    url = next((url for one in _all(block, selector) if (url := _picture(scope, one))), None)
    return {"image": Image(url=url) if url else None}


def _moment(scope: Scope, block: Block, selector: Selector) -> datetime | None:
    for one in _all(block, selector):
        if isinstance(one, HtmlElement):
            if found := fields.date_in(list(one.iter("*")), scope.how):
                return found
        elif found := read_moment(str(one), scope.how):
            return found
    whole = _text(block, selector)
    return read_moment(whole, scope.how) if whole else None


def read_moment(text: str, how: Reading) -> datetime | None:
    text = " ".join(text.split())
    return dates.read_exact(text) or dates.read_written(text, how) or dates.read_foreign(text, how)


def _author(scope: Scope, block: Block, selector: Selector) -> dict[str, Any]:
    texts = (text_of(one) if isinstance(one, HtmlElement) else str(one) for one in _all(block, selector))
    names = dict.fromkeys(name for text in texts for name in fields.names_in(text))
    return {"authors": tuple(Author(name=name) for name in names)}


def _tags(scope: Scope, block: Block, selector: Selector) -> dict[str, Any]:
    texts = (text_of(one) if isinstance(one, HtmlElement) else str(one) for one in _all(block, selector))
    return {
        "tags": tuple(
            dict.fromkeys(tag for text in texts for one in text.split(",") if (tag := " ".join(one.split())))
        )
    }


def _content(scope: Scope, block: Block, selector: Selector) -> dict[str, Any]:
    pieces = [_markup(one) for one in _all(block, selector)]
    return {"content": "\n".join(pieces) or None, "content_type": "html"}


def _markup(found: Match) -> str:
    if isinstance(found, str):
        return found
    return str(etree.tostring(found, encoding="unicode", method="html", with_tail=False))


def _enclosure(scope: Scope, block: Block, selector: Selector) -> dict[str, Any]:
    urls = dict.fromkeys(url for one in _all(block, selector) if (url := _media(scope, one)))
    return {"enclosures": tuple(Enclosure(url=url) for url in urls)}


def _media(scope: Scope, found: Match) -> str | None:
    if isinstance(found, str):
        return scope.page.link(found)
    sources = (one.get("src") or one.get("href") for one in found.iter("audio", "video", "source", "a"))
    return next((url for one in sources if (url := scope.page.link(one))), None)


_READERS: Final[Mapping[str, Callable[[Scope, Block, Selector], dict[str, Any]]]] = {
    "title": lambda _, block, selector: {"title": _text(block, selector), "title_type": "text"},
    "link": _link,
    "date": lambda scope, block, selector: {"published": _moment(scope, block, selector)},
    "updated": lambda scope, block, selector: {"updated": _moment(scope, block, selector)},
    "summary": lambda _, block, selector: {"summary": _text(block, selector), "summary_type": "text"},
    "content": _content,
    "image": _image,
    "author": _author,
    "tags": _tags,
    "guid": lambda _, block, selector: {"guid": _text(block, selector)},
    "enclosure": _enclosure,
}


def missing(found: Iterable[ParsedItem]) -> list[str]:
    """A reason for each item that leads nowhere."""
    return [
        f"item {number}: {item.title or 'without a title'!r} has no link"
        for number, item in enumerate(found, 1)
        if not item.link
    ]
