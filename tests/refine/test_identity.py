"""How is a source's item found again, whatever its source changes about it?"""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.model import Author, Enclosure, ItemKeys, ParsedItem
from feedsvc.refine.identity import LONGEST_KEY, item_hash, keys


def item(**fields: Any) -> ParsedItem:
    return ParsedItem(**({"title": "A title", "content": "Some text"} | fields))


def keys_of(*items: ParsedItem) -> list[ItemKeys]:
    found = [one for one in keys(items) if one is not None]
    assert len(found) == len(items)
    return found


def test_a_guid_is_the_primary_key_and_the_link_another() -> None:
    (one,) = keys_of(item(guid=" urn:x:1 ", link="https://www.example.org/a/?utm_source=rss"))
    assert one.primary == "guid:urn:x:1"
    assert one.aliases == ("url://example.org/a",)
    assert one.iri == "urn:x:1"


def test_a_guid_that_is_an_address_is_known_with_http_and_https() -> None:
    old, new = (keys_of(item(guid=f"{scheme}://example.org/?p=1"))[0] for scheme in ("http", "https"))
    assert old.primary != new.primary
    assert set(old.aliases) & set(new.aliases) == {"guid~://example.org?p=1"}


def test_anchors_on_one_page_are_different_articles() -> None:
    page = "https://example.org/day"
    one, other = keys_of(item(guid=f"{page}#a", link=page), item(guid=f"{page}#b", link=page))
    assert not {one.primary, *one.aliases} & {other.primary, *other.aliases}


def test_without_a_guid_the_link_is_the_primary_key() -> None:
    (one,) = keys_of(item(link="https://example.org/a"))
    assert one.primary == "url://example.org/a"
    assert one.aliases[0].startswith("text:")
    assert one.iri is None


def test_without_guid_and_link_the_text_is() -> None:
    (one,) = keys_of(item())
    assert one.primary.startswith("text:")
    assert one.aliases == ()


def test_a_link_that_all_share_names_none_of_them() -> None:
    many = [item(title=f"Item {number}", link="https://example.org/news") for number in range(5)]
    found = keys_of(*many)
    assert len({one.primary for one in found}) == 5
    assert all(one.primary.startswith("text:") and one.aliases == () for one in found)


def test_a_front_page_names_no_article() -> None:
    (one,) = keys_of(item(link="https://example.org/"))
    assert one.primary.startswith("text:")
    (with_guid,) = keys_of(item(guid="1", link="https://example.org/index.html"))
    assert with_guid.aliases == ()


def test_two_items_with_one_link_and_two_guids_stay_two() -> None:
    found = keys_of(
        item(guid="1", link="https://example.org/daily"), item(guid="2", link="https://example.org/daily")
    )
    assert [one.primary for one in found] == ["guid:1", "guid:2"]
    assert [one.aliases for one in found] == [(), ()]


def test_a_guid_that_items_share_names_none_of_them() -> None:
    first = item(guid="https://example.org/", link="https://example.org/1", title="One")
    second = item(guid="https://example.org/", link="https://example.org/2", title="Two")
    found = keys_of(first, second)
    assert all(one.primary.startswith("guid+:") and one.iri is None for one in found)
    assert [one.aliases for one in found] == [("url://example.org/1",), ("url://example.org/2",)]
    assert keys_of(second, first) == found[::-1]


def test_a_link_that_becomes_shared_leads_to_the_same_article() -> None:
    """The keys of one poll and of the next have one in common, so that nothing is published twice."""
    lonely = item(title="One", link="https://example.org/news")
    (before,) = keys_of(lonely)
    after, _ = keys_of(lonely, item(title="Two", link="https://example.org/news"))
    assert after.primary in before.aliases


def test_exact_duplicates_are_one_article_the_latest_of_them() -> None:
    def edition(hour: int, **fields: Any) -> ParsedItem:
        return item(
            guid="1", link="https://example.org/a", updated=datetime(2026, 1, 1, hour, tzinfo=UTC), **fields
        )

    first, second, third = keys([edition(9), edition(11, content="Newest"), edition(10)])
    assert (first, third) == (None, None)
    assert second is not None
    assert second.primary == "guid:1"
    assert second.aliases == ("url://example.org/a",)


def test_of_equal_duplicates_the_first_stays() -> None:
    one, other = keys([item(guid="1"), item(guid="1")])
    assert one is not None
    assert other is None
    no_guid, copy = keys([item(), item()])
    assert no_guid is not None
    assert copy is None


def test_zone_less_dates_can_be_compared() -> None:
    naive = datetime(2026, 1, 1, 12)  # noqa: DTZ001 what is tested
    aware = datetime(2026, 1, 1, 11, tzinfo=UTC)
    assert keys([item(guid="1", updated=aware), item(guid="1", updated=naive)])[0] is None


@pytest.mark.parametrize(
    "guid",
    [
        "http://example.org/1",
        "tag:example.org,2026:1",
        "urn:uuid:988ef5c5-5cde-4c24-9e0e-1251744888ff",
        "at://did:plc:x/y/z",
    ],
)
def test_an_absolute_iri_may_be_published(guid: str) -> None:
    assert keys_of(item(guid=guid))[0].iri == guid


@pytest.mark.parametrize(
    "guid",
    [
        "12345",
        "/a",
        "example.org/a",
        "a b:c",
        "tag:with space",
        "javascript:alert(1)",
        "DATA:text/html,x",
        "file:///etc/passwd",
        "x:y",
        "https://example.org/ü",
        "urn:uuid:1-2",
        "http://",
        "https:///a",
        "urn:",
        "urn:<x>",
        "urn:\u0080",
        "urn:" + "x" * 600,
    ],
)
def test_other_guids_may_not(guid: str) -> None:
    assert keys_of(item(guid=guid))[0].iri is None


def test_relative_links_are_read_on_their_base() -> None:
    (one,) = keys_of(item(link="a.html", base_url="https://example.org/blog/"))
    assert one.primary == "url://example.org/blog/a.html"
    (bare,) = keys_of(item(link="a.html"))
    assert bare.primary == "url:a.html"


def test_items_without_words_are_told_apart_by_their_files() -> None:
    files = [
        item(title=None, content=None, enclosures=(Enclosure(url=url),))
        for url in ("http://x/1", "http://x/2")
    ]
    assert len({one.primary for one in keys_of(*files)}) == 2


def test_keys_can_be_stored_anywhere() -> None:
    (one,) = keys_of(item(guid="a\x00b\ud800" + "ü" * 1_000, link="https://example.org/" + "x" * 1_000))
    for key in (one.primary, *one.aliases):
        assert len(key) <= LONGEST_KEY + 20
        assert "\x00" not in key
        key.encode()


@pytest.mark.parametrize("field", [one.name for one in dataclasses.fields(ParsedItem) if one.repr])
def test_the_hash_covers_every_field(field: str) -> None:
    changed: dict[str, Any] = {
        "authors": (Author(name="x"),),
        "enclosures": (Enclosure(url="x"),),
        "tags": ("x",),
        "published": datetime(2026, 1, 1, tzinfo=UTC),
        "updated": datetime(2026, 1, 1, tzinfo=UTC),
    }
    kinds = {"title_type": "text", "summary_type": "text", "content_type": "text"}
    other = dataclasses.replace(item(), **{field: changed.get(field, kinds.get(field, "changed"))})
    assert item_hash(other) != item_hash(item())


def test_the_hash_is_the_same_in_every_process() -> None:
    whole = item(guid="1", published=datetime(2026, 1, 1, tzinfo=UTC), authors=(Author(name="\ud800é"),))
    assert item_hash(whole) == "a42918558b0184f160ef91ebd90914619bc2c6ae40c225b1030b30a7a400e129"


FIELDS = st.fixed_dictionaries(
    {
        "guid": st.none()
        | st.sampled_from(["", "1", "2", "http://example.org/1", "https://example.org/1", "a\x00"]),
        "link": st.none()
        | st.sampled_from(["", "/", "https://example.org", "https://example.org/1", "http://[", "x"]),
        "title": st.none() | st.sampled_from(["", "One", "Two"]),
        "content": st.none() | st.text(st.characters(exclude_categories=()), max_size=5),
    }
)


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(FIELDS.map(lambda fields: ParsedItem(**fields)), max_size=8))
def test_no_two_articles_of_a_document_share_a_key(items: list[ParsedItem]) -> None:
    found = keys(items)
    assert len(found) == len(items)
    kept = [one for one in found if one is not None]
    every = [key for one in kept for key in (one.primary, *one.aliases)]
    assert len(every) == len(set(every))
    assert keys(items) == found
    for dropped in (place for place, one in enumerate(found) if one is None):
        guid = (items[dropped].guid or "").strip("\x00")
        assert any(
            (one.guid or "").strip("\x00") == guid for one, kept in zip(items, found, strict=True) if kept
        )
