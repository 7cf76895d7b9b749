"""What is the title that a link or a heading gives?"""

import pytest
from lxml import html

from feedsvc.pages.listing.titles import belongs_to_site, count_words, of_cards, read, says_more


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h2>A <em>fine</em> day</h2>", "A fine day"),
        ('<h2><span class="kicker">Weather</span> A fine day</h2>', "A fine day"),
        ('<h2><span class="kicker">Weather</span></h2>', "Weather"),
        ('<h2><a>A fine day</a><span class="sr-only">read more about it</span></h2>', "A fine day"),
        ("<h2>A fine day<time>24 November</time></h2>", "A fine day"),
        ("<h2>A fine<br>day</h2>", "A fine day"),
        ("<h2><span>A fine day</span> <span>A fine day</span></h2>", "A fine day"),
        ("<a aria-label='A fine day'><img></a>", "A fine day"),
        ("<a>| A fine day |</a>", "A fine day"),
    ],
)
def test_titles(markup: str, expected: str) -> None:
    assert read(html.fragment_fromstring(markup)) == expected


def cards(*markups: str) -> list[str]:
    return of_cards([html.fragment_fromstring(f"<a>{markup}</a>") for markup in markups])


def test_of_cards_the_line_that_is_a_title() -> None:
    line = "<div>{}</div><div>{}</div><div>{}</div>"
    assert cards(
        line.format("News", "Dark mode", "All about it, and why it took us so long to make it."),
        line.format("News", "We raise our prices", "What it means for you, and for us, and for all."),
        line.format("Jobs", "Hiring", "We look for people who like to read and write."),
    ) == ["Dark mode", "We raise our prices", "Hiring"]
    assert cards(
        line.format("24 Nov 2026", "Ink on paper", "x"), line.format("2 Oct 2026", "Glue and string", "y")
    ) == ["Ink on paper", "Glue and string"]


@pytest.mark.parametrize("text", ["Read more", "READ MORE »", "Weiterlesen …", "続きを読む", "→", "", "[…]"])
def test_links_that_only_say_that_there_is_more(text: str) -> None:
    assert says_more(text)
    assert not says_more("A fine day")


@pytest.mark.parametrize("text", ["Home", "Kontakt", "12 comments", "(3)", "example.org", "О нас"])
def test_links_of_the_site(text: str) -> None:
    assert belongs_to_site(text)
    assert not belongs_to_site("24 birthday thoughts")


@pytest.mark.parametrize(
    ("text", "words"),
    [("A fine day", 3), ("It's the mother-in-law", 3), ("24 h", 2), ("图书馆正式开放", 3.5), ("", 0)],
)
def test_words(text: str, words: float) -> None:
    assert count_words(text) == words
