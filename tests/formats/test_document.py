"""Is what formats share right: addresses, types, languages, words?"""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.formats import render
from feedsvc.formats.resources import guess_type, media_type, uri
from feedsvc.formats.texts import directed, is_rtl, language_tag, plain_text
from feedsvc.model import FORMATS, Author, Enclosure, Format


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("https://example.com", "https://example.com"),
        ("https://example.com/a%20b?q=1&r=(x)#top", "https://example.com/a%20b?q=1&r=(x)#top"),
        ("https://example.com?q", "https://example.com/?q"),
        ("https://example.com/a b|c", "https://example.com/a%20b%7Cc"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/é?ü=[1]#ß", "https://example.com/%C3%A9?%C3%BC=%5B1%5D#%C3%9F"),
        ("http://bücher.example:8080/", "http://xn--bcher-kva.example:8080/"),
        ("http://" + "ü" * 70 + ".example/", "http://" + "%C3%BC" * 70 + ".example/"),
        ("http://user@[::1]:8000/x", "http://user@[::1]:8000/x"),
    ],
)
def test_uri(iri: str, expected: str) -> None:
    assert uri(iri) == expected
    assert uri(expected) == expected


@pytest.mark.parametrize(
    ("declared", "url", "expected"),
    [
        ("audio/x-thing", "https://example.com/a.mp3", "audio/x-thing"),
        (None, "https://example.com/a.MP3?token=1.pdf", "audio/mpeg"),
        ("mp3", "https://example.com/a.mp3", "audio/mpeg"),
        ("text/html; charset=utf-8", "https://example.com/a", "application/octet-stream"),
        (None, "https://example.com/a.unheard", "application/octet-stream"),
    ],
)
def test_media_type(declared: str | None, url: str, expected: str) -> None:
    assert media_type(declared, url) == expected


def test_type_of_a_page_is_not_guessed() -> None:
    assert guess_type("https://example.com/page") is None


@pytest.mark.parametrize(
    ("tag", "kept"),
    [("en", True), ("zh-Hant-TW", True), ("en_GB", False), ("jp", False), ("", False), (None, False)],
)
def test_language_tag(tag: str | None, kept: bool) -> None:
    assert language_tag(tag) == (tag if kept else None)


@pytest.mark.parametrize(
    ("tag", "rtl"),
    [
        ("ar", True),
        ("he-IL", True),
        ("AR", True),
        ("az-Arab", True),
        ("ur-Latn", False),
        ("en", False),
        (None, False),
        ("zh-Hant", False),
    ],
)
def test_direction(tag: str | None, rtl: bool) -> None:
    assert is_rtl(tag) is rtl
    assert directed("<p>x</p>", tag) == ('<div dir="rtl"><p>x</p></div>' if rtl else "<p>x</p>")


def test_direction_of_its_own_and_nothing_stay() -> None:
    own = '<p class="a" dir="ltr">x</p>'
    assert directed(own, "ar") == own
    assert directed("", "ar") == ""
    once = directed("<p>x</p>", "ar")
    assert directed(once, "ar") == once


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>two<br>three</p>", "One two three"),
        ("<b>bo</b>ld &amp; &lt;b&gt;", "bold & <b>"),
        ('<img alt="a > b" src="x">after', "after"),
        ("1 < 2", "1 < 2"),
        ("", ""),
    ],
)
def test_plain_text(html: str, words: str) -> None:
    assert plain_text(html) == words


def test_plain_text_is_fast_on_hostile_markup() -> None:
    assert len(plain_text("<a" + ' "' * 20_000)) == 40_002


def legal(text: str) -> bool:
    try:
        etree.Element("x").text = text
    except ValueError:
        return False
    return True


ANY = st.text(max_size=30) | st.text(st.characters(exclude_categories=()), max_size=10)


@settings(deadline=None, max_examples=150)
@given(title=ANY, summary=ANY, content=ANY, author=ANY, tag=ANY, path=ANY, label=ANY)
@pytest.mark.parametrize("form", FORMATS)
def test_any_text_makes_a_document_with_every_other_article(
    form: Format,
    make_feed: Any,
    make_entry: Any,
    title: str,
    summary: str,
    content: str,
    author: str,
    tag: str,
    path: str,
    label: str,
) -> None:
    strange = make_entry(
        2,
        title=title,
        summary=summary,
        content=content,
        authors=(Author(name=author),),
        tags=(tag,),
        link="https://example.com/" + path,
        rights=label,
        enclosures=(Enclosure(url="https://example.com/" + path, title=label),),
    )
    body, dropped = render(form, make_feed(), [make_entry(1), strange, make_entry(3)])
    titles = read_titles(form, body)
    kept = [] if dropped else [title]
    assert titles == ["Article 3", *kept, "Article 1"]
    assert [error.article_id for error in dropped] == ([] if kept else [strange.id])
    if dropped:
        assert not (title.strip() and all(map(legal, (title, summary, content, author, tag, path, label))))


def read_titles(form: Format, body: bytes) -> list[str]:
    if form == "json":
        return [item["title"] for item in json.loads(body)["items"]]
    path = "channel/item/title" if form == "rss" else "{*}entry/{*}title"
    # XML turns a bare CR into LF; lxml writes it as a reference, so that it comes back.
    return [element.text or "" for element in etree.fromstring(body).findall(path)]
