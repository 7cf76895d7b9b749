"""Which page goes on where a list ends?"""

import re
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedsvc.pages.listing import words
from feedsvc.pages.listing.kinds import class_words, text_of
from feedsvc.pages.page import Page

_NEXT_LABELS: Final = frozenset(words.NEXT_LABELS.split("|"))
_DIGIT: Final = re.compile(r"\d")
_LONGEST: Final = 30


def next_url(page: Page) -> str | None:
    """By ``rel=next``, else by a link that says so. Only on the same host, and never this page itself."""
    for link in page.tree.iter("link", "a"):
        if "next" in (link.get("rel") or "").lower().split() and (url := _elsewhere(page, link)):
            return url
    for link in page.tree.iter("a"):
        if _says_next(link) and (url := _elsewhere(page, link)):
            return url
    return None


def _says_next(link: HtmlElement) -> bool:
    names = class_words(link.get("class") or "")
    if "next" in names and "slide" not in names:
        return True
    if not _pages(link):
        return False
    label = text_of(link) or link.get("aria-label") or link.get("title") or ""
    return 0 < len(label) <= _LONGEST and label.lower().strip(" \t›»→>…") in _NEXT_LABELS


def _pages(link: HtmlElement) -> bool:
    """Does it lead to something numbered, so that it turns pages rather than slides?"""
    return _DIGIT.search(link.get("href") or "") is not None


def _elsewhere(page: Page, link: HtmlElement) -> str | None:
    url = page.link(link.get("href"))
    if url is None:
        return None
    here, there = urlsplit(page.url), urlsplit(url)
    return url if there.netloc == here.netloc and there[2:4] != here[2:4] else None
