"""What becomes of each outline?"""

from typing import Any

import pytest

from feedsvc.config import Config
from feedsvc.formats.opml import subscriptions
from feedsvc.model import Subscription
from feedsvc.subscriptions import Outlines, Plan, plan, read
from feedsvc.subscriptions.outlines import Outline

CONFIG = Config.model_validate(
    {
        "site": {"url": "https://feeds.example.org"},
        "categories": [{"id": "world", "title": "World news"}, {"id": "tech", "title": "Technology"}],
        "sources": [{"id": "hill", "type": "feed", "url": "https://www.hill.example/rss/"}],
    }
)


def planned(*outlines: tuple[str, str, tuple[str, ...]], **options: Any) -> Plan:
    made = [Outline(line=n, title=t, url=u, folders=f) for n, (t, u, f) in enumerate(outlines, start=1)]
    return plan(Outlines(feeds=tuple(made)), CONFIG, **options)


def test_a_feed_becomes_a_source_in_the_category_of_its_folder() -> None:
    made = planned(
        ("The Vale", "https://vale.example/rss", ("World News",)),
        ("Bits", "https://bits.example/atom", ("Reading", "TECH")),
        ("Alone", "https://alone.example/feed", ()),
    )
    vale, bits, alone = made.sources
    assert vale == {
        "id": "the-vale",
        "type": "feed",
        "url": "https://vale.example/rss",
        "title": "The Vale",
        "categories": ["world"],
    }
    assert bits["categories"] == ["tech"]
    assert "categories" not in alone
    assert [(one.what, one.source_id) for one in made.fates] == [
        ("new", "the-vale"),
        ("new", "bits"),
        ("new", "alone"),
    ]
    assert (made.categories, made.unknown) == ((), ())


@pytest.mark.parametrize(
    "url",
    ["https://www.hill.example/rss/", "http://hill.example/rss", "https://hill.example/rss?utm_source=x"],
)
def test_what_is_configured_already_is_left_out(url: str) -> None:
    made = planned(("Anything", url, ()))
    assert made.sources == ()
    assert (made.fates[0].what, made.fates[0].source_id) == ("there", "hill")


def test_the_same_feed_in_two_folders_is_one_source_in_both() -> None:
    made = planned(
        ("Vale", "https://vale.example/rss", ("world",)),
        ("Vale again", "http://www.vale.example/rss", ("tech",)),
        ("Vale", "https://vale.example/rss", ("tech",)),
    )
    assert [one["categories"] for one in made.sources] == [["world", "tech"]]
    assert [one.what for one in made.fates] == ["new", "twice", "twice"]


def test_feeds_of_this_site_would_run_in_a_circle() -> None:
    made = planned(
        ("Ours", "https://feeds.example.org/c/world.rss", ()),
        ("Not", "https://feeds.example.org.x.example/", ()),
    )
    assert [one.what for one in made.fates] == ["ours", "new"]


def test_folders_that_are_no_category() -> None:
    feeds = (
        ("A", "https://a.example/", ("Слова",)),
        ("B", "https://b.example/", ("Good Food",)),
        ("C", "https://c.example/", ("good food",)),
        ("D", "https://d.example/", ("All",)),
    )
    told = planned(*feeds)
    assert told.unknown == ("Слова", "Good Food", "good food", "All")
    assert all("categories" not in one for one in told.sources)
    made = planned(*feeds, create_categories=True)
    assert made.categories == (
        {"id": "category", "title": "Слова"},
        {"id": "good-food", "title": "Good Food"},
        {"id": "all-2", "title": "All"},
    )
    assert [one["categories"] for one in made.sources] == [
        ["category"],
        ["good-food"],
        ["good-food"],
        ["all-2"],
    ]
    assert made.unknown == ()


def test_one_category_for_all() -> None:
    made = planned(("A", "https://a.example/", ("Food",)), ("B", "https://b.example/", ()), category="tech")
    assert [one["categories"] for one in made.sources] == [["tech"], ["tech"]]
    assert made.unknown == ()


def test_ids_are_free_and_names_are_telling() -> None:
    assert (
        planned(
            ("New name", "http://www.once.example", ()), former={"https://once.example/": "gone"}
        ).sources[0]["id"]
        == "gone"
    )
    made = planned(
        ("Hill", "https://other.example/", ()),
        ("RSS", "https://quiet.example/feed", ()),
        ("", "https://nameless.example/feed", ()),
        ("Gone", "https://gone.example/", ()),
        former={"https://once.example/": "gone"},
    )
    assert [(one["id"], one["title"]) for one in made.sources] == [
        ("hill-2", "Hill"),
        ("quiet-example", "quiet.example"),
        ("nameless-example", "nameless.example"),
        ("gone-2", "Gone"),
    ]


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("feed://a.example/rss", "http://a.example/rss"),
        ("feed:https://a.example/rss", "https://a.example/rss"),
        ("feed://https://a.example/rss", "https://a.example/rss"),
    ],
)
def test_schemes_that_call_a_reader(url: str, becomes: str) -> None:
    assert planned(("A", url, ())).sources[0]["url"] == becomes


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "javascript:alert(1)", "/rss", "http://[::1", "file:///etc/passwd"]
)
def test_an_address_that_cannot_be_is_broken(url: str) -> None:
    made = planned(("A", url, ()), ("B", "https://b.example/", ()))
    assert [one.what for one in made.fates] == ["broken", "new"]
    assert "http" in made.fates[0].note or "IPv6" in made.fates[0].note
    assert len(made.sources) == 1


def test_what_we_export_we_import() -> None:
    folders = {
        "": [Subscription(title="Alone & <free>", url="https://alone.example/?a=1&b=2")],
        "Technology": [
            Subscription(title="Bits", url="https://bits.example/", page_url="https://bits.example/x")
        ],
        "World news": [Subscription(title="Vale", url="https://vale.example/rss")],
    }
    made = plan(read(subscriptions("Mine", folders)), CONFIG)
    found = {(one["title"], one["url"], *one.get("categories", ())) for one in made.sources}
    assert found == {
        ("Alone & <free>", "https://alone.example/?a=1&b=2"),
        ("Bits", "https://bits.example/", "tech"),
        ("Vale", "https://vale.example/rss", "world"),
    }
    assert {one.what for one in made.fates} == {"new"}
