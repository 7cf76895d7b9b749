"""Is an article known again when its source changes what it calls it?"""

from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.model import Article, ItemKeys, Known, ParsedItem, SafeHtml
from feedsvc.refine.recognise import Sighting, ids, is_change, is_unchanged, recognise, updated_at

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ITEM = ParsedItem(title="one")


def keys(primary: str, *aliases: str, iri: str | None = None, item_hash: str = "h") -> ItemKeys:
    return ItemKeys(primary=primary, aliases=aliases, iri=iri, item_hash=item_hash)


def known(n: int, **fields: object) -> Known:
    given: dict[str, object] = {
        "id": f"tag:{n}",
        "item_hash": "h",
        "fingerprint": "f",
        "updated": NOW - timedelta(days=1),
        "state": "live",
    }
    return Known(n=n, **(given | fields))  # type: ignore[arg-type]


def article(**fields: object) -> Article:
    given: dict[str, object] = {
        "title": "one",
        "link": None,
        "summary": SafeHtml(""),
        "content": SafeHtml(""),
        "published": NOW - timedelta(days=2),
        "fingerprint": "f",
    }
    return Article(**(given | fields))  # type: ignore[arg-type]


def numbers(sightings: tuple[Sighting, ...]) -> list[int | None]:
    return [None if one.known is None else one.known.n for one in sightings]


def test_the_primary_key_wins_over_an_alias() -> None:
    found = recognise([ITEM], [keys("guid:a", "url:b")], {"guid:a": known(1), "url:b": known(2)})
    assert numbers(found) == [1]


def test_a_changed_guid_is_found_by_its_link() -> None:
    assert numbers(recognise([ITEM], [keys("guid:new", "url:a")], {"url:a": known(1)})) == [1]


def test_an_alias_that_another_item_claims_is_not_taken() -> None:
    both = [keys("guid:new", "url:a"), keys("guid:old", "url:a")]
    found = recognise([ITEM, ITEM], both, {"guid:old": known(1), "url:a": known(1)})
    assert numbers(found) == [None, 1]


def test_two_items_never_become_one_article() -> None:
    both = [keys("guid:x", "url:a"), keys("guid:y", "url:a")]
    assert numbers(recognise([ITEM, ITEM], both, {"url:a": known(1)})) == [1, None]


def test_duplicates_within_the_document_are_left_out() -> None:
    assert numbers(recognise([ITEM, ITEM], [None, keys("guid:a")], {})) == [None]


@pytest.mark.parametrize(
    ("state", "item_hash", "unchanged"),
    [
        ("live", "h", True),
        ("live", "other", False),
        ("hidden", "h", True),
        ("pruned", "other", True),
        ("retracted", "h", False),
    ],
)
def test_what_needs_a_second_look(state: str, item_hash: str, unchanged: bool) -> None:
    one = Sighting(item=ITEM, keys=keys("guid:a", item_hash=item_hash), known=known(1, state=state))
    assert is_unchanged(one) is unchanged


def test_a_new_item_is_never_unchanged() -> None:
    assert not is_unchanged(Sighting(item=ITEM, keys=keys("guid:a"), known=None))


def test_only_the_fingerprint_makes_a_change() -> None:
    assert not is_change(known(1), article(title="ONE"))
    assert is_change(known(1), article(fingerprint="g"))
    assert is_change(known(1, state="retracted"), article())


def test_updated_is_the_sources_claim_if_it_is_news() -> None:
    claim = NOW - timedelta(hours=1)
    assert updated_at(known(1), article(updated=claim), NOW) == claim
    assert updated_at(known(1), article(updated=NOW - timedelta(days=3)), NOW) == NOW
    assert updated_at(known(1), article(), NOW) == NOW
    assert updated_at(known(1, state="retracted"), article(updated=claim), NOW) == NOW


def test_updated_never_goes_back() -> None:
    ahead = NOW + timedelta(hours=1)
    assert updated_at(known(1, updated=ahead), article(), NOW) == ahead


def test_the_sources_own_iri_comes_first() -> None:
    first, second, *spare = ids("feeds.example,2026", "spring", keys("guid:a", iri="https://a.example/1"))
    assert first == "https://a.example/1"
    assert second.startswith("tag:feeds.example,2026:")
    assert len({first, second, *spare}) == len(spare) + 2


def test_the_same_source_and_item_give_the_same_id_in_every_store() -> None:
    mine = ids("feeds.example,2026", "spring", keys("guid:a"))
    assert mine == ids("feeds.example,2026", "spring", keys("guid:a", "url:x", item_hash="else"))
    assert mine[0] != ids("feeds.example,2026", "other", keys("guid:a"))[0]
    assert mine[0] != ids("feeds.example,2026", "spring", keys("guid:b"))[0]
