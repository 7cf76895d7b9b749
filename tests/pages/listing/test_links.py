"""Does an address look like that of an article?"""

import pytest

from feedsvc.pages.listing.links import address, listed_by


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example",
        "https://a.example/",
        "https://a.example/index.html",
        "https://a.example/photo.jpg",
        "https://a.example/feed/",
        "https://a.example/rss.xml",
        "https://a.example/news/page/2",
        "https://a.example/news?page=2",
        "https://[broken",
    ],
)
def test_no_article(url: str) -> None:
    assert address(url) is None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("/2026/11/24/storm", "/storm"),
        ("/a-storm-closes-three-schools", "/storm"),
        ("/news/12345", "/news/local"),
        ("/news.php?id=12", "/news.php"),
        ("/news/new-tram", "/tag/new-tram"),
        ("/p/a81f03", "/p/about"),
        ("/author/ann-lee/2026/11/a-storm", "/author/ann-lee"),
        ("/@ann/a-storm-closes-three-schools", "/@ann/about"),
        ("/@ann/11304567", "/@ann"),
        ("/topic/4711-how-to-felt-a-hat", "/topic/2026-election"),
        ("/events/details/11", "/events/details/map"),
    ],
)
def test_which_is_worth_more(better: str, worse: str) -> None:
    one, other = address(f"https://a.example{better}"), address(f"https://a.example{worse}")
    assert one is not None
    assert other is not None
    assert one.worth > other.worth


@pytest.mark.parametrize("page", ["/jobs", "/en/jobs/", "/jobs?place=harbour#top"])
def test_what_lies_below_a_list_is_what_it_lists(page: str) -> None:
    listed = listed_by(f"https://a.example{page}")
    assert listed == "jobs"
    one, other = (address("https://a.example/jobs/41-cook", word) for word in (listed, ""))
    assert one is not None
    assert other is not None
    assert one.worth > other.worth == 0


@pytest.mark.parametrize("page", ["/", "/news", "/jobs/41-cook", "/tag/harbour"])
def test_pages_that_list_nothing_by_such_a_word(page: str) -> None:
    assert listed_by(f"https://a.example{page}") == ""


def test_addresses_that_are_built_alike() -> None:
    shapes = [
        one.shape
        for path in ("/news/storm", "/news/tram-line", "/sport/goal", "/news.php?id=1", "/news.php?id=2")
        if (one := address(f"https://www.a.example{path}"))
    ]
    assert shapes[0] == shapes[1] == "a.example/news/*?"
    assert shapes[2] != shapes[0]
    assert shapes[3] == shapes[4] == "a.example/news.php?id"


def test_the_same_page_has_one_key() -> None:
    one, other = address("https://www.a.example/x/?utm_source=b"), address("http://a.example/x#top")
    assert one is not None
    assert other is not None
    assert one.key == other.key
