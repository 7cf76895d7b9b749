"""What does the part of a page that belongs to an article say of it: date, summary, picture, people?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from lxml.html import HtmlElement

from feedsvc.model import Author, Image
from feedsvc.pages.listing import dates, labels, titles, words
from feedsvc.pages.listing.dates import Reading
from feedsvc.pages.listing.kinds import HEADINGS, UNSEEN, class_words, text_of
from feedsvc.pages.page import Page
from feedsvc.refine.text import one_line, shortened

MOST: Final = 400  # elements of a block that are looked at: what is asked for stands at its beginning
LONGEST_SUMMARY: Final = 1_000
_SHORTEST_SUMMARY: Final = 6  # words
_MOST_FOREIGN: Final = 3  # texts of a block that dateparser is asked about
_LONGEST_TAG: Final = 60  # characters
_MOST_TAGS: Final = 20
_SMALL: Final = 48  # pixels; a smaller picture is an icon
_SOURCES: Final = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-image", "src")
_SETS: Final = ("data-srcset", "data-lazy-srcset", "srcset")
_BACKGROUND: Final = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_BY: Final = re.compile(
    r"^(?:written by|posted by|published by|by|von|par|por|di|da|door|av|af|od|przez|автор[:ы]?|от|szerző:|de"
    r"|yazan:?|oleh|作者[:：]?|文[:：/]|記者)\s+",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"\s{0,20}\d{1,2}\s?[:h]\s?\d{2}(?: Uhr)?\s{0,20}")
_DATE_NAME: Final = re.compile(r"date|time|publish")
_SEPARATORS: Final = re.compile(
    r"\s*(?:,|;|&|\||、|，|\s(?:and|und|et|y|e|en|og|och|ja|i|и|και|ve|dan)\s)\s*"
)
_BLOCKS: Final = frozenset({"p", "div", "dd", "td", "li", "blockquote", "section", "span"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    published: datetime | None = None
    summary: str | None = None
    image: Image | None = None
    authors: tuple[Author, ...] = ()
    tags: tuple[str, ...] = ()
    sold: bool = False
    timed: bool = False  # by a time of the day, as tickers are


def read(page: Page, block: Sequence[HtmlElement], title: str, how: Reading) -> Fields:
    elements = tuple(_elements(block))
    notes = [one for one in elements if one.text and len(one.text) <= labels.LONGEST and len(one) == 0]
    return Fields(
        published=date_in(elements, how),
        summary=summary_in(elements, title),
        image=image_in(page, elements),
        authors=authors_in(elements),
        tags=tags_in(elements),
        timed=any(map(_tells_time, notes)),
        sold=any(_sells(note, block, title) for note in notes),
    )


def _elements(block: Sequence[HtmlElement]) -> Iterator[HtmlElement]:
    unseen: set[HtmlElement] = set()
    for count, element in enumerate(chain.from_iterable(one.iter("*") for one in block)):
        if count >= MOST:
            return
        if (element.tag in UNSEEN and element.tag != "noscript") or element.getparent() in unseen:
            unseen.add(element)
        else:
            yield element


# ---- advertisements ---------------------------------------------------------------------------------


def _sells(element: HtmlElement, block: Sequence[HtmlElement], title: str) -> bool:
    """Does it say that the article is paid for? What may be the label of an empty space beside it, such as
    "Advertisement", has to stand closer to the title than the whole block."""
    text = (element.text or "").strip()
    parent = element.getparent()
    inner = parent is not None and parent not in block and element not in block
    return labels.says_sold(text) or (
        inner and labels.zone_of(text) == "ad" and parent is not None and title in text_of(parent)
    )


# ---- date -------------------------------------------------------------------------------------------


def date_in(elements: Sequence[HtmlElement], how: Reading) -> datetime | None:
    """What machines wrote before what people did, and what is marked as a date before other text."""
    for element in elements:
        if found := _declared(element):
            return found
    marked: list[str] = []
    others: list[str] = []
    for element in elements:
        named = element.tag == "time" or not words.DATES.isdisjoint(class_words(element.get("class") or ""))
        for text in _own_texts(element, whole=named):
            (marked if named else others).append(text)
    for text in chain(marked, others):
        if found := dates.read_written(text, how):
            return found
    candidates = [text for text in marked if re.search(r"\d{4}", text)] or [t for t in others if len(t) < 40]
    for text in candidates[:_MOST_FOREIGN]:
        if found := dates.read_foreign(text, how):
            return found
    return None


def _declared(element: HtmlElement) -> datetime | None:
    if written := element.get("datetime"):  # <time>, and elements that scripts define
        return dates.read_exact(written)
    for name, value in element.items():
        if name == "itemprop" and value.startswith(("datePublished", "dateCreated")):
            return dates.read_exact(element.get("content") or element.get("datetime"))
        is_date = name.startswith("data-") and len(value) < 40 and _DATE_NAME.search(name)
        if is_date and (found := dates.read_exact(value)):
            return found
    return None


def _own_texts(element: HtmlElement, *, whole: bool) -> Iterator[str]:
    """Short pieces of text in which there is a digit."""
    if whole and dates.may_be_date(text := text_of(element)):
        yield text
    for piece in (element.text, *(child.tail for child in element)):
        # Most pieces are white space, or have no digit: a look at them is cheaper than to join their words.
        if piece and dates.has_digit(piece) and dates.may_be_date(text := one_line(piece)):
            yield text


def _tells_time(element: HtmlElement) -> bool:
    return element.tag == "time" or _CLOCK.fullmatch(element.text or "") is not None


# ---- summary ----------------------------------------------------------------------------------------


def summary_in(elements: Sequence[HtmlElement], title: str) -> str | None:
    """The first paragraph that is named so or long enough, without the title."""
    best = ""
    for element in elements:
        if element.tag not in _BLOCKS or (element.tag == "span" and not element.get("class")):
            continue
        named = (
            not words.SUMMARIES.isdisjoint(class_words(element.get("class") or ""))
            if element.tag != "p"
            else True
        )
        if not named or _has_heading(element):
            continue
        text = _without(text_of(element), title)
        if titles.count_words(text) >= _SHORTEST_SUMMARY and not titles.says_more(text):
            return shortened(text, LONGEST_SUMMARY)
        best = best or text
    return None


def _has_heading(element: HtmlElement) -> bool:
    return next(element.iter(*HEADINGS), None) is not None


def _without(text: str, title: str) -> str:
    return text.removeprefix(title).strip(" \t-–—:|·") if title else text


# ---- picture ----------------------------------------------------------------------------------------


def image_in(page: Page, elements: Sequence[HtmlElement]) -> Image | None:
    for element in elements:
        if element.tag in {"img", "amp-img"}:
            if not _is_icon(element) and (url := page.link(address_of_image(element))):
                return Image(url=url)
        elif element.tag == "source" and _in_picture(element):
            if url := page.link(_of_set(element)):
                return Image(url=url)
        elif url := page.link(_background(element)):
            return Image(url=url)
    return None


def _background(element: HtmlElement) -> str | None:
    found = _BACKGROUND.search((element.get("style") or "")[:2_000])
    return found[1] if found is not None and not found[1].startswith("data:") else None


def address_of_image(element: HtmlElement) -> str | None:
    for name in _SOURCES:
        value = (element.get(name) or "").strip()
        if value and not value.startswith(("data:", "about:", "blob:")):
            return value
    return _of_set(element)


def _of_set(element: HtmlElement) -> str | None:
    """The largest of a srcset, which is mostly the last."""
    for name in _SETS:
        value = (element.get(name) or "").strip()
        if value and not value.startswith("data:"):
            candidates = [one.split() for one in re.split(r",\s+", value[:8_000]) if one.strip()]
            if candidates:
                return max(candidates, key=_width)[0]
    return None


def _width(candidate: list[str]) -> float:
    found = re.match(r"\d+(?:\.\d+)?", candidate[1]) if len(candidate) > 1 else None
    return float(found[0]) if found else 0.0


def _in_picture(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "picture"


def _is_icon(element: HtmlElement) -> bool:
    sizes = [element.get("width") or "", element.get("height") or ""]
    return any(one.removesuffix("px").isdigit() and int(one.removesuffix("px")[:6]) < _SMALL for one in sizes)


# ---- people and topics ------------------------------------------------------------------------------


def authors_in(elements: Sequence[HtmlElement]) -> tuple[Author, ...]:
    named = (tuple(names_in(_spaced(one))) for one in elements if _is_byline(one))
    return tuple(Author(name=name) for name in next(filter(None, named), ()))


def _is_byline(element: HtmlElement) -> bool:
    if element.get("itemprop") == "author" or "author" in (element.get("rel") or "").lower().split():
        return True
    named = element.get("class")
    return bool(named) and not words.BYLINES.isdisjoint(class_words(named))


def names_in(text: str) -> Iterator[str]:
    """``By Ann Lee and Bo Day`` -> Ann Lee, Bo Day; nothing from what is no byline."""
    text = one_line(text)
    said = _BY.search(text)
    text = text[said.end() :] if said else text
    if not 0 < len(text) <= 120:
        return
    for name in _SEPARATORS.split(text):
        if name and not re.search(r"\d", name) and titles.count_words(name) <= 5:
            yield name


def _spaced(element: HtmlElement) -> str:
    return " ".join(element.itertext("*", with_tail=True)) if len(element) else element.text or ""


def tags_in(elements: Sequence[HtmlElement]) -> tuple[str, ...]:
    tags = (text_of(one).strip("#, ") for one in elements if one.tag == "a" and _is_tag(one))
    return tuple(dict.fromkeys(tag for tag in tags if 0 < len(tag) <= _LONGEST_TAG))[:_MOST_TAGS]


def _is_tag(link: HtmlElement) -> bool:
    return not {"tag", "category"}.isdisjoint((link.get("rel") or "").lower().split())
