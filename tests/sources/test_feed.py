"""What does a web feed say: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.x?"""

import json
import time

import pytest
from pydantic import ValidationError

from feedsvc.errors import ParseError
from feedsvc.model import Document, Parsed, ParsedItem
from feedsvc.sources.feed import FeedSource, parse, start

URL = "https://example.org/rss"
SOURCE = FeedSource(id="x", type="feed", url=URL)


def read(body: bytes | str, content_type: str = "application/xml") -> Parsed:
    data = body.encode() if isinstance(body, str) else body
    headers = {"content-type": content_type} if content_type else {}
    return parse(SOURCE, Document(url=URL, body=data, headers=headers))


def rss(item: str, channel: str = "") -> str:
    spaces = {
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
    }
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    return f'<rss version="2.0" {names}><channel>{channel}<item>{item}</item></channel></rss>'


def only(item: str) -> ParsedItem:
    (found,) = read(rss(item)).items
    return found


@pytest.mark.parametrize(
    "url", ["https://example.org/rss", "http://127.0.0.1:8000/x?y=z", " https://example.org/ "]
)
def test_addresses_of_feeds(url: str) -> None:
    source = FeedSource(id="x", type="feed", url=url)
    assert source.url == source.location == start(source).url == url.strip()
    assert "application/atom+xml" in start(source).headers["Accept"]


@pytest.mark.parametrize(
    "url", ["", "example.org/rss", "/rss", "file:///etc/passwd", "ftp://x/y", "http://", "feed:x"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="must be an http or https address such as"):
        FeedSource(id="x", type="feed", url=url)


def test_messages_say_what_came_instead() -> None:
    said = {
        b"": "an empty document came instead of a feed",
        b"<!doctype html><title>Log in &amp; out</title>": r"an HTML page \(title 'Log in & out'\)",
        b"<html><body>x</body></html>": "an HTML page came instead",
        b"<urlset/>": r"XML of another kind \(<urlset>\)",
        b"Not found": r"text of another kind \('Not found'\)",
        b'{"a": 1}': "JSON of another kind",
        b"%PDF-1.7\n\x00\x01": r"binary data \(application/xml\)",
        b"<rss><channel><item><title>x</title></item>": "breaks off before </rss>, after 1 entries",
    }
    for body, message in said.items():
        with pytest.raises(ParseError, match=message):
            read(body)


def test_the_address_is_asked_about() -> None:
    with pytest.raises(ParseError, match=r"is https://example\.org/rss still its address\?"):
        read(b"<html/>")


def test_malformed_to_the_end_is_still_a_feed() -> None:
    assert [one.title for one in read("<rss><channel><item><title>a & b</title></channel></rss").items] == [
        "a & b"
    ]
    assert len(read("<RSS><channel><item><title>a & b</title></channel></rss>").items) == 1


def test_a_page_that_is_served_as_a_feed_and_the_other_way_round() -> None:
    assert len(read(rss("<title>x</title>"), "text/html").items) == 1
    assert len(read("<!DOCTYPE html>" + rss("<title>x</title>")).items) == 1
    with pytest.raises(ParseError):
        read("<html xmlns:a='http://www.w3.org/2005/Atom'><body/></html>", "application/rss+xml")


@pytest.mark.parametrize(
    ("declared", "written", "header"),
    [
        ("utf-8", "utf-8", "application/xml"),
        ("utf-8", "utf-8", ""),
        ("utf-8", "utf-8", "text/xml"),
        ("utf-8", "utf-8", "text/plain"),
        ("iso-8859-1", "iso-8859-1", "application/rss+xml"),
        ("windows-1252", "utf-8", "application/xml; charset=UTF-8"),
        ("utf-16", "utf-16", "application/xml"),
        ("utf-16", "utf-16-be", "application/xml"),
        ("utf-8", "utf-8-sig", "application/xml; charset=iso-8859-1"),
        ("utf-32", "utf-32", ""),
        ("cp037", "cp037", ""),
        ("gb2312", "gb18030", "text/xml"),
        ("no-such-thing", "utf-8", "application/xml"),
    ],
)
def test_encodings(declared: str, written: str, header: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss("<title>été à Côte</title>")
    assert [one.title for one in read(text.encode(written), header).items] == ["été à Côte"]


@pytest.mark.parametrize("name", ["undefined", "idna", "punycode", "unicode_escape", "rot13", "zlib"])
def test_encodings_that_are_none(name: str) -> None:
    text = f'<?xml version="1.0" encoding="{name}"?>'.encode() + rss("<title>é</title>").encode()
    try:
        read(text, "")
    except ParseError as error:
        assert "encoding" in str(error)  # noqa: PT017 either is right, nothing else


def test_a_summary_that_was_copied_from_the_content_is_none() -> None:
    found = only("<content:encoded>&lt;p&gt;All&lt;/p&gt;</content:encoded>")
    assert (found.content, found.summary) == ("<p>All</p>", None)


def test_a_summary_that_says_the_same_is_none() -> None:
    found = only("<description>Same</description><content:encoded>Same</content:encoded>")
    assert (found.content, found.summary) == ("Same", None)


def test_short_content_with_markup_stays_content() -> None:
    found = only(
        "<description>A long summary</description><content:encoded>&lt;img src='a'></content:encoded>"
    )
    assert (found.content, found.summary) == ("<img src='a'>", "A long summary")


def test_plain_and_marked_up_titles() -> None:
    assert only("<title>a &lt; b</title>").title_type == "text"
    assert only("<title>a &amp;lt; b</title>").title_type == "html"
    assert only("<title>&lt;b&gt;x&lt;/b&gt;</title>").title_type == "html"


def test_every_author_once_and_with_his_own_address() -> None:
    found = only(
        "<title>x</title><author>ada@example.org (Ada)</author><dc:creator>Ben</dc:creator>"
        "<dc:creator>Cleo</dc:creator><itunes:author>Ben</itunes:author>"
    )
    assert [(one.name, one.email) for one in found.authors] == [
        ("Ada", "ada@example.org"),
        ("Ben", None),
        ("Cleo", None),
    ]


def test_feed_authors_are_inherited_in_atom_only() -> None:
    assert (
        read(rss("<title>x</title>", "<managingEditor>e@example.org</managingEditor>")).items[0].authors == ()
    )
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'><author><name>A</name></author><entry><id>1</id></entry></feed>"
    assert [one.name for one in read(atom).items[0].authors] == ["A"]


def test_what_elements_of_other_kinds_hold_is_not_taken_for_text() -> None:
    found = only(
        '<title>x</title><language code="y"/><itunes:duration unit="s">5</itunes:duration><image href="i"/>'
    )
    assert found.title == "x"
    assert found.language is None


def test_what_a_feed_says_of_itself_can_be_stored_anywhere() -> None:
    nothing = "\x00\x01\ud800"
    version = "https://jsonfeed.org/version/1.1"
    forms = (
        json.dumps(
            {"version": version, "items": [], "feed_url": f"{nothing}urn:x", "home_page_url": nothing}
        ),
        json.dumps({"version": version, "items": [], "language": nothing, "title": f"{nothing}x"}),
        f"<rss><channel><title>{nothing}x & y</title><link>/{nothing}</link></channel></rss>",
        f"<feed><id>{nothing}urn:x & y</id><language>{nothing}</language></feed>",
    )
    for form in forms:
        found = read(form.encode("utf-8", "replace"))
        for text in filter(None, (found.title, found.link, found.feed_id, found.language)):
            assert not set(nothing) & set(text)


@pytest.mark.parametrize(
    ("ttl", "minutes"), [("30", 30), ("0", None), ("-5", None), ("99999", None), ("x", None)]
)
def test_ttl(ttl: str, minutes: int | None) -> None:
    found = read(rss("<title>x</title>", f"<ttl>{ttl}</ttl>")).ttl
    assert (found.total_seconds() / 60 if found else None) == minutes


def test_references_to_nothing_do_not_cost_the_feed() -> None:
    assert only("<title>a & b &#xD800; &#99999999999;</title>").title == "a & b"


@pytest.mark.parametrize(
    "body",
    [
        rss("<author>" + "a." * 100_000 + "</author><title>x</title>"),
        rss("<title>" + "&amp;" * 50_000 + "</title>"),
        rss("<description>" + "&lt;" * 50_000 + "</description>"),
        "<rss><channel><item><title>x</title>" + "<a b='" * 20_000 + "</rss>",
        "<rss><channel>" + "<item><title>x & y</title></item>" * 2_000 + "</channel></rss>",
        "<?xml version='1.0'?>" + rss("<title>" + 'encoding="x" ' * 20_000 + "</title>"),
    ],
    ids=["author", "ampersands", "brackets", "open tags", "many", "encodings"],
)
def test_hostile_feeds_take_bounded_time(body: str) -> None:
    started = time.process_time()
    assert read(body).items
    assert time.process_time() - started < 8


def test_entity_bombs_are_refused_or_stay_small() -> None:
    lines = ['<!ENTITY a0 "aaaaaaaaaa">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))]
    for newline in ("\n", " "):
        bomb = f"<!DOCTYPE rss [{newline}{newline.join(lines)}]>" + rss("<title>&a11;</title>")
        assert len(read(bomb).items[0].title or "") < 1_000
