"""Does the lint see how a feed is served?"""

from datetime import UTC, datetime

import pytest

from feedsvc.model import Document, NotModified, Validators
from feedsvc.validate import validate
from tests.validate.test_rss import ITEM, rss

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://news.example/rss"
HEADERS = {
    "content-type": "application/rss+xml; charset=utf-8",
    "etag": '"1"',
    "cache-control": "public, max-age=300",
    "vary": "Accept-Encoding",
}
SAME = NotModified(url=URL, status=304, validators=Validators())


def codes(again: Document | NotModified | None = SAME, url: str = URL, **headers: str | None) -> list[str]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in (HEADERS | given).items() if value is not None}
    document = Document(url=url, body=rss(ITEM).encode(), headers=sent)
    return [one.code for one in validate(document, now=NOW, again=again, fetched=True).findings]


def test_a_feed_that_is_served_well() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"content_type": "text/xml; charset=utf-8"}, ["http-type"]),
        ({"content_type": "text/html; charset=utf-8"}, ["http-type-wrong"]),
        ({"content_type": None}, ["http-type-wrong"]),
        ({"content_type": "application/rss+xml; charset=iso-8859-1"}, ["http-charset"]),
        ({"content_type": "application/rss+xml"}, []),
        ({"cache_control": None}, ["http-cache"]),
        ({"cache_control": None, "expires": "0"}, []),
        ({"cache_control": "private, no-store"}, ["http-no-store"]),
        ({"etag": None}, ["http-validators"]),
        ({"vary": "Accept-Encoding, Cookie"}, ["http-vary"]),
    ],
)
def test_headers(headers: dict[str, str | None], found: list[str]) -> None:
    assert codes(**headers) == found


def test_what_comes_when_it_is_asked_for_again() -> None:
    assert codes(NotModified(url=URL, status=200, validators=Validators())) == ["http-not-304"]
    assert codes(Document(url=URL, body=b"")) == ["http-unstable"]
    assert codes(Document(url=URL, body=b""), etag=None) == ["http-validators"]


def test_the_feed_is_where_it_says_to_be() -> None:
    assert codes(url="https://news.example/rss?x=1") == ["self-differs"]


def test_a_file_is_not_served() -> None:
    document = Document(url="", body=rss(ITEM).encode())
    assert validate(document, now=NOW).findings == ()
