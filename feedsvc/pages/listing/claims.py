"""Which articles does a page declare in data: JSON-LD, microdata, microformats, the JSON of its program?

Declared data is exact, but names often only a part of what is listed, and other things besides: what is done
with it is decided where it meets the links of the page.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from feedsvc.model import Author, Image, ParsedItem
from feedsvc.pages import hfeed, state, structured
from feedsvc.pages.listing import titles, words
from feedsvc.pages.listing.links import address
from feedsvc.pages.page import Page
from feedsvc.pages.structured import Thing
from feedsvc.refine.dates import read_date
from feedsvc.refine.text import one_line, shortened, visible

MOST: Final = 1_000
_LONGEST_SUMMARY: Final = 1_000
_TITLES: Final = words.JSON_TITLES.split()
_LINKS: Final = words.JSON_LINKS.split()
_DATES: Final = words.JSON_DATES.split()
_SUMMARIES: Final = words.JSON_SUMMARIES.split()
_IMAGES: Final = words.JSON_IMAGES.split()
_AUTHORS: Final = words.JSON_AUTHORS.split()
_WRAPPED: Final = words.JSON_WRAPPERS.split()
_NAMES: Final = frozenset((*_TITLES, *_WRAPPED))
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An article that is declared. ``listed``: as a member of a list, not by itself."""

    item: ParsedItem
    key: str
    source: str
    listed: bool = False


def claims(page: Page) -> Iterator[Claim]:
    """In the order in which they are believed; an address may be claimed several times."""
    here = address(page.url)
    seen = 0
    for claim in _all(page):
        if here is not None and claim.key == here.key:
            continue
        seen += 1
        if seen > MOST:
            return
        yield claim


def _all(page: Page) -> Iterator[Claim]:
    for thing in structured.things(page):
        source = str(thing.get("@source"))
        if structured.is_a(thing, "ItemList"):
            yield from _members(page, thing, source)
        elif not words.ARTICLES.isdisjoint(thing.get("@type", ())):
            item = _article(page, thing)
            yield from _claimed(item, source, listed=bool(thing.get("@in")))
    for _, item in hfeed.entries(page):
        yield from _claimed(item, "h-feed", listed=True)


def _claimed(item: ParsedItem | None, source: str, *, listed: bool) -> Iterator[Claim]:
    found = address(item.link) if item is not None and item.link else None
    if item is not None and found is not None:
        yield Claim(item=item, key=found.key, source=source, listed=listed)


# ---- schema.org -------------------------------------------------------------------------------------


def _members(page: Page, collection: Thing, source: str) -> Iterator[Claim]:
    for member in structured.values(collection, "itemListElement"):
        inner = member.get("item") if structured.is_a(member, "ListItem") else member
        thing = inner if isinstance(inner, Mapping) else {}
        if not words.NO_ARTICLES.isdisjoint(thing.get("@type", ())):
            continue
        link = structured.address_of(inner) or structured.address_of(member)
        item = _article(page, thing) if thing else None
        name = structured.text_of(member) if isinstance(member, Mapping) else None
        if item is None and link and (url := page.link(link)):
            item = ParsedItem(link=url, title=name, title_type="text", base_url=page.base)
        yield from _claimed(item, source, listed=True)


def _article(page: Page, thing: Thing) -> ParsedItem | None:
    link = next(
        (
            url
            for value in structured.values(thing, "url", "mainEntityOfPage", "@id")
            if (url := _url(page, value))
        ),
        None,
    )
    if link is None:
        return None
    summary = structured.first_text(thing, "description", "abstract")
    image = structured.address_of(next(structured.values(thing, "image", "thumbnailUrl"), None))
    image_url = page.link(image) if image else None
    return ParsedItem(
        link=link,
        title=structured.first_text(thing, "headline", "name"),
        title_type="text",
        summary=shortened(summary, _LONGEST_SUMMARY) if summary else None,
        summary_type="text",
        published=read_date(structured.first_text(thing, "datePublished", "dateCreated", "uploadDate")),
        updated=read_date(structured.first_text(thing, "dateModified")),
        authors=_authors(structured.texts(thing, "author", "creator")),
        tags=tuple(dict.fromkeys(structured.texts(thing, "articleSection")))[:20],
        image=Image(url=image_url) if image_url else None,
        base_url=page.base,
    )


def _url(page: Page, value: object) -> str | None:
    found = structured.address_of(value)
    return page.link(found) if found and not found.startswith(("#", "_:")) else None


def _authors(names: Iterable[str]) -> tuple[Author, ...]:
    kept = (one for one in names if len(one) <= 120 and not one.startswith(("http:", "https:")))
    return tuple(Author(name=one) for one in dict.fromkeys(kept))[:20]


# ---- the JSON of programs ---------------------------------------------------------------------------


def of_program(page: Page, links: Iterable[str]) -> Iterator[list[Claim]]:
    """Every list in the page's JSON whose members have a title and an address, and mostly a date.

    ``links``: the addresses of the page, by which a bare slug is completed.
    """
    endings = {one.rstrip("/").rpartition("/")[2]: one for one in links}
    for value in state.states(page):
        for members in state.objects(value):
            found = [
                claim
                for one in members[:MOST]
                if isinstance(one, dict)
                for claim in _member(page, one, endings)
            ]
            if len(found) >= 2 and len(found) >= 0.5 * len(members):
                yield found


def _member(page: Page, value: Mapping[str, Any], endings: Mapping[str, str]) -> Iterator[Claim]:
    if _NAMES.isdisjoint(value):
        return
    inner: Any = next((value[name] for name in _WRAPPED if isinstance(value.get(name), dict)), {})
    merged = {**inner, **{k: v for k, v in value.items() if v is not None}} if inner else value
    title = _first(merged, _TITLES)
    link = _link(page, merged, endings) if title and not titles.belongs_to_site(title) else None
    if not title or not link:
        return
    summary, image = _first(merged, _SUMMARIES), _image(page, merged)
    item = ParsedItem(
        link=link,
        title=visible(title),
        title_type="text",
        summary=shortened(visible(summary), _LONGEST_SUMMARY) if summary else None,
        summary_type="text",
        published=_date(merged),
        authors=_authors(_names(merged)),
        image=Image(url=image) if image else None,
        base_url=page.base,
    )
    yield from _claimed(item, "embedded state", listed=True)


def _first(value: Mapping[str, Any], names: Iterable[str]) -> str | None:
    for name in names:
        found = value.get(name)
        if isinstance(found, dict):
            found = next(
                (
                    found[key]
                    for key in ("text", "rendered", "plain", "value")
                    if isinstance(found.get(key), str)
                ),
                None,
            )
        if isinstance(found, str) and found.strip():
            return one_line(found[:10_000])
    return None


def _link(page: Page, value: Mapping[str, Any], endings: Mapping[str, str]) -> str | None:
    written = _first(value, _LINKS)
    if written and (written.startswith(("/", "http:", "https:", "./", "?")) or "/" in written):
        return page.link(written)
    slug = _first(value, ("slug",)) or written
    return endings.get(slug.strip("/").rpartition("/")[2]) if slug else None


def _date(value: Mapping[str, Any]) -> datetime | None:
    for name in _DATES:
        found = value.get(name)
        if isinstance(found, int) and not isinstance(found, bool) and _EPOCH.fullmatch(str(found)):
            return datetime.fromtimestamp(int(str(found)[:10]), UTC)
        if isinstance(found, str) and len(found) < 60 and (when := read_date(found)):
            return when
    return None


def _image(page: Page, value: Mapping[str, Any]) -> str | None:
    for name in _IMAGES:
        found = value.get(name)
        found = found[0] if isinstance(found, list) and found else found
        if isinstance(found, dict):
            found = _first(found, ("url", "src", "href", "sourceUrl"))
        if isinstance(found, str) and (url := page.link(found)):
            return url
    return None


def _names(value: Mapping[str, Any]) -> Iterator[str]:
    for name in _AUTHORS:
        found = value.get(name)
        for one in found if isinstance(found, list) else [found]:
            text = _first(one, ("name", "displayName", "title", "fullName")) if isinstance(one, dict) else one
            if isinstance(text, str) and text.strip():
                yield one_line(text)
        if found:
            return


def merged(one: ParsedItem, other: ParsedItem) -> ParsedItem:
    """What the one does not say, the other does."""
    gaps = {
        name: value
        for name in ("title", "summary", "published", "updated", "authors", "tags", "image")
        if not getattr(one, name) and (value := getattr(other, name))
    }
    return replace(one, **gaps)
