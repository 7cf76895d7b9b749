"""Does the lint find in JSON Feed what is wrong there, and on which line?"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from feedsvc.model import Document
from feedsvc.validate import RULES, Report, json_feed, schema, validate
from feedsvc.validate.json_lines import lines
from feedsvc.validate.values import KINDS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def item(**changes: Any) -> dict[str, Any]:
    given = {
        "id": "tag:news.example,2026:1",
        "url": "https://news.example/1",
        "title": "One",
        "content_html": "<p>Text</p>",
        "date_published": "2026-03-01T09:00:00Z",
    }
    return {name: value for name, value in (given | changes).items() if value is not ...}


def feed(*items: Any, **changes: Any) -> dict[str, Any]:
    given = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "home_page_url": "https://news.example/",
        "feed_url": "https://news.example/json",
        "items": list(items) or [item()],
    }
    return {name: value for name, value in (given | changes).items() if value is not ...}


def report(value: object) -> Report:
    text = value if isinstance(value, str) else json.dumps(value)
    return validate(Document(url="", body=text.encode()), now=NOW)


def codes(value: object) -> list[str]:
    return [one.code for one in report(value).findings]


def test_a_good_feed_is_valid() -> None:
    assert report(feed()) == Report(kind="JSON Feed 1.1", entries=1, findings=())


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"title": ...}, ["missing"]),
        ({"items": ...}, ["missing"]),
        ({"items": {}}, ["json-type"]),
        ({"title": 5}, ["json-type"]),
        ({"feed_url": ...}, ["self-missing"]),
        ({"feed_url": "/json"}, ["url"]),
        ({"home_page_url": ...}, ["missing-advised"]),
        ({"next_url": "https://news.example/json"}, ["json-next"]),
        ({"version": "http://jsonfeed.org/version/1.1"}, ["json-version"]),
        ({"author": {"name": "Ada"}}, ["json-old"]),
        ({"authors": [{}]}, ["blank"]),
        ({"authors": {"name": "Ada"}}, ["json-type"]),
        ({"expired": "no"}, ["json-type"]),
        ({"expired": True}, []),
        ({"hubs": [{"type": "WebSub"}]}, ["missing"]),
        ({"language": "English, please"}, ["language"]),
        ({"_source": {"id": 1}}, []),
        ({"subtitle": "a"}, ["json-key-unknown"]),
    ],
)
def test_a_feed(changes: dict[str, Any], found: list[str]) -> None:
    assert codes(feed(**changes)) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"id": ...}, ["missing"]),
        ({"id": 5}, ["json-type"]),
        ({"id": ""}, ["blank"]),
        ({"content_html": ...}, ["missing"]),
        ({"content_html": ..., "content_text": "Text"}, []),
        ({"content_html": "<p onclick='a'>x</p>"}, ["script"]),
        ({"content_html": "<a href='/a'>x</a>"}, ["url-inside"]),
        ({"content_html": "<?xml version='1.0' encoding='utf-8'?><script>x</script>"}, ["script"]),
        ({"content_html": "half \ud83d <script>x</script>"}, ["characters", "script"]),
        ({"title": "<b>One</b>"}, ["html-in-words"]),
        ({"date_published": ...}, ["missing-advised"]),
        ({"date_published": "2026-03-01"}, ["date"]),
        ({"date_modified": "2027-03-01T09:00:00Z"}, ["date-future"]),
        ({"tags": "a, b"}, ["json-type"]),
        ({"tags": ["a", 5]}, ["json-type"]),
        ({"attachments": [{"url": "https://a.example/a.mp3"}]}, ["missing"]),
        (
            {
                "attachments": [
                    {"url": "https://a.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": "5"}
                ]
            },
            ["json-type"],
        ),
        (
            {"attachments": [{"url": "https://a.example/a.mp3", "mime_type": "mp3", "size_in_bytes": -5}]},
            ["media-type", "number"],
        ),
        ({"image": None}, ["json-type"]),
    ],
)
def test_an_item(changes: dict[str, Any], found: list[str]) -> None:
    assert sorted(codes(feed(item(**changes)))) == sorted(found)


def test_a_finding_says_where() -> None:
    text = json.dumps(feed(item(), item()), indent=1)
    (twice,) = report(text).findings
    assert (twice.code, twice.place) == ("id-twice", "items[1].id")
    assert text.splitlines()[twice.line - 1].strip() == '"id": "tag:news.example,2026:1",'  # type: ignore[operator]
    assert codes(feed(5)) == ["json-type"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not-json"),
        ("[" * 100_000, "not-json"),
        ('{"version": ' + "9" * 5_000 + "}", "not-json"),
        ("[]", "no-feed"),
        ('{"version": "2"}', "no-feed"),
    ],
)
def test_what_is_no_feed(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_a_key_that_stands_twice() -> None:
    (found,) = report(
        json.dumps(feed(language="en")).replace('"language"', '"title": "a",\n"language"')
    ).findings
    assert (found.code, found.line, found.place) == ("json-key-twice", 1, "title")


def test_lines_of_all_that_has_one() -> None:
    text = '{"a":\n[1, "x\\"]",\n{"b": "c\\n",\n"d": []}],\n"e": {}}'
    found = lines(text)
    paths = {("a",): 1, ("a", 1): 2, ("a", 2): 3, ("a", 2, "b"): 3, ("a", 2, "d"): 4, ("e",): 5, ("a", 0): 1}
    assert {path: found.of(path) for path in paths} == paths
    assert found.of(("nowhere", 3)) == 1


def parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "type" in value and isinstance(value["type"], str):
            yield value
        for one in value.values():
            yield from parts(one)


def test_the_schema_says_only_what_is_understood() -> None:
    whole = json_feed.schema()
    found = list(parts(whole))
    assert len(found) > 40
    for part in found:
        assert part.keys() <= schema.KEYWORDS
        assert part.get("format", "any") in KINDS


def test_every_rule_says_what_to_do() -> None:
    assert all(rule.says and rule.do.endswith((".", "?")) for rule in RULES.values())
