"""No articles were found on a page: is the list gone, is it empty, or do its items lead nowhere?"""

import re
from itertools import accumulate, chain, islice
from typing import Final

from lxml.html import HtmlElement

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.pages.listing import words
from feedsvc.pages.listing.kinds import class_words, kind_of, text_of
from feedsvc.pages.listing.survey import Survey
from feedsvc.pages.page import Page

FEW: Final = 3
_LONGEST: Final = 300  # characters of a note that there is nothing
_MOST: Final = 20_000  # elements that are looked at
_MUCH: Final = 1_500  # characters in paragraphs: a page that says so much is about something
_FEW_INSIDE: Final = 5  # elements within such a note
_NOTES: Final = ("p", "div", "span", "td", "li", "h2", "h3", "h4", "em", "strong")
_PHRASES: Final = sorted(words.NOTHING_HERE.split("|"), key=len, reverse=True)
_SPACED: Final = "|".join(map(re.escape, _PHRASES))
_UNSPACED: Final = "|".join(one for one in _PHRASES if one[0] >= "ก")  # scripts without spaces
_NOTHING: Final = re.compile(
    rf"(?:\W|(?:sorry|oops|leider|désolé|lo sentimos)\W)*(?:{_SPACED})\b"
    rf"|.{{0,40}}(?:{_UNSPACED}).{{0,20}}$"
)
_DEEPEST: Final = 200
_CONTAINERS: Final = frozenset({"div", "dl", "main", "ol", "section", "table", "tbody", "ul"})


def nothing_found(page: Page, seen: Survey) -> ParseError:
    """The error that says what there is instead of a list."""
    where = show_url(page.url)
    if len(unlinked := _unlinked_cards(seen)) >= FEW:
        return ParseError(
            f"{len(unlinked)} articles stand on {where}, but none of them links to a page of its own",
            kind="no-links",
        )
    if note := says_nothing(page.tree):
        return ParseError(f'the list on {where} is empty; the page says "{note}"', kind="list-empty")
    if (empty := _empty_container(page.tree)) is not None:
        return ParseError(
            f"the list on {where} is empty: there is nothing in <{_shown(empty)}>", kind="list-empty"
        )
    return ParseError(
        f"nothing on {where} looks like a list of articles; if there is one, say with 'item' what is in it",
        kind="list-gone",
    )


def says_nothing(tree: HtmlElement) -> str | None:
    """The short text that says that there is nothing, such as "No articles found"."""
    body = tree.find("body")
    for element in islice((tree if body is None else body).iter(*_NOTES), _MOST):
        own = (element.text or "").strip()
        if own and len(own) <= _LONGEST and len(element) <= _FEW_INSIDE:
            text = text_of(element)
            if len(text) <= _LONGEST and _NOTHING.match(text.lower()):
                return text[:100]
    return None


def _unlinked_cards(seen: Survey) -> list[HtmlElement]:
    """Cards with a title and some text, outside of which no link of theirs leads anywhere."""
    return [card for card in seen.cards if next(card.iter("a"), None) is None and len(text_of(card)) > 30]


def _empty_container(tree: HtmlElement) -> HtmlElement | None:
    """An element of the content that is named like a list and has nothing in it. None on a page of much text,
    such as an article: there it is something beside it that was not drawn."""
    if _says_much(tree):
        return None
    for element in islice(tree.iter(*_CONTAINERS), _MOST):
        names = element.get("class") or element.get("id")
        if names and not words.LISTS.isdisjoint(class_words(names)) and _is_empty(element):
            return element
    return None


def _says_much(tree: HtmlElement) -> bool:
    said = accumulate(len(text_of(one)) for one in islice(tree.iter("p"), _MOST))
    return any(length >= _MUCH for length in said)


def _is_empty(element: HtmlElement) -> bool:
    is_bare = next(element.iter("a", "img"), None) is None and not text_of(element)
    return is_bare and element.get("aria-hidden") != "true" and not _is_aside(element)


def _is_aside(element: HtmlElement) -> bool:
    """Is it, or is it in, a menu, a footer, a share bar, a form, related links?"""
    around = islice(chain([element], element.iterancestors()), _DEEPEST)
    return any(one.tag == "form" or kind.zone or kind.named for one in around if (kind := kind_of(one)))


def _shown(element: HtmlElement) -> str:
    name = element.get("class") or element.get("id") or ""
    return f"{element.tag} {name}"[:80].strip()
