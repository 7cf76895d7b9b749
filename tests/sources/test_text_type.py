"""Is a text that its source does not declare to be anything plain, or markup?"""

import time

import pytest

from feedsvc.sources.text_type import text_type


@pytest.mark.parametrize(
    "text",
    [
        "<p>a</p>",
        "a<br/>b",
        "<a href='x'>",
        "</i>",
        "AT&amp;T",
        "it&#8217;s",
        "it&#x2019;s",
        '<img alt="a\nb">',
    ],
)
def test_markup(text: str) -> None:
    assert text_type(text) == "html"


@pytest.mark.parametrize(
    "text", [None, "", "a < b & c > d", "if a<b", "a & b; c", "<3", "x <- y", "<https://x.example>", "AT&T"]
)
def test_plain(text: str | None) -> None:
    assert text_type(text) == "text"


def test_no_text_takes_long() -> None:
    started = time.process_time()
    for text in ("<a " * 300_000, "&a" * 300_000, "<" * 600_000):
        assert text_type(text) == "text"
    assert time.process_time() - started < 2
