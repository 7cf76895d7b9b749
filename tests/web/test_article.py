"""Does an article have a page of its own, as much of it as may be shown, and only while it may be?"""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from werkzeug.test import Client, TestResponse

from feedsvc.model import Author, Enclosure, Image, SafeHtml
from feedsvc.web.wire import CONTENT_SECURITY_POLICY, WITH_PICTURES
from tests.web.site import ARABIC, URL, WORLD, Site, config, source

BODY = SafeHtml('<h1>Head</h1><p>Text <img src="https://x.example/a.png" alt="A"></p>' + "<p>More.</p>" * 200)


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def address(client: Client, title: str, page: str = "/c/world/") -> str:
    """Where the list says that an article can be read here."""
    found = re.search(rf'href="(/a/[^"]+)" aria-label="Read here: {title}"', text(client.get(page)))
    assert found is not None
    return found[1]


def write(site: Site, title: str = "Long", source_id: str = "times", **fields: object) -> None:
    site.write(source_id, title, **{"content": BODY, "published": site.clock(), **fields})
    site.publish()


def test_the_page_has_all_of_the_article(client: Client, site: Site) -> None:
    write(
        site,
        authors=(Author(name="Ann"), Author(name="Bo", url="https://bo.example/")),
        tags=("Rail", "Alps"),
        rights="© Ann",
        image=Image(url="https://x.example/lead.jpg", caption="A train", credit="Cy"),
        language="en-GB",
        via="https://other.example/feed",
        via_title="Other",
    )
    page = text(client.get(address(client, "Long")))
    assert '<h1 dir="ltr" lang="en-GB">Long</h1>' in page
    assert "<h2>Head</h2>" in page
    assert page.count("<p>More.</p>") == 200
    assert '<img loading="lazy" decoding="async" src="https://x.example/a.png" alt="A">' in page
    assert '<img src="https://x.example/lead.jpg" alt="A train"' in page
    assert '<figcaption class="facts"><bdi>A train</bdi> <bdi>Cy</bdi></figcaption>' in page
    assert 'datetime="2026-03-01T12:00:02Z"' in page
    for said in ("The Times of Example", "Ann", 'href="https://bo.example/"', "Rail", "© Ann", ">Other<"):
        assert said in page
    assert '<a href="/c/world/"><bdi>World</bdi></a>' in page


def test_search_engines_are_sent_to_the_original(client: Client, site: Site) -> None:
    page = text(client.get(address(client, "First")))
    assert '<link rel="canonical" href="https://times.example/1">' in page
    assert '<meta name="robots" content="noindex">' in page
    site.configure(config(site={"title": "T", "url": URL, "index_articles": True}))
    assert "noindex" not in text(client.get(address(client, "First")))


def test_an_article_that_is_nowhere_else_is_its_own_original(client: Client, site: Site) -> None:
    write(site, "Here", link=None)
    where = address(client, "Here")
    assert f'<link rel="canonical" href="{URL}{where}">' in text(client.get(where))


def test_the_address_is_short_and_stays(client: Client, site: Site) -> None:
    where = address(client, "First")
    assert re.fullmatch(r"/a/[0-9a-z]{1,4}-[0-9a-f]{10}", where)
    write(site, "Second one")
    site.clock.advance(days=30)
    site.publish()
    assert client.get(where).status_code == 200


@pytest.mark.parametrize("given", ["tag:times.example,2026:1", quote("tag:times.example,2026:1", safe="")])
def test_the_id_leads_to_the_address(client: Client, given: str) -> None:
    response = client.get(f"/a/{given}")
    assert response.status_code == 301
    assert response.headers["Location"].endswith(address(client, "First"))


@pytest.mark.parametrize(
    "path",
    [
        "1-0000000000",
        "zzzzzzzzzzzz-0000000000",
        "0-0000000000",
        "١-0000000000",
        "https://times.example//1",
        "x",
        "%00",
        "a" * 5000,
    ],
)
def test_nothing_is_404(client: Client, path: str) -> None:
    response = client.get(f"/a/{path}")
    assert response.status_code in {404, 308}
    assert response.status_code == 404 or client.get(response.headers["Location"]).status_code == 404


def test_what_was_taken_away_is_410(client: Client, site: Site) -> None:
    where = address(client, "First")
    site.store.hide("tag:times.example,2026:1", site.clock())
    site.publish()
    response = client.get(where)
    assert response.status_code == 410
    assert "was taken out of these feeds" in text(response)
    assert "First" not in text(response)
    assert client.get("/a/tag:times.example,2026:1").status_code == 410
    site.store.unhide("tag:times.example,2026:1", site.clock())
    assert client.get(where).status_code == 200


def test_what_is_too_old_to_be_kept_is_410(client: Client, site: Site) -> None:
    where = address(client, "First")
    site.clock.advance(days=1000)
    while site.store.prune(site.clock()):
        pass
    response = client.get(where)
    assert response.status_code == 410
    assert "not kept here any more" in text(response)


def test_what_still_waits_is_not_there(client: Client, site: Site) -> None:
    site.hold = timedelta(hours=1)
    write(site, "Waits")
    record = site.store.article("tag:times.example,2026:4")
    assert record.state == "held"
    assert client.get(f"/a/{record.entry.id}").status_code == 404


@pytest.mark.parametrize(
    ("amount", "whole", "beginning"),
    [("full", True, True), ("summary", False, True), ("title", False, False)],
)
def test_no_more_is_shown_than_may_be(
    client: Client, site: Site, amount: str, whole: bool, beginning: bool
) -> None:
    files = (Enclosure(url="https://x.example/a.mp3", type="audio/mpeg"),)
    write(site, enclosures=files)
    where = address(client, "Long")
    given = [{**WORLD, "content": amount}]
    site.configure(config(categories=given, sources=[source("times", "world", content=amount)]))
    page = text(client.get(where))
    assert ("<p>More.</p>" in page) is whole
    assert ("Head Text" in page) is beginning
    assert ("a.mp3" in page) is (amount != "title")
    assert ("Read on at" in page) is not whole
    listed = text(client.get("/c/world/"))
    assert ("Head Text" in listed) is beginning


def test_what_one_public_feed_shows_the_page_shows(client: Client, site: Site) -> None:
    write(site)
    where = address(client, "Long")
    site.configure(config(categories=[{**WORLD, "content": "title"}, ARABIC]))  # "all" has it whole
    assert "<p>More.</p>" in text(client.get(where))


def test_files_can_be_played(client: Client, site: Site) -> None:
    files = (
        Enclosure(
            url="https://x.example/12.mp3", type="audio/mpeg", length=34_567_890, duration=2530, title="E 12"
        ),
        Enclosure(url="https://x.example/film.mp4"),
        Enclosure(url="https://x.example/my%20notes.pdf", type="application/pdf", length=81_234),
    )
    write(site, enclosures=files)
    page = text(client.get(address(client, "Long")))
    assert '<audio controls preload="none" src="https://x.example/12.mp3" aria-label="E 12">' in page
    assert '<video controls preload="none" src="https://x.example/film.mp4" aria-label="film.mp4">' in page
    for said in ("34.6 MB", "42:10", "81 KB", "<bdi>my notes.pdf</bdi>"):
        assert said in page


def test_only_this_page_may_load_from_elsewhere_and_it_does_not_say_who_reads(
    client: Client, site: Site
) -> None:
    headers = client.get(address(client, "First")).headers
    assert headers["Content-Security-Policy"] == WITH_PICTURES
    assert "script-src 'self'; img-src 'self' https: http:; media-src https: http:;" in WITH_PICTURES
    assert headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/c/world/").headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_pictures_can_be_switched_off(client: Client, site: Site) -> None:
    files = (Enclosure(url="https://x.example/a.mp3", type="audio/mpeg"),)
    write(site, image=Image(url="https://x.example/lead.jpg"), enclosures=files)
    site.configure(config(site={"title": "T", "url": URL, "pictures": False}))
    response = client.get(address(client, "Long"))
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    page = text(response)
    assert "a.png" not in page
    assert "lead.jpg" not in page
    assert "<audio" not in page
    assert 'href="https://x.example/a.mp3"' in page


def test_a_picture_that_the_text_shows_is_not_shown_twice(client: Client, site: Site) -> None:
    write(site, image=Image(url="https://x.example/a.png"))
    assert text(client.get(address(client, "Long"))).count("https://x.example/a.png") == 1


def test_what_a_source_says_cannot_leave_its_place(client: Client, site: Site) -> None:
    nasty = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    write(
        site,
        "Nasty",
        link=f"https://x.example/{nasty}",
        authors=(Author(name=nasty),),
        tags=(nasty,),
        rights=nasty,
        via_title=nasty,
        enclosures=(Enclosure(url=f"https://x.example/{nasty}", title=nasty, type=nasty),),
        image=Image(url=f"https://x.example/{nasty}"),
        language=nasty,
    )
    page = text(client.get(address(client, "Nasty")))
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("title", "content", "runs"),
    [
        ("عودة القطارات", "<p>تعود القطارات الليلية.</p>", 'dir="rtl" lang="ar"'),
        ("BBC: قمة المناخ تبدأ", "<p>Hamburg هي المدينة الأولى.</p>", 'dir="rtl" lang="ar"'),
        ("An English headline", "<p>In English, too.</p>", 'dir="ltr" lang=""'),
    ],
)
def test_the_text_runs_as_it_is_read(client: Client, site: Site, title: str, content: str, runs: str) -> None:
    write(site, title, "akhbar", content=SafeHtml(content), language="ar")
    page = text(client.get(address(client, title, "/c/arabic/")))
    assert f"<h1 {runs}>{title}</h1>" in page
    assert f'<div class="prose" {runs}>{content}</div>' in page
    listed = text(client.get("/c/arabic/"))
    assert re.search(rf'<article id="a[0-9a-f]{{10}}" {runs}>\s*<h2><a [^>]*>{title}<', listed)


def test_under_a_path_of_the_site(site: Site, client: Client) -> None:
    site.configure(config(site={"title": "Deep", "url": "https://example.org/feeds"}))
    site.publish()
    found = re.search(r'href="(/feeds/a/[^"]+)"', text(client.get("/feeds/c/world/")))
    assert found is not None
    assert client.get(found[1]).status_code == 200
