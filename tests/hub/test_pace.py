"""Are waits as long as they should be, whatever numbers come in?"""

from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.hub import pace

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_a_dead_subscriber_is_tried_some_ten_times_in_a_day() -> None:
    now, failing, tries = NOW, None, 0
    while not pace.is_given_up(failing, now):
        failing = failing or now
        now = pace.again(now, tries)
        tries += 1
    assert tries == 9
    assert timedelta(hours=24) <= now - NOW <= timedelta(hours=31)


def test_who_asks_for_time_gets_it_within_reason() -> None:
    assert pace.again(NOW, 0) == NOW + timedelta(minutes=1)
    assert pace.again(NOW, 0, asked_for=timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert pace.again(NOW, 0, asked_for=timedelta(days=365)) == NOW + timedelta(hours=6)
    assert pace.again(NOW, 10**9) == NOW + timedelta(hours=6)
    assert pace.ask_again(NOW, 10**9) == NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [
        ("864000", timedelta(days=10)),
        ("1", pace.SHORTEST_LEASE),
        ("9" * 5_000, pace.LONGEST_LEASE),
        ("7777777777", pace.LONGEST_LEASE),
        ("0", pace.USUAL_LEASE),
        ("", pace.USUAL_LEASE),
        (None, pace.USUAL_LEASE),
        ("-5", pace.USUAL_LEASE),
        ("soon", pace.USUAL_LEASE),
        ("٣", pace.USUAL_LEASE),
    ],
)
def test_what_a_hub_calls_a_lease(seconds: str | None, lease: timedelta) -> None:
    assert pace.agreed_lease(seconds) == lease


@pytest.mark.parametrize("lease", [timedelta(minutes=1), timedelta(days=10), timedelta(days=90)])
def test_a_lease_is_renewed_before_it_ends(lease: timedelta) -> None:
    spare = NOW + lease - pace.renewal(NOW, lease)
    assert lease / 45 <= spare <= lease / 10
