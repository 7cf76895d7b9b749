"""Which JSON does a page carry in its scripts?"""

from typing import Any

import pytest

from feedsvc.model import Document
from feedsvc.pages import page
from feedsvc.pages.state import objects, states

NUMBERED = '<script type="application/json" id="__NUXT_DATA__">'
STREAM = (
    '<script>self.__next_f.push([1,"1:[{\\"a\\": 1}]\\n2:I[4"])</script>'
    '<script>self.__next_f.push([1,"2]\\n3:{\\"b\\": 2}\\n"])</script>'
)


def found(*scripts: str) -> list[Any]:
    body = f"<html><body>{''.join(scripts)}</body></html>"
    return list(states(page.read(Document(url="https://a.example/", body=body.encode()))))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('<script id="__NEXT_DATA__" type="application/json">{"a": [1]}</script>', [{"a": [1]}]),
        ('<script type="application/json">[{"a": 1}]</script>', [[{"a": 1}]]),
        ('<script>window.__STATE__ = {"a": {"b": 2}}; go();</script>', [{"a": {"b": 2}}]),
        ('<script>var x=1; const data = [{"a": "}"}], y = 2</script>', [[{"a": "}"}]]),
        ('<script>window["x"] = JSON.parse("{\\"a\\": 1}");</script>', [{"a": 1}]),
        (
            STREAM,
            [[{"a": 1}], {"b": 2}],
        ),
        (
            f'{NUMBERED}[["Reactive",1],{{"list":2}},[3,3],{{"t":4}},"x"]</script>',
            [{"list": [{"t": "x"}, {"t": "x"}]}],
        ),
        ('<script type="application/ld+json">{"@type": "Article"}</script>', []),
        ('<script>window.x = {a: 1, "b": 2}</script>', []),
        ('<script type="application/json">{"a": </script>', []),
        ("<script>if (a == b) { c() }</script>", []),
    ],
)
def test_values(script: str, expected: list[Any]) -> None:
    assert found(script) == expected


def test_what_refers_to_itself_ends() -> None:
    (value,) = found('<script type="application/json" id="__NUXT_DATA__">[{"a":0,"b":1},"x"]</script>')
    assert value == {"a": None, "b": "x"}


def test_lists_of_objects_come_from_the_outside_in() -> None:
    value = {"a": [1, 2], "b": [{"c": [{"d": 1}]}], "e": {"f": [{"g": 1}]}}
    assert list(objects(value)) == [[{"c": [{"d": 1}]}], [{"d": 1}], [{"g": 1}]]
