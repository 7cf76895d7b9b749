"""What else must hold for pages: selectors are checked early, trouble is told apart, lists go on."""

import dataclasses
from typing import Any

import pytest
from pydantic import ValidationError

from feedsvc.errors import ParseError
from feedsvc.model import Document, Parsed
from feedsvc.sources.page import PageSource, parse, start

URL = "https://harbour.example/news"
ITEM = (
    '<article class="card"><h2><a href="/news/{0}">A story with the number {0}</a></h2>'
    "<p>It has a text.</p></article>"
)
CARDS = "".join(ITEM.format(number) for number in (11, 12, 13))


def source(**options: Any) -> PageSource:
    return PageSource.model_validate({"id": "harbour", "type": "page", "url": URL, **options})


def document(body: str, *, url: str = URL) -> Document:
    return Document(url=url, body=body.encode(), headers={"content-type": "text/html; charset=utf-8"})


def page(content: str, *, head: str = "", body: str = "") -> str:
    return (
        f'<html lang="en"><head><title>News</title>{head}</head><body {body}><header><a href="/">Post</a>'
        f'<nav><a href="/news">News</a> <a href="/sport">Sport</a></nav></header>'
        f"<main>{content}</main></body></html>"
    )


def read(content: str, **options: Any) -> Parsed:
    return parse(source(**options), document(page(content)))


def links(parsed: Parsed) -> list[str]:
    return [(item.link or "").removeprefix("https://harbour.example") for item in parsed.items]


def test_the_request() -> None:
    request = start(source(render="browser"))
    assert (request.url, request.render) == (URL, "browser")
    assert request.headers["Accept"].startswith("text/html")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"item": "article["}, "is no CSS selector"),
        ({"fields": {"title": "//h2["}}, "is no XPath"),
        ({"fields": {"titel": "h2"}}, "Extra inputs"),
        ({"next": ""}, "is empty"),
        ({"pages": 0}, "greater than or equal to 1"),
        ({"date_order": "DYM"}, "DMY"),
    ],
)
def test_a_wrong_config_is_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        source(**options)


@pytest.mark.parametrize(
    ("content", "options", "kind", "message"),
    [
        (
            "<h1>Welcome</h1><p>We sell boats of all sizes, and we mend them.</p>",
            {},
            "list-gone",
            "looks like a list",
        ),
        ("<h1>News</h1><p>No articles found.</p>", {}, "list-empty", 'says "No articles found."'),
        ("<h1>Aktuelles</h1><p>Keine Einträge vorhanden</p>", {}, "list-empty", "Keine Einträge"),
        ('<h1>News</h1><ul class="news-list"></ul>', {}, "list-empty", "nothing in <ul news-list>"),
        (
            "<article><h2>One day</h2><p>It rained all day and all night.</p></article>" * 3,
            {},
            "no-links",
            "3 articles stand on",
        ),
        (CARDS, {"item": "div.story"}, "list-gone", "'div.story'"),
        ('<div class="list"></div>', {"item": ".list .story"}, "list-empty", "'css:.list' is there"),
        ("<p>No results.</p>", {"item": "div.story"}, "list-empty", 'says "No results."'),
        (CARDS, {"item": "article p"}, "no-links", "none of the 3 items"),
        (CARDS, {"fields": {"link": "b::attr(href)"}}, "no-links", "fields: link"),
        (CARDS, {"item": "article::attr(class)"}, "invalid", "selects texts, not elements"),
    ],
)
def test_what_is_wrong_is_told_apart(content: str, options: dict[str, Any], kind: str, message: str) -> None:
    with pytest.raises(ParseError, match=message) as error:
        read(content, **options)
    assert error.value.kind == kind


ROBOT_CHECK = (
    '<html><head><title>Just a moment...</title></head><body><script src="/cdn-cgi/challenge-platform/h/g/x">'
    "</script><noscript>Enable JavaScript and cookies to continue</noscript></body></html>"
)
APP = (
    '<html><head><title>App</title></head><body><div id="root"></div><script src="/app.js"></script>'
    "</body></html>"
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"a": 1}', "not-html"),
        (ROBOT_CHECK, "blocked"),
        (APP, "needs-browser"),
    ],
)
def test_what_stands_before_the_page(body: str, kind: str) -> None:
    with pytest.raises(ParseError) as error:
        parse(source(), document(body))
    assert error.value.kind == kind


def test_any_field_alone_can_be_given() -> None:
    parsed = read(CARDS, fields={"title": "p ::text", "summary": ".none ::text"})
    assert links(parsed) == ["/news/11", "/news/12", "/news/13"]
    assert {item.title for item in parsed.items} == {"It has a text."}
    assert {item.summary for item in parsed.items} == {None}


def test_the_item_alone_can_be_given() -> None:
    parsed = read(CARDS + ITEM.format(14).replace("card", "other"), item="article.card")
    assert links(parsed) == ["/news/11", "/news/12", "/news/13"]
    assert parsed.items[0].title == "A story with the number 11"
    assert {item.evidence for item in parsed.items} == {"selectors"}


def test_an_item_that_is_a_link() -> None:
    parsed = read('<a class="row" href="/a">One</a><a class="row" href="/b">Two</a>', item="a.row")
    assert [(item.link, item.title) for item in parsed.items] == [
        ("https://harbour.example/a", "One"),
        ("https://harbour.example/b", "Two"),
    ]


def test_a_file_to_hear() -> None:
    content = CARDS.replace("</article>", '<audio src="/a.mp3"></audio></article>')
    parsed = read(content, item="article", fields={"enclosure": "audio"})
    assert [one.url for item in parsed.items for one in item.enclosures] == [
        "https://harbour.example/a.mp3"
    ] * 3


# ---- more pages -------------------------------------------------------------------------------------

NEXT = CARDS + '<a rel="next" href="/news?page=2">Older</a><a class="go" href="/elsewhere">Go</a>'


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, []),
        ({"pages": 3}, ["https://harbour.example/news?page=2"]),
        ({"pages": 3, "next": "a.go::attr(href)"}, ["https://harbour.example/elsewhere"]),
        ({"pages": 3, "next": "a.go"}, ["https://harbour.example/elsewhere"]),
        ({"pages": 3, "next": "a.none"}, []),
    ],
)
def test_the_next_page_is_asked_for(options: dict[str, Any], expected: list[str]) -> None:
    assert [request.url for request in read(NEXT, **options).follow] == expected


def test_so_many_documents_are_read() -> None:
    assert source(pages=5).documents == 5
    assert source().documents == 2  # the page, and WordPress's API if it has no list


# ---- WordPress --------------------------------------------------------------------------------------

API = '<link rel="https://api.w.org/" href="https://harbour.example/wp-json/">'


def test_wordpress_is_asked_only_where_the_page_lists_nothing() -> None:
    empty = parse(source(), document(page("<p>Loading</p>", head=API, body='class="archive category-7"')))
    assert empty.items == ()
    assert [request.url for request in empty.follow] == [
        "https://harbour.example/wp-json/wp/v2/posts?per_page=20&_embed=author,wp:featuredmedia&categories=7"
    ]
    assert parse(source(), document(page(CARDS, head=API))).follow == ()
    plain = API.replace("wp-json/", "?rest_route=/")
    (request,) = parse(source(), document(page("<p>Loading</p>", head=plain))).follow
    assert request.url.startswith("https://harbour.example/?rest_route=/wp/v2/posts&per_page=20")


def test_a_wordpress_without_posts_is_an_empty_list() -> None:
    with pytest.raises(ParseError) as error:
        parse(source(), document("[]"))
    assert error.value.kind == "list-empty"


# ---- hostile ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 5_000 + CARDS,
        "<ul>" + "<li><a href='/news/a-long-title-of-a-story-{}'>A long title of a story</a>" * 20_000,
        page("<h2>" * 3_000 + CARDS),
        page('<article itemscope itemtype="http://schema.org/Article">' * 800 + CARDS),
        page(CARDS, head='<script type="application/json">' + '{"a":[' * 50_000 + "</script>"),
        page(CARDS, head="<script>window.x = " + "{" * 100_000 + "</script>"),
        page("<table>" + "<tr><td>1.2.<td><a href=/x>" * 10_000),
        page(CARDS.replace("/news/", "https://[/")),
        page(CARDS.replace("It has a text.", "1/" * 20_000)),
    ],
    ids=["deep", "wide", "headings", "things", "deep JSON", "braces", "rows", "links", "numbers"],
)
def test_no_page_is_too_much(body: str) -> None:
    try:
        parsed = parse(source(), document(body))
    except ParseError:
        return
    assert len(parsed.items) <= 1_000


def test_the_same_whatever_the_address_is_redirected_to() -> None:
    moved = dataclasses.replace(document(page(CARDS)), url="https://www.harbour.example/en/news")
    assert parse(source(), moved).items[0].link == "https://www.harbour.example/news/11"
