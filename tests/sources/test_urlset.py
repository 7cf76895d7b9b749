"""What does a sitemap list: addresses, or further sitemaps?"""

import time
from datetime import UTC, datetime

import pytest

from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.sources import urlset
from feedsvc.sources.urlset import MOST_BYTES, MOST_URLS, Sitemap

URL = "https://x.example/sitemap.xml"
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def read(body: bytes | str, *, url: str = URL, content_type: str = "application/xml") -> Sitemap:
    data = body.encode() if isinstance(body, str) else body
    return urlset.read(Document(url=url, body=data, headers={"content-type": content_type}))


def xml(entries: str, attributes: str = "") -> str:
    return f'<urlset xmlns="{SPACE}" {attributes}>{entries}</urlset>'


def urls(sitemap: Sitemap) -> list[str]:
    return [one.url for one in sitemap.entries]


@pytest.mark.parametrize(
    "space", ["", f'xmlns="{SPACE}"', 'xmlns="https://www.google.com/schemas/sitemap/0.84"']
)
def test_any_namespace(space: str) -> None:
    found = read(f"<urlset {space}><url>\n <loc> /a </loc><lastmod>2026-11-24</lastmod></url></urlset>")
    assert urls(found) == ["https://x.example/a"]
    assert found.entries[0].lastmod == datetime(2026, 11, 24)  # noqa: DTZ001 zone-less


def test_a_prefix() -> None:
    assert urls(read(f'<s:urlset xmlns:s="{SPACE}"><s:url><s:loc>/a</s:loc></s:url></s:urlset>')) == [
        "https://x.example/a"
    ]


def test_pictures_films_and_versions_are_no_entries() -> None:
    found = read(
        xml(
            "<url><image:image><image:loc>/i.jpg</image:loc></image:image>"
            "<video:video><video:content_loc>/v.mp4</video:content_loc><video:title>V</video:title></video:video>"
            '<x:link rel="alternate" hreflang="de-AT" href="https://x.example/a"/>'
            '<x:link rel="alternate" hreflang="en" href="https://x.example/en/a"/><loc>/a</loc></url>',
            'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
            'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1" '
            'xmlns:x="http://www.w3.org/1999/xhtml"',
        )
    )
    (entry,) = found.entries
    assert (entry.url, entry.image, entry.language) == ("https://x.example/a", "/i.jpg", "de-AT")


def test_no_address_no_entry() -> None:
    assert urls(read(xml("<url/><url><loc> </loc></url><url><loc>javascript:x</loc></url>"))) == []
    assert urls(read(xml(f"<url><loc>{URL}</loc></url>"))) == []  # it lists itself


def test_what_is_broken_but_ends_is_read() -> None:
    found = read(xml("<url><loc>/a?x=1&y=2</loc></url><url><loc>/b</url>"))
    assert urls(found)[0].startswith("https://x.example/a?x=1")
    assert urls(found)[1] == "https://x.example/b"


def test_encodings() -> None:
    text = xml("<url><loc>/ä</loc></url>")
    expected = ["https://x.example/%C3%A4"]
    assert urls(read(text.encode("utf-16"))) == expected
    assert urls(read(text.encode("latin-1"), content_type="text/xml; charset=iso-8859-1")) == expected
    assert urls(read(b'<?xml version="1.0" encoding="latin1"?>' + text.encode("latin-1"))) == expected
    assert urls(read(text, content_type="text/xml; charset=nonsense")) == expected
    assert urls(read(text, content_type="text/xml; charset=utf-16")) == expected


def test_entities_are_not_filled_in() -> None:
    doctype = '<!DOCTYPE urlset [<!ENTITY e "x"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = read(f"{doctype}{xml('<url><loc>/a&e;b&f;</loc></url>')}")
    assert urls(found) == ["https://x.example/a&e;b&f;"]


def test_a_bomb_of_entities_does_not_go_off() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 9))
    started = time.process_time()
    read(f'<!DOCTYPE urlset [<!ENTITY e0 "x">{bomb}]>{xml("<url><loc>/&e8;</loc></url>")}')
    assert time.process_time() - started < 1


@pytest.mark.parametrize("root", ["<rss><channel/></rss>", '<feed xmlns="http://www.w3.org/2005/Atom"/>'])
def test_a_feed_is_another_type(root: str) -> None:
    with pytest.raises(
        ParseError, match=r"https://x\.example/sitemap\.xml is a feed, no sitemap: write type: feed"
    ):
        read(root)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "an empty document came instead of a sitemap"),
        ("<html><title>Gone</title></html>", r"an HTML page \(title 'Gone'\) came instead"),
        ("<urlset><url><loc>/a</loc></url>", "the sitemap breaks off"),
        ("<urlset", "came instead of a sitemap"),
        ("Not found", r"\('Not found'\) came instead"),
        ("https://x.example/a\nand more", "came instead"),
        ("<urlset><url>" + "<a/>" * 20_000, "elements for few addresses"),
        ("<urlset>" + "<a>" * 300, "breaks off"),
    ],
)
def test_what_is_none(body: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        read(body)


def test_a_robot_check_is_told() -> None:
    document = Document(url=URL, body=b"<html>Just a moment</html>", headers={"cf-mitigated": "challenge"})
    with pytest.raises(ParseError) as caught:
        urlset.read(document)
    assert caught.value.kind == "blocked"


def test_plain_text() -> None:
    assert urls(read("\ufeffhttps://x.example/a\r\n\r\n http://y.example/b \n")) == [
        "https://x.example/a",
        "http://y.example/b",
    ]


def test_robots() -> None:
    text = "# us\nUser-agent: *\nDisallow: /x\nsitemap:https://x.example/1.xml # one\nSiteMap: /2.xml\n"
    found = read(text, url="https://x.example/robots.txt")
    assert [one.url for one in found.children] == ["https://x.example/1.xml", "https://x.example/2.xml"]


def test_robots_that_name_none() -> None:
    found = read("User-agent: *\nDisallow:\n", url="https://x.example/robots.txt")
    assert [one.url for one in found.children] == ["https://x.example/sitemap.xml"]


def test_news() -> None:
    news = 'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    assert read(xml("", news)).is_news
    assert not read(xml("")).is_news
    (entry,) = read(
        xml(
            "<url><loc>/a</loc><n:news><n:publication_date>2026-11-24T10:00Z</n:publication_date>"
            "<n:title> A <b>bold</b>\n title </n:title></n:news></url>",
            news,
        )
    ).entries
    assert entry.news
    assert entry.news.title == "A bold title"
    assert entry.news.published == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_no_more_than_the_protocol_allows() -> None:
    lines = [f"https://x.example/{n}" for n in range(MOST_URLS + 1)]
    found = read("\n".join(lines))
    assert (len(found.entries), found.cut) == (MOST_URLS, True)
    assert not read("\n".join(lines[:MOST_URLS])).cut


def test_too_large() -> None:
    with pytest.raises(ParseError, match="more than the protocol allows"):
        read(b" " * (MOST_BYTES + 1))
