from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedsvc.model import Article, SafeHtml
from feedsvc.pages.alternates import Candidate, Found
from feedsvc.sources import TYPES
from feedsvc.sources.discover import Proposal, guesses, judged, ranked
from feedsvc.sources.doubts import Asked
from feedsvc.sources.naming import slug

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOME = Asked(url="https://paper.example/", title="The Paper")


def article(link: str | None, *, hours: int = 1, text: str = "short", **more: Any) -> Article:
    return Article(
        title=f"About {link}",
        link=link,
        summary=SafeHtml(text),
        content=SafeHtml(""),
        published=NOW - timedelta(hours=hours),
        fingerprint="f",
        **more,
    )


def articles(*places: str, **more: Any) -> list[Article]:
    return [
        article(f"https://paper.example{place}", hours=n, **more) for n, place in enumerate(places, start=1)
    ]


def proposal(
    url: str = "https://paper.example/feed",
    found: Found = "declared",
    contents: list[Article] | None = None,
    *,
    asked: Asked = HOME,
    called: str = "",
    **more: Any,
) -> Proposal:
    source = TYPES["feed"].model(id="new", type="feed", url=url)
    candidate = Candidate(url=url, how="by test", found=found, title=called)
    contents = articles("/1", "/2", "/3") if contents is None else contents
    return judged(candidate, source, contents, asked=asked, now=NOW, **more)


def order(*found: Proposal) -> list[str]:
    return [one.source.location for one in ranked(found)]


def test_a_proposal_says_what_is_in_it() -> None:
    one = proposal(
        contents=articles(*(f"/{n}" for n in range(30)), text="x" * 1_500), title="Birds", format="RSS"
    )
    assert (one.title, one.count, len(one.articles), one.text) == ("Birds", 30, 10, "full")
    assert (one.newest, one.characters, one.notes) == (NOW - timedelta(hours=1), 1_500, ())
    assert proposal().text == "short"
    assert proposal(contents=articles("/1", text="")).text == "none"


def test_dates_that_nobody_gave_are_not_counted() -> None:
    contents = [
        article("https://a.example/1", date_flag="undated"),
        article("https://a.example/2", date_flag="future"),
    ]
    assert proposal(contents=contents).newest is None


def test_what_is_surer_comes_first() -> None:
    kinds: tuple[Found, ...] = (
        "page",
        "sitemap",
        "api",
        "guessed",
        "linked",
        "platform",
        "declared",
        "itself",
    )
    each = [proposal(f"https://{kind}.example/", kind, articles(f"/{kind}")) for kind in kinds]
    assert order(*each)[:4] == [
        f"https://{kind}.example/" for kind in ("itself", "declared", "platform", "linked")
    ]
    assert order(*each)[-1] == "https://sitemap.example/"


def test_of_equals_the_one_named_first_stays_first() -> None:
    one, other = (proposal(f"https://paper.example/{n}", contents=articles(f"/{n}")) for n in (1, 2))
    assert order(one, other) == ["https://paper.example/1", "https://paper.example/2"]
    assert order(other, one) == ["https://paper.example/2", "https://paper.example/1"]


@pytest.mark.parametrize(
    ("path", "best"),
    [("/", "/feed"), ("/world/", "/world/feed"), ("/category/science", "/category/science/feed")],
)
def test_the_feed_of_the_section_that_was_asked_about(path: str, best: str) -> None:
    asked = Asked(url=f"https://paper.example{path}")
    feeds = ("/category/science/feed", "/world/feed", "/feed")
    found = [
        proposal(f"https://paper.example{one}", contents=articles(f"{one}/1"), asked=asked) for one in feeds
    ]
    assert order(*found)[0] == f"https://paper.example{best}"


def test_the_feed_whose_articles_are_on_the_page() -> None:
    asked = Asked(
        url="https://paper.example/x/", links=frozenset({"//paper.example/b1", "//paper.example/b2"})
    )
    first = proposal("https://paper.example/7.rss", contents=articles("/a1", "/a2"), asked=asked)
    second = proposal("https://paper.example/8.rss", contents=articles("/b1", "/b2"), asked=asked)
    assert order(first, second) == ["https://paper.example/8.rss", "https://paper.example/7.rss"]
    assert second.confidence == pytest.approx(first.confidence + 0.18)


def test_a_feed_of_other_articles_than_the_page_lists() -> None:
    links = frozenset({"//paper.example/b1"})
    asked = Asked(url="https://paper.example/x/", links=links, listed=frozenset({"aboutb1", "aboutb2"}))
    blog = proposal("https://paper.example/blog.rss", "linked", articles("/a1", "/a2"), asked=asked)
    assert blog.notes == ("not the articles that the page lists",)
    source = TYPES["page"].model(id="new", type="page", url=asked.url)
    candidate = Candidate(url=asked.url, how="", found="page")
    page = judged(candidate, source, articles("/b1", "/b2"), asked=asked, now=NOW, trust=0.8)
    assert order(blog, page) == [asked.url, "https://paper.example/blog.rss"]
    moved = [replace(one, title="About: B1") for one in articles("/via/1", "/via/2")]
    assert proposal("https://paper.example/8.rss", "linked", moved, asked=asked).notes == ()
    assert proposal("https://forge.example/x", "platform", articles("/z"), asked=asked).notes == ()


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://paper.example/comments/feed", "The Paper"),
        ("https://paper.example/c.rss", "Comments on: The Paper"),
        ("https://paper.example/c.rss", "Kommentare zu: The Paper"),
        ("https://paper.example/c.rss", "The Paper のコメント"),
    ],
)
def test_comments_come_last(url: str, title: str) -> None:
    one = proposal(url, title=title, contents=articles("/1#c1", "/2#c2"))
    other = proposal("https://paper.example/old", "guessed", articles("/9"))
    assert one.notes == ("comments",)
    assert order(one, other)[-1] == url


@pytest.mark.parametrize("title", ["Comment ça va", "The Commentary", "Komentarz"])
def test_other_words_are_no_comments(title: str) -> None:
    assert proposal(title=title).notes == ()


def test_comments_that_were_asked_for_are_meant() -> None:
    asked = Asked(url="https://paper.example/comments/", title="All comments")
    assert proposal("https://paper.example/comments/feed", asked=asked).notes == ()


def test_a_feed_about_the_page_alone_comes_last() -> None:
    asked = Asked(url="https://paper.example/2026/story")
    one = proposal(
        "https://paper.example/2026/story/feed",
        contents=articles("/2026/story#1", "/2026/story#2"),
        asked=asked,
    )
    assert one.notes == ("about this one page only",)
    assert order(one, proposal(asked=asked))[-1] == one.source.location


def test_what_is_empty_or_old_comes_later() -> None:
    old = proposal("https://paper.example/old", contents=[article("https://paper.example/1", hours=24 * 400)])
    empty = proposal("https://paper.example/empty", contents=[])
    assert empty.notes == ("nothing in it yet",)
    assert order(empty, old, proposal()) == [
        "https://paper.example/feed",
        "https://paper.example/old",
        "https://paper.example/empty",
    ]


def test_the_same_articles_are_one_proposal_the_one_that_says_more() -> None:
    rss = proposal("https://paper.example/rss", format="RSS")
    atom = proposal("https://paper.example/atom", "linked", format="Atom")
    (one,) = ranked([rss, atom])
    assert (one.format, one.also, one.confidence) == ("Atom", ("https://paper.example/rss",), rss.confidence)
    full = proposal(
        "https://paper.example/full", format="RSS", contents=articles("/1", "/2", "/3", text="x" * 2_000)
    )
    (one,) = ranked([rss, atom, full])
    assert (one.source.location, one.text) == ("https://paper.example/full", "full")
    assert one.also == ("https://paper.example/rss", "https://paper.example/atom")


def test_a_part_is_not_the_whole() -> None:
    whole = proposal(contents=articles(*(f"/{n}" for n in range(40))))
    part = proposal("https://paper.example/sport", contents=articles(*(f"/{n}" for n in range(0, 40, 4))))
    shorter = proposal("https://paper.example/short", contents=articles(*(f"/{n}" for n in range(10))))
    assert len(ranked([whole, part])) == 2
    assert len(ranked([whole, shorter])) == 1


def test_feeds_without_links_are_told_apart_by_titles() -> None:
    one = proposal("https://a.example/", contents=[article(None)])
    other = proposal("https://b.example/", contents=[replace(article(None), title="Another")])
    assert len(ranked([one, other])) == 2


def test_the_same_address_in_another_spelling_is_one_proposal() -> None:
    (one,) = ranked(
        [
            proposal("https://paper.example/feed", contents=[]),
            proposal("http://www.paper.example/feed", contents=[]),
        ]
    )
    assert one.also == ("http://www.paper.example/feed",)


@pytest.mark.parametrize(
    ("own", "called", "page", "title"),
    [
        ("Birds weekly", "x", "y", "Birds weekly"),
        ("RSS", "Birds", "The Paper", "Birds"),
        ("RSS Feed", "RSS 2.0", "The Paper", "The Paper"),
        (None, "", "Home", "paper.example"),
        ("Nachrichten", "", "", "Nachrichten"),
        ("鳥", "", "", "鳥"),
    ],
)
def test_the_title(own: str | None, called: str, page: str, title: str) -> None:
    asked = Asked(url="https://paper.example/", title=page)
    assert proposal(title=own, called=called, asked=asked).title == title


def test_the_usual_places() -> None:
    assert [one.url for one in guesses("https://paper.example/world/?a=1#b")][:4] == [
        "https://paper.example/world/feed/",
        "https://paper.example/world/rss.xml",
        "https://paper.example/world/index.xml",
        "https://paper.example/feed/",
    ]
    root = [one.url for one in guesses("https://paper.example")]
    assert root == [
        f"https://paper.example/{n}"
        for n in ("feed/", "feed", "rss", "atom.xml", "feed.xml", "index.xml", "rss.xml", "feed.json")
    ]


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("The Spring", "the-spring"),
        ("Zürich – Aktuell!", "zurich-aktuell"),
        ("Bob's Blog", "bobs-blog"),
        ("東京新聞", "news-paper"),
        ("Новости", "news-paper"),
        ("A", "news-paper"),
        ("2026", "2026"),
        ("One two three four five six seven eight nine ten", "one-two-three-four-five-six-seven-eight"),
        ("x" * 90, "x" * 40),
        ("--- . ---", "news-paper"),
    ],
)
def test_an_id(title: str, id: str) -> None:
    assert slug(title, "https://www.news.paper.example/feed", ()) == id


def test_an_id_that_is_free() -> None:
    assert slug("The Spring", "https://a.example", {"the-spring", "the-spring-2"}) == "the-spring-3"
    assert slug("新", "https://127.0.0.1:80/", ()) == "127-0-0"
