"""Is Retry-After understood in all its forms, and never believed beyond reason?"""

from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.fetch.answer import conditional_headers, retry_after
from feedsvc.model import Validators

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("0", timedelta(0)),
        (" 90 ", timedelta(seconds=90)),
        ("86400", timedelta(days=1)),
        ("99999999", YEAR),
        ("9" * 10, YEAR),
        ("9" * 5000, YEAR),
        ("Sun, 01 Mar 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Sunday, 01-Mar-26 12:00:30 GMT", timedelta(seconds=30)),
        ("Sun, 01 Mar 2026 13:00:30 +0100", timedelta(seconds=30)),
        ("Sun, 01 Mar 2026 12:00:30 -0000", timedelta(seconds=30)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("Sun, 01 Mar 9999 11:00:00 GMT", YEAR),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("٣", None),
        ("soon", None),
        ("Sun, 99 Foo 2026", None),
        ("Sun, 01 Mar 99999999999999999999 11:00:00 GMT", None),
        ("120, 240", None),
    ],
)
def test_retry_after(value: str, wait: timedelta | None) -> None:
    assert retry_after(value, now=NOW) == wait


def test_only_what_is_known_is_asked_for() -> None:
    assert conditional_headers(None) == {}
    assert conditional_headers(Validators(body_hash="h", fingerprint="f")) == {}
    assert conditional_headers(Validators(etag='"1"')) == {"If-None-Match": '"1"'}
    assert conditional_headers(Validators(last_modified="x")) == {"If-Modified-Since": "x"}
