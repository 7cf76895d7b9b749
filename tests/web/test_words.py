"""Are dates, texts and places said as a reader expects them?"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Article, Entry, Origin, SafeHtml
from feedsvc.web import words

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def article(summary: str = "", content: str = "", title: str = "A title") -> Article:
    return Article(
        title=title,
        link=None,
        summary=SafeHtml(summary),
        content=SafeHtml(content),
        published=NOW,
        fingerprint="f",
    )


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ({"seconds": -30}, "just now"),
        ({"seconds": 59}, "just now"),
        ({"minutes": 1}, "1 min ago"),
        ({"minutes": 59, "seconds": 59}, "59 min ago"),
        ({"hours": 1}, "1 h ago"),
        ({"hours": 23, "minutes": 59}, "23 h ago"),
        ({"hours": 24}, "yesterday"),
        ({"days": 2}, "2 days ago"),
        ({"days": 6}, "6 days ago"),
        ({"days": 7}, "22 Feb"),
        ({"days": 70}, "21 Dec 2025"),
    ],
)
def test_how_long_ago(before: dict[str, float], said: str) -> None:
    assert words.ago(NOW - timedelta(**before), NOW) == said


def test_exactly_is_utc() -> None:
    assert words.exactly(datetime.fromisoformat("2026-03-01T13:05:00+02:00")) == "1 Mar 2026, 11:05 UTC"


def test_counting() -> None:
    assert words.count(1, "source") == "1 source"
    assert words.count(0, "source") == "0 sources"
    assert words.count(1200, "article") == "1,200 articles"
    assert words.count(2, "category") == "2 categories"


def test_the_excerpt_is_plain_and_short() -> None:
    said = words.excerpt(article("<p>One &amp; <b>two</b>.</p><p>Three <img alt='x' src='y'></p>"))
    assert said == "One & two. Three"
    assert len(words.excerpt(article(content="<p>word </p>" * 500))) <= words.EXCERPT


def test_the_excerpt_leaves_listings_out() -> None:
    listing, table = "<pre><code>ls\n-l</code></pre>", "<table><tr><td>1</td></tr></table>"
    assert words.excerpt(article(f"<p>Type:</p>{listing}<p>and <b>see</b>.</p>{table}")) == "Type: and see."


def test_the_excerpt_does_not_say_the_title_again() -> None:
    assert words.excerpt(article("<h1>A title</h1><p>And the text.</p>")) == "And the text."


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        ('<p>a<img src="x" alt="y"/>b</p>', "<p>ab</p>"),
        ('<img alt="a > b" src="x">c', "c"),
        ('<img alt="x><script>alert(1)</script>" src="y">c', "c"),
        ('<video src="a" controls>old</video>', "old"),
        ('<picture><source srcset="a"><img src="b"></picture>', ""),
        ("<imgx>kept</imgx>", "<imgx>kept</imgx>"),
        ("<p title='<img>'>kept</p>", "<p title=''>kept</p>"),  # never written so by the sanitiser
    ],
)
def test_pictures_and_players_go(markup: str, left: str) -> None:
    assert words.without_media(markup) == left


ENTRY = Entry(
    id="tag:example.org,2026:1",
    article=article(),
    published=NOW,
    updated=NOW,
    origin=Origin(id="s", title="S"),
)


@given(st.datetimes(timezones=st.just(UTC)), st.text(min_size=1).filter(lambda t: t.isprintable()))
def test_a_cursor_reads_back(published: datetime, id: str) -> None:
    assert words.read_cursor(words.cursor(replace(ENTRY, published=published, id=id))) == (published, id)


@given(st.integers(1, 2**62), st.text())
def test_an_address_leads_back_to_the_number(number: int, id: str) -> None:
    address = words.address(replace(ENTRY, n=number, id=id))
    assert words.read_address(address) == number
    assert re.fullmatch(r"[0-9a-z]+-[0-9a-f]{10}", address)


@pytest.mark.parametrize(
    "text",
    ["", "0-0123456789", "-0123456789", "1-012345678", "1-01234567890", "1-0123456789\n", "A-0123456789"],
)
def test_these_are_no_addresses(text: str) -> None:
    assert words.read_address(text) is None


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (81_234, "81 KB"),
        (34_567_890, "34.6 MB"),
        (345_678_900, "346 MB"),
        (5_100_000_000, "5.1 GB"),
    ],
)
def test_sizes(length: int, said: str) -> None:
    assert words.size(length) == said


@pytest.mark.parametrize(("seconds", "said"), [(0, "0:00"), (59, "0:59"), (2530, "42:10"), (3723, "1:02:03")])
def test_durations(seconds: int, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ([], ""),
        ([0] * 13, ""),
        ([18] * 13, "18 a day"),
        ([1] + [0] * 12, "1 a week"),
        ([1] * 13, "7 a week"),
        ([2000, 3000], "2,500 a day"),
    ],
)
def test_the_pace(gains: list[int], said: str) -> None:
    assert words.pace(gains) == said


@given(st.text())
def test_any_other_text_is_no_cursor(text: str) -> None:
    found = words.read_cursor(text)
    assert found is None or found[0].utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", ["", "x", "====", "MjAyNg", "é", "MjAyNi0wMS0wMQ", "../../etc/passwd"])
def test_these_are_no_cursors(text: str) -> None:
    assert words.read_cursor(text) is None
