"""Which articles does a page list, what says so, and how sure is it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import fmean

from lxml.html import HtmlElement

from feedsvc.model import ParsedItem
from feedsvc.pages.listing import chosen, dates, found, outcome, paging, propose, survey
from feedsvc.pages.listing.dates import Order, Reading
from feedsvc.pages.listing.propose import Selection
from feedsvc.pages.listing.selectors import Selector
from feedsvc.pages.listing.survey import Survey
from feedsvc.pages.page import Page

__all__ = ["Listing", "Order", "Selection", "find", "listed", "proposal"]

SELECTED = "selectors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """``items`` in the order of the page, each with its own evidence.

    ``evidence`` is that of most of them, ``confidence`` is 0 .. 1. ``blocks`` are the elements of each item
    on the page; none where only data declares it. ``next_url`` is where the list goes on.
    """

    items: tuple[ParsedItem, ...] = ()
    evidence: str = ""
    confidence: float = 0.0
    next_url: str | None = None
    blocks: tuple[tuple[HtmlElement, ...], ...] = field(default=(), repr=False)


def find(page: Page, *, order: Order | None = None) -> Listing:
    """The list, found without any help. ``order``: how 1/2/2026 is meant, if that is known.

    :raises ParseError: "list-gone", "list-empty" or "no-links" if there is none.
    """
    return _found(page, survey.take(page), order)


def listed(
    page: Page, *, item: Selector | None, fields: Mapping[str, Selector], order: Order | None = None
) -> Listing:
    """The list by selectors, as far as they are given; ``fields`` as in ``chosen.FIELDS``, within an item.

    Items may be without a link. :raises ParseError: as ``find``; "invalid" if a selector cannot be used.
    """
    seen = survey.take(page)
    how = _reading(page, order)
    if item is None:
        listing = _found(page, seen, order)
        pairs = list(zip(listing.blocks, listing.items, strict=True))
        evidence, confidence, next_url = listing.evidence, listing.confidence, listing.next_url
    else:
        pairs = [(tuple(block), one) for block, one in chosen.items(page, seen, item, how)]
        evidence, confidence, next_url = SELECTED, 1.0, paging.next_url(page)
    scope = chosen.Scope(page=page, how=how)
    items = [chosen.with_fields(scope, block, one, fields) if block else one for block, one in pairs]
    if item is not None:
        items = [replace(one, evidence=SELECTED) for one in items]
    return Listing(
        items=tuple(items),
        evidence=evidence,
        confidence=confidence,
        next_url=next_url,
        blocks=tuple(block for block, _ in pairs),
    )


def proposal(page: Page, listing: Listing) -> Selection | None:
    """Selectors that give (most of) the same items again, tried out on this page; None if there are none."""
    return propose.selection(page, survey.take(page), _reading(page, None), listing.blocks, listing.items)


def _found(page: Page, seen: Survey, order: Order | None) -> Listing:
    articles = found.articles(page, seen, _reading(page, order))
    if not articles:
        raise outcome.nothing_found(page, seen)
    kinds = [one.evidence for one in articles]
    return Listing(
        items=tuple(replace(one.item, evidence=f"{one.evidence} ({one.score:.2f})") for one in articles),
        evidence=max(kinds, key=kinds.count),
        confidence=round(fmean(one.score for one in articles), 2),
        next_url=paging.next_url(page),
        blocks=tuple(one.block for one in articles),
    )


def _reading(page: Page, order: Order | None) -> Reading:
    language = page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    host = page.url.partition("://")[2].partition("/")[0].partition(":")[0]
    return dates.reading(language, host, page.text, order)
