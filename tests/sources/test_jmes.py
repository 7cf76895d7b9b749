"""What does a JMESPath expression of the config find in a document?"""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from feedsvc.errors import ParseError
from feedsvc.sources import jmes

ITEM: Any = {
    "slug": "a b/c",
    "id": 7,
    "path": "/p",
    "no": None,
    "yes": True,
    "blank": " ",
    "tags": ["x", "y"],
}


def check(text: str, kind: Any = jmes.Expression) -> str:
    return str(TypeAdapter(kind).validate_python(text))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("data.[x", r"it ends too early, at column 8 of `data\.\[x`"),
        ("a b", "'b' cannot stand there, at column 3 of `a b`"),
        ("a.b-c", "'-' cannot stand there, at column 4"),
        ('a[?b=="c]', "cannot stand there, at column 7"),
        ("length(nope(@))", r"JMESPath has no function nope\(\), at column 8"),
        ("", "must be a JMESPath expression"),
        ("x" * 2_001, "at most 2,000 characters"),
    ],
)
def test_mistakes_are_told_with_their_place(wrong: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        check(wrong)


@pytest.mark.parametrize("wrong", ["/x/y", "https://x.example/", "/x/{a", "/x/{a}}", "/x/{}", "/x/{a b}"])
def test_templates_are_checked(wrong: str) -> None:
    with pytest.raises(ValidationError, match=r"between braces|JMESPath expression"):
        check(wrong, jmes.Field)


def test_what_may_stand_for_a_field() -> None:
    assert [check(text, jmes.Field) for text in ("a.b", " ", "/n/{a.b}/{c}")] == ["a.b", "", "/n/{a.b}/{c}"]
    with pytest.raises(ValidationError):
        check("/n/{a}")  # not for the list


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("slug", "a b/c"),
        ("/n/{slug}", "/n/a%20b/c"),
        ("https://x.example/{id}/{slug}?x={id}", "https://x.example/7/a%20b/c?x=7"),
        ("https://x.example/{path}", "https://x.example/p"),
        ("https://x.example{path}", "https://x.example/p"),
        ("/n/{no}", None),
        ("/n/{yes}", None),
        ("/n/{blank}", None),
        ("/n/{tags}", None),
        ("/n/{tags[0]}", "/n/x"),
        ("nothing.here", None),
        ("join(', ', nothing)", None),
    ],
)
def test_fill(expression: str, found: object) -> None:
    assert jmes.fill(expression, ITEM) == found


def test_what_cannot_be_applied() -> None:
    with pytest.raises(
        ParseError, match=r"`join\('', @\)` cannot be applied to the document: In function join"
    ):
        jmes.search("join('', @)", ITEM)
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    with pytest.raises(ParseError, match="cannot be applied"):
        jmes.search("to_string(@) && sum(@)", [deep] * 2)
