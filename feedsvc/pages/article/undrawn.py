"""Which article does a page carry in data, for scripts to draw or for machines to read, and not show?"""

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import chain, islice
from typing import Any, Final

from lxml import etree, html

from feedsvc.pages.article.blocks import size_of
from feedsvc.pages.page import Page
from feedsvc.pages.state import states

_MOST_NODES: Final = 100_000
_LONGEST: Final = 1_000_000  # characters of text in all
_PROSE: Final = 80  # characters; shorter strings are labels, names and keys
_DOMINANT: Final = 0.75  # of the prose in a value, for a part of it to be meant instead
_DECLARED: Final = re.compile(r'"articleBody"\s*:\s*(?=")')
_TAG: Final = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|figure|blockquote)\b", re.IGNORECASE)
_NO_PROSE: Final = re.compile(r"^\s*(?:https?:|data:|[{\[]|[.#@]?[\w-]+\s*\{)|\bfunction\b\s*\(")
_DECODER: Final = json.JSONDecoder(strict=False)


def undrawn(page: Page) -> Page | None:
    """A page of nothing but that text: the declared article, else the part of the data with most prose."""
    texts = _declared(page) or _carried(page)
    markup = "".join(map(_as_markup, texts))[:_LONGEST]
    if not markup:
        return None
    try:
        tree = html.document_fromstring(f"<body><article>{markup}</article></body>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return Page(url=page.url, base=page.base, tree=tree, text=markup)


def _declared(page: Page) -> list[str]:
    """The longest ``articleBody`` (schema.org), wherever in the page's JSON it stands."""
    found = (_string(page.text, match.end()) for match in islice(_DECLARED.finditer(page.text), 20))
    longest = max(found, key=len, default="")
    return [unescape(longest)] if size_of(longest) >= _PROSE else []


def _string(text: str, at: int) -> str:
    try:
        value, _ = _DECODER.raw_decode(text, at)
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""


def _carried(page: Page) -> list[str]:
    """Down from the whole data to the value that has nearly all of the prose."""
    parents: list[int] = []
    strings: list[tuple[int, str]] = []
    for number, (parent, value) in enumerate(_nodes(chain(states(page), _properties(page)))):
        parents.append(parent)
        if isinstance(value, str) and size_of(value) >= _PROSE and not _NO_PROSE.search(value[:500]):
            strings.append((number, value))
    at = _heaviest(parents, strings)
    inside = [number == at for number in range(len(parents))]
    for number in range(1, len(parents)):
        inside[number] |= inside[parents[number]]
    return [text for number, text in strings if inside[number]]


def _properties(page: Page) -> Iterator[Any]:
    """What components are given in attributes: ``data-...-props="{...}"``."""
    for element in islice(page.tree.iter("div", "section", "main", "article"), 5_000):
        for name, value in element.items():
            if name.startswith("data-") and value[:1] == "{" and len(value) > _PROSE:
                try:
                    yield _DECODER.decode(value)
                except (ValueError, RecursionError):
                    continue


def _nodes(roots: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    """(number of the parent, value) of each value in JSON, in order, parents first; number 0 is all of it."""
    yield -1, None
    count = 1
    for root in roots:
        stack: list[tuple[int, Any]] = [(0, root)]
        while stack and count < _MOST_NODES:
            parent, value = stack.pop()
            yield parent, value
            inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            stack.extend((count, one) for one in reversed(list(inner)))
            count += 1


def _heaviest(parents: list[int], strings: list[tuple[int, str]]) -> int:
    mass = [0] * len(parents)
    for number, text in strings:
        mass[number] += size_of(text)
    for number in range(len(parents) - 1, 0, -1):
        mass[parents[number]] += mass[number]
    at = 0
    for number in range(1, len(parents)):
        if parents[number] == at and mass[number] and mass[number] >= _DOMINANT * mass[at]:
            at = number
    return at


def _as_markup(text: str) -> str:
    if _TAG.search(text):
        return f"<div>{text}</div>"
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
