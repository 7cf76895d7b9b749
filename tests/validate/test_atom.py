"""Does the lint find in Atom what is wrong there, by our rules and by the schema?"""

from datetime import UTC, datetime

import pytest
from lxml import etree

from feedsvc.model import Document
from feedsvc.validate import Report, atom, validate

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEAD = (
    "<id>tag:news.example,2026:feed</id><title>News</title><updated>2026-03-01T09:00:00Z</updated>"
    '<link rel="self" href="https://news.example/atom"/><author><name>Ada</name></author>'
)
ENTRY = (
    "<id>tag:news.example,2026:1</id><title>One</title><updated>2026-03-01T09:00:00+01:00</updated>"
    '<link href="https://news.example/1"/><content type="html">&lt;p>Text&lt;/p></content>'
)
SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0" '
    'xmlns:at="http://purl.org/atompub/tombstones/1.0" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/" xmlns:thr="http://purl.org/syndication/thread/1.0"'
)
STONE = '<at:deleted-entry ref="tag:news.example,2026:{}" when="{}"/>'


def feed(*entries: str, head: str = HEAD) -> str:
    written = "\n".join(f"<entry>{entry}</entry>" for entry in entries)
    return f"<feed {SPACES}>{head}\n{written}</feed>"


def report(text: str) -> Report:
    return validate(Document(url="", body=text.encode()), now=NOW)


def codes(text: str) -> list[str]:
    return [one.code for one in report(text).findings]


def test_a_good_feed_is_valid() -> None:
    assert report(feed(ENTRY)) == Report(kind="Atom 1.0", entries=1, findings=())


def test_an_entry_alone_is_a_document() -> None:
    whole = ENTRY + "<author><name>Ada</name></author>"
    assert report(f"<entry {SPACES}>{whole}</entry>") == Report(kind="Atom 1.0", entries=1, findings=())


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<id>tag:news.example,2026:feed</id>", "", ["missing"]),
        ("<title>News</title>", "", ["missing"]),
        ("<updated>2026-03-01T09:00:00Z</updated>", "", ["missing"]),
        ("<author><name>Ada</name></author>", "", ["missing"]),
        ("<name>Ada</name>", "<email>ada@news.example</email>", ["missing"]),
        ("</name>", "</name><email>ada</email><url>https://a.example/</url>", ["email", "unknown"]),
        ("tag:news.example,2026:feed", "feed", ["url"]),
        ("tag:news.example,2026:feed", "urn:uuid:1234", ["uuid"]),
        ("09:00:00Z", "09:00", ["date"]),
        ("2026-03-01T09:00:00Z", "2026-02-30T09:00:00Z", ["date"]),
        ("2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z", ["date-future"]),
        ("<title>News", "<title>News</title><title>Again", ["twice"]),
        ("<title>News", "<titel>News</titel><title>News", ["unknown"]),
        ("<title>News", '<title type="markdown">News', ["text-type"]),
        ("<title>News", "<title>&lt;b>News&lt;/b>", ["html-in-words"]),
        ("<title>News", '<title type="html">&lt;b>News&lt;/b>', []),
        ("<title>News", '<title type="xhtml">News', ["xhtml"]),
        ("<title>News", '<title lang="en">News', ["attribute-unknown"]),
        ('rel="self"', 'rel="related"', ["self-missing"]),
        ('href="https://news.example/atom"', "", ["attribute-missing"]),
        ('href="https://news.example/atom"', 'href="/atom"', ["url-relative"]),
        ("<author>", "<icon>/i.png</icon><author>", ["url-relative"]),
        ("<author>", '<category label="x"/><author>', ["attribute-missing"]),
        (
            "<author>",
            '<link href="https://a.example/"/><link href="https://b.example/"/><author>',
            ["alternate-twice"],
        ),
        ("<author>", "<fh:archive/><author>", ["archive-alone", "archive-current"]),
        (
            "<author>",
            '<fh:archive/><link rel="current" href="https://a.example/"/><link rel="prev-archive" href="https://a.example/1"/><author>',
            [],
        ),
        ("<author>", STONE.format(9, "2026-03-01T10:00:00Z") + "<author>", []),
        ("<author>", STONE.format(1, "2026-03-01T10:00:00Z") + "<author>", ["tombstone-entry"]),
        ("<author>", STONE.format(1, "2026-03-01T07:00:00Z") + "<author>", []),
        ("<author>", STONE.format(9, "lately") + "<author>", ["date"]),
        ("<author>", "<at:deleted-entry/><author>", ["attribute-missing"] * 2),
    ],
)
def test_a_feed(old: str, new: str, found: list[str]) -> None:
    assert old in HEAD
    assert codes(feed(ENTRY, head=HEAD.replace(old, new, 1))) == found


CONTENT = ENTRY[ENTRY.index("<content") :]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<id>tag:news.example,2026:1</id>", "", ["missing"]),
        ("<updated>2026-03-01T09:00:00+01:00</updated>", "", ["missing"]),
        (CONTENT, "", ["no-text"]),
        (CONTENT, "<summary>Text</summary>", []),
        ('<link href="https://news.example/1"/>' + CONTENT, "<summary>Text</summary>", ["needs-link"]),
        ("&lt;p>", "&lt;p onload='x'>", ["script"]),
        ("&lt;p>", "&lt;img src='a.png'>&lt;p>", ["url-inside"]),
        (
            '<content type="html">&lt;p>',
            '<content type="html" xml:base="https://a.example/">&lt;img src="a.png">',
            [],
        ),
        (
            CONTENT,
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a</p></div></content>',
            [],
        ),
        (
            CONTENT,
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><script/></div></content>',
            ["script"],
        ),
        (CONTENT, '<content type="xhtml"><div><p>a</p></div></content>', ["xhtml"]),
        (CONTENT, '<content src="https://a.example/1.pdf" type="application/pdf"/><summary>a</summary>', []),
        (CONTENT, '<content src="https://a.example/1.pdf"/>', ["missing-advised", "summary-missing"]),
        (CONTENT, '<content type="image/png">iVBORw0KGgo=</content><summary>a</summary>', []),
        (CONTENT, '<content type="image/png">not this</content>', ["base64", "summary-missing"]),
        (CONTENT, '<content type="picture">a</content>', ["media-type"]),
        (CONTENT, '<content type="text/xml"><a xmlns=""/></content>', []),
        (CONTENT, CONTENT + '<link rel="next" href="https://a.example/"/>', ["history-in-entry"]),
        (CONTENT, CONTENT + "<published>yesterday</published>", ["date"]),
        (CONTENT, CONTENT + "<source><title>Wire</title><editor/></source>", ["unknown"]),
        (CONTENT, CONTENT + "<thr:total>many</thr:total><itunes:block>Yes</itunes:block>", ["number"]),
        ("<title>One</title>", "<title></title>", ["blank"]),
    ],
)
def test_an_entry(old: str, new: str, found: list[str]) -> None:
    assert old in ENTRY
    assert sorted(codes(feed(ENTRY.replace(old, new, 1)))) == sorted(found)


def test_an_entry_has_an_author_somewhere() -> None:
    alone = HEAD.replace("<author><name>Ada</name></author>", "")
    author = "<author><name>Ben</name></author>"
    assert codes(feed(ENTRY + author, head=alone)) == []
    assert codes(feed(ENTRY + f"<source>{author}</source>", head=alone)) == []
    assert codes(feed(ENTRY + author, ENTRY.replace("2026:1<", "2026:2<"), head=alone)) == ["missing"]


def test_versions_of_one_entry() -> None:
    assert codes(feed(ENTRY, ENTRY)) == ["entry-twice-alike"]
    assert codes(feed(ENTRY, ENTRY.replace("09:00:00+", "10:00:00+"))) == ["entry-twice"]


def test_the_feed_comes_before_its_entries() -> None:
    assert codes(feed(ENTRY).replace("</feed>", "<subtitle>late</subtitle></feed>")) == ["misplaced"]
    assert codes(feed(ENTRY).replace("</feed>", "<fh:complete/></feed>")) == []


def test_the_schema_knows_what_no_rule_of_ours_does() -> None:
    text = feed(ENTRY, head=HEAD + '<link rel="related" href="https://a.example/"><id>tag:a</id></link>')
    found = report(text).findings
    assert {one.code for one in found} == {"schema"}
    assert "link" in " ".join(one.message for one in found)


@pytest.mark.parametrize("text", [feed(ENTRY), feed(ENTRY + "<x:a xmlns:x='x'>b<x:c d='e'/></x:a>", ENTRY)])
def test_the_schema_lets_other_vocabularies_in(text: str) -> None:
    root = etree.fromstring(text)
    assert list(atom._by_schema(root)) == []
