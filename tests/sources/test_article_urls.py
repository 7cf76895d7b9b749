"""Which addresses of a site are those of articles, as far as their form tells?"""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.sources.article_urls import day_of, likely

HOST = "https://x.example"


def evidence(path: str) -> str:
    return likely([HOST + path]).get(HOST + path, "")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/?lang=de",
        "/index.html",
        "/news/",
        "/sport/football",
        "/arts-and-culture",
        "/2026/11/24/",
        "/2026/11",
        "/archive/2024",
        "/summer-games-2024",
        "/about-us",
        "/Privacy-Policy.html",
        "/tag/a-long-tag-of-words",
        "/Author/jane-van-der-doe",
        "/category/2026",
        "/search?q=a+b",
        "/blog/page/2",
        "/news/page-17",
        "/p/3",
        "/health-science-and-climate/food",
        "/files/report-of-the-year.pdf",
        "/img/2026/11/24/snow.jpg",
    ],
)
def test_other_pages(path: str) -> None:
    assert evidence(path) == ""


@pytest.mark.parametrize(
    ("path", "by"),
    [
        ("/2026/11/24/snow", "date"),
        ("/2026/nov/24/snow", "date"),
        ("/blog/2026/snow", "date"),
        ("/2026-11-24-snow.html", "date"),
        ("/story/snow-20261124.html", "date"),
        ("/sections/town/2026/11/24/1234/snow", "date"),
        ("/world/snow-falls-104233", "number"),
        ("/town/c4gl9y1w2k3o", "number"),
        ("/news/12345678", "number"),
        ("/news/77", "number"),
        ("/town/snow-a-4711.html", "number"),
        ("/story/0,,1234567,00.html", "number"),
        ("/104233/snow", "number"),
        ("/a.php?id=77", "number"),
        ("/?p=77", "number"),
        ("/my-first-post", "sentence"),
        ("/town/why-the-old-mill-was-not-sold/ar-bbw", "sentence"),
        ("/town/first-snow-falls/index.html", "sentence"),
        ("/news/%E4%BB%8A%E6%97%A5%E3%81%AE%E5%8C%97%E6%B5%B7%E9%81%93", "sentence"),
        ("/новости/в-городе-прошёл-сильный-дождь", "sentence"),
    ],
)
def test_articles(path: str, by: str) -> None:
    assert evidence(path).startswith(f"a {by} ")


def test_short_names_with_many_sisters() -> None:
    notes = [f"{HOST}/notes/{name}" for name in ("go", "on-sand", "a-walk", "rust", "why-not")]
    others = [f"{HOST}/now", f"{HOST}/sections/sport", f"{HOST}/works/a-b"]
    assert list(likely([*others, *notes])) == notes
    assert likely([*others, *notes[1:]]) == {}


def test_sections_are_no_sisters() -> None:
    assert (
        likely([f"{HOST}/news/{name}" for name in ("sport", "town", "trade", "arts", "health", "film")]) == {}
    )


def test_with_better_evidence_names_of_two_words_do_not_count() -> None:
    notes = [f"{HOST}/notes/{name}-x" for name in "abcdefg"]
    assert list(likely([*notes, f"{HOST}/2026/11/24/snow"])) == [f"{HOST}/2026/11/24/snow"]


def test_what_stands_among_articles_is_one() -> None:
    notes = [
        f"{HOST}/notes/{name}"
        for name in ("on-sand-and-sea-walls", "go", "a-walk-by-night", "rust", "why-not-me")
    ]
    notes.append(f"{HOST}/notes/when-it-rained")
    found = likely([f"{HOST}/now", *notes, f"{HOST}/notes/page/2"])
    assert list(found) == notes
    assert found[f"{HOST}/notes/go"] == "articles beside it"
    few = [f"{HOST}/notes/{name}" for name in ("on-sand-and-sea-walls", "go", "rust", "c", "d")]
    assert list(likely(few)) == few[:1]


def test_what_is_listed_as_an_article_is_one() -> None:
    found = likely([f"{HOST}/", f"{HOST}/snow", f"{HOST}/about", f"{HOST}/tag/snow"], of_articles=True)
    assert list(found) == [f"{HOST}/snow"]


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2026/11/24/x", date(2026, 11, 24)),
        ("/2026/1/4/x", date(2026, 1, 4)),
        ("/x-20261124", date(2026, 11, 24)),
        ("/2026-11", date(2026, 11, 1)),
        ("/2026/02/31/x", None),
        ("/2026/x", None),
        ("/x", None),
        ("/120261124", None),
    ],
)
def test_days(path: str, day: date | None) -> None:
    assert day_of(HOST + path) == day


@given(st.lists(st.text(max_size=60), max_size=8))
def test_anything_is_an_address(urls: list[str]) -> None:
    assert set(likely(urls)) <= set(urls)
    assert all(day_of(url) is None or day_of(url) for url in urls)


def test_no_address_takes_long() -> None:
    started = time.process_time()
    likely([f"{HOST}/{part * 4_000}" for part in ("1-", "a1", "-", "a-", "20", "2026/", "%31", "/")])
    assert time.process_time() - started < 0.5
