"""Which entries does a page mark up as microformats?"""

from datetime import UTC, datetime

from feedsvc.model import Document, ParsedItem
from feedsvc.pages import page
from feedsvc.pages.hfeed import entries


def read(body: str) -> list[ParsedItem]:
    source = page.read(
        Document(url="https://a.example/notes", body=f"<html><body>{body}</body></html>".encode())
    )
    return [item for _, item in entries(source)]


def test_an_entry_with_all_that_it_can_say() -> None:
    (item,) = read(
        '<article class="h-entry"><h2 class="p-name"><a class="u-url" href="/salt">Salt</a></h2>'
        '<img class="u-photo" src="/salt.jpg"><p class="p-summary">About the sea.</p>'
        '<span class="p-author h-card">By <span class="p-name">Mia Noon</span></span>'
        '<time class="dt-published" datetime="2026-11-24T10:00:00Z">today</time>'
        '<a class="p-category">sea</a></article>'
    )
    assert (item.link, item.title, item.summary) == ("https://a.example/salt", "Salt", "About the sea.")
    assert item.published == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert [one.name for one in item.authors] == ["Mia Noon"]
    assert item.tags == ("sea",)
    assert item.image is not None
    assert item.image.url == "https://a.example/salt.jpg"


def test_a_note_has_a_text_and_no_title() -> None:
    (item,) = read(
        '<div class="h-entry"><a class="u-url" href="/1">#</a>'
        '<p class="e-content p-name">It <b>snows</b>.</p></div>'
    )
    assert item.title is None
    assert item.content == '<p class="e-content p-name">It <b>snows</b>.</p>'


def test_what_is_cited_in_an_entry_is_not_its_own() -> None:
    (item,) = read(
        '<div class="h-entry"><div class="u-in-reply-to h-cite">'
        '<a class="p-name u-url" href="/theirs">Theirs</a></div>'
        '<a class="p-name u-url" href="/mine">Mine</a>'
        '<div class="h-entry"><a class="u-url" href="/inner">Inner</a></div></div>'
    )
    assert (item.title, item.link) == ("Mine", "https://a.example/mine")


def test_the_older_names() -> None:
    (item,) = read(
        '<div class="post hentry"><h3 class="entry-title"><a rel="bookmark" href="/x">X</a></h3>'
        '<abbr class="published" title="2026-11-24">24 Nov</abbr>'
        '<div class="entry-content"><p>Text.</p></div></div>'
    )
    assert (item.title, item.link, item.content) == ("X", "https://a.example/x", None)
    assert item.published == datetime(2026, 11, 24)  # noqa: DTZ001 it names no zone


def test_no_entry_without_an_address_of_its_own() -> None:
    assert (
        read('<div class="h-entry"><a class="u-url" href="#top">This page</a><p class="p-name">X</p></div>')
        == []
    )
    assert read('<div class="no-entry"><a class="u-url" href="/x">X</a></div>') == []
