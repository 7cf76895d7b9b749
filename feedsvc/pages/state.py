"""Which JSON does a page carry in its scripts, for the program that draws it?"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from feedsvc.pages.page import Page

MOST_SCRIPTS: Final = 200
LONGEST: Final = 4_000_000  # characters of one script
MOST_IN_ALL: Final = 8_000_000
_MOST_VALUES: Final = 50  # that one script assigns
_DEEPEST: Final = 40
_MOST_NODES: Final = 200_000

_NO_STATE: Final = ("ld+json", "importmap", "speculationrules")
_ASSIGNED: Final = re.compile(
    r"""(?:^|[;\s,{(])(?:window|self|globalThis|var|let|const)[\s.\[]["'\]\w$.]{1,80}\s*=\s*"""
)
_PARSED: Final = re.compile(r"JSON\.parse\(\s*")
_PUSHED: Final = re.compile(r"\.push\(\s*(?=\[)")
_STREAMED: Final = re.compile(r"^[0-9a-f]{1,6}:(?=[\[{])", re.MULTILINE)
_DECODER: Final = json.JSONDecoder(strict=False)


def states(page: Page) -> Iterator[Any]:
    """Every JSON object or list in the page's scripts, in order; what is no JSON is passed over.

    Plain JSON scripts (``__NEXT_DATA__``, ``application/json``), ``window.X = {...}`` and
    ``JSON.parse("...")``, the numbered list of Nuxt 3 and the stream of the Next.js app router.
    """
    spent = 0
    stream: list[str] = []
    for script in islice(page.tree.iter("script"), MOST_SCRIPTS):
        text, kind = (script.text or "").strip(), (script.get("type") or "").lower()
        spent += len(text)
        if not text or len(text) > LONGEST or any(one in kind for one in _NO_STATE):
            continue
        if spent > MOST_IN_ALL:
            break
        if text[0] in "{[" and "json" in kind:
            yield from _whole(text, numbered=script.get("id") == "__NUXT_DATA__")
        elif "__next_f" in text[:200]:
            stream.extend(_pushed(text))
        elif "json" not in kind:
            yield from _assigned(text)
    if stream:
        yield from _streamed("".join(stream))


def objects(value: Any) -> Iterator[list[Any]]:
    """Every list of at least one object in a JSON value, the outer ones first; bounded."""
    stack: list[tuple[Any, int]] = [(value, 0)] if isinstance(value, (dict, list)) else []
    seen = 0
    while stack:
        node, depth = stack.pop()
        seen += 1
        if seen > _MOST_NODES or depth > _DEEPEST:
            continue
        if isinstance(node, list) and any(isinstance(one, dict) for one in node):
            yield node
        inner = node.values() if isinstance(node, dict) else node
        deeper = [(one, depth + 1) for one in inner if isinstance(one, (dict, list))]
        stack.extend(reversed(deeper))


def _whole(text: str, *, numbered: bool) -> Iterator[Any]:
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return
    yield _revived(value) if numbered and isinstance(value, list) else value


def _assigned(text: str) -> Iterator[Any]:
    """``window.X = {...}``: what begins like JSON behind an assignment."""
    at = 0
    for _ in range(_MOST_VALUES):
        found = _ASSIGNED.search(text, at)
        if found is None:
            return
        at = found.end()
        start = _PARSED.match(text, at)
        value, end = _decoded(text, start.end() if start else at)
        if start and isinstance(value, str):
            value, _ = _decoded(value, 0)
        if isinstance(value, (dict, list)):
            yield value
            at = max(end, at)


def _pushed(text: str) -> Iterator[str]:
    """The pieces of a stream: ``self.__next_f.push([1, "..."])``."""
    for found in islice(_PUSHED.finditer(text), _MOST_VALUES):
        value, _ = _decoded(text, found.end())
        if isinstance(value, list):
            yield from (one for one in value if isinstance(one, str))


def _streamed(text: str) -> Iterator[Any]:
    for found in islice(_STREAMED.finditer(text), 2_000):
        value, _ = _decoded(text, found.end())
        if isinstance(value, (dict, list)):
            yield value


def _decoded(text: str, at: int) -> tuple[Any, int]:
    if at >= len(text) or text[at] not in '{["':
        return None, at
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, at


def _revived(values: list[Any]) -> Any:
    """Nuxt's list in which every member of an object is the number of another value; cycles are cut."""
    budget = [_MOST_NODES]

    def value_of(number: Any, above: tuple[int, ...]) -> Any:
        budget[0] -= 1
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(values):
            return None
        if number in above or len(above) > _DEEPEST or budget[0] < 0:
            return None
        value, below = values[number], (*above, number)
        if isinstance(value, dict):
            return {name: value_of(one, below) for name, one in value.items()}
        if isinstance(value, list):
            if len(value) == 2 and isinstance(value[0], str):  # ["Reactive", 3]: a named wrapper
                return value_of(value[1], below)
            return [value_of(one, below) for one in value]
        return value

    return value_of(0, ())
