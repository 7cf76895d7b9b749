"""Where in a JSON document is the list of articles, and which keys say what of each?"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedsvc.sources import jmes
from feedsvc.sources.json_guess import guess, guess_fields

Item = dict[str, Any]


def story(n: int) -> Item:
    return {
        "headline": f"Story {n} of the town",
        "url": f"/town/{n}",
        "publishedAt": f"2026-11-{n + 1:02}T10:00:00Z",
    }


STORIES = [story(n) for n in range(6)]
MENU = [
    {"title": name, "url": f"/{name.lower()}"}
    for name in ["Home", "Sport", "Town", "Trade", "Arts", "Film", "Food", "Travel"]
]


@pytest.mark.parametrize(
    ("wrap", "items"),
    [
        (lambda rows: rows, "@"),
        (lambda rows: {"data": {"posts": rows}}, "data.posts"),
        (lambda rows: {"menu": MENU, "my list": rows, "related": MENU}, '"my list"'),
        (lambda rows: {"sections": [{"list": rows[:3]}, {"list": rows[3:]}]}, "sections[].list[]"),
        (lambda rows: {"byId": {f"id{n}": row for n, row in enumerate(rows)}}, "byId.*"),
        (lambda rows: [[rows[:3]], [rows[3:]]], "[][][]"),
    ],
)
def test_where_the_list_is(wrap: Callable[[list[Item]], object], items: str) -> None:
    found = guess(wrap(STORIES))
    assert found is not None
    assert (found.items, dict(found.fields)) == (
        items,
        {"title": "headline", "link": "url", "date": "publishedAt"},
    )
    assert jmes.search(items, wrap(STORIES)) == STORIES


@pytest.mark.parametrize("wrapper", ["node", "attributes", "item"])
def test_items_in_a_wrapper(wrapper: str) -> None:
    found = guess({"edges": [{wrapper: row, "type": "x"} for row in STORIES]})
    assert found is not None
    assert found.items == "edges"
    assert found.fields["title"] == f"{wrapper}.headline"


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        7,
        "x",
        [],
        {},
        [1, 2],
        {"error": {"code": 4, "message": "No such thing"}},
        [{"a": 1}, {"a": 2}],
        [{"title": "Only a title"}],
        [{"id": 1, "url": "https://x.example/1"}],
    ],
)
def test_no_list(nothing: object) -> None:
    assert guess(nothing) is None


def fields(*rows: Item) -> Item:
    return dict(guess_fields(rows))


def test_the_surer_name_first() -> None:
    rows = [
        {
            "url": f"https://api.x.example/{n}",
            "html_url": f"https://x.example/{n}",
            "title": f"Title {n}",
            "id": n,
        }
        for n in range(3)
    ]
    assert fields(*rows) == {"title": "title", "link": "html_url", "guid": "id"}


def test_utc_before_local() -> None:
    row = {"title": "A title", "link": "/a", "date": "2026-11-24T10:00:00", "date_gmt": "2026-11-24T09:00:00"}
    assert fields(row)["date"] == "date_gmt"


def test_values_must_be_of_the_kind() -> None:
    row = {
        "title": "/not/a/title",
        "name": "A name, then",
        "url": "/pictures/1.jpg",
        "date": "soon",
        "tags": [1, 2],
        "image": "none",
        "author": 4,
        "summary": "short",
        "language": "the language of the land",
        "id": None,
    }
    assert fields(row) == {"title": "name"}


def test_slugs_are_no_titles() -> None:
    assert fields({"title": "a-walk-by-the-sea", "name": "A walk by the sea"})["title"] == "name"


def test_texts_in_wrappers() -> None:
    row = {
        "title": {"rendered": "A title"},
        "link": {"canonical": "/a"},
        "content": {"rendered": "<p>" + "words " * 30, "protected": False},
        "excerpt": {"rendered": "Some words on what it is about"},
        "featured_image": {"sizes": {"large": {"url": "/big.jpg"}}, "url": "/a.jpg"},
        "categories": [{"name": "Town"}],
        "lang": "de-AT",
    }
    assert fields(row) == {
        "title": "title.rendered",
        "link": "link.canonical",
        "content": "content.rendered",
        "summary": "excerpt.rendered",
        "image": "featured_image",
        "tags": "categories",
        "language": "lang",
    }


def test_confidence_grows_with_what_is_found() -> None:
    bare = guess([{"title": f"A title {n}", "id": n} for n in range(3)])
    full = guess(
        [{**story(n), "summary": "A text of more than twenty letters", "image": "/a.jpg"} for n in range(6)]
    )
    assert bare is not None
    assert full is not None
    assert (bare.confidence, full.confidence) == (0.3, 1.0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["title", "url", "id", "x y", "*", "[]"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=50)
@example({"title": None, "[]": {"title": "0A", "id": 0}})
@example([{"title": "One", "*": {"url": "https://e.org/1"}}])
@given(JSON)
def test_what_is_guessed_finds_something(value: object) -> None:
    found = guess(value)
    if found is not None:
        items = jmes.search(found.items, value)
        assert isinstance(items, list)
        assert any(jmes.search(found.fields["title"], one) is not None for one in items)


def test_no_document_takes_long() -> None:
    paths: object = {f"k{n}": [{"id": 1, "title": "A title of it"}] for n in range(10_000)}
    wide: object = [{f"title{n}": "A title of it" for n in range(10_000)} for _ in range(3)]
    deep: object = []
    for _ in range(500):
        deep = {"a": [deep]}
    started = time.process_time()
    for one in (paths, wide, deep, [1] * 500_000):
        guess(one)
    assert time.process_time() - started < 5
