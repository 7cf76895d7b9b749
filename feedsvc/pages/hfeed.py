"""Which entries does a page mark up as microformats: h-entry (and hentry of hAtom)?

Source: microformats.org/wiki/h-entry, /wiki/h-feed, /wiki/hatom.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.model import Author, Image, ParsedItem
from feedsvc.pages.page import Page
from feedsvc.refine.dates import read_date
from feedsvc.refine.text import one_line

MOST: Final = 500
_ENTRIES: Final = frozenset({"h-entry", "hentry"})
_LONGEST: Final = 200_000  # characters of markup


def entries(page: Page) -> Iterator[tuple[HtmlElement, ParsedItem]]:
    """Each outermost entry that has an address of its own, with what it says of itself."""
    marked = page.tree.xpath("//*[contains(@class, 'entry')]")
    for element in islice((one for one in marked if not _ENTRIES.isdisjoint(_classes(one))), MOST):
        if any(not _ENTRIES.isdisjoint(_classes(one)) for one in element.iterancestors()):
            continue
        item = _item(page, element)
        if item is not None:
            yield element, item


def _classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _item(page: Page, entry: HtmlElement) -> ParsedItem | None:
    link = _link(page, entry)
    if link is None:
        return None
    name = _text(entry, "p-name", "entry-title")
    content = _one(entry, "e-content", "entry-content")
    body = one_line(content.text_content()) if content is not None else ""
    if name and body and (name == body or name.startswith(body[:80])):
        name = None  # a note: its text is not its title
    photo = _one(entry, "u-photo", "u-featured")
    image = page.link(photo.get("src") or photo.get("href")) if photo is not None else None
    return ParsedItem(
        link=link,
        title=name,
        title_type="text",
        summary=_text(entry, "p-summary", "entry-summary"),
        summary_type="text",
        content=_markup(content) if name is None and content is not None else None,
        content_type="html",
        published=_date(entry, "dt-published", "published"),
        updated=_date(entry, "dt-updated", "updated"),
        authors=tuple(Author(name=one) for one in _authors(entry)),
        tags=tuple(dict.fromkeys(one_line(tag.text_content()) for tag in _all(entry, "p-category")))[:20],
        image=Image(url=image) if image else None,
        base_url=page.base,
    )


def _all(entry: HtmlElement, *names: str) -> Iterator[HtmlElement]:
    """The properties of this entry, not those of an entry or a citation within."""
    for element in entry.iter("*"):
        if (
            element is not entry
            and not set(names).isdisjoint(_classes(element))
            and _owner(element, entry) is entry
        ):
            yield element


def _owner(element: HtmlElement, entry: HtmlElement) -> HtmlElement | None:
    for above in element.iterancestors():
        if above is entry or any(one.startswith("h-") and len(one) > 3 for one in _classes(above)):
            return above
    return None


def _one(entry: HtmlElement, *names: str) -> HtmlElement | None:
    return next((one for name in names for one in _all(entry, name)), None)


def _text(entry: HtmlElement, *names: str) -> str | None:
    found = _one(entry, *names)
    return one_line(found.text_content()) or None if found is not None else None


def _link(page: Page, entry: HtmlElement) -> str | None:
    """``u-url``; in hAtom ``rel=bookmark``. None if it leads to this page itself."""
    marked = [entry] if "u-url" in _classes(entry) else []
    marked += list(_all(entry, "u-url", "u-uid"))
    marked += [one for one in entry.iter("a") if "bookmark" in (one.get("rel") or "").lower().split()]
    here = urlsplit(page.url)
    for one in marked:
        url = page.link(one.get("href"))
        if url and (urlsplit(url)[1:4] != here[1:4]):
            return url
    return None


def _date(entry: HtmlElement, *names: str) -> datetime | None:
    for element in _all(entry, *names):
        value = element.get("datetime") or element.get("title") or element.text_content()
        if found := read_date(one_line(value)):
            return found
    return None


def _authors(entry: HtmlElement) -> Iterator[str]:
    for element in _all(entry, "p-author", "author"):
        inner = next(
            (one for one in element.iter("*") if not {"p-name", "fn"}.isdisjoint(_classes(one))), element
        )
        if name := one_line(inner.text_content())[:120]:
            yield name


def _markup(element: HtmlElement) -> str | None:
    text = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return text if len(text) <= _LONGEST else None
