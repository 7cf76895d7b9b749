"""Does a newspaper without feeds become feeds, end to end, and stay quiet when nothing changes?

The newspaper is ``tests/site``, the config is the demo's. What is expected is computed from its stories.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from feedsvc.refine.text import words
from tests.conftest import Clock
from tests.site.demo import KEY
from tests.site.newsroom import Newsroom, newsroom, paragraphs, when
from tests.site.pages import PAGE
from tests.site.paper import Wall
from tests.site.stories import ENGLISH, Story

WITHOUT_BROWSER = words(
    "front town culture science sport francais arabic russian chinese blog sitemap api notices "
    "guarded consented members old-town holiday live-undrawn"
)


@pytest.fixture(scope="module")
def printed(sqlite_empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Everything collected once; nobody changes it."""
    place = tmp_path_factory.mktemp("newsroom")
    url = f"sqlite:///{shutil.copy(sqlite_empty, place / 'feedsvc.sqlite')}"
    with newsroom(place / "config", url, Clock()) as room:
        room.collect(*WITHOUT_BROWSER)
        yield room


@pytest.fixture
def room(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Newsroom]:
    with newsroom(tmp_path / "config", sqlite_url, clock) as made:
        yield made


@pytest.fixture(scope="module")
def walled(sqlite_empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Whoever puts up a wall takes it down again."""
    place = tmp_path_factory.mktemp("walled")
    url = f"sqlite:///{shutil.copy(sqlite_empty, place / 'feedsvc.sqlite')}"
    with newsroom(place / "config", url, Clock()) as room:
        room.collect("town")
        yield room


def listed(items: Sequence[dict[str, Any]]) -> list[tuple[str, str, datetime]]:
    """(title, link, date) of each."""
    return sorted((one["title"], one["url"], when(one)) for one in items)


def expected(room: Newsroom, stories: Sequence[Story]) -> list[tuple[str, str, datetime]]:
    return sorted((one.title, room.url(one), one.published) for one in stories)


def item_of(room: Newsroom, category: str, story: Story) -> dict[str, Any]:
    return next(one for one in room.feed(category) if one["url"] == room.url(story))


# ---- each type of source, each kind of list ---------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "section"),
    [
        ("culture", "culture"),  # tag soup, dates as text
        ("science", "science"),  # JSON-LD
        ("sport", "sport"),  # microdata
        ("francais", "fr"),  # h-feed
        ("arabic", "ar"),
        ("russian", "ru"),
        ("chinese", "zh"),
    ],
)
def test_a_list_becomes_a_feed(printed: Newsroom, category: str, section: str) -> None:
    first_page = printed.paper.section(section)[:PAGE]
    assert listed(printed.feed(category)) == expected(printed, first_page)


def test_a_list_of_three_pages_by_selectors(printed: Newsroom) -> None:
    stories = printed.paper.section("town")
    assert len(stories) == 12
    assert listed(printed.feed("town")) == expected(printed, stories)
    ferry = item_of(printed, "town", stories[0])
    assert ferry["summary"] == stories[0].lead
    assert ferry["image"] == f"{printed.site}/picture/ferry.svg"
    assert [one["name"] for one in ferry["authors"]] == ["Marit Holm"]


def test_a_front_page_has_several_lists_and_no_promotions(printed: Newsroom) -> None:
    paper = printed.paper
    on_it = {story.path: story for story in paper.latest()[:7]}
    on_it |= {story.path: story for name in ENGLISH for story in paper.section(name)[:3]}
    assert listed(printed.feed("front")) == expected(printed, list(on_it.values()))


def test_a_sitemap_index_leads_to_the_articles(printed: Newsroom) -> None:
    paper = printed.paper
    fresh = [one for one in paper.latest() if (paper.base - one.published).days < 2]
    assert listed(printed.feed("sitemap")) == expected(printed, fresh)


def test_an_api_is_read_to_the_last_cursor_with_its_key(printed: Newsroom) -> None:
    stories = printed.paper.latest()
    assert len(stories) == 29
    items = printed.feed("api")
    assert listed(items) == expected(printed, stories)
    first = item_of(printed, "api", stories[0])
    assert [one["name"] for one in first["authors"]] == list(stories[0].authors)
    assert first["summary"] == stories[0].lead
    assert first["tags"] == ["town"]
    assert KEY.encode() not in printed.bytes_of("api")


def test_json_in_a_page_that_scripts_draw(printed: Newsroom) -> None:
    notices = printed.paper.section("notices")
    assert listed(printed.feed("notices")) == expected(printed, notices)
    assert [one["summary"] for one in printed.feed("notices")] == [one.lead for one in notices]


def test_a_feed_of_summaries_gets_the_full_text(printed: Newsroom) -> None:
    stories = printed.paper.section("blog")
    assert listed(printed.feed("blog")) == expected(printed, stories)
    for story in stories:
        assert body_of(printed, "blog", story) == story.paragraphs()


# ---- the articles' own pages ------------------------------------------------------------------------


def body_of(room: Newsroom, category: str, story: Story) -> list[str]:
    """The paragraphs of an item, whether or not the lead is among them."""
    found = paragraphs(item_of(room, category, story))
    return found[1:] if found[:1] == [story.lead] else found


@pytest.mark.parametrize(("category", "section"), [("culture", "culture"), ("francais", "fr")])
def test_full_text_is_the_paragraphs_and_nothing_else(printed: Newsroom, category: str, section: str) -> None:
    for story in printed.paper.section(section)[:PAGE]:
        assert body_of(printed, category, story) == story.paragraphs(), story.style
        authors = [one["name"] for one in item_of(printed, category, story)["authors"]]
        assert authors == list(story.authors)


def test_an_article_of_two_pages_is_joined(printed: Newsroom) -> None:
    story = next(one for one in printed.paper.section("science") if len(one.pages) > 1)
    content = item_of(printed, "science", story)["content_html"]
    assert [text for text in story.paragraphs() if text in body_of(printed, "science", story)] == (
        story.paragraphs()
    )
    for what in (
        "<table",
        "1,204",
        "<blockquote",
        "It is a street at night",
        "<figcaption",
        "/picture/deep.svg",
    ):
        assert what in content
    for what in ("Read also", "comments", "Our letter in the morning", "Copy the link", "Accept all"):
        assert what not in content
    assert [one["name"] for one in item_of(printed, "science", story)["authors"]] == list(story.authors)


# ---- the second time --------------------------------------------------------------------------------


def test_the_second_time_is_quiet(room: Newsroom) -> None:
    names = ["front", "town", "culture", "science", "francais", "blog", "sitemap", "api"]
    first = room.collect(*names)
    assert {name: poll.outcome for name, poll in first.items()} == dict.fromkeys(names, "ok")
    assert "/culture/fog-symphony" in room.asked_for()
    before = {category: room.bytes_of(category) for category in ("town", "culture", "blog")}
    again = room.collect(*names)
    assert {name: (poll.new, poll.updated) for name, poll in again.items()} == dict.fromkeys(names, (0, 0))
    assert {category: room.bytes_of(category) for category in before} == before
    assert set(room.asked_for()) <= {
        "/",
        *("/town/", "/town/?page=2", "/town/?page=3", "/culture/", "/science/", "/fr/"),
        *("/blog/feed.xml", "/robots.txt", "/sitemap.xml", "/sitemaps/news.xml"),
        *(one for one in room.asked_for() if one.startswith("/api/articles")),
    }
    assert max(room.asked_for().values()) == 1


@pytest.mark.parametrize("name", ["town", "front", "sitemap", "api"])
def test_a_new_story_appears_once(room: Newsroom, clock: Clock, name: str) -> None:
    assert room.collect_one(name).new > 10
    story = room.paper.publish_next(clock())
    assert story is not None
    assert room.collect_one(name).new == 1
    assert [one["title"] for one in room.feed(name)].count(story.title) == 1
    again = room.collect_one(name)
    assert (again.new, again.updated) == (0, 0)


def test_of_a_new_story_only_its_page_is_fetched(room: Newsroom, clock: Clock) -> None:
    room.collect("culture")
    room.paper.publish_next(clock())
    story = room.paper.publish_next(clock())
    assert story is not None
    assert story.section == "culture"
    assert room.collect_one("culture").new == 1
    assert room.asked_for() == {"/culture/": 1, story.path: 1}
    assert body_of(room, "culture", story) == story.paragraphs()


@pytest.mark.parametrize(("name", "section"), [("culture", "culture"), ("sport", "sport"), ("chinese", "zh")])
def test_a_redesign_changes_no_article(room: Newsroom, name: str, section: str) -> None:
    room.collect(name)
    ids = {one["id"] for one in room.feed(name)}
    room.paper.design = 2
    assert room.collect_one(name).new == 0
    assert {one["id"] for one in room.feed(name)} == ids


def test_selectors_that_fit_no_more_are_told(room: Newsroom) -> None:
    room.collect("town")
    before = room.bytes_of("town")
    room.paper.design = 2
    poll = room.collect_one("town")
    assert (poll.outcome, poll.error_kind) == ("failed", "list-gone")
    assert "article.card" in str(poll.error)
    assert room.bytes_of("town") == before


# ---- what stands before a page ----------------------------------------------------------------------

VERDICTS: list[tuple[Wall, str, str]] = [
    ("challenge", "blocked", "Cloudflare"),
    ("refusal", "blocked", "robot check"),
    ("consent", "blocked", "consent wall"),
    ("login", "blocked", "login"),
    ("moved", "moved", "/new-town/"),
    ("parked", "moved", "gone"),
    ("shell", "needs-browser", "render: browser"),
    ("pdf", "not-html", "/town/"),
    ("gone", "list-gone", ""),
    ("empty", "list-empty", ""),
    ("no-links", "no-links", ""),
]


@pytest.mark.parametrize(("wall", "kind", "says"), VERDICTS)
def test_a_wall_is_told_and_never_an_article(walled: Newsroom, wall: Wall, kind: str, says: str) -> None:
    before = walled.bytes_of("town")
    walled.paper.walls["/town/"] = wall
    poll = walled.collect_one("town")
    del walled.paper.walls["/town/"]
    assert (poll.outcome, poll.error_kind, poll.new) == ("failed", kind, 0)
    assert says in str(poll.error)
    again = walled.collect_one("town")
    assert (again.outcome, again.new, again.updated) == ("ok", 0, 0)
    assert walled.bytes_of("town") == before


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("guarded", "blocked"),
        ("consented", "blocked"),
        ("members", "blocked"),
        ("old-town", "moved"),
        ("live-undrawn", "needs-browser"),
        ("holiday", "list-empty"),
    ],
)
def test_the_walls_of_the_demo(printed: Newsroom, name: str, kind: str) -> None:
    poll = printed.polls[name]
    assert (poll.outcome, poll.error_kind, poll.found) == ("failed", kind, 0)


def test_an_article_waits_for_its_page(room: Newsroom) -> None:
    story = room.paper.section("culture")[0]
    room.paper.walls[story.path] = "refusal"
    poll = room.collect_one("culture")
    assert (poll.outcome, poll.new) == ("ok", PAGE - 1)
    assert any(story.path in reason and "robot check" in reason for reason in poll.rejected)
    del room.paper.walls[story.path]
    assert room.collect_one("culture").new == 1
    assert room.asked_for() == {"/culture/": 1, story.path: 1}
    assert body_of(room, "culture", story) == story.paragraphs()


def test_what_stands_before_an_article_for_ever_is_not_its_text(room: Newsroom) -> None:
    story = room.paper.section("culture")[0]
    room.paper.walls[story.path] = "refusal"
    assert [room.collect_one("culture").new for _ in range(4)] == [PAGE - 1, 0, 1, 0]
    item = item_of(room, "culture", story)
    assert (item["title"], item["content_html"]) == (story.title, story.lead)


# ---- secrets ----------------------------------------------------------------------------------------


def test_without_its_secret_a_source_is_not_even_asked(room: Newsroom) -> None:
    room.services = replace(room.services, environment={})
    poll = room.collect_one("api")
    assert (poll.outcome, poll.error_kind) == ("failed", "secret")
    assert "COURIER_KEY" in str(poll.error)
    assert room.asked_for() == {}


def test_a_wrong_secret_is_not_told(room: Newsroom) -> None:
    room.services = replace(room.services, environment={"COURIER_KEY": "shibboleth"})
    poll = room.collect_one("api")
    assert (poll.outcome, poll.status) == ("failed", 401)
    assert "shibboleth" not in str(poll)


# ---- drawn by a browser -----------------------------------------------------------------------------


def require_chromium() -> None:
    """Without it skip, but never in CI."""
    if any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        return
    if os.environ.get("CI"):
        pytest.fail("Chromium is not installed, and CI must have it")
    pytest.skip("Chromium is not installed")


def test_a_page_that_scripts_draw(room: Newsroom, clock: Clock) -> None:
    require_chromium()
    poll = room.collect_one("live")
    assert (poll.outcome, poll.error_kind, poll.new) == ("ok", None, 4)
    assert listed(room.feed("live")) == expected(room, room.paper.section("live"))
    assert room.asked_for() == {"/live/": 1, "/static/live.js": 1, "/api/live": 1, "/static/paper.css": 1}
