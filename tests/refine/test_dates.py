"""Which moment does a written date name, and does it name its zone?"""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.refine.dates import read_date


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24T10:30:00Z", "2026-11-24T10:30:00+00:00"),
        ("2026-11-24T10:30:00.123+01:00", "2026-11-24T10:30:00+01:00"),
        ("2026-11-24t10:30z", "2026-11-24T10:30:00+00:00"),
        ("2026-11-24 10:30:00 +0100", "2026-11-24T10:30:00+01:00"),
        ("2026-11-24T10:30:00−03:30", "2026-11-24T10:30:00-03:30"),
        ("20261124T103000Z", "2026-11-24T10:30:00+00:00"),
        ("2026-11-24T1030+01", "2026-11-24T10:30:00+01:00"),
        ("2026/11/24 10:30 GMT", "2026-11-24T10:30:00+00:00"),
        ("Tue, 24 Nov 2026 10:30:00 GMT", "2026-11-24T10:30:00+00:00"),
        ("Tue, 24 Nov 2026 10:30:00 -0000", "2026-11-24T10:30:00+00:00"),
        ("Tue,24 Nov 2026 10:30:60 +0100 (CET)", "2026-11-24T10:30:59+01:00"),
        ("24 Nov 26 10:30 EST", "2026-11-24T10:30:00-05:00"),
        ("24 Nov 98 10:30 UT", "1998-11-24T10:30:00+00:00"),
        ("Tuesday, 24-Nov-26 10:30:00 PDT", "2026-11-24T10:30:00-07:00"),
        ("Tue, 24 Jul 2026 10:30:00 CEST", "2026-07-24T10:30:00+02:00"),
        ("Tue, 24 Nov 2026 10:30:00 GMT+1", "2026-11-24T10:30:00+01:00"),
        ("Tue, 24 Nov 2026 10:30:00 Etc/GMT", "2026-11-24T10:30:00+00:00"),
        ("Tue Nov 24 10:30:00 UTC 2026", "2026-11-24T10:30:00+00:00"),
        ("Nov 24, 2026 10:30 PM EDT", "2026-11-24T22:30:00-04:00"),
        ("November 24th, 2026 at 12:05 a.m. JST", "2026-11-24T00:05:00+09:00"),
        ("mer, 25 nov 2026 10:30:00 +0100", "2026-11-25T10:30:00+01:00"),
        ("24. März 2026 10:30:00 +0100", "2026-03-24T10:30:00+01:00"),
        ("jeu., 24 déc. 2026 10:30:00 +0100", "2026-12-24T10:30:00+01:00"),
        ("24 juil. 2026 10:30 +0200", "2026-07-24T10:30:00+02:00"),
        ("24 juin 2026 10:30 +0200", "2026-06-24T10:30:00+02:00"),
    ],
)
def test_with_a_zone(text: str, moment: str) -> None:
    assert read_date(f" {text}\n") == at(moment)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24T10:30:00", "2026-11-24T10:30:00"),
        ("2026-11-24 10:30", "2026-11-24T10:30:00"),
        ("2026-11-24", "2026-11-24T00:00:00"),
        ("2026-11", "2026-11-01T00:00:00"),
        ("2026", "2026-01-01T00:00:00"),
        ("20261124", "2026-11-24T00:00:00"),
        ("24 Nov 2026", "2026-11-24T00:00:00"),
        ("Tue, 24 Nov 2026 10:30:00", "2026-11-24T10:30:00"),
        ("Tue, 24 Nov 2026 10:30:00 QQQ", "2026-11-24T10:30:00"),
        ("Tue Nov 24 10:30:00 2026", "2026-11-24T10:30:00"),
        ("Sat, Dec 16 2023 02:02:33 PM", "2023-12-16T14:02:33"),
    ],
)
def test_without_a_zone_that_is_known(text: str, moment: str) -> None:
    found = read_date(text)
    assert found == at(moment)
    assert found.tzinfo is None


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "soon",
        "12",
        "31 Feb 2026 10:00:00 GMT",
        "2026-13-01",
        "2026-11-24T25:00:00Z",
        "24 Foo 2026",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1970-01-01",
        "1970-01-01T01:00:00+01:00",
        "0001-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "2026-11-24T10:30:00+99:99",
        "1" * 1_000,
    ],
)
def test_no_date(text: str | None) -> None:
    assert read_date(text) is None


@settings(max_examples=150, deadline=None, database=None)
@given(
    st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2089, 12, 31)),  # noqa: DTZ001 zones are added
    st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters))),
    st.sampled_from(["%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z", "%B %d, %Y %I:%M:%S %p %z"]),
)
def test_what_was_written_is_read(moment: datetime, zone: timezone, form: str) -> None:
    written = moment.replace(microsecond=0, tzinfo=zone)
    assert read_date(written.strftime(form)) == written


@settings(max_examples=200, deadline=None, database=None)
@given(st.text("0123456789 -+:.,/TZaAmMpPnNoOvVgGtT", max_size=30))
def test_nothing_makes_it_fail(text: str) -> None:
    found = read_date(text)
    assert found is None or found.replace(tzinfo=found.tzinfo or UTC).year > 0
