"""Do articles stand in a feed's window where readers will see them?"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.refine.order import Newcomer, flood_of, is_backlog, is_founder, places

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

dates = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (bounds are naive by contract)
batches = st.lists(dates, max_size=60).map(
    lambda given: [Newcomer(n=n, id=f"tag:{n}", published=when) for n, when in enumerate(given)]
)


def ranked(batch: list[Newcomer], **how: object) -> list[int]:
    given = places(batch, **({"flood": 5, "next_seq": 1} | how))  # type: ignore[arg-type]
    return [place.n for place in sorted(given, key=lambda place: -place.seq)]


def old(*days: int) -> list[Newcomer]:
    return [Newcomer(n=d, id=f"tag:{d}", published=NOW - timedelta(days=d)) for d in days]


def test_live_arrivals_take_the_next_numbers_by_date() -> None:
    given = places(old(3, 1, 2), backlog=False, founder=False, flood=5, next_seq=7)
    assert [(place.n, place.seq, place.first_seq) for place in given] == [(3, 7, 7), (2, 8, 8), (1, 9, 9)]


def test_a_founders_backlog_stands_by_date_below_what_arrives() -> None:
    given = places(old(3, 1, 2), backlog=True, founder=True, flood=5, next_seq=7)
    assert all(place.seq < 0 for place in given)
    assert ranked(old(3, 1, 2), backlog=True, founder=True) == [1, 2, 3]
    assert [place.first_seq for place in given] == [7, 8, 9]


def test_a_joiners_backlog_brings_a_tenth_and_fills_below_the_founders() -> None:
    batch = old(*range(1, 31))
    given = places(batch, backlog=True, founder=False, flood=5, next_seq=1)
    assert [place.n for place in given if place.seq > 0] == [5, 4, 3, 2, 1]
    oldest_founder = places(old(40_000), backlog=True, founder=True, flood=5, next_seq=1)[0]
    assert all(place.seq < oldest_founder.seq for place in given if place.seq < 0)


def test_the_smallest_window_still_shows_a_joiner() -> None:
    given = places(old(1, 2), backlog=True, founder=False, flood=1, next_seq=1)
    assert [place.n for place in given if place.seq > 0] == [1]


def test_who_brings_a_backlog_and_who_founded() -> None:
    assert is_backlog(None, NOW)
    assert is_backlog(NOW - timedelta(days=8), NOW)
    assert not is_backlog(NOW - timedelta(hours=1), NOW)
    assert is_founder(NOW, None, NOW)
    assert is_founder(NOW - timedelta(hours=2), NOW - timedelta(hours=1), NOW)
    assert not is_founder(NOW, NOW - timedelta(hours=1), NOW)
    assert not is_founder(NOW - timedelta(days=3), NOW - timedelta(days=2), NOW)


@given(batches, st.booleans(), st.booleans(), st.integers(1, 100))
def test_places_do_not_depend_on_the_order_of_arrival(
    batch: list[Newcomer], backlog: bool, founder: bool, limit: int
) -> None:
    forth = places(batch, backlog=backlog, founder=founder, flood=flood_of(None, limit), next_seq=5)
    back = places(batch[::-1], backlog=backlog, founder=founder, flood=flood_of(None, limit), next_seq=5)
    assert forth == back
    assert sorted(place.n for place in forth) == sorted(one.n for one in batch)
    assert [place.first_seq for place in forth] == list(range(5, 5 + len(batch)))
    assert all(-(1 << 63) < place.seq < 1 << 63 for place in forth)


@given(batches)
def test_a_later_date_never_stands_below_in_a_backlog(batch: list[Newcomer]) -> None:
    dated = {one.n: one.published.replace(microsecond=0) for one in batch}
    shown = [dated[n] for n in ranked(batch, backlog=True, founder=True)]
    assert shown == sorted(shown, reverse=True)
