"""Do the pages say what there is, safely, and answer short and in the right type where there is nothing?"""

import gzip
import json
import re
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from feedsvc.model import Author, SafeHtml
from feedsvc.web import create_app
from feedsvc.web.wire import CONTENT_SECURITY_POLICY
from tests.web.site import URL, Site, config, source

HINT = "feedsvc source resume --file examples"
PAGES = ["/", "/c/world/", "/c/empty/", "/all/", "/opml.xml", "/robots.txt", "/healthz", "/nothing"]


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def links(page: str, rel: str) -> list[tuple[str, str]]:
    """(type, href) of the ``<link>`` elements of a kind."""
    found = re.findall(r"<link ([^>]*)>", page)
    attributes = [dict(re.findall(r'([a-z]+)="([^"]*)"', one)) for one in found]
    return [(one.get("type", ""), one["href"]) for one in attributes if one["rel"] == rel]


# ---- the index --------------------------------------------------------------------------------------


def test_the_index_shows_each_category_with_its_newest_headlines(client: Client, site: Site) -> None:
    site.write("times", "Fourth")
    page = text(client.get("/"))
    assert "<title>Example feeds</title>" in page
    about = "What happened, and why it matters."
    for said in ("World", about, "أخبار", "Empty", "3 categories", "2 sources"):
        assert said in page
    cards = page.split('<article class="card"')[1:]
    assert [re.findall(r'rel="noopener noreferrer">([^<]*)<', card) for card in cards] == [
        ["First", "Second", "Third"],
        ["خبر أول", "خبر ثان"],
        [],
    ]
    assert "The Times of Example" in cards[0]
    assert "1 source" in cards[0]
    assert "updated" in cards[0]


def test_the_index_gives_every_address(client: Client) -> None:
    page = text(client.get("/"))
    for key in ("all", "c/world", "c/arabic", "c/empty"):
        for format in ("rss", "atom", "json"):
            assert f'"{URL}/{key}.{format}"' in page


def test_readers_find_the_feeds_by_themselves(client: Client) -> None:
    assert links(text(client.get("/")), "alternate") == [
        ("application/rss+xml", f"{URL}/all.rss"),
        ("application/atom+xml", f"{URL}/all.atom"),
        ("application/feed+json", f"{URL}/all.json"),
        ("application/rss+xml", f"{URL}/c/world.rss"),
        ("application/rss+xml", f"{URL}/c/arabic.rss"),
        ("application/rss+xml", f"{URL}/c/empty.rss"),
    ]
    assert links(text(client.get("/c/world/")), "alternate") == [
        ("application/rss+xml", f"{URL}/c/world.rss"),
        ("application/atom+xml", f"{URL}/c/world.atom"),
        ("application/feed+json", f"{URL}/c/world.json"),
        ("application/rss+xml", f"{URL}/all.rss"),
    ]


def test_empty_pages_name_the_command_that_fills_them(client: Client, site: Site) -> None:
    assert HINT in text(client.get("/"))  # one category has no source
    assert HINT in text(client.get("/c/empty/"))
    assert HINT not in text(client.get("/c/world/"))
    site.configure(config(categories=[], sources=[]))
    page = text(client.get("/"))
    assert HINT in page
    assert "No categories yet" in page


def test_a_category_that_waits_for_its_first_poll_says_so(client: Client, site: Site) -> None:
    site.configure(config(sources=[source("slow", "empty")]))
    page = text(client.get("/c/empty/"))
    assert "Nothing published yet" in page
    assert HINT not in page


def test_the_index_shows_what_is_published_at_once(client: Client, site: Site) -> None:
    assert "Fourth" not in text(client.get("/"))
    site.write("times", "Fourth", published=site.clock())
    site.publish()
    page = text(client.get("/"))
    assert page.index("Fourth") < page.index("First")
    assert "Third" not in page
    assert "4 articles from 1 source" in text(client.get("/c/world/"))


def test_an_index_where_all_have_sources_gives_no_hint(client: Client, site: Site) -> None:
    sources = [source("times", "world"), source("akhbar", "arabic"), source("slow", "empty")]
    site.configure(config(sources=sources))
    assert HINT not in text(client.get("/"))


# ---- the page of a feed -----------------------------------------------------------------------------


def test_a_feeds_page_shows_its_entries(client: Client, site: Site) -> None:
    summary = SafeHtml("<p>A &lt;b&gt; <b>summary</b>.</p>")
    site.write("times", "Long", summary=summary, authors=(Author(name="Ann"),))
    page = text(client.get("/c/world/"))
    assert "<title>World – Example feeds</title>" in page
    assert '<a href="https://times.example/4" rel="noopener noreferrer">Long</a>' in page
    assert "A &lt;b&gt; summary." in page
    assert "<bdi>Ann</bdi>" in page
    assert 'datetime="2026-03-01T11:56:02Z" title="1 Mar 2026, 11:56 UTC">4 min ago' in page
    assert "All about First." in page


def test_language_and_direction_follow_the_entry(client: Client) -> None:
    page = text(client.get("/c/arabic/"))
    assert '<h1 dir="rtl" lang="ar">أخبار</h1>' in page
    assert re.search(r'<article id="a[0-9a-f]{10}" dir="rtl" lang="ar">', page)


def test_pages_follow_each_other_without_gap_or_double(client: Client, site: Site) -> None:
    site.write("times", *(f"N{number:03}" for number in range(120)))
    seen: list[str] = []
    address: str | None = "/c/world/"
    sizes = []
    while address:
        page = text(client.get(address))
        titles = re.findall(r'rel="noopener noreferrer">((?:N\d+|First|Second|Third))<', page)
        sizes.append(len(titles))
        seen += titles
        older = re.search(r'rel="next" href="([^"]*)"', page)
        address = older[1].replace("&amp;", "&") if older else None
    assert sizes == [50, 50, 23]
    assert seen == ["First", "Second", "Third", *(f"N{number:03}" for number in range(120))]


def test_a_page_far_back_is_not_for_search_engines(client: Client, site: Site) -> None:
    site.write("times", *map(str, range(60)))
    older = re.search(r'rel="next" href="([^"]*)"', text(client.get("/c/world/")))
    assert older is not None
    page = text(client.get(older[1]))
    assert '<meta name="robots" content="noindex, follow">' in page
    assert 'href="/c/world/">Back to the newest' in page


@pytest.mark.parametrize("before", ["x", "", "MjAyNg", "%FF", "../..", "a" * 3000])
def test_a_cursor_that_we_did_not_write_is_refused(client: Client, before: str) -> None:
    response = client.get(f"/c/world/?before={before}")
    assert response.status_code == 400
    assert response.mimetype == "text/html"


def test_the_page_of_everything(client: Client) -> None:
    page = text(client.get("/all/"))
    assert "First" in page
    assert "خبر أول" in page
    assert f"{URL}/all.rss" in page


def test_an_article_without_a_page_of_its_own_is_shown_whole(client: Client, site: Site) -> None:
    picture = '<p>Body <img src="https://x.example/pixel.gif" alt="a > b"/> text. </p>'
    body = SafeHtml(picture + "<p>More.</p>" * 90)
    site.write("times", "Here", link=None, content=body, published=site.clock())
    site.publish()
    page = text(client.get("/c/world/"))
    assert "<p>More.</p>" in page
    assert "pixel.gif" not in page
    assert page.count('<details class="body">') == 1
    address = re.search(r'href="/c/world/#(a[0-9a-f]{10})">Here<', text(client.get("/")))
    assert address is not None
    assert f'<article id="{address[1]}"' in page


def test_what_a_source_says_cannot_leave_its_place(client: Client, site: Site) -> None:
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    site.write("times", nasty, link='https://x.example/"><script>', authors=(Author(name=nasty),))
    page = text(client.get("/c/world/")) + text(client.get("/"))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="https://x.example/"><script>' not in page


# ---- what every answer carries ----------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Set-Cookie" not in headers


def test_the_policy_is_strict() -> None:
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'; ")
    for word in ("unsafe", "*", "http", "data:"):
        assert word not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", ["/", "/c/world/", "/nothing"])
def test_pages_load_nothing_from_elsewhere_and_have_nothing_inline(client: Client, path: str) -> None:
    page = text(client.get(path))
    loaded = re.findall(r'<(?:img|script)[^>]* src="([^"]*)"', page)
    loaded += [href for rel in ("stylesheet", "icon") for _, href in links(page, rel)]
    assert len(loaded) >= 4
    for address in loaded:
        assert address.startswith("/")
        assert client.get(address).status_code == 200
    assert "<style" not in page
    assert " style=" not in page
    assert re.search(r"<script(?![^>]* src=)", page) is None
    assert re.search(r"\son[a-z]+=", page) is None


def test_pages_are_kept_for_a_moment_and_asked_for_conditionally(client: Client, site: Site) -> None:
    first = client.get("/c/world/")
    assert first.headers["Cache-Control"] == "public, max-age=30, stale-while-revalidate=60"
    again = client.get("/c/world/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    site.write("times", "Fourth")
    changed = client.get("/c/world/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_pages_are_packed_for_those_who_ask(client: Client) -> None:
    plain, packed = client.get("/"), client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert packed.headers["Content-Length"] == str(len(packed.get_data()))


def test_static_files_are_kept_for_good_under_a_name_of_their_content(client: Client) -> None:
    address = next(href for _, href in links(text(client.get("/")), "stylesheet"))
    response = client.get(address)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.mimetype == "text/css"
    other = client.get(re.sub(r"[0-9a-f]{12}", "0" * 12, address))
    assert (other.status_code, other.headers["Location"]) == (302, address)
    assert other.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/static/x/none.css", "/static/x/..%2fpublic.py", "/static/", "/static/x/site.css/y"]
)
def test_no_other_file_is_given_out(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


# ---- small ones -------------------------------------------------------------------------------------


def test_opml_lists_every_feed(client: Client) -> None:
    response = client.get("/opml.xml")
    assert response.mimetype == "text/x-opml"
    outlines = ElementTree.fromstring(response.get_data()).iter("outline")
    assert [one.get("xmlUrl") for one in outlines] == [
        f"{URL}/all.rss",
        f"{URL}/c/world.rss",
        f"{URL}/c/arabic.rss",
        f"{URL}/c/empty.rss",
    ]


def test_robots_may_read_everything(client: Client) -> None:
    assert text(client.get("/robots.txt")) == (
        "User-agent: *\nDisallow:\n\nSitemap: https://feeds.example.org/sitemap.xml\n"
    )


def test_the_favicon_is_an_icon(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.get_data().startswith(b"\x00\x00\x01\x00")
    assert response.mimetype == "image/x-icon"


# ---- nothing to show --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "mimetype"),
    [
        ("/nothing", "text/html"),
        ("/c/nothing/", "text/html"),
        ("/c/", "text/html"),
        ("/c/nothing.rss", "text/plain"),
        ("/c/nothing.atom", "text/plain"),
        ("/c/nothing.json", "application/json"),
        ("/nothing.rss", "text/plain"),
        ("/x/y/z.xml", "text/plain"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_404_is_short_and_in_the_right_type(client: Client, path: str, mimetype: str, method: str) -> None:
    response = client.open(path, method=method)
    assert response.status_code == 404
    assert response.mimetype == mimetype
    assert response.headers["Cache-Control"] == "no-store"
    assert len(response.get_data()) < 3_000
    if mimetype == "application/json" and method == "GET":
        assert json.loads(text(response)) == {"status": 404, "error": "There is no such feed here."}


def test_a_category_without_its_slash_is_sent_on(client: Client) -> None:
    response = client.get("/c/world")
    assert response.status_code == 308
    assert response.headers["Location"].endswith("/c/world/")


def test_a_page_can_only_be_read(client: Client) -> None:
    response = client.post("/", data=b"x" * 200_000)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert response.mimetype == "text/html"


def test_a_feed_that_is_not_made_yet_asks_to_come_back(client: Client, site: Site) -> None:
    site.configure(config(categories=[{"id": "brandnew", "title": "New"}], sources=[]))
    response = client.get("/c/brandnew.json")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert json.loads(text(response))["status"] == 503


def test_a_bug_is_500_short_and_without_details(app: Flask, site: Site) -> None:
    app.testing = False

    def bug() -> str:
        return str(1 // 0)

    app.add_url_rule("/bug", "bug", bug)
    app.add_url_rule("/bug.rss2.xml", "bugxml", bug)
    for path, mimetype in (("/bug", "text/html"), ("/bug.rss2.xml", "text/plain")):
        response = app.test_client().get(path)
        assert (response.status_code, response.mimetype) == (500, mimetype)
        assert "ZeroDivision" not in text(response)
        assert "logged" in text(response)


def test_the_site_may_live_under_a_path(site: Site) -> None:
    site.configure(config(site={"title": "Deep", "url": "https://example.org/feeds"}))
    site.publish()
    client = create_app(site.services).test_client()
    for start in ("", "/feeds"):  # a proxy in front may strip the path or not
        page = text(client.get(f"{start}/"))
        assert 'href="/feeds/c/world/"' in page
        assert "https://example.org/feeds/c/world.rss" in page
        assert client.get(f"{start}/c/world/").status_code == 200
        assert client.get(f"{start}/c/world.rss").status_code == 200
        for _, address in links(page, "stylesheet"):
            assert address.startswith("/feeds/static/")
            assert client.get(address).status_code == 200
            assert client.get(address.removeprefix("/feeds")).status_code == 200
