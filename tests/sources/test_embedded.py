"""Which JSON is written into a page?"""

import contextlib
import time

import pytest
from pydantic import TypeAdapter, ValidationError

from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.pages import page
from feedsvc.pages.page import Page
from feedsvc.sources import embedded


def made(body: str) -> Page:
    html = f"<!DOCTYPE html><html><body>{body}</body></html>"
    return page.read(
        Document(url="https://x.example/", body=html.encode(), headers={"content-type": "text/html"})
    )


@pytest.mark.parametrize(
    ("where", "body"),
    [
        ("script#d", '<script id="d" type="application/json"> {"a": "é"} </script>'),
        ("#d", '<script id="d"><!--\n{"a": "é"}\n--></script>'),
        ("script#d", '<script id="d">//<![CDATA[\n{"a": "é"}\n//]]></script>'),
        ("div#app::attr(data-page)", '<div id="app" data-page="{&quot;a&quot;: &quot;é&quot;}"></div>'),
        ("window.X", '<script>var y=1; window.X = {"a": "é"}; window.Xa = {}</script>'),
        ("window.X", '<script>window.X={"a": "é"}</script>'),
        ("X =", '<script>if (X == 1) {}; let X = {"a": "é"}, z = 2</script>'),
        ('window["my-state"]', '<script>window["my-state"] = {"a": "é"};</script>'),
        ("window.X", '<script>window.X = JSON.parse("{\\"a\\": \\"\\u00e9\\"}");</script>'),
        ("window.X", '<script>window.X = JSON.parse(\'{"a": "\\u00e9"}\');</script>'),
        ("window.X", '<script>window.X = JSON.parse(\'\\x7b"a": "é"}\');</script>'),
    ],
)
def test_where(where: str, body: str) -> None:
    assert TypeAdapter(embedded.Where).validate_python(where) == where
    assert embedded.find(made(body), where) == {"a": "é"}


def test_what_javascript_has_and_json_has_not() -> None:
    body = '<script>window.X = {"a": undefined, "b": "undefined", "c": [NaN, void 0]}</script>'
    assert embedded.find(made(body), "window.X") == {"a": None, "b": "undefined", "c": [None, None]}


def test_several_are_a_list() -> None:
    assert embedded.find(made("<script class=x>[1]</script>" * 2), "script.x") == [[1], [1]]


@pytest.mark.parametrize("where", ["script#d", "window.X", "a::attr(data-x)"])
def test_nothing_there(where: str) -> None:
    with pytest.raises(ParseError, match="nothing at json_in: ") as caught:
        embedded.find(made("<p>text</p>"), where)
    assert caught.value.kind == "list-gone"


@pytest.mark.parametrize(
    "text", ['{"a": ', "{a: 1}", "function() {}", "", "JSON.parse(x)", "JSON.parse('\\q')", "[" * 99_999]
)
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(ParseError, match=r"at json_in: window\.X is no JSON, or breaks off"):
        embedded.find(made(f"<script>window.X = {text}</script>"), "window.X")


@pytest.mark.parametrize("wrong", ["div[", "1x", "", "a::b(c)("])
def test_selectors_are_checked(wrong: str) -> None:
    with pytest.raises(ValidationError, match="neither a CSS selector such as"):
        TypeAdapter(embedded.Where).validate_python(wrong)


def test_every() -> None:
    body = (
        '<script type="application/ld+json">{"@type": "X"}</script>'
        '<script id="s" type="application/json">[1]</script><script type="text/json">[2]</script>'
        '<script type="application/json">[9]</script>'
        '<script src="x.js">{}</script>'
        '<script>window.A = {"a": 3}; const b = [4]; let c = {x: 1}; var d = 5</script>'
    )
    found = list(embedded.every(made(body)))
    assert found == [
        ("script#s", [1]),
        ('script[type="text/json"]', [2]),
        ("window.A", {"a": 3}),
        ("b =", [4]),
    ]
    assert all(embedded.find(made(body), where) == value for where, value in found)


def test_no_script_takes_long() -> None:
    started = time.process_time()
    for text in (
        '{"' + '\\"' * 200_000,
        '"a' * 200_000,
        "JSON.parse('" + "\\'" * 200_000,
        "var a = {" * 20_000,
    ):
        read = made(f"<script>window.X = {text}</script>")
        with contextlib.suppress(ParseError):
            embedded.find(read, "window.X")
        list(embedded.every(read))
    assert time.process_time() - started < 5
