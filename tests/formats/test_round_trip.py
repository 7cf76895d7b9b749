"""Does a subscriber's parser read back what was published?"""

import json
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from lxml import etree

from feedsvc.formats import document, render
from feedsvc.formats.document import Item
from feedsvc.model import Entry, Format

CASES = ("bare", "full", "links", "nasty", "plain", "podcast", "private", "rtl")
XML: tuple[Format, ...] = ("rss", "atom")


def read(body: bytes) -> Any:
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def moment(parts: Any) -> datetime:
    return datetime(*parts[:6], tzinfo=UTC)


def texts(item: Item, form: Format) -> tuple[str, str]:
    """What feedparser calls summary and content."""
    if item.content and item.summary:
        return item.summary, item.content
    if form == "rss" or (item.summary and item.link):
        return item.content or item.summary, ""
    only = (
        item.content
        or item.summary
        or item.title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    return only, only


def compare(got: Any, item: Item, form: Format) -> None:
    assert got.title == item.title
    assert got.title_detail.type == "text/plain" or form == "rss"
    assert got.id == item.id
    assert moment(got.published_parsed) == item.published
    assert moment(got.updated_parsed) == item.updated
    # An episode names its author twice, in iTunes' words too.
    names = dict.fromkeys(author.name for author in got.get("authors", ()))
    assert list(names) == [author.name for author in item.authors]
    assert [tag.term for tag in got.get("tags", ())] == list(item.tags)
    assert got.get("rights") == item.rights
    contents = got.get("content", ())
    summary, content = texts(item, form)
    if item.podcast and item.podcast.summary:  # feedparser puts what iTunes was told above
        summary = item.podcast.summary
    assert (got.get("summary", ""), contents[0].value if contents else "") == (summary, content)
    links = {link.rel: link.href for link in got.get("links", ())}
    assert links.get("alternate") == item.link
    assert links.get("via") == item.via


def compare_media(got: Any, item: Item, form: Format) -> None:
    files = [(file.href, file.type, int(file.get("length") or 0)) for file in got.get("enclosures", ())]
    media = [(m["url"], m.get("type"), int(m.get("filesize", 0))) for m in got.get("media_content", ())]
    want = [(file.url, file.type, file.length) for file in item.attachments]
    images = [(item.image.url, None, 0)] if item.image else []
    if form == "rss":
        assert (files, media) == (want[:1], want[1:] + images)
    else:
        assert (files, media) == (want, images)
    assert [m["url"] for m in got.get("media_thumbnail", ())] == [url for url, _, _ in images]


@pytest.mark.parametrize("form", XML)
@pytest.mark.parametrize("name", CASES)
def test_xml_is_read_back_equal(name: str, form: Format, all_cases: dict[str, Any]) -> None:
    case = all_cases[name]
    parsed = read(render(form, case.feed, case.entries, links=case.links).body)
    items, _ = document.items(case.entries)
    assert len(parsed.entries) == len(case.entries) > 0
    for got, item in zip(parsed.entries, items, strict=True):
        compare(got, item, form)
        compare_media(got, item, form)
    assert parsed.feed.title == case.feed.title
    assert parsed.feed.link == case.feed.page_url
    assert moment(parsed.feed.updated_parsed) == case.feed.updated
    assert parsed.feed.get("language") == case.feed.language
    links = {link.rel: link.href for link in parsed.feed.links}
    own = {"self": case.feed.urls[form]} if case.feed.urls else {}
    assert links == {"alternate": case.feed.page_url, **own, **case.links}


@pytest.mark.parametrize("name", CASES)
def test_json_is_read_back_equal(name: str, all_cases: dict[str, Any]) -> None:
    case = all_cases[name]
    parsed = json.loads(render("json", case.feed, case.entries).body)
    items, _ = document.items(case.entries)
    for got, item in zip(parsed["items"], items, strict=True):
        assert (got["id"], got.get("url"), got["title"]) == (item.id, item.link, item.title)
        assert got["content_html"] == (item.content or texts(item, "atom")[0])
        assert datetime.fromisoformat(got["date_published"]) == item.published
        assert datetime.fromisoformat(got["date_modified"]) == item.updated
        assert got.get("tags", []) == list(item.tags)
        assert [author["name"] for author in got.get("authors", [])] == [
            author.name for author in item.authors
        ]
        assert [file["url"] for file in got.get("attachments", [])] == [file.url for file in item.attachments]


def test_items_keep_the_words_of_the_article(nasty_entries: tuple[Entry, ...]) -> None:
    items, dropped = document.items(nasty_entries)
    assert dropped == []
    articles = {entry.id: entry.article for entry in nasty_entries}
    for item in items:
        article = articles[item.id]
        assert (item.title, item.content, item.summary) == (article.title, article.content, article.summary)


def test_script_in_a_title_stays_text_for_a_reader_that_sanitises(
    nasty_entries: tuple[Entry, ...], make_feed: Any
) -> None:
    parsed = feedparser.parse(render("atom", make_feed(), nasty_entries).body)
    assert "<script>alert(1)</script>" in [entry.title for entry in parsed.entries]


@pytest.mark.parametrize("form", XML)
def test_entries_name_their_origin(form: Format, make_entry: Any, make_origin: Any, make_feed: Any) -> None:
    nameless = make_entry(origin=make_origin(link=None, feed_url=None))
    with_feed, without = (
        read(render(form, make_feed(), [e]).body).entries[0] for e in (make_entry(), nameless)
    )
    assert with_feed.source.title == "Example News"
    if form == "rss":
        assert with_feed.source.href == "https://news.example.com/feed.xml"
        assert "source" not in without
    else:
        assert with_feed.source.id == without.source.id == "https://news.example.com/feed.xml"
        assert [link.rel for link in with_feed.source.links] == ["self", "alternate"]
        assert "links" not in without.source


def test_an_entry_without_author_is_its_sources_not_the_sites(make_entry: Any, make_feed: Any) -> None:
    body = render("atom", make_feed(), [make_entry()]).body
    namespace = {"a": "http://www.w3.org/2005/Atom"}
    root = etree.fromstring(body)
    assert root.findtext("a:author/a:name", namespaces=namespace) == "Example feeds"
    assert root.findtext("a:entry/a:source/a:author/a:name", namespaces=namespace) == "Example News"
    assert "authors" not in read(body).entries[0]


def test_a_link_to_a_paper_is_read_back(make_entry: Any, make_feed: Any) -> None:
    body = render("atom", make_feed(), [make_entry(link="https://papers.example.com/1.pdf")]).body
    (entry,) = feedparser.parse(body).entries
    assert entry.link == "https://papers.example.com/1.pdf"
