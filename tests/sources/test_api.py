"""What does a JSON API list, or the JSON that is written into a page?"""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from feedsvc.errors import ParseError
from feedsvc.model import Author, Document, Parsed, ParsedItem
from feedsvc.sources.api import ApiSource, parse, propose, start

URL = "https://api.x.example/posts"
ROWS = [{"id": n, "title": f"Title number {n}", "url": f"/{n}"} for n in range(1, 4)]


def source(**options: Any) -> ApiSource:
    return ApiSource.model_validate({"id": "x", "type": "api", "url": URL, **options})


def document(value: object, *, url: str = URL, **headers: str) -> Document:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Document(url=url, body=body, headers=headers)


def read(value: object, *, at: str = URL, **options: Any) -> Parsed:
    return parse(source(**options), document(value, url=at))


def only(row: object, **fields: str) -> ParsedItem:
    (item,) = read({"list": [row]}, items="list", fields=fields).items
    return item


# ---- requests


def test_a_get() -> None:
    request = start(source(headers={"accept": "text/x", "X-Key": 7}, render="browser"))
    assert request.url == source().location == URL
    assert request.headers == {"Accept": "text/x", "X-Key": "7"}
    assert (request.body, request.render) == (None, "browser")


@pytest.mark.parametrize(
    ("body", "sent", "kind"),
    [
        ({"a": ["ä", None]}, b'{"a": ["\\u00e4", null]}', "application/json"),
        (' {"a": 1}', b' {"a": 1}', "application/json"),
        ("a=1&b=ä", "a=1&b=ä".encode(), "application/x-www-form-urlencoded"),
    ],
)
def test_a_post(body: object, sent: bytes, kind: str) -> None:
    request = start(source(body=body))
    assert (request.body, request.headers["Content-Type"]) == (sent, kind)
    assert start(source(body=body, headers={"content-type": "x/y"})).headers["Content-Type"] == "x/y"


def test_a_post_of_nothing() -> None:
    assert start(source(method="POST")).body == b""


def test_secrets_are_not_shown() -> None:
    one = source(headers={"X-Key": "hush"}, body={"k": "hush"}, url=f"{URL}?token=hush")
    told = [repr(one.model_copy(update={"url": URL})), repr(start(one))]
    for body in (b"", b"<html/>", b"{}", b"[]"):
        with pytest.raises(ParseError) as caught:
            parse(one, document(body, url=one.url))
        told.append(str(caught.value))
    with pytest.raises(ValidationError) as wrong:
        source(headers={"X-Key": "hush\n"}, method="GET", body="hush")
    told.append(str(wrong.value))
    assert not [text for text in told if "hush" in text.replace("token=hush", "")]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"headers": {"a b": "x"}}, "'a b' is no name of a header"),
        ({"headers": {"a": "x\r\ny"}}, "the value of a has a line break"),
        ({"method": "GET", "body": "x"}, "a GET has no body"),
        ({"pages": 2}, "pages needs 'paging'"),
        ({"body": "x", "paging": {"page": "p"}}, "paging needs a 'body' that is a mapping"),
        ({"items": "a["}, "no JMESPath expression: it ends too early, at column 3"),
        ({"fields": {"titel": "x"}}, "Extra inputs"),
        ({"json_in": "<script>"}, "neither a CSS selector"),
    ],
)
def test_options_are_checked(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        source(**wrong)


# ---- paging


def test_further_pages() -> None:
    found = read(ROWS, paging={"page": "page"}, pages=3, headers={"X-Key": "k"})
    (request,) = found.follow
    assert (request.url, request.headers["X-Key"]) == (f"{URL}?page=2", "k")
    assert read(ROWS, paging={"page": "page"}).follow == ()


def test_further_pages_of_a_post() -> None:
    found = read(ROWS, paging={"page": "page"}, pages=3, body={"q": 1})
    assert [one.body for one in found.follow] == [b'{"q": 1, "page": 2}', b'{"q": 1, "page": 3}']


def test_another_server_is_told_nothing() -> None:
    value = {"posts": ROWS, "next": "https://y.example/?token=t"}
    found = read(value, paging={"next": "next"}, pages=2, headers={"X-Key": "k"})
    assert found.follow == ()
    assert found.rejected == (
        "the next page is on another server, https://y.example/?token=…: not asked for",
    )


def test_a_further_page_may_be_empty() -> None:
    paging = {"paging": {"page": "page"}, "pages": 3}
    assert read({"list": []}, at=f"{URL}?page=2", items="list", **paging) == Parsed()
    with pytest.raises(ParseError, match="empty"):
        read({"list": []}, items="list", **paging)


# ---- what is no list


@pytest.mark.parametrize(
    ("value", "options", "kind", "words"),
    [
        (
            {"data": ROWS},
            {"items": "posts"},
            "list-gone",
            r"`posts` finds nothing; .* has: data; did you mean items: data\?",
        ),
        (
            {"data": {"x": 1}},
            {"items": "data"},
            "list-gone",
            "`data` finds no list, but an object that has: x",
        ),
        (
            {"error": "no"},
            {},
            "list-gone",
            "there is no list of articles in the document, an object that has: error",
        ),
        ({f"k{n}": 1 for n in range(20)}, {}, "list-gone", r"has: k0, .*k11 and 8 more"),
        ([], {}, "list-empty", "is there .*, but empty"),
        ({"a": []}, {"items": "a"}, "list-empty", r"\(`a`\), but empty"),
        ({"a": [None]}, {"items": "a"}, "list-empty", "empty"),
        (
            {"a": [{"t": 1}]},
            {"items": "a"},
            "no-links",
            r"in any of 1 items, as no key is called like one\. An item is an object that has: t",
        ),
        (
            {"a": ROWS},
            {"items": "a", "fields": {"link": "x", "guid": "y"}},
            "no-links",
            "by link: `x`, guid: `y`",
        ),
        ({"a": 1}, {"items": "length(a)"}, "invalid", r"`length\(a\)` cannot be applied to the document"),
        (
            b"<html><title>Hi</title></html>",
            {},
            "invalid",
            r"an HTML page \(title 'Hi'\) came instead of JSON; .*json_in says where",
        ),
        (b'{"a": [1', {}, "invalid", "broken JSON or breaks off"),
        (b'"text"', {}, "invalid", "came instead of JSON"),
        (b'["' + b"\xff" * 9 + b'"', {}, "invalid", "broken JSON"),
        (b'{"a": [1', {"json_in": "script"}, "not-html", "no HTML page"),
        (b"<html><p>Hi</p></html>", {"json_in": "script"}, "list-gone", "nothing at json_in: script"),
    ],
)
def test_what_is_no_list(value: object, options: dict[str, Any], kind: str, words: str) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        read(value, **options)
    assert caught.value.kind == kind


def test_an_empty_list_may_be_right() -> None:
    assert read({"a": []}, items="a", may_be_empty=True) == Parsed()
    with pytest.raises(ParseError):
        read({"b": []}, items="a", may_be_empty=True)


def test_a_robot_check_is_told() -> None:
    for options in ({}, {"json_in": "script"}):
        with pytest.raises(ParseError) as caught:
            parse(source(**options), document(b"<html>Wait</html>", **{"cf-mitigated": "challenge"}))
        assert caught.value.kind == "blocked"


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b")]}',\n", b")]}'\n", b"while(1);", b"for (;;);", b" \n", b"/**/ cb("]
)
def test_what_stands_before_json(before: bytes) -> None:
    after = b");\n" if before.endswith(b"(") else b""
    assert len(read(before + json.dumps(ROWS).encode() + after).items) == 3


def test_encodings() -> None:
    assert len(read(json.dumps(ROWS).encode("utf-16")).items) == 3
    (first, *_) = read(json.dumps(ROWS).encode().replace(b"Title", b"T\xe4tle")).items
    assert first.title == "T\ufffdtle number 1"


# ---- items


def test_what_is_not_said_is_guessed_and_told() -> None:
    found = read({"data": ROWS}, fields={"title": "join(' ', [title, url])", "guid": ""})
    assert next((one.title, one.link, one.guid) for one in found.items) == (
        "Title number 1 /1",
        "https://api.x.example/1",
        None,
    )
    assert {one.evidence for one in found.items} == {"JSON, guessed items: data, link: url"}


def test_markup_is_told_from_text() -> None:
    item = only(
        {"id": 1, "t": "a < b & c", "s": "AT&amp;T", "c": "<p>x</p>"}, title="t", summary="s", content="c"
    )
    assert (item.title_type, item.summary_type, item.content_type) == ("text", "html", "html")
    (plain,) = read(
        [{"id": 1, "c": "<p>x</p>"}], items="@", fields={"content": "c"}, content_type="text"
    ).items
    assert plain.content_type == "text"


def test_a_summary_that_is_the_content_is_left_out() -> None:
    item = only({"id": 1, "a": "text", "b": "text"}, summary="a", content="b")
    assert (item.summary, item.content) == (None, "text")


def test_links_and_what_is_relative_to_them() -> None:
    item = only({"s": "x/y z", "by": "Jane"}, link="https://www.x.example/n/{s}", author="by")
    assert item.link == item.base_url == "https://www.x.example/n/x/y%20z"
    assert item.authors == (Author(name="Jane"),)
    assert only({"id": 1}, link="no").base_url == URL


def test_dates() -> None:
    (item,) = read([{"id": 1, "d": "2/1/2026"}], items="@", fields={"date": "d"}, date_order="MDY").items
    assert str(item.published) == "2026-02-01 00:00:00"
    assert (
        str(only({"id": 1, "d_gmt": "2026-02-01T00:00:00"}, date="d_gmt").published)
        == "2026-02-01 00:00:00+00:00"
    )


def test_one_bad_item_costs_itself_alone() -> None:
    found = read(
        [{"id": 1, "n": ["x"]}, {"id": 2, "n": 7}, {"x": 1}], items="@", fields={"author": "join(',', n)"}
    )
    assert [one.guid for one in found.items] == ["1"]
    assert found.rejected[0].startswith("item 2: `join(',', n)` cannot be applied")
    assert found.rejected[1] == "item 3: has neither link nor id"


def test_items_that_are_no_objects() -> None:
    found = read({"a": ["/1", "/2"]}, items="a", fields={"link": "@"})
    assert [one.link for one in found.items] == ["https://api.x.example/1", "https://api.x.example/2"]


# ---- discovery


def test_a_proposal_reads_its_document() -> None:
    asked = document({"data": {"posts": ROWS}})
    found = propose(asked)
    assert found is not None
    assert (found.items, found.count, found.json_in) == ("data.posts", 3, None)
    assert found.fields == {"title": "title", "link": "url", "guid": "id"}
    assert found.evidence == "3 items in JSON at data.posts"
    assert len(parse(source(items=found.items, fields=found.fields), asked).items) == 3


def test_a_proposal_for_a_page() -> None:
    html = f"<html><script>window.A = {{}}; window.S = {json.dumps({'x': ROWS})};</script></html>"
    found = propose(document(html.encode()))
    assert found is not None
    assert (found.items, found.json_in, found.evidence) == (
        "x",
        "window.S",
        "3 items in JSON of window.S at x",
    )
    again = parse(
        source(json_in=found.json_in, items=found.items, fields=found.fields), document(html.encode())
    )
    assert len(again.items) == 3


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<rss/>", b"<html><p>x</p></html>", b"\0\1", b"{"])
def test_no_proposal(body: bytes) -> None:
    assert propose(document(body)) is None
