"""Do two addresses lead to the same page, as far as matching is concerned?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.refine.canonical import canonical_url, is_front_page

PLAIN = "https://example.org/a/b?id=1&lang=en"


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/a/b?id=1&lang=en",
        "https://www.example.org/a/b?id=1&lang=en",
        "https://EXAMPLE.org:443/a/b?id=1&lang=en",
        "http://example.org:80/a/b?id=1&lang=en",
        "https://example.org./a/b?id=1&lang=en",
        "https://me:x@example.org/a/b?id=1&lang=en",
        "https://example.org/a/b/?id=1&lang=en",
        "https://example.org/a/b/index.html?id=1&lang=en",
        "https://example.org/a/b?lang=en&id=1",
        "https://example.org/a/b?id=1&&lang=en&",
        "https://example.org/a/b?utm_source=x&id=1&UTM_medium=y&lang=en&fbclid=z&gclid=&mc_cid=1",
        "https://example.org/a/b?id=1&lang=en&ref=rss",
        "https://example.org/a/b?id=1&lang=en#comments",
        "https://example.org/%61/b?id=1&lang=%65n",
        " https://example.org/a/b?id=1&lang=en\n",
    ],
)
def test_the_same_page(other: str) -> None:
    assert canonical_url(other) == canonical_url(PLAIN) == "//example.org/a/b?id=1&lang=en"


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/a/b?id=2&lang=en",
        "https://example.org/a/b",
        "https://example.org/a/B?id=1&lang=en",
        "https://example.com/a/b?id=1&lang=en",
        "https://sub.example.org/a/b?id=1&lang=en",
        "https://example.org:8080/a/b?id=1&lang=en",
        "https://example.org/a%2Fb?id=1&lang=en",
        "https://example.org/a/b?id=1%26lang=en",
        "https://example.org/a/b?id=1&lang=en&ref=home",
        "https://example.org/a/b?id=1&lang=en#!/page",
    ],
)
def test_another_page(other: str) -> None:
    assert canonical_url(other) != canonical_url(PLAIN)


def test_spelling_of_what_is_not_ascii() -> None:
    one = "//xn--bcher-kva.example/%C3%BCber%20x"
    assert canonical_url("https://bücher.example/über x") == one
    assert canonical_url("https://xn--bcher-kva.example/%c3%bcber%20x") == one
    assert canonical_url("http://example.org/%E9") == "//example.org/%E9"


def test_fragments_are_kept_on_demand_unless_they_track() -> None:
    assert canonical_url("https://example.org/a#item-2", fragment=True) == "//example.org/a#item-2"
    assert canonical_url("https://example.org/a#xtor=RSS-1", fragment=True) == "//example.org/a"


@pytest.mark.parametrize(
    "other", ["tag:example.org,2026:1", "/a", "mailto:x@example.org", "http://[x", "", "http:"]
)
def test_anything_else_stays_as_it_is(other: str) -> None:
    assert canonical_url(other) == other


def test_is_front_page() -> None:
    for page in (
        "https://example.org",
        "http://www.example.org/",
        "https://example.org/index.html?utm_source=x",
    ):
        assert is_front_page(canonical_url(page))
    for page in (
        "https://example.org/a",
        "https://example.org/?p=1",
        "https://example.org/#!a",
        "tag:x,2026:y",
    ):
        assert not is_front_page(canonical_url(page))


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(st.characters(exclude_categories=())))
def test_the_canonical_form_is_its_own(rest: str) -> None:
    once = canonical_url(f"https://example.org/{rest}")
    assert canonical_url(f"https:{once}") == once
