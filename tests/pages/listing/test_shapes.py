"""Are the articles of all kinds of pages found without selectors, all of them and nothing else, in order?

A shape is a page in ``shapes/``; the comment at its head has its address and those of its articles.
"""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from feedsvc.model import Document
from feedsvc.pages import page
from feedsvc.pages.listing import Listing, find, proposal
from feedsvc.pages.page import Page

SHAPES = sorted((Path(__file__).parent / "shapes").glob("*.html"))
# Several lists, which one selector does not tell from the rest.
NO_SELECTORS = {"box-beside-a-list", "front-page", "sections-of-links", "two-columns"}


def shape(path: Path) -> tuple[str, list[str], str]:
    """(address, those of its articles, markup)"""
    head, _, markup = path.read_text().partition("-->")
    url, *links = head.removeprefix("<!--").split()
    return url, [urljoin(url, link) for link in links], markup


def read(url: str, markup: str) -> Page:
    return page.read(
        Document(url=url, body=markup.encode(), headers={"content-type": "text/html; charset=utf-8"})
    )


def links_of(listing: Listing) -> list[str | None]:
    return [item.link for item in listing.items]


def test_there_are_shapes() -> None:
    assert len(SHAPES) > 30


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_the_articles_and_nothing_else(path: Path) -> None:
    url, expected, markup = shape(path)
    found = find(read(url, markup))
    assert links_of(found) == expected
    assert all(
        re.fullmatch(r"[a-z-]+(?:[ ,][a-z- ,]+)? \([01]\.\d\d\)", item.evidence or "") for item in found.items
    )
    assert 0.2 < found.confidence <= 1


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_a_small_redesign_changes_no_link(path: Path) -> None:
    url, expected, markup = shape(path)
    banner = (
        '<div class="banner"><p>We have a new look. <a href="/about/our-new-look">Read about it</a></p></div>'
    )
    changed = markup.replace("<body>", f'<body><div class="page-2">{banner}').replace(
        "</body>", "</div></body>"
    )
    assert links_of(find(read(url, changed))) == expected


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_selectors_are_proposed_that_give_the_same(path: Path) -> None:
    url, expected, markup = shape(path)
    source = read(url, markup)
    proposed = proposal(source, find(source))
    if path.stem in NO_SELECTORS or len(expected) < 3:
        assert proposed is None
        return
    assert proposed is not None
    assert proposed.wanted == len(expected)
    assert proposed.matched >= 0.6 * len(expected)
    assert proposed.extra <= 0.2 * proposed.matched
