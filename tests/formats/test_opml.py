"""Does the OPML list name every feed, for every reader?"""

from typing import Any

import pytest
from lxml import etree

from feedsvc.errors import RenderError
from feedsvc.formats.opml import opml


def test_outlines_in_the_order_given(make_feed: Any) -> None:
    feeds = [make_feed("c/z", title='Z & "z"', language=None, description=""), make_feed("all", title="All")]
    root = etree.fromstring(opml("My <feeds>", feeds))
    assert root.get("version") == "2.0"
    assert root.findtext("head/title") == "My <feeds>"
    assert [dict(outline.attrib) for outline in root.findall("body/outline")] == [
        {
            "type": "rss",
            "text": 'Z & "z"',
            "title": 'Z & "z"',
            "xmlUrl": "https://feeds.example.org/c/z.rss",
            "htmlUrl": "https://feeds.example.org/c/z/",
        },
        {
            "type": "rss",
            "text": "All",
            "title": "All",
            "xmlUrl": "https://feeds.example.org/all.rss",
            "htmlUrl": "https://feeds.example.org/all/",
            "description": "News from everywhere",
            "language": "en",
        },
    ]


def test_no_feeds_is_a_document_too() -> None:
    assert etree.fromstring(opml("None", [])).find("body") is not None


def test_a_feed_that_cannot_be_listed_is_named(make_feed: Any) -> None:
    with pytest.raises(RenderError, match=r"^feed 'c/world' cannot be listed: "):
        opml("Feeds", [make_feed(title="bell \x07")])
