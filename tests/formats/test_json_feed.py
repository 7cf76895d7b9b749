"""Is the document a JSON Feed 1.1, field by field?"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from feedsvc.formats import render
from feedsvc.model import Entry

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))

# From the specification: each field's type, and which are required.
FEED = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "next_url": str,
    "icon": str,
    "favicon": str,
    "language": str,
    "hubs": list,
    "items": list,
}
ITEM = {
    "id": str,
    "url": str,
    "title": str,
    "content_html": str,
    "summary": str,
    "image": str,
    "date_published": str,
    "date_modified": str,
    "authors": list,
    "tags": list,
    "language": str,
    "attachments": list,
}
AUTHOR = {"name": str, "url": str}
ATTACHMENT = {"url": str, "mime_type": str, "title": str, "size_in_bytes": int, "duration_in_seconds": int}
HUB = {"type": str, "url": str}


def check(value: dict[str, Any], fields: Mapping[str, type], *required: str) -> None:
    assert set(required) <= set(value)
    for name, inner in value.items():
        assert name.startswith("_") or type(inner) is fields[name], name
        assert inner or name == "items", name


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_golden_has_the_fields_of_the_specification(path: Path) -> None:
    feed = json.loads(path.read_bytes())
    check(feed, FEED, "version", "title", "items")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    for hub in feed.get("hubs", ()):
        check(hub, HUB, "type", "url")
    for item in feed["items"]:
        check(item, ITEM, "id", "content_html", "_source")
        for author in item.get("authors", ()):
            check(author, AUTHOR, "name")
        for attachment in item.get("attachments", ()):
            check(attachment, ATTACHMENT, "url", "mime_type")
        assert datetime.fromisoformat(item["date_published"]).tzinfo is not None


def test_there_are_goldens() -> None:
    assert len(GOLDEN) > 5


def test_everything_an_article_has(make_feed: Any, full_entry: Entry) -> None:
    (item,) = json.loads(render("json", make_feed(), [full_entry]).body)["items"]
    assert item == {
        "id": "https://news.example.com/full",
        "url": "https://news.example.com/full",
        "title": "Everything an article can have",
        "content_html": "<p>Content 1</p>",
        "summary": "Summary 1",
        "image": "https://cdn.example.com/lead.jpg",
        "date_published": "2025-03-01T09:30:00Z",
        "date_modified": "2025-03-03T08:30:00Z",
        "authors": [{"name": "Ada Lovelace", "url": "https://example.com/ada"}, {"name": "Grace Hopper"}],
        "tags": ["science", "R&D"],
        "language": "en-GB",
        "attachments": [
            {
                "url": "https://cdn.example.com/1.mp3",
                "mime_type": "audio/mpeg",
                "title": "Talk",
                "size_in_bytes": 1234,
                "duration_in_seconds": 61,
            },
            {"url": "https://cdn.example.com/slides.PDF?v=1", "mime_type": "application/pdf"},
            {
                "url": "https://cdn.example.com/talk.mp4",
                "mime_type": "video/mp4",
                "size_in_bytes": 99,
                "duration_in_seconds": 62,
            },
        ],
        "_source": {
            "id": "example-news",
            "title": "Example News",
            "url": "https://news.example.com/",
            "feed_url": "https://news.example.com/feed.xml",
        },
        "_via": {"title": "The Wire", "url": "https://wire.example.net/feed"},
        "_rights": "© 2025 Example",
    }


def test_feed_says_where_it_is(make_feed: Any) -> None:
    links = {"hub": "https://hub.example.org/", "prev-archive": "https://feeds.example.org/3.json"}
    feed = json.loads(
        render("json", make_feed(icon_url="https://feeds.example.org/i.png"), [], links=links).body
    )
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "World",
        "home_page_url": "https://feeds.example.org/c/world/",
        "feed_url": "https://feeds.example.org/c/world.json",
        "description": "News from everywhere",
        "next_url": "https://feeds.example.org/3.json",
        "icon": "https://feeds.example.org/i.png",
        "favicon": "https://feeds.example.org/i.png",
        "language": "en",
        "hubs": [{"type": "WebSub", "url": "https://hub.example.org/"}],
        "items": [],
    }


def test_letters_are_written_as_they_are(make_feed: Any, make_entry: Any) -> None:
    assert "Grüße, 世界 😀".encode() in render("json", make_feed(), [make_entry(title="Grüße, 世界 😀")]).body
