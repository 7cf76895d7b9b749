"""Does the lint find in RSS what is wrong there, and nothing else?"""

from datetime import UTC, datetime

import pytest

from feedsvc.model import Document
from feedsvc.validate import Report, validate

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SELF = '<atom:link rel="self" href="https://news.example/rss" type="application/rss+xml"/>'
HEAD = f"<title>News</title><link>https://news.example/</link><description>All</description>{SELF}"
ITEM = (
    "<title>One</title><link>https://news.example/1</link>"
    '<guid isPermaLink="false">tag:news.example,2026:1</guid>'
    "<description>&lt;p>Text&lt;/p></description><pubDate>Sun, 01 Mar 2026 09:00:00 +0100</pubDate>"
)
SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "fh": "http://purl.org/syndication/history/1.0",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
        "podcast": "https://podcastindex.org/namespace/1.0",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
    }.items()
)


def rss(*items: str, head: str = HEAD, version: str = "2.0") -> str:
    written = "\n".join(f"<item>{item}</item>" for item in items)
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="{version}" {SPACES}>'
    return f"{start}<channel>{head}\n{written}</channel></rss>"


def report(text: str) -> Report:
    return validate(Document(url="", body=text.encode()), now=NOW)


def codes(text: str) -> list[str]:
    return [one.code for one in report(text).findings]


def test_a_good_feed_is_valid() -> None:
    found = report(rss(ITEM))
    assert found == Report(kind="RSS 2.0", entries=1, findings=())


def test_a_finding_says_where_and_what_to_do() -> None:
    (found,) = report(rss(ITEM, ITEM.replace("2026:1<", "2026:2<").replace("+0100", "CEST"))).findings
    assert (found.level, found.code, found.line, found.place) == ("error", "date", 4, "item 2")
    assert found.message == "pubDate is no date as RFC 822 has it: 'Sun, 01 Mar 2026 09:00:00 CEST'"
    assert found.advice == "Write it like Tue, 24 Nov 2026 10:30:00 +0000."


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<title>News</title>", "", ["missing"]),
        ("<link>https://news.example/</link>", "", ["missing"]),
        ("<description>All</description>", "", ["missing"]),
        (SELF, "", ["self-missing"]),
        (SELF, SELF + "<language>english please</language>", ["language"]),
        (SELF, SELF + "<language>jp</language>", ["language"]),
        (SELF, SELF + "<language>x-own</language>", []),
        (SELF, SELF + "<title>Again</title>", ["twice"]),
        (SELF, SELF + "<editor>Ada</editor>", ["unknown"]),
        (SELF, SELF + "words", ["text-between"]),
        (SELF, SELF + "<ttl>soon</ttl>", ["number"]),
        (SELF, SELF + "<ttl>0</ttl>", ["number"]),
        (SELF, SELF + "<docs></docs>", ["blank"]),
        (SELF, SELF + "<managingEditor>Ada</managingEditor>", ["email"]),
        (SELF, SELF + "<managingEditor>ada@news.example</managingEditor>", ["email-name"]),
        (SELF, SELF + "<managingEditor>ada@news.example (Ada)</managingEditor>", []),
        (SELF, SELF + "<skipHours><hour>7</hour><hour>24</hour></skipHours>", ["choice"]),
        (SELF, SELF + "<skipDays><day>Monday</day><day>Payday</day></skipDays>", ["choice"]),
        (SELF, SELF + '<cloud domain="a" port="80" path="/" registerProcedure="p"/>', ["attribute-missing"]),
        (SELF, SELF + "<image><url>https://a.example/i.png</url></image>", ["missing", "missing"]),
        ("All</description>", "All &lt;b>of it&lt;/b></description>", ["html-in-words"]),
        ("https://news.example/</link>", "/</link>", ["url"]),
        ("https://news.example/</link>", "https:///</link>", ["url"]),
        ("https://news.example/</link>", "https://news.example/a b</link>", ["url-characters"]),
        ("https://news.example/</link>", "mailto:a@news.example</link>", ["url-web"]),
        ('rel="self" href="https://news.example/rss"', 'rel="self"', ["attribute-missing"]),
        (SELF, SELF + '<atom:link rel="made-up" href="https://a.example/"/>', ["relation"]),
        (SELF, SELF + '<atom:link rel="https://a.example/rel" href="https://a.example/"/>', []),
        (SELF, SELF + '<atom:link rel="hub" href="https://a.example/" type="none"/>', ["media-type"]),
        (SELF, SELF + "<itunes:explicit>clean</itunes:explicit>", ["choice"]),
        (SELF, SELF + "<itunes:explict>true</itunes:explict>", ["unknown-extension"]),
        (SELF, SELF + "<podcast:guid>none</podcast:guid>", ["uuid"]),
        (SELF, SELF + "<podcast:locked>perhaps</podcast:locked>", ["choice"]),
        (SELF, SELF + "<sy:updatePeriod>often</sy:updatePeriod>", ["choice"]),
        (SELF, SELF + "<fh:archive/>", ["archive-alone", "archive-current"]),
        (
            SELF,
            SELF + '<fh:complete/><atom:link rel="next" href="https://a.example/2"/>',
            ["complete-linked"],
        ),
        ("<title>News</title>", '<title lang="en">News</title>', ["attribute-unknown"]),
        ("News</title>", "N\x80ws</title>", ["characters"]),
    ],
)
def test_a_channel(old: str, new: str, found: list[str]) -> None:
    assert old in HEAD
    assert codes(rss(ITEM, head=HEAD.replace(old, new))) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<title>One</title>", "", []),
        ("<title>One</title>", "<title>AT&amp;amp;T</title>", ["html-in-words"]),
        ("<title>One</title>", "<title>if a &lt;b then c> d</title>", []),
        ("<title>One</title>", "<title><b>One</b></title>", ["unknown"]),
        ("Text&lt;/p>", "Text&lt;/p>&lt;script>alert(1)&lt;/script>", ["script"]),
        ("&lt;p>Text", "&lt;p onclick='a()'>Text", ["script"]),
        ("&lt;p>Text", "&lt;a href='java\nscript:a()'>x&lt;/a>Text", ["script"]),
        ("&lt;p>Text", "&lt;p style='color:red'>Text", ["markup-style"]),
        ("&lt;p>Text", "&lt;iframe src='https://a.example/'>&lt;/iframe>Text", ["markup-risky"]),
        ("&lt;p>Text", "&lt;img src='/a.png'>Text", ["url-inside"]),
        ("&lt;p>Text", "&lt;a href='#top'>Text&lt;/a>", ["url-inside"]),
        ("&lt;p>Text", "&lt;img src='https://a.example/a.png' alt='/a'>Text", []),
        (' isPermaLink="false"', "", ["guid-permalink"]),
        (' isPermaLink="false"', ' isPermaLink="never"', ["choice", "guid-permalink"]),
        ("tag:news.example,2026:1", "1234", ["guid-short"]),
        ("tag:news.example,2026:1", "", ["blank"]),
        ("Sun, 01", "Mon, 01", ["date-weekday"]),
        ("Sun, 01 Mar 2026 09:00:00 +0100", "01 Mar 26 09:00 GMT", ["date-obsolete"]),
        ("Sun, 01 Mar 2026 09:00:00 +0100", "2026-03-01", ["date"]),
        ("Sun, 01 Mar 2026", "Mon, 02 Mar 2026", ["date-future"]),
        ("Sun, 01 Mar 2026", "Sat, 01 Mar 1969", ["date-implausible"]),
        ("</pubDate>", "</pubDate><dc:date>2026-03-01</dc:date>", ["too-many-ways"]),
        (
            "</pubDate>",
            "</pubDate><author>ada@news.example (Ada)</author><dc:creator>A</dc:creator>",
            ["too-many-ways"],
        ),
        ("</pubDate>", "</pubDate><dc:date>lately</dc:date>", ["too-many-ways", "date"]),
        ("</pubDate>", "</pubDate><content:encoded>&lt;p>More&lt;/p></content:encoded>", []),
        ("<title>", "<content:encoded>&lt;p>More&lt;/p></content:encoded><title>", ["order"]),
        ("</pubDate>", "</pubDate><source>Wire</source>", ["attribute-missing"]),
        ("</pubDate>", '</pubDate><source url="https://wire.example/rss">Wire</source>', []),
        (
            "</pubDate>",
            '</pubDate><enclosure url="/a.mp3" length="x" type="mp3"/>',
            ["url", "number", "media-type"],
        ),
        (
            "</pubDate>",
            '</pubDate><enclosure url="https://a.example/a.mp3" length="0" type="audio/mpeg"/>',
            ["length-unknown"],
        ),
        (
            "</pubDate>",
            "</pubDate>" + 2 * '<enclosure url="https://a.example/a" length="1" type="audio/mpeg"/>',
            ["twice-advised"],
        ),
        ("</pubDate>", "</pubDate><enclosure/>", ["attribute-missing"] * 3),
        ("</pubDate>", "</pubDate><slash:comments>-1</slash:comments>", ["number"]),
        (
            "</pubDate>",
            '</pubDate><atom:link rel="next-archive" href="https://a.example/"/>',
            ["history-in-entry"],
        ),
        ("</pubDate>", "</pubDate><itunes:duration>an hour</itunes:duration>", ["number"]),
        (
            "</pubDate>",
            "</pubDate><itunes:duration>1:02:03</itunes:duration><itunes:episode>3</itunes:episode>",
            [],
        ),
        ("</pubDate>", "</pubDate><itunes:episodeType>whole</itunes:episodeType>", ["choice"]),
        ("</pubDate>", f"</pubDate><itunes:subtitle>{'a' * 256}</itunes:subtitle>", ["too-long"]),
        ("</pubDate>", '</pubDate><podcast:transcript url="https://a.example/t"/>', ["attribute-missing"]),
        ("</pubDate>", '</pubDate><podcast:soundbite startTime="soon" duration="5"/>', ["number"]),
        (
            "</pubDate>",
            '</pubDate><media:content url="a.png" medium="picture" width="wide"/>',
            ["url", "choice", "number"],
        ),
        ("</pubDate>", "</pubDate><media:group><media:thumbnail/></media:group>", ["attribute-missing"]),
        ("</pubDate>", '</pubDate><x:a xmlns:x="https://a.example/x">anything</x:a>', []),
    ],
)
def test_an_item(old: str, new: str, found: list[str]) -> None:
    assert old in ITEM
    assert sorted(set(codes(rss(ITEM.replace(old, new, 1))))) == sorted(set(found))


def test_items_are_told_apart() -> None:
    (twice,) = report(rss(ITEM, ITEM)).findings
    assert (twice.code, twice.place, twice.line) == ("id-twice", "item 2", 4)
    assert codes(rss("<link>https://news.example/1</link>")) == ["nothing-to-read", "id-missing"]


def test_the_image_is_that_of_the_channel() -> None:
    image = (
        "<image><url>https://a.example/i.png</url><title>{}</title><link>https://news.example/</link>"
        "<width>{}</width><height>400</height></image>"
    )
    assert codes(rss(ITEM, head=HEAD + image.format("News", 144))) == []
    assert codes(rss(ITEM, head=HEAD + image.format("Pictures", 145))) == ["image-differs", "size"]


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("0.91", ["version-old"]),
        ("0.92", ["version-old"]),
        ("3.0", ["version-unknown"]),
        ("", ["attribute-missing"]),
    ],
)
def test_versions(version: str, found: list[str]) -> None:
    assert codes(rss(ITEM, version=version)) == found


def test_rdf_is_old() -> None:
    item = '<item rdf:about="https://a.example/1"><title>t</title><link>https://a.example/1</link></item>'
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="https://a.example/"><title>t</title><link>https://a.example/</link>'
        f"<description>d</description><items><rdf:Seq/></items></channel>{item}</rdf:RDF>"
    )
    assert (report(text).kind, report(text).entries) == ("RSS 1.0", 1)
    assert codes(text) == ["version-old"]
    assert codes(text.replace("<title>t</title><link>https://a.example/1</link>", "")) == [
        "version-old",
        *["missing"] * 2,
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("<rss><channel>", "not-well-formed", 1),
        ("<rss>\n<channel>&nbsp;</channel></rss>", "not-well-formed", 2),
        ("<rss><a:b/></rss>", "not-well-formed", 1),
        ("", "not-well-formed", 1),
        ("words", "not-well-formed", 1),
        ("<html/>", "no-feed", 1),
        ('<feed xmlns="http://purl.org/atom/ns#"/>', "version-draft", 1),
        ("<?xml version='1.0' encoding='none'?><rss/>", "not-well-formed", 1),
    ],
)
def test_what_is_no_feed(text: str, code: str, line: int) -> None:
    found = report(text)
    assert found.kind == ""
    assert [(one.code, one.line) for one in found.findings] == [(code, line)]


def test_the_document_as_such() -> None:
    text = rss(ITEM).replace("?>", "?><!DOCTYPE rss [<!ENTITY n 'News'>]>", 1).replace(">News<", ">&n;<")
    assert codes(text) == ["doctype"]
    latin = rss(ITEM).replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert [one.code for one in validate(Document(url="", body=latin), now=NOW).findings] == ["encoding"]
    misspelt = rss(ITEM).replace("dtds/podcast", "DTDs/Podcast")
    assert codes(misspelt) == ["namespace-unknown"]
    assert codes('<rss version="2.0"/>') == ["missing"]


def test_what_is_wrong_everywhere_is_told_so_often_and_no_more() -> None:
    found = report("<rss version='2.0'>" + "<item/>\n" * 4_000 + "</rss>").findings
    assert len(found) == 5_001
    assert found[0].code == "too-many"
