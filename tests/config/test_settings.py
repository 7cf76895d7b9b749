import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from feedsvc.config import Category, Config, Defaults, Site, default_tag
from feedsvc.errors import NotFound
from feedsvc.model import Source
from feedsvc.sources.feed import FeedSource

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def source(name: str = "news", **options: object) -> Source:
    return FeedSource.model_validate(
        {"id": name, "type": "feed", "url": f"https://example.org/{name}", "categories": ["world"], **options}
    )


def config(**parts: object) -> Config:
    whole: dict[str, object] = {
        "site": Site(title="Example", url="https://feeds.example.org/", description="All of it."),
        "categories": (
            Category(id="world", title="World", description="Far away."),
            Category(id="x", title="X"),
        ),
        "sources": (source(), source("notes", every="1h", categories=[])),
    }
    return Config.model_validate(whole | parts)


def test_a_config_travels_as_json() -> None:
    before = config()
    text = before.to_json()
    after = Config.from_json(text)
    assert after == before
    assert isinstance(after.sources[0], FeedSource)
    assert after.to_json() == text
    assert json.loads(text)["sources"][1]["every"] == "1h"


def test_what_is_left_out_comes_from_the_defaults() -> None:
    defaults = Defaults(every=timedelta(minutes=5), limit=7, ttl=timedelta(hours=1), keep_count=None)
    filled = config(defaults=defaults)
    assert [one.every for one in filled.sources] == [timedelta(minutes=5), timedelta(hours=1)]
    world = filled.category("world")
    assert (world.limit, world.ttl, world.keep_for, world.keep_count, world.language) == (
        7,
        timedelta(hours=1),
        timedelta(days=730),
        None,
        "en",
    )


def test_null_in_a_category_is_an_answer_of_its_own() -> None:
    kept = Category.model_validate({"id": "world", "title": "World", "keep_for": None, "language": None})
    filled = Config.from_json(config(categories=(kept,)).to_json())
    assert filled.category("world").keep_for is None
    assert filled.category("world").language is None
    assert filled.category("world").keep_count == 100_000


def test_a_config_is_fixed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        config().site.title = "Other"  # type: ignore[misc]  # that is what is tested


def test_unknown_names_are_told_with_what_there_is() -> None:
    with pytest.raises(NotFound, match=r"^unknown source 'newz': did you mean 'news'\? \(news, notes\)$"):
        config().source("newz")
    with pytest.raises(NotFound, match=r"^unknown category 'wrld': did you mean 'world'\? \(world, x\)$"):
        config().category("wrld")
    with pytest.raises(NotFound, match=r"^unknown feed 'w': did you mean 'c/x'\?|unknown feed 'w' \("):
        config().feed("w", updated=NOW, tag="t")
    with pytest.raises(NotFound, match=r"^unknown category 'w': there is none$"):
        Config().category("w")


def test_a_feed_describes_itself() -> None:
    feed = config().feed("c/world", updated=NOW, tag="example.org,2026")
    assert feed.id == "tag:example.org,2026:feed:c/world"
    assert (feed.title, feed.description, feed.language) == ("World", "Far away.", "en")
    assert feed.page_url == "https://feeds.example.org/c/world/"
    assert feed.urls == {
        "rss": "https://feeds.example.org/c/world.rss",
        "atom": "https://feeds.example.org/c/world.atom",
        "json": "https://feeds.example.org/c/world.json",
    }
    assert (feed.site_title, feed.updated, feed.ttl) == ("Example", NOW, None)


def test_the_feed_of_everything_is_described_by_the_site() -> None:
    feed = config().feed("all", updated=NOW, tag="example.org,2026")
    assert (feed.title, feed.description) == ("Example", "All of it.")
    assert feed.page_url == "https://feeds.example.org/"
    assert feed.urls["atom"] == "https://feeds.example.org/all.atom"


def test_the_plans_name_each_feed_once() -> None:
    plans = config(defaults=Defaults(limit=7)).feeds()
    assert [(plan.key, plan.limit) for plan in plans] == [("all", 7), ("c/world", 7), ("c/x", 7)]
    assert len({plan.fingerprint for plan in plans}) == 3


def fingerprints(**parts: object) -> dict[str, str]:
    return {plan.key: plan.fingerprint for plan in config(**parts).feeds()}


@pytest.mark.parametrize(
    ("parts", "changed"),
    [
        ({}, set()),
        ({"sources": (source("notes", every="1h", categories=[]), source())}, set()),
        ({"sources": (source(every="2h", enabled=False), source("notes", categories=[]))}, set()),
        ({"defaults": Defaults(keep_count=5)}, set()),
        ({"listening": "http://127.0.0.1:9000"}, set()),
        ({"defaults": Defaults(limit=7)}, {"all", "c/world", "c/x"}),
        ({"defaults": Defaults(ttl=timedelta(hours=1))}, {"all", "c/world", "c/x"}),
        ({"site": Site(title="Example", url="https://other.example.org")}, {"all", "c/world", "c/x"}),
        ({"sources": (source(title="News"), source("notes", categories=[]))}, {"all", "c/world"}),
        ({"sources": (source(), source("notes", title="N", categories=[]))}, {"all"}),
        (
            {
                "categories": (
                    Category(id="world", title="W", description="Far away."),
                    Category(id="x", title="X"),
                )
            },
            {"c/world"},
        ),
    ],
)
def test_a_fingerprint_changes_with_what_the_documents_say(
    parts: dict[str, object], changed: set[str]
) -> None:
    before, after = fingerprints(), fingerprints(**parts)
    assert {key for key in before if before[key] != after[key]} == changed


def test_without_site_url_the_links_lead_to_where_the_web_listens() -> None:
    unset = config(site=Site(), listening="http://127.0.0.1:9000")
    assert unset.base_url() == "http://127.0.0.1:9000"
    assert unset.feed("c/x", updated=NOW, tag="t").urls["rss"] == "http://127.0.0.1:9000/c/x.rss"


@pytest.mark.parametrize(
    ("site", "tag"),
    [
        (Site(), "feedsvc.invalid,2026"),
        (Site(url="https://feeds.example.org:8443/x"), "feeds.example.org,2026"),
        (Site(url="http://localhost:8000"), "feedsvc.invalid,2026"),
        (Site(url="http://[::1]:8000"), "feedsvc.invalid,2026"),
        (
            Site(url="https://feeds.example.org", tag="ada@example.org,2024-05-01"),
            "ada@example.org,2024-05-01",
        ),
    ],
)
def test_the_tag_of_a_new_store(site: Site, tag: str) -> None:
    assert default_tag(config(site=site)) == tag
