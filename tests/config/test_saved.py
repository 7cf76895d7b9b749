"""Are saved and private feeds configured as they should, and what is wrong with them told at its place?"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.config import load
from feedsvc.errors import ConfigError
from tests.config.conftest import MAIN

Write = Callable[..., Path]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
BOARD = "  - {id: board, title: Board, access: token}\n"


def feeds(*items: str) -> str:
    return MAIN + BOARD + "feeds:\n" + "".join(f"  - {item}\n" for item in items)


def test_a_saved_feed_has_an_address(write: Write) -> None:
    config = load(
        write(main=feeds("{id: news, title: News, query: {categories: [world], q: rain, lang: [en]}}"))
    )
    assert config.listed(NOW) == ("all", "c/world", "c/about", "v/news")
    feed = config.feed("v/news", updated=NOW, tag="t,2026")
    assert (feed.title, feed.urls["rss"]) == ("News", "https://feeds.example.org/v/news.rss")
    assert config.private() == ("c/board",)
    assert config.feed("c/board", updated=NOW, tag="t,2026").urls == {}
    assert config.from_json(config.to_json()) == config


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            "{id: x, title: X, query: {categories: [wrold]}}",
            "unknown category 'wrold': did you mean 'world'?",
        ),
        ("{id: x, title: X, query: {sources: [nobody]}}", "unknown source 'nobody'"),
        ("{id: x, title: X, query: {categories: [world, board]}}", "category 'board' is private"),
        ("{id: x, title: X, query: {lang: [no language]}}", "is no language"),
        ("{id: x, title: X, limit: 201}", "'limit' must be at most 200"),
        ("{id: x, title: X, access: secret}", "'access' must be 'public' or 'token'"),
        ("{id: X Y, title: X}", "'id'"),
    ],
)
def test_what_is_wrong_is_told(write: Write, item: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(main=feeds(item)))
    (problem,) = caught.value.problems
    assert problem.line == len(MAIN.splitlines()) + 3
    assert said in problem.message


def test_an_id_is_taken_once(write: Write) -> None:
    with pytest.raises(ConfigError, match="this id is already taken"):
        load(write(main=feeds("{id: x, title: X}", "{id: x, title: Y}")))
