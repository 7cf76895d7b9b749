"""Is every document free of what feedgen does by itself?"""

import locale
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from lxml import etree

from feedsvc.errors import RenderError
from feedsvc.formats import render
from feedsvc.model import FORMATS, Author, Enclosure, Entry, Format, Podcast

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture
def feed(make_feed: Any) -> Any:
    return make_feed()


def tree(form: Format, feed: Any, *entries: Entry, **links: str) -> Any:
    body, dropped = render(form, feed, entries, links={k.replace("_", "-"): v for k, v in links.items()})
    assert dropped == ()
    return etree.fromstring(body)


def test_atom_entry_links_keep_their_attributes(feed: Any, full_entry: Entry) -> None:
    links = [dict(link.attrib) for link in tree("atom", feed, full_entry).findall("a:entry/a:link", NS)]
    assert links == [
        {
            "rel": "alternate",
            "href": "https://news.example.com/full",
            "type": "text/html",
            "hreflang": "en-GB",
        },
        {
            "rel": "enclosure",
            "href": "https://cdn.example.com/1.mp3",
            "type": "audio/mpeg",
            "length": "1234",
            "title": "Talk",
        },
        {"rel": "enclosure", "href": "https://cdn.example.com/slides.PDF?v=1", "type": "application/pdf"},
        {"rel": "enclosure", "href": "https://cdn.example.com/talk.mp4", "type": "video/mp4", "length": "99"},
        {"rel": "via", "href": "https://wire.example.net/feed", "title": "The Wire"},
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_the_clock_changes_nothing(form: Format, feed: Any, full_entry: Entry) -> None:
    bodies = set()
    for year in (2025, 2031):
        with time_machine.travel(datetime(year, 5, 5, tzinfo=UTC), tick=False):
            bodies.add(
                render(
                    form,
                    feed,
                    [
                        full_entry,
                    ],
                ).body
            )
    assert len(bodies) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_order_of_the_entries_given_changes_nothing(form: Format, feed: Any, make_entry: Any) -> None:
    same = datetime(2025, 1, 1, tzinfo=UTC)
    entries = [make_entry(n) for n in range(1, 4)] + [
        make_entry(id=f"tag:x,2025:{c}", published=same) for c in "ab"
    ]
    body = render(form, feed, entries).body
    assert render(form, feed, entries[::-1]).body == body
    order = ["2025:3<", "2025:2<", "2025:1<", "2025:b<", "2025:a<"]
    places = [body.find(mark.rstrip("<").encode() + (b'"' if form == "json" else b"<")) for mark in order]
    assert places == sorted(places)
    assert -1 not in places


def test_rss_link_is_the_page_and_other_links_are_there(feed: Any) -> None:
    root = tree("rss", feed, hub="https://hub.example.org/", prev_archive="https://feeds.example.org/3")
    assert root.findtext("channel/link") == "https://feeds.example.org/c/world/"
    assert [(link.get("rel"), link.get("href")) for link in root.findall("channel/a:link", NS)] == [
        ("self", "https://feeds.example.org/c/world.rss"),
        ("hub", "https://hub.example.org/"),
        ("prev-archive", "https://feeds.example.org/3"),
    ]


def test_authors_without_address_are_in_rss(feed: Any, full_entry: Entry) -> None:
    item = tree("rss", feed, full_entry).find("channel/item")
    assert [element.text for element in item.findall("dc:creator", NS)] == ["Ada Lovelace", "Grace Hopper"]
    assert item.find("author") is None


def test_atom_texts_are_html(feed: Any, full_entry: Entry) -> None:
    entry = tree("atom", feed, full_entry).find("a:entry", NS)
    assert [entry.find(f"a:{name}", NS).get("type") for name in ("content", "summary")] == ["html", "html"]


def test_rss_description_comes_before_the_content(feed: Any, full_entry: Entry) -> None:
    tags = [element.tag for element in tree("rss", feed, full_entry).find("channel/item")]
    assert tags.index("description") < tags.index(f"{{{NS['content']}}}encoded")


def changed(entry: Entry, **changes: Any) -> Entry:
    return replace(entry, article=replace(entry.article, **changes))


UNFIT_FOR_XML = {
    "control character": {"title": "bell \x07"},
    "lone surrogate": {"content": "<p>\ud83d</p>"},
    "noncharacter": {"summary": "\ufffe"},
    "in a tag": {"tags": ("ok", "nul \x00")},
    "in an author": {"authors": (Author(name="\x1b[0m"),)},
}


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("name", UNFIT_FOR_XML)
def test_a_bad_character_costs_its_article_alone(name: str, form: Format, feed: Any, make_entry: Any) -> None:
    good, bad = [make_entry(n) for n in (1, 3)], changed(make_entry(2), **UNFIT_FOR_XML[name])
    body, dropped = render(form, feed, [good[0], bad, good[1]])
    assert body == render(form, feed, good).body
    assert [(error.article_id, type(error)) for error in dropped] == [(bad.id, RenderError)]
    assert str(dropped[0]).startswith(f"article '{bad.id}' was left out: ")
    assert dropped[0].__cause__ is not None


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": " "}, "it has no title"),
        ({"published": datetime(2025, 1, 1)}, "the date 2025-01-01T00:00:00 names no zone"),  # noqa: DTZ001  meant
        ({"updated": datetime(2025, 1, 1)}, "the date 2025-01-01T00:00:00 names no zone"),  # noqa: DTZ001  meant
        ({"link": "https://[broken/"}, "Invalid IPv6 URL"),
    ],
)
def test_an_unfit_article_is_left_out_of_every_format(
    changes: dict[str, Any], reason: str, form: Format, feed: Any, make_entry: Any
) -> None:
    own = {name: changes[name] for name in ("published", "updated") if name in changes}
    bad = replace(changed(make_entry(2), **{k: v for k, v in changes.items() if k not in own}), **own)
    body, dropped = render(form, feed, [make_entry(1), bad])
    assert body == render(form, feed, [make_entry(1)]).body
    assert [str(error) for error in dropped] == [f"article '{bad.id}' was left out: {reason}"]


def test_json_leaves_out_what_utf8_cannot_hold(feed: Any, make_entry: Any) -> None:
    bad = changed(make_entry(2), title="half \ud83d")
    body, dropped = render("json", feed, [make_entry(1), bad, make_entry(3)])
    assert body == render("json", feed, [make_entry(1), make_entry(3)]).body
    assert [error.article_id for error in dropped] == [bad.id]


@pytest.mark.parametrize("form", FORMATS)
def test_a_feed_that_cannot_be_written_is_named(form: Format, make_feed: Any, make_entry: Any) -> None:
    broken = make_feed(title="half \ud83d")
    with pytest.raises(RenderError, match=r"^feed 'c/world' cannot be written: ") as caught:
        render(form, broken, [make_entry()])
    assert caught.value.article_id == broken.id


def test_rss_has_one_enclosure_and_the_rest_in_media(feed: Any, full_entry: Entry) -> None:
    item = tree("rss", feed, full_entry).find("channel/item")
    assert [dict(element.attrib) for element in item.findall("enclosure")] == [
        {"url": "https://cdn.example.com/1.mp3", "length": "1234", "type": "audio/mpeg"}
    ]
    assert [element.get("url") for element in item.findall("media:content", NS)] == [
        "https://cdn.example.com/slides.PDF?v=1",
        "https://cdn.example.com/talk.mp4",
        "https://cdn.example.com/lead.jpg",
    ]


def test_an_unknown_enclosure_has_defaults(feed: Any, make_entry: Any) -> None:
    unknown = make_entry(enclosures=(Enclosure(url="https://cdn.example.com/file", type="bad", length=-1),))
    item = tree("rss", feed, unknown).find("channel/item")
    assert dict(item.find("enclosure").attrib) == {
        "url": "https://cdn.example.com/file",
        "length": "0",
        "type": "application/octet-stream",
    }
    link = tree("atom", feed, unknown).findall("a:entry/a:link", NS)[1]
    assert (link.get("type"), link.get("length")) == ("application/octet-stream", None)


def test_tags_have_a_term_and_no_empty_label(feed: Any, make_entry: Any) -> None:
    tagged = make_entry(tags=("a", " ", "b"))
    categories = tree("atom", feed, tagged).findall("a:entry/a:category", NS)
    assert [dict(element.attrib) for element in categories] == [{"term": "a"}, {"term": "b"}]
    assert [e.text for e in tree("rss", feed, tagged).findall("channel/item/category")] == ["a", "b"]


def test_generator_names_no_version(feed: Any) -> None:
    generator = tree("atom", feed).find("a:generator", NS)
    assert (generator.text, dict(generator.attrib)) == ("feedsvc", {})
    assert tree("rss", feed).findtext("channel/generator") == "feedsvc"


def test_ttl_is_the_configured_one_only(make_feed: Any) -> None:
    assert tree("rss", make_feed()).find("channel/ttl") is None
    assert tree("rss", make_feed(ttl=timedelta(hours=2))).findtext("channel/ttl") == "120"
    assert tree("rss", make_feed(ttl=timedelta(seconds=5))).findtext("channel/ttl") == "1"


def test_dates_are_utc_in_both_spellings(make_feed: Any, make_entry: Any) -> None:
    paris = timezone(timedelta(hours=2))
    feed = make_feed(updated=datetime(2025, 7, 1, 1, 0, 0, 999, tzinfo=paris))
    one = make_entry(
        published=datetime(2025, 6, 30, 23, 30, tzinfo=paris), updated=datetime(2025, 6, 30, 22, tzinfo=UTC)
    )
    rss, atom = tree("rss", feed, one), tree("atom", feed, one)
    assert rss.findtext("channel/lastBuildDate") == "Mon, 30 Jun 2025 23:00:00 +0000"
    assert rss.findtext("channel/item/pubDate") == "Mon, 30 Jun 2025 21:30:00 +0000"
    assert rss.findtext("channel/item/a:updated", namespaces=NS) == "2025-06-30T22:00:00+00:00"
    assert atom.findtext("a:updated", namespaces=NS) == "2025-06-30T23:00:00+00:00"
    assert atom.findtext("a:entry/a:published", namespaces=NS) == "2025-06-30T21:30:00+00:00"


def test_many_threads_write_the_same_and_keep_the_locale(feed: Any, make_entry: Any) -> None:
    entries = [make_entry(n) for n in range(1, 20)]
    with other_locale() as own, ThreadPoolExecutor(8) as pool:
        bodies = set(pool.map(lambda _: render("rss", feed, entries).body, range(40)))
        assert locale.setlocale(locale.LC_ALL) == own
    assert len(bodies) == 1


@contextmanager
def other_locale() -> Iterator[str]:
    """A locale that is not the one feedgen sets, and threads that switch as often as they can."""
    before, interval = locale.setlocale(locale.LC_ALL), sys.getswitchinterval()
    try:
        own = locale.setlocale(locale.LC_ALL, "C.UTF-8")
    except locale.Error:
        pytest.skip("this machine has no locale C.UTF-8")
    sys.setswitchinterval(1e-6)
    try:
        yield own
    finally:
        sys.setswitchinterval(interval)
        locale.setlocale(locale.LC_ALL, before)


def test_guid_is_a_permalink_only_where_it_is_the_link(feed: Any, make_entry: Any, full_entry: Entry) -> None:
    elsewhere = make_entry(3, id="https://news.example.com/other")
    guids = tree("rss", feed, full_entry, make_entry(2), elsewhere).findall("channel/item/guid")
    assert [(guid.text, guid.get("isPermaLink")) for guid in guids] == [
        ("https://news.example.com/other", "false"),
        ("tag:feeds.example.org,2025:2", "false"),
        ("https://news.example.com/full", "true"),
    ]


def test_an_article_without_link_has_none(feed: Any, make_entry: Any) -> None:
    assert tree("rss", feed, make_entry(link=None)).find("channel/item/link") is None
    assert tree("atom", feed, make_entry(link=None)).find("a:entry/a:link", NS) is None


def test_a_link_says_a_language_only_if_it_is_known(feed: Any, make_entry: Any) -> None:
    link = tree("atom", feed, make_entry()).find("a:entry/a:link", NS)
    assert dict(link.attrib) == {
        "href": "https://news.example.com/1",
        "rel": "alternate",
        "type": "text/html",
    }


def test_language_is_said_where_it_differs(make_feed: Any, make_entry: Any) -> None:
    entries = [
        make_entry(3, language="en"),
        make_entry(2, language="de-AT"),
        make_entry(1, language="not one"),
    ]
    rss, atom = tree("rss", make_feed(), *entries), tree("atom", make_feed(), *entries)
    assert (rss.get(LANG), rss.findtext("channel/language"), atom.get(LANG)) == ("en", "en", "en")
    for items in (rss.findall("channel/item"), atom.findall("a:entry", NS)):
        assert [item.get(LANG) for item in items] == [None, "de-AT", None]
    silent = tree("rss", make_feed(language=None))
    assert (silent.get(LANG), silent.find("channel/language")) == (None, None)


def test_rss_image_is_one_that_rss_allows_and_named_like_the_channel(make_feed: Any) -> None:
    image = tree("rss", make_feed(icon_url="https://feeds.example.org/i.PNG")).find("channel/image")
    assert {element.tag: element.text for element in image} == {
        "url": "https://feeds.example.org/i.PNG",
        "title": "World",
        "link": "https://feeds.example.org/c/world/",
    }
    drawn = make_feed(icon_url="https://feeds.example.org/i.svg")
    assert tree("rss", drawn).find("channel/image") is None
    assert tree("atom", drawn).findtext("a:icon", namespaces=NS) == "https://feeds.example.org/i.svg"


def test_channel_description_is_never_empty(make_feed: Any) -> None:
    bare = make_feed(description="")
    assert tree("rss", bare).findtext("channel/description") == "World"
    assert tree("atom", bare).find("a:subtitle", NS) is None


def test_author_address_is_given_only_if_it_is_one(feed: Any, full_entry: Entry) -> None:
    authors = tree("atom", feed, full_entry).findall("a:entry/a:author", NS)
    assert [[element.text for element in author] for author in authors] == [
        ["Ada Lovelace", "ada@example.com", "https://example.com/ada"],
        ["Grace Hopper"],
    ]


def test_markup_in_plain_words_of_rss_is_written_in_references(make_feed: Any, make_entry: Any) -> None:
    episode = Podcast(title="E&F", author="<g>", subtitle="h&i", summary="j&k")
    entry = make_entry(
        title="a<b & &amp;",
        tags=("C&A",),
        rights="<c>",
        content="<p>x</p>",
        summary="<p>y</p>",
        podcast=episode,
    )
    body, _ = render("rss", make_feed(title="R&D", site_title="L&M"), [entry])
    for line in (
        b"<title>a&#x3C;b &#x26; &#x26;amp;</title>",
        b"<category>C&#x26;A</category>",
        b"<dc:rights>&#x3C;c&gt;</dc:rights>",
        b"<title>R&#x26;D</title>",
        b"<itunes:title>E&#x26;F</itunes:title>",
        b"<itunes:author>&#x3C;g&gt;</itunes:author>",
        b"<itunes:subtitle>h&#x26;i</itunes:subtitle>",
        b"<itunes:summary>j&#x26;k</itunes:summary>",
        b"<itunes:author>L&#x26;M</itunes:author>",
        b"<description>&lt;p&gt;y&lt;/p&gt;</description>",
    ):
        assert line in body


def test_a_summary_that_is_the_content_is_said_once(feed: Any, make_entry: Any) -> None:
    same = make_entry(summary="<p>Content 1</p>")
    item = tree("rss", feed, same).find("channel/item")
    assert item.findtext("description") == "<p>Content 1</p>"
    assert item.find("content:encoded", NS) is None
    assert tree("atom", feed, same).find("a:entry/a:summary", NS) is None


def test_a_file_on_a_nameless_host_is_no_enclosure(make_entry: Any, make_feed: Any) -> None:
    """RSS wants a full host name there; the file is not lost, Media RSS has it."""
    near = Enclosure(url="https://nas/a.mp3", type="audio/mpeg", length=1)
    far = Enclosure(url="https://cdn.example.com/b.mp3", type="audio/mpeg", length=2)
    body = render("rss", make_feed(), [make_entry(enclosures=(near, far))]).body.decode()
    assert body.count("<enclosure ") == 1
    assert '<enclosure url="https://cdn.example.com/b.mp3"' in body
    assert '<media:content url="https://nas/a.mp3"' in body
