"""What does the markup of an element say that it is: a heading, a card, a menu, an advertisement?"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.pages.listing import words
from feedsvc.refine.text import one_line

LONGEST_TEXT: Final = 4_000
LONGEST_NAMES: Final = 500
_STRING: Final = etree.XPath("string()")

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
BY_NAME: Final = 7  # the rank of a heading by its class only
_NO_TITLES: Final = frozenset(
    {"body", "main", "ul", "ol", "table", "tr", "tbody", "section", "article", "img", "form", "input"}
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_a-zA-Z]+")
_MODIFIER: Final = re.compile(r"--[\w-]+")  # of BEM: how a block looks, not what it is
_CARDS: Final = frozenset({"h-entry", "hentry"})
_TAGS: Final = {"nav": "nav", "dialog": "nav", "footer": "footer", "aside": "side", "header": "header"}
_ROLES: Final = {
    **dict.fromkeys(("navigation", "menu", "menubar", "menuitem"), "nav"),
    **dict.fromkeys(("search", "dialog", "alertdialog", "tooltip"), "aside"),
    "contentinfo": "footer",
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


@dataclass(frozen=True, slots=True)
class Kind:
    """``rank``: the level of a heading, 0 if it is none. ``zone``: the part of a page that it is by its tag
    or role, ``named`` by its classes; the words are those of ``survey.Link``."""

    rank: int = 0
    is_card: bool = False
    zone: str = ""
    named: str = ""


def kind_of(element: HtmlElement) -> Kind:
    attributes = element.attrib
    if not attributes:
        return _kind(element.tag, "", "", "", "", "")
    get = attributes.get
    return _kind(
        element.tag,
        get("class", "")[:LONGEST_NAMES],
        get("id", "")[:LONGEST_NAMES],
        get("role", ""),
        get("itemprop", ""),
        get("itemtype", ""),
    )


@lru_cache(maxsize=16_384)
def _kind(tag: str, names: str, name: str, role: str, itemprop: str, itemtype: str) -> Kind:
    return Kind(
        rank=_rank(tag, names, role, itemprop),
        is_card=tag == "article" or "Article" in itemtype or not _CARDS.isdisjoint(names.split()),
        zone=_TAGS.get(tag) or _ROLES.get(role, ""),
        named=_named(f"{names} {name}") if (names or name) and tag not in {"body", "html", "main"} else "",
    )


def _rank(tag: str, names: str, role: str, itemprop: str) -> int:
    if tag in HEADINGS:
        return int(tag[1])
    if role == "heading":
        return 6
    if itemprop == "headline":
        return 5
    if not names or tag in _NO_TITLES:
        return 0
    found = class_words(names)
    is_title = not words.HEADLINES.isdisjoint(found) and words.NO_HEADLINES.isdisjoint(found)
    return BY_NAME if is_title else 0


def _named(names: str) -> str:
    if not words.SOLD.isdisjoint(one[2:].lower() for one in _MODIFIER.findall(names)):
        return "ad"
    found = class_words(_MODIFIER.sub("", names))
    return next((zone for zone, table in _CLASSES if not table.isdisjoint(found)), "")


@lru_cache(maxsize=8_192)
def class_words(names: str) -> frozenset[str]:
    """The words of class names and ids, in lower case: ``site-nav postList`` -> site, nav, post, list."""
    names = names[:LONGEST_NAMES]
    whole = (one.replace("-", "").replace("_", "") for one in names.lower().split())
    return frozenset((*(one.lower() for one in _WORD.findall(names)), *whole))


def text_of(element: HtmlElement) -> str:
    """What one reads in an element, on one line."""
    if len(element) == 0:
        return one_line(element.text or "")
    return one_line(str(_STRING(element))[:LONGEST_TEXT])
