"""Which articles does a site list in its sitemaps?"""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from feedsvc.errors import ParseError
from feedsvc.model import Document, Parsed
from feedsvc.sources.sitemap import SitemapSource, parse, start
from feedsvc.sources.urlset import MOST_URLS

URL = "https://x.example/sitemap.xml"
NEWS = 'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


def source(**options: Any) -> SitemapSource:
    return SitemapSource.model_validate({"id": "x", "type": "sitemap", "url": URL, **options})


def read(body: str, *, url: str = URL, **options: Any) -> Parsed:
    return parse(source(**options), Document(url=url, body=body.encode()))


def entry(path: str, lastmod: str = "", more: str = "") -> str:
    when = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://x.example{path}</loc>{when}{more}</url>"


def urlset(*entries: str) -> str:
    return f"<urlset {NEWS}>{''.join(entries)}</urlset>"


def index(*names: str) -> str:
    children = (name.partition(" ") for name in names)
    told = "".join(
        f"<sitemap><loc>/{name}</loc><lastmod>{when}</lastmod></sitemap>" for name, _, when in children
    )
    return f"<sitemapindex>{told}</sitemapindex>"


def paths(parsed: Parsed) -> list[str]:
    return [(one.link or "").removeprefix("https://x.example") for one in parsed.items]


def followed(parsed: Parsed) -> list[str]:
    return [one.url.removeprefix("https://x.example/") for one in parsed.follow]


@pytest.mark.parametrize("url", ["https://x.example", "https://x.example/"])
def test_the_root_stands_for_robots(url: str) -> None:
    assert source(url=url).location == start(source(url=url)).url == "https://x.example/robots.txt"


def test_never_drawn_by_the_browser() -> None:
    assert start(source(render="browser")).render == "http"
    assert source().full_text
    assert source().public_url is None


def test_robots_are_followed() -> None:
    found = read("User-agent: *\nSitemap: https://x.example/a.xml\n", url="https://x.example/robots.txt")
    assert (followed(found), found.items) == (["a.xml"], ())


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["a.xml 2026-01-01", "b.xml 2026-11-01", "c.xml 2026-06-01"], ["b.xml", "c.xml"]),
        (
            ["s-2025-12.xml 2026-11-24", "s-2026-11.xml 2026-11-24", "s-2026-10.xml"],
            ["s-2026-11.xml", "s-2026-10.xml"],
        ),
        (["post_tag-sitemap.xml", "post-sitemap.xml", "page-sitemap.xml"], ["post-sitemap.xml"]),
        (["posts.xml", "sitemap-news.xml", "articles.xml"], ["sitemap-news.xml"]),
        (["m.xml?page=1", "m.xml?page=2", "m.xml?page=3"], ["m.xml?page=1", "m.xml?page=3"]),
        (["1.xml", "2.xml", "3.xml", "4.xml"], ["1.xml", "4.xml"]),
        (["image-sitemap.xml", "video-sitemap.xml"], ["image-sitemap.xml", "video-sitemap.xml"]),
    ],
)
def test_which_sitemaps_of_an_index(names: list[str], chosen: list[str]) -> None:
    assert followed(read(index(*names), newest=2)) == chosen


def test_sitemaps_by_pattern() -> None:
    found = read(index("de/a.xml", "fr/a.xml", "fr/b.xml"), sitemaps=["/fr/"])
    assert followed(found) == ["fr/a.xml", "fr/b.xml"]
    with pytest.raises(ParseError, match="names 1 sitemaps, but none that 'sitemaps' matches"):
        read(index("de/a.xml"), sitemaps=["/fr/"])


def test_newest_first() -> None:
    found = read(
        urlset(
            entry("/2026/11/22/c", "2026-11-24T10:00:00Z"),
            entry("/d-long-enough-name"),
            entry("/2026/11/24/a"),
            entry("/b-long-enough-name", "2026-11-23"),
        )
    )
    assert paths(found) == ["/2026/11/24/a", "/b-long-enough-name", "/2026/11/22/c", "/d-long-enough-name"]


@pytest.mark.parametrize("ids", [[1001, 1002, 1003, 1004], [1004, 1003, 1002, 1001]])
def test_without_dates_the_highest_numbers_first(ids: list[int]) -> None:
    found = read(urlset(*(entry(f"/news/{n}") for n in ids)), limit=2)
    assert paths(found) == ["/news/1004", "/news/1003"]


def test_limit() -> None:
    assert len(read(urlset(*(entry(f"/a/some-words-{n}-here") for n in range(300)))).items) == 200


def test_include_overrides_the_form() -> None:
    body = urlset(entry("/x"), entry("/y"), entry("/2026/11/24/z"))
    assert paths(read(body, include=["/x"])) == ["/x"]
    assert paths(read(body, exclude=["/2026/"], include=["/"])) == ["/x", "/y"]


def test_news_alone_are_articles_where_there_are_any() -> None:
    told = "<n:news><n:title>T</n:title></n:news>"
    body = urlset(entry("/2026/11/24/page"), entry("/x", more=told), entry("/y", more=told))
    assert paths(read(body)) == ["/x", "/y"]
    assert paths(read(body, exclude=["/y"])) == ["/x"]
    assert [one.evidence for one in read(body).items] == ["news sitemap"] * 2


def test_the_name_of_the_sitemap_tells() -> None:
    body = urlset(entry("/"), entry("/x"), entry("/y"))
    assert paths(read(body, url="https://x.example/post-sitemap2.xml")) == ["/x", "/y"]
    with pytest.raises(
        ParseError, match="lists 3 addresses, but none that looks like an article's; say by 'include'"
    ):
        read(body)


def test_nothing_let_through() -> None:
    with pytest.raises(
        ParseError, match="none that 'include' and 'exclude' let through: the first is"
    ) as caught:
        read(urlset(entry("/2026/11/24/a")), include=["/b"])
    assert caught.value.kind == "no-links"


def test_an_empty_sitemap() -> None:
    with pytest.raises(ParseError, match="is a sitemap, but lists nothing") as caught:
        read("<urlset/>")
    assert caught.value.kind == "list-empty"
    assert read("<urlset/>", may_be_empty=True) == Parsed()
    assert read(urlset()) == Parsed()  # news: nothing was published for two days


def test_lastmod_is_no_date_of_publication() -> None:
    body = urlset(entry("/2026/11/20/a", "2026-11-24T10:00:00Z"))
    (with_page,) = read(body).items
    (without,) = read(body, full_text=False).items
    assert (with_page.published, with_page.updated) == (None, datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert without.published == datetime(2026, 11, 20)  # noqa: DTZ001 of the source's zone


def test_more_than_is_read_is_told() -> None:
    body = "https://x.example/a/some-words-here\n" * (MOST_URLS + 1)
    assert read(body).rejected == ("the sitemap lists more than 50,000 addresses: the others were not read",)


def test_options_are_checked() -> None:
    for wrong in ({"include": ["news"]}, {"limit": 0}, {"newest": 51}, {"sitemaps": [""]}):
        with pytest.raises(ValidationError):
            source(**wrong)
