"""What do the values of a JSON document say: texts, moments, people, pictures, files?"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Author, Enclosure, Image
from feedsvc.pages.listing.dates import Reading
from feedsvc.sources import json_values as values

KEYS = st.sampled_from(["url", "name", "title", "data", "src", "width", "value", "rendered", "date"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a ", "a"),
        ("", None),
        (7, "7"),
        (True, None),
        (["a"], None),
        ({"rendered": "<b>a</b>", "raw": "x"}, "<b>a</b>"),
        ({"raw": {"value": "a"}}, "a"),
        ({"other": "a"}, None),
    ],
)
def test_text(value: object, text: str | None) -> None:
    assert values.text(value) == text


@pytest.mark.parametrize(
    "value",
    [
        1795521600,
        1795521600.0,
        1795521600000,
        "1795521600",
        "1795521600000",
        1795521600000000,
        "1795521600.000",
        "/Date(1795521600000)/",
        "/Date(1795521600000+0100)/",
        "2026-11-24T12:00:00Z",
        "2026-11-24 13:00:00 +0100",
        "Tue, 24 Nov 2026 12:00:00 GMT",
        {"$date": "2026-11-24T12:00:00Z"},
        {"seconds": 1795521600, "nanos": 0},
    ],
)
def test_moment(value: object) -> None:
    assert values.moment(value) == NOON


@pytest.mark.parametrize(
    "value", [None, True, 0, -5, 12, 2026, "", "soon", [1795521600], {}, float("nan"), 1e300]
)
def test_no_moment(value: object) -> None:
    assert values.moment(value) is None


def test_zones_and_orders() -> None:
    naive = datetime(2026, 2, 1)  # noqa: DTZ001 zone-less
    assert values.moment("2026-02-01T00:00:00") == naive
    assert values.moment("2026-02-01T00:00:00", is_utc=True) == naive.replace(tzinfo=UTC)
    assert values.moment("1/2/2026") == naive
    assert values.moment("2/1/2026", how=Reading(order="MDY")) == naive
    assert values.moment("1 février 2026") == naive


def test_authors() -> None:
    both = (Author(name="Jane Doe"), Author(name="John Roe"))
    assert values.authors("Jane Doe") == both[:1]
    assert values.authors(["Jane Doe", {"displayName": "John Roe"}, "Jane Doe"]) == both
    assert (
        values.authors([{"first_name": "Jane", "last_name": "Doe"}, {"attributes": {"name": "John Roe"}}])
        == both
    )
    assert values.authors({"name": "A", "url": "https://x.example/a"}) == (
        Author(name="A", url="https://x.example/a"),
    )
    assert values.authors(["https://x.example/a", 7, None, {}]) == ()


def test_tags() -> None:
    assert values.tags("a, b ,") == ("a", "b")
    assert values.tags([{"name": "a"}, {"label": "b", "id": 3}, "a", 7, "8"]) == ("a", "b")
    assert values.tags(7) == ()


def test_images() -> None:
    assert values.image("https://x.example/a.jpg") == Image(url="https://x.example/a.jpg")
    assert values.image([None, {"src": "/a.jpg", "width": "300", "height": 200.0}]) == Image(
        url="/a.jpg", width=300, height=200
    )
    strapi = {"data": {"attributes": {"url": "/a.jpg", "width": True}}}
    assert values.image(strapi) == Image(url="/a.jpg")
    assert values.image({"original": {"url": "/a.jpg"}}) == Image(url="/a.jpg")
    assert values.image("a.jpg") is None


def test_enclosures() -> None:
    one = {"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12, "duration": "60", "title": "A"}
    assert list(values.enclosures([one, "/b.mp3", {"type": "x"}])) == [
        Enclosure(url="/a.mp3", type="audio/mpeg", length=12, duration=60, title="A"),
        Enclosure(url="/b.mp3"),
    ]


@given(ANYTHING)
def test_nothing_fails(value: Any) -> None:
    values.text(value)
    values.moment(value)
    values.authors(value)
    values.tags(value)
    values.image(value)
    list(values.enclosures(value))
