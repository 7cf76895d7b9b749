"""Is what is private read by those who have a token, and by nobody else, wherever they look?"""

import base64
import json
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from feedsvc.model import FORMATS, SafeHtml
from feedsvc.web import create_app, words
from tests.web.site import ARABIC, EMPTY, URL, WORLD, Site, config, give_token, source

BOARD = {"id": "board", "title": "The board", "access": "token"}
STAFF = {"id": "staff", "title": "Staff", "access": "token", "was": ["crew"]}
DIGEST = {"id": "digest", "title": "Digest", "access": "token", "query": {"categories": ["board", "world"]}}
SECRET = "fst_the-right-one-of-many"
OTHER = "fst_for-the-staff-alone"


def settings(**options: Any) -> Any:
    sources = [
        source("times", "world", title="The Times of Example"),
        source("akhbar", "arabic"),
        source("minutes", "board"),
        source("both", "board", "world"),
    ]
    given = {"categories": [WORLD, ARABIC, EMPTY, BOARD, STAFF], "sources": sources, "views": [DIGEST]}
    return config(**{**given, **options})


@pytest.fixture
def site(site: Site) -> Site:
    site.configure(settings())
    site.write("minutes", "Confidential", tags=("merger",), content=SafeHtml("<p>Unspeakable.</p>"))
    site.write("both", "Told to all")
    give_token(site, SECRET)
    give_token(site, OTHER, "c/staff", name="bob")
    site.publish()
    return site


def titles(response: TestResponse) -> set[str]:
    assert response.status_code == 200, response.get_data(as_text=True)
    return {item["title"] for item in json.loads(response.get_data())["items"]}


def basic(password: str, user: str = "anybody") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


# ---- with a token -----------------------------------------------------------------------------------


def test_a_token_opens(client: Client, site: Site) -> None:
    assert titles(client.get(f"/t/{SECRET}/c/board.json")) == {"Confidential", "Told to all"}
    assert titles(client.get("/c/board.json", headers=basic(SECRET))) == {"Confidential", "Told to all"}
    assert titles(client.get(f"/t/{SECRET}/c/board.json?q=unspeakable")) == {"Confidential"}
    assert len(titles(client.get(f"/t/{SECRET}/v/digest.json"))) == 5
    assert titles(client.get(f"/t/{OTHER}/c/staff.json")) == set()


@pytest.mark.parametrize("format", FORMATS)
def test_it_names_no_address_and_is_nobody_elses(client: Client, site: Site, format: str) -> None:
    response = client.get(f"/t/{SECRET}/c/board.{format}", headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["Cache-Control"].startswith("private, ")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Link" not in response.headers
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]
    text = client.get(f"/t/{SECRET}/c/board.{format}").get_data(as_text=True)
    head = text.partition("<entry>")[0].partition("<item>")[0].partition('"items"')[0]
    for no in ('rel="self"', "feed_url", 'rel="hub"', "hubs", "next_url"):
        assert no not in head, no
    for no in ("prev-archive", "c/board.", "/t/", SECRET):
        assert no not in text.replace(":feed:c/board", ""), no


def test_it_is_conditional(client: Client, site: Site) -> None:
    path = f"/t/{SECRET}/c/board.atom"
    first = client.get(path)
    same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    assert same.headers["Referrer-Policy"] == "no-referrer"
    assert same.headers["Cache-Control"].startswith("private")
    assert client.head(path).headers["Content-Length"] == str(len(first.get_data()))
    site.write("minutes", "More of it")
    site.publish()
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_page_needs_a_token_and_shows_the_address_with_it(client: Client, site: Site) -> None:
    response = client.get(f"/t/{SECRET}/c/board/")
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "Confidential" in page
    assert f'value="{URL}/t/{SECRET}/c/board.rss"' in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"].startswith("private")
    assert "inoreader" not in page
    browser = client.get(f"/t/{SECRET}/c/board.rss", headers={"Sec-Fetch-Dest": "document"})
    assert (browser.status_code, browser.headers["Location"]) == (303, f"/t/{SECRET}/c/board/")
    assert browser.headers["Referrer-Policy"] == "no-referrer"


def test_a_revoked_token_opens_nothing(client: Client, site: Site) -> None:
    assert client.get(f"/t/{SECRET}/c/board.rss").status_code == 200
    site.store.revoke_token("ann")
    site.clock.advance(seconds=2)
    assert client.get(f"/t/{SECRET}/c/board.rss").status_code == 404
    assert client.get("/c/board.rss", headers=basic(SECRET)).status_code == 404


def test_a_new_name_keeps_the_token(client: Client, site: Site) -> None:
    """A reader that follows the redirect must still be let in, and not be sent elsewhere with what it has."""
    moved = client.get(f"/t/{OTHER}/c/crew.rss?q=a")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/t/{OTHER}/c/staff.rss?q=a")
    assert moved.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"/t/{OTHER}/c/crew/").headers["Location"] == f"/t/{OTHER}/c/staff/"
    known = client.get("/c/crew.rss", headers=basic(OTHER))
    assert (known.status_code, known.headers["Location"]) == (301, "/c/staff.rss")
    assert client.get("/c/crew.rss", headers=basic("wrong")).status_code == 404


def test_a_token_for_a_feed_holds_for_its_new_name(client: Client, site: Site) -> None:
    team = {**STAFF, "id": "team", "was": ["crew", "staff"]}
    site.configure(settings(categories=[WORLD, ARABIC, EMPTY, BOARD, team]))
    site.publish()
    assert client.get(f"/t/{OTHER}/c/staff.json").headers["Location"] == f"/t/{OTHER}/c/team.json"
    assert titles(client.get(f"/t/{OTHER}/c/team.json")) == set()
    assert client.get(f"/t/{OTHER}/c/board.json").status_code == 404


def test_a_slash_that_is_missing_is_put_right_on_the_spot(client: Client, site: Site) -> None:
    for path in (f"/t/{SECRET}/c/board", "/c/world"):
        answer = client.get(f"{path}?q=a", base_url="http://elsewhere.example")
        assert (answer.status_code, answer.headers["Location"]) == (308, f"{path}/?q=a")
    assert client.get("//elsewhere.example/..").status_code == 404


def test_it_has_no_history(client: Client, site: Site) -> None:
    site.configure(
        settings(categories=[{**WORLD}, ARABIC, EMPTY, {**BOARD, "access": "public"}, STAFF], views=[])
    )
    site.write("minutes", *map(str, range(80)))
    site.publish()
    site.publish()
    assert client.get("/c/board/archive/1.atom").status_code == 200
    site.configure(settings())
    site.publish()
    for number in (1, 2):
        assert client.get(f"/t/{SECRET}/c/board/archive/{number}.atom").status_code == 404
        assert client.get(f"/c/board/archive/{number}.atom").status_code == 404
    assert "archive" not in client.get(f"/t/{SECRET}/c/board.atom").get_data(as_text=True)


# ---- without ----------------------------------------------------------------------------------------

CLOSED = [
    *(f"/c/board.{format}" for format in FORMATS),
    "/c/board/",
    "/c/board.rss?q=unspeakable",
    "/c/board/?q=unspeakable",
    "/c/board+world.rss",
    "/c/board+world/",
    "/c/board/archive/1.atom",
    "/c/board/opml.xml",
    "/opml.xml?category=board",
    "/c/crew.rss",
    "/v/digest.rss",
    "/v/digest/",
    "/s/minutes.rss",
    "/s/minutes/",
    "/all.rss?source=minutes",
    "/t/fst_wrong/c/board.rss",
    "/t/fst_wrong/c/board/",
    f"/t/{OTHER}/c/board.rss",
    f"/t/{OTHER}/c/board/",
    f"/t/{OTHER}/c/board+staff.rss",
    f"/t/{OTHER}/v/digest.rss",
    f"/t/{SECRET}/c/nothing.rss",
    f"/t/{SECRET}/s/minutes.rss",
    f"/t/{SECRET}",
    "/t//c/board.rss",
]


@pytest.mark.parametrize("path", CLOSED)
def test_without_a_token_there_is_nothing(client: Client, site: Site, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "board" not in response.get_data(as_text=True)


@pytest.mark.parametrize("given", [basic("wrong"), basic(OTHER), basic(""), {"Authorization": "Basic %%%"}])
def test_a_wrong_password_is_no_better(client: Client, site: Site, given: dict[str, str]) -> None:
    assert client.get("/c/board.rss", headers=given).status_code == 404
    assert "WWW-Authenticate" not in client.get("/c/board.rss", headers=given).headers


def test_it_shows_nowhere(client: Client, site: Site) -> None:
    paths = ["/", "/all/", "/all.rss", "/all.atom", "/all.json", "/opml.xml", "/sitemap.xml", "/c/world/"]
    paths += ["/all.json?q=unspeakable", "/all.json?tag=merger", "/all/?q=confidential", "/status"]
    for path in paths:
        said = client.get(path).get_data(as_text=True)
        for word in ("Confidential", "Unspeakable", "merger", "minutes", "c/board", "The board", "digest"):
            assert word not in said or word in path, (path, word)
    assert "Told to all" in client.get("/all.rss").get_data(as_text=True)
    assert titles(client.get("/s/both.json")) == {"Told to all"}
    for entry in site.store.page("c/board"):
        expected = 200 if entry.article.title == "Told to all" else 404
        assert client.get(f"/a/{words.address(entry)}").status_code == expected
    assert "/a/" not in client.get(f"/t/{SECRET}/c/board/").get_data(as_text=True)


def test_what_becomes_private_leaves_what_is_public(client: Client, site: Site) -> None:
    world = {**WORLD, "access": "token"}
    site.configure(settings(categories=[world, ARABIC, EMPTY, BOARD, STAFF]))
    site.publish()
    for path in ("/all.rss", "/all.json", "/", "/all/"):
        assert "First" not in client.get(path).get_data(as_text=True), path
    assert "deleted-entry" in client.get("/all.atom").get_data(as_text=True)
    assert client.get("/c/world.rss").status_code == 404
    assert "First" in str(titles(client.get(f"/t/{SECRET}/c/world.json")))
    site.configure(settings())
    site.publish()
    assert "First" in client.get("/all.rss").get_data(as_text=True)
    assert "First" in client.get("/c/world.rss").get_data(as_text=True)


def test_former_private_feeds_were_never_there(client: Client, site: Site) -> None:
    site.configure(config())
    site.publish()
    assert client.get("/c/board.rss").status_code == 404
    assert client.get("/s/minutes.rss").status_code == 404
    assert client.get("/s/both.rss").status_code == 410


def test_guessing_is_slowed_down(client: Client, site: Site) -> None:
    assert client.get(f"/t/{OTHER}/c/staff.rss").status_code == 200
    for number in range(20):
        assert client.get(f"/t/guess{number}/c/board.rss").status_code == 404
    refused = client.get("/t/guess/c/board.rss")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert client.get(f"/t/{SECRET}/c/board.rss").status_code == 429  # a guess, for all we know
    assert client.get(f"/t/{OTHER}/c/staff.rss").status_code == 200
    assert client.get("/c/world.rss", headers=basic("of the proxy in front")).status_code == 200
    site.clock.advance(seconds=61)
    assert client.get(f"/t/{SECRET}/c/board.rss").status_code == 200


def test_guesses_are_counted_where_there_is_nothing_too(client: Client, site: Site) -> None:
    """Or the 21st guess would tell what there is."""
    for path in ("/c/board.rss", "/c/nothing.rss"):
        site.clock.advance(seconds=61)
        answers = [client.get(path, headers=basic("wrong")).status_code for _ in range(22)]
        assert answers == [404] * 20 + [429] * 2


def test_who_has_a_password_for_something_else_is_left_alone(client: Client, site: Site) -> None:
    for _ in range(30):
        assert client.get("/c/world/", headers=basic("of the proxy in front")).status_code == 200
    assert client.get(f"/t/{SECRET}/c/board.rss").status_code == 200


def test_a_token_below_a_path(site: Site) -> None:
    site.configure(settings(site={"title": "T", "url": "https://example.org/feeds"}))
    site.publish()
    app: Flask = create_app(site.services)
    client = app.test_client()
    assert titles(client.get(f"/feeds/t/{SECRET}/c/board.json")) == {"Confidential", "Told to all"}
    page = client.get(f"/feeds/t/{SECRET}/c/board/").get_data(as_text=True)
    assert f'value="https://example.org/feeds/t/{SECRET}/c/board.rss"' in page
