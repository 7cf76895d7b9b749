"""Is the next check when it should be, with its reason?"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import NextCheck, Push
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


# ---- while a hub pushes -----------------------------------------------------------------------------

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def pushed(
    *, every: timedelta = QUARTER, until: timedelta = 9 * DAY, last: timedelta | None, new: timedelta | None
) -> NextCheck:
    """The next check where the hub last pushed, and something new was last found, so long ago."""
    push = Push(until=NOW + until, last=None if last is None else NOW - last)
    return after_success("spring", every, NOW, push=push, last_new=None if new is None else NOW - new)


def test_a_source_whose_hub_pushes_is_looked_at_once_a_day() -> None:
    check = pushed(last=5 * HOUR, new=4.9 * HOUR)
    assert 0.9 * DAY <= check.at - NOW <= 1.1 * DAY
    assert check.reason == "its hub pushes, this is only to make sure"
    week = pushed(every=7 * DAY, last=5 * HOUR, new=4.9 * HOUR)
    assert week.at - NOW >= 0.9 * 7 * DAY


def test_but_not_beyond_the_end_of_its_lease() -> None:
    assert pushed(until=2 * HOUR, last=5 * HOUR, new=4.9 * HOUR).at == NOW + 2 * HOUR
    assert pushed(until=timedelta(seconds=1), last=5 * HOUR, new=4.9 * HOUR).at == NOW + QUARTER


def test_a_hub_that_only_promises_changes_nothing() -> None:
    check = pushed(last=None, new=HOUR)
    assert 0.9 * QUARTER <= check.at - NOW <= 1.1 * QUARTER
    assert check.reason == "every 15m: its hub has agreed to push, but did not yet"


def test_nor_does_one_whose_lease_has_ended() -> None:
    assert pushed(until=timedelta(0), last=HOUR, new=HOUR).reason == "every 15m"
    assert after_success("spring", QUARTER, NOW, push=Push(last=NOW)).reason == "every 15m"


def test_what_is_found_and_was_not_pushed_brings_the_old_pace_back() -> None:
    check = pushed(last=20 * HOUR, new=timedelta(0))
    assert 0.9 * QUARTER <= check.at - NOW <= 1.1 * QUARTER
    assert check.reason == "every 15m: its hub did not push what is new"
    assert pushed(last=20 * HOUR, new=5 * HOUR).reason == check.reason
    assert pushed(last=HOUR, new=5 * HOUR).reason != check.reason  # it pushes again


def test_after_a_push_that_brought_nothing_it_is_looked_for_a_while() -> None:
    check = pushed(last=timedelta(minutes=10), new=9 * DAY)
    assert 0.9 * QUARTER <= check.at - NOW <= 1.1 * QUARTER
    assert check.reason == "every 15m: its hub pushed, but nothing new is there yet"
    assert pushed(last=2 * HOUR, new=9 * DAY).at - NOW > 0.8 * DAY  # it was a change, or nothing
    assert pushed(last=timedelta(minutes=50), new=timedelta(0)).at - NOW > 0.8 * DAY  # and there it is


@given(
    every=st.timedeltas(min_value=timedelta(seconds=1), max_value=30 * DAY),
    until=st.none() | st.timedeltas(min_value=-400 * DAY, max_value=400 * DAY),
    last=st.none() | st.timedeltas(min_value=-HOUR, max_value=400 * DAY),
    new=st.none() | st.timedeltas(min_value=timedelta(0), max_value=400 * DAY),
)
def test_a_push_never_makes_a_check_come_sooner_nor_never(
    every: timedelta, until: timedelta | None, last: timedelta | None, new: timedelta | None
) -> None:
    push = Push(until=None if until is None else NOW + until, last=None if last is None else NOW - last)
    last_new = None if new is None else NOW - new
    at = after_success("s", every, NOW, push=push, last_new=last_new).at
    assert 0.9 * every <= at - NOW <= 1.1 * max(every, DAY)
