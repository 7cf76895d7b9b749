"""When was an article published and last changed, as far as we believe its source?"""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from feedsvc.refine.moment import Moments, moments

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=3)


def believed(published: datetime | None, updated: datetime | None = None, zone: str = "UTC") -> Moments:
    return moments(published, updated, zone=zone, now=NOW)


def test_a_date_with_a_zone() -> None:
    there = datetime(2026, 11, 24, 10, 0, 0, 999, tzinfo=timezone(timedelta(hours=1)))
    assert believed(there) == Moments(published=EARLIER, updated=None, flag="")


def test_a_date_without_a_zone_is_in_that_of_the_source() -> None:
    there = datetime(2026, 11, 24, 10)  # noqa: DTZ001 what is tested
    assert believed(there, zone="Europe/Paris") == Moments(published=EARLIER, updated=None, flag="zoneless")
    summer = datetime(2026, 7, 24, 10)  # noqa: DTZ001 what is tested
    assert believed(summer, zone="Europe/Paris").published == datetime(2026, 7, 24, 8, tzinfo=UTC)


def test_no_date_is_now() -> None:
    assert believed(None) == Moments(published=NOW, updated=None, flag="undated")


@pytest.mark.parametrize(
    ("ahead", "flag"),
    [(timedelta(minutes=9), ""), (timedelta(minutes=11), "future"), (timedelta(days=900), "future")],
)
def test_no_article_is_from_the_future(ahead: timedelta, flag: str) -> None:
    found = believed(NOW + ahead)
    assert (found.published, found.flag) == (NOW, flag)


def test_only_a_date_of_change() -> None:
    assert believed(None, EARLIER) == Moments(published=EARLIER, updated=None, flag="")


@pytest.mark.parametrize(
    ("updated", "kept"),
    [
        (EARLIER + timedelta(hours=1), True),
        (EARLIER, False),
        (EARLIER - timedelta(days=1), False),
        (NOW, True),
        (NOW + timedelta(seconds=1), False),
    ],
)
def test_a_change_is_after_publication_and_not_in_the_future(updated: datetime, kept: bool) -> None:
    assert believed(EARLIER, updated).updated == (updated if kept else None)


def test_what_no_calendar_has_is_no_date() -> None:
    beyond = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))
    before = datetime(1, 1, 1, 1, tzinfo=timezone(timedelta(hours=12)))
    assert believed(beyond).flag == believed(before).flag == "undated"
