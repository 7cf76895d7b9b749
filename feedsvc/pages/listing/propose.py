"""Which selectors would give the items that were found, and do they?"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedsvc.errors import ParseError
from feedsvc.model import ParsedItem
from feedsvc.pages.listing import chosen, entries, selectors
from feedsvc.pages.listing.dates import Reading
from feedsvc.pages.listing.kinds import HEADINGS
from feedsvc.pages.listing.survey import Survey
from feedsvc.pages.page import Page

FEWEST: Final = 3
_MOST_TRIED: Final = 24
_SAFE: Final = re.compile(r"[A-Za-z_-][A-Za-z0-9_-]*")
_HASHED: Final = re.compile(r".*(?:\d[A-Za-z]|[A-Z]{2,}[a-z]|[a-z][A-Z].*[a-z][A-Z].*\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """``item`` and ``fields`` for a config. ``matched`` of ``wanted`` articles come out, and ``extra``."""

    item: str
    fields: Mapping[str, str] = field(default_factory=dict)
    matched: int = 0
    wanted: int = 0
    extra: int = 0


def selection(
    page: Page,
    seen: Survey,
    how: Reading,
    blocks: Sequence[tuple[HtmlElement, ...]],
    items: Sequence[ParsedItem],
) -> Selection | None:
    """The selector of items by which most of them come out again, and least else; with its fields."""
    wanted = {key for key in entries.keys_of(one.link or "" for one in items) if key}
    firsts = [_holder(block, one, page) for block, one in zip(blocks, items, strict=True) if block]
    if len(firsts) < FEWEST:
        return None
    best: Selection | None = None
    candidates = [*_items(firsts), *_items(_parents(firsts)), *_by_address(firsts, items)]
    for item in list(dict.fromkeys(candidates))[:_MOST_TRIED]:
        tried = _tried(page, seen, how, item, {}, wanted)
        if tried is not None and (best is None or _worth(tried) > _worth(best)):
            best = tried
    if best is None or best.matched < max(FEWEST, 0.6 * best.wanted) or best.extra > 0.2 * best.matched:
        return None
    fields = _fields(page, best.item)
    return _tried(page, seen, how, best.item, fields, wanted) or best


def _worth(one: Selection) -> float:
    named = "." in one.item or ":has(" in one.item  # says what it means, and will not match what is added
    return one.matched - 1.5 * one.extra + 0.4 * named - 0.01 * len(one.item)


def _tried(
    page: Page, seen: Survey, how: Reading, item: str, fields: Mapping[str, str], wanted: set[str]
) -> Selection | None:
    scope = chosen.Scope(page=page, how=how)
    compiled = {name: selectors.compiled(text) for name, text in fields.items()}
    try:
        found = [
            chosen.with_fields(scope, block, one, compiled)
            for block, one in chosen.items(page, seen, selectors.compiled(item), how)
        ]
    except ParseError:
        return None
    keys = {key for key in entries.keys_of(one.link or "" for one in found) if key}
    return Selection(
        item=item, fields=fields, matched=len(keys & wanted), wanted=len(wanted), extra=len(keys - wanted)
    )


# ---- items ------------------------------------------------------------------------------------------


def _holder(block: Sequence[HtmlElement], item: ParsedItem, page: Page) -> HtmlElement:
    """The element of a block that has the link in it."""
    for element in block:
        if any(page.link(link.get("href")) == item.link for link in element.iter("a")):
            return element
    return block[0]


def _parents(firsts: Sequence[HtmlElement]) -> list[HtmlElement]:
    """What the items stand in, if each stands in one of its own."""
    parents = [parent for one in firsts if (parent := one.getparent()) is not None]
    return parents if len(set(parents)) == len(firsts) else []


def _by_address(firsts: Sequence[HtmlElement], items: Sequence[ParsedItem]) -> Iterator[str]:
    """By how the links begin, where neither tags nor classes tell them from others."""
    begins = Counter(_beginning(one.link or "") for one in items)
    begin, count = begins.most_common(1)[0]
    if not begin or count < FEWEST:
        return
    links = f'a[href*="{begin}"]'
    for tag in dict.fromkeys(str(one.tag) for one in (*firsts, *_parents(firsts))):
        if tag != "a":
            yield f"{tag}:has({links})"
    yield links


def _beginning(link: str) -> str:
    """``/blog/`` of ``https://example.org/blog/on-bees``; empty where it would not last."""
    segments = urlsplit(link).path.split("/")[1:-1]
    lasting = list(takewhile(lambda one: one.isalpha() and one.isascii(), segments))
    return f"/{'/'.join(lasting)}/" if lasting else ""


def _items(firsts: Sequence[HtmlElement]) -> Iterator[str]:
    """Selectors of the elements that most items are, then with what they are in."""
    alike = Counter(_name(one) for one in firsts)
    for name, _ in alike.most_common(4):
        members = [one for one in firsts if _name(one) == name]
        if "." in name:
            yield name
        for holder in dict.fromkeys(_holders(members)):
            yield f"{holder} > {name}"
            yield f"{holder} {name}"
        yield name
    tags = Counter(str(one.tag) for one in firsts)
    for tag, _ in tags.most_common(2):
        yield tag


def _holders(members: Sequence[HtmlElement]) -> Iterator[str]:
    for member in members[:3]:
        for above in list(member.iterancestors())[:3]:
            name = _name(above)
            if name not in {"div", "body", "html", "section"}:
                yield name


def _name(element: HtmlElement) -> str:
    """``li.news-item``: the tag and the first class that people wrote and that does not number it."""
    names = [
        one
        for one in (element.get("class") or "").split()
        if _SAFE.fullmatch(one) and not _HASHED.fullmatch(one)
    ]
    return f"{element.tag}.{names[0]}" if names else str(element.tag)


# ---- fields -----------------------------------------------------------------------------------------


def _fields(page: Page, item: str) -> dict[str, str]:
    """The fields that most items have in the same place."""
    found = selectors.elements(selectors.compiled(item), page.tree)
    fields: dict[str, str] = {}
    heading = next((tag for tag in sorted(HEADINGS) if _share(found, tag) > 0.6), None)
    if heading is not None:
        fields["title"] = f"{heading} ::text"
        if _share(found, f"{heading} a") > 0.6:
            fields["link"] = f"{heading} a::attr(href)"
    if _share(found, "time[datetime]") > 0.6:
        fields["date"] = "time::attr(datetime)"
    elif _share(found, "time") > 0.6:
        fields["date"] = "time ::text"
    return fields


def _share(found: Sequence[HtmlElement], css: str) -> float:
    selector = selectors.compiled(css)
    sample = found[:50]
    return sum(bool(selectors.matches(selector, one)) for one in sample) / max(len(sample), 1)
