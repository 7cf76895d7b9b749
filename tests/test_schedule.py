"""Is the next check when it should be, with its reason?"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.schedule import after_failure, after_success

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def test_a_success_waits_about_one_interval() -> None:
    check = after_success("spring", QUARTER, NOW)
    assert 0.9 * QUARTER <= check.at - NOW <= 1.1 * QUARTER
    assert check.reason == "every 15m"


def test_sources_spread_out() -> None:
    times = {after_success(f"s{number}", QUARTER, NOW).at for number in range(100)}
    assert len(times) == 100
    assert max(times) - min(times) > 0.15 * QUARTER


def test_failures_back_off_to_a_day() -> None:
    waits = [after_failure("spring", QUARTER, NOW, failures=n).at - NOW for n in range(1, 30)]
    assert 0.9 * 2 * QUARTER <= waits[0] <= 1.1 * 2 * QUARTER
    assert 0.9 * 8 * QUARTER <= waits[2] <= 1.1 * 8 * QUARTER
    assert max(waits) <= 1.1 * timedelta(days=1)
    assert min(waits[8:]) >= 0.9 * timedelta(days=1)


def test_a_rare_source_does_not_come_sooner_for_failing() -> None:
    week = timedelta(days=7)
    assert after_failure("spring", week, NOW, failures=9).at - NOW >= 0.9 * week


def test_retry_after_is_kept_within_reason() -> None:
    asked = after_failure("spring", QUARTER, NOW, failures=1, retry_after=timedelta(hours=5))
    assert (asked.at, asked.reason) == (NOW + timedelta(hours=5), "asked for by Retry-After")
    soon = after_failure("spring", QUARTER, NOW, failures=1, retry_after=timedelta(seconds=1))
    assert soon.at - NOW >= 0.9 * 2 * QUARTER
    for_ever = after_failure("spring", QUARTER, NOW, failures=1, retry_after=timedelta(days=999))
    assert for_ever.at == NOW + timedelta(days=7)


@given(st.text(), st.integers(1, 10_000), st.integers(1, 90 * 86_400))
def test_the_next_check_is_always_later(source_id: str, failures: int, seconds: int) -> None:
    every = timedelta(seconds=seconds)
    assert after_success(source_id, every, NOW).at > NOW
    assert after_failure(source_id, every, NOW, failures=failures).at > NOW
