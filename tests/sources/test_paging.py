"""Which request brings the next page of an API's list?"""

from typing import Any

import pytest
from pydantic import ValidationError

from feedsvc.model import Document
from feedsvc.sources.paging import Paging, Target, following, parameter

URL = "https://api.x.example/posts?key=a%2Fb&page=9&fields=x,y"


def after(
    paging: dict[str, Any],
    here: str = URL,
    *,
    first: str = URL,
    body: dict[str, Any] | None = None,
    value: object = None,
    count: int = 50,
    pages: int = 3,
    link: str = "",
) -> list[Target]:
    document = Document(url=here, body=b"", headers={"link": link} if link else {})
    target = Target(url=first, body=body)
    return list(following(Paging(**paging), target, document, value=value, count=count, pages=pages))


def urls(targets: list[Target]) -> list[str]:
    return [one.url for one in targets]


@pytest.mark.parametrize(
    ("here", "next_page"),
    [("/p", ["/p?page=2"]), ("/p?page=2", ["/p?page=3"]), ("/p?page=3", []), ("/p?page=x", ["/p?page=2"])],
)
def test_by_page(here: str, next_page: list[str]) -> None:
    host = "https://x.example"
    found = urls(after({"page": "page"}, host + here, first=f"{host}/p"))
    assert found == [host + one for one in next_page]


def test_the_first_page_may_be_zero() -> None:
    assert urls(
        after({"page": "p", "start": 0}, "https://x.example/", first="https://x.example/", pages=2)
    ) == ["https://x.example/?p=1"]
    assert (
        after({"page": "p", "start": 0}, "https://x.example/?p=1", first="https://x.example/", pages=2) == []
    )


def test_other_parameters_stay_as_they_are() -> None:
    assert urls(after({"page": "page"}, URL.replace("page=9", "page=1"))) == [
        "https://api.x.example/posts?key=a%2Fb&fields=x,y&page=2"
    ]
    assert urls(
        after({"page": "page[number]"}, "https://x.example/?page%5Bnumber%5D=1", first="https://x.example/")
    ) == ["https://x.example/?page[number]=2"]


@pytest.mark.parametrize(
    ("here", "count", "skip"),
    [("/", 50, "50"), ("/", 49, None), ("/?skip=50", 50, "100"), ("/?skip=100", 50, None)],
)
def test_by_offset(here: str, count: int, skip: str | None) -> None:
    host = "https://x.example"
    found = urls(after({"offset": "skip", "size": 50}, host + here, first=f"{host}/", count=count))
    assert [parameter(url, "skip") for url in found] == ([skip] if skip else [])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a b/=", "a%20b%2F%3D"),
        (7, "7"),
        (None, None),
        ("", None),
        (False, None),
        (True, None),
        (["x"], None),
        ("x" * 5_000, None),
    ],
)
def test_by_cursor(value: object, expected: str | None) -> None:
    found = urls(
        after(
            {"cursor": "meta.next", "param": "after"},
            first="https://x.example/",
            value={"meta": {"next": value}},
        )
    )
    assert found == ([f"https://x.example/?after={expected}"] if expected else [])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/posts?c=2", "https://api.x.example/posts?c=2"),
        ("https://y.example/2", "https://y.example/2"),
        ("", None),
        (None, None),
        (7, None),
        ("mailto:x", None),
    ],
)
def test_by_address(value: object, expected: str | None) -> None:
    assert urls(after({"next": "next"}, value={"next": value})) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('</2>; rel="next"', "https://api.x.example/2"),
        ('</0>; rel=prev, </9>; title="a, b"; rel="last Next"', "https://api.x.example/9"),
        ('</0>; rel="prev"', None),
        ("", None),
        ("<" * 10_000, None),
        ("</a>" + "; a=b" * 5_000, None),
    ],
)
def test_by_link_header(header: str, expected: str | None) -> None:
    assert urls(after({"rel": "next"}, link=header)) == ([expected] if expected else [])


def test_nothing_after_an_empty_page() -> None:
    assert after({"page": "page"}, count=0) == []
    assert after({"cursor": "c", "param": "c"}, value={"c": "x"}, count=0) == []


def test_parameters_in_a_body() -> None:
    body = {"query": "q", "variables": {"after": None, "n": 5}}
    (one,) = after({"cursor": "c", "param": "variables.after"}, body=body, value={"c": "x"})
    assert one == Target(url=URL, body={"query": "q", "variables": {"after": "x", "n": 5}})
    assert body["variables"] == {"after": None, "n": 5}
    assert [one.body for one in after({"page": "a.page"}, body={})] == [
        {"a": {"page": 2}},
        {"a": {"page": 3}},
    ]
    assert [one.body for one in after({"offset": "from", "size": 20}, body={"x": 1})] == [
        {"x": 1, "from": 20},
        {"x": 1, "from": 40},
    ]
    (same,) = after({"next": "n"}, body=body, value={"n": "/2"})
    assert (same.url, same.body) == ("https://api.x.example/2", body)


def test_a_body_is_not_shown() -> None:
    assert "secret" not in repr(Target(url=URL, body={"a": "secret"}))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "needs exactly one of page, offset, cursor, next, rel"),
        ({"page": "p", "rel": "next"}, "needs exactly one"),
        ({"offset": "o"}, "offset and size belong together"),
        ({"page": "p", "size": 5}, "offset and size belong together"),
        ({"cursor": "c"}, "cursor and param belong together"),
        ({"next": "a b"}, "no JMESPath expression"),
    ],
)
def test_options_are_checked(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Paging(**wrong)
