"""What does a page declare in the words of schema.org, as JSON-LD or as microdata, in one shape?"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from lxml.html import HtmlElement

from feedsvc.pages.page import Page
from feedsvc.refine.text import one_line, visible

# "@type": tuple of bare names. "@source": "json-ld" or "microdata". "@in": the property of another thing that
# holds this one, "" if none does. Everything else: str, number, Thing, or a list of those.
Thing = Mapping[str, Any]

MOST: Final = 5_000  # things, and properties of microdata
_DEEPEST: Final = 24
_LONGEST_SCRIPT: Final = 2_000_000  # characters
_LONGEST_VALUE: Final = 100_000
_FARTHEST: Final = 200  # elements between a property and its thing
_MOST_TEXT: Final = 4_000_000  # characters of microdata in all: properties may hold one another

_OPENED: Final = re.compile(r"(?:(?://|/\*)\s*)?(?:<!--|<!\[CDATA\[)(?:\s*\*/)?")
_CLOSED: Final = re.compile(r"(?:(?://|/\*)\s*)?(?:-->|\]\]>)(?:\s*\*/)?$")
_OPENING: Final = re.compile(r"[{\[]")
_STRING_OR_COMMA: Final = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|,(?=\s*[}\]])', re.DOTALL)
_ESCAPE: Final = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
_NAME: Final = re.compile(r"[^/#:]+/?$")
_DECODER: Final = json.JSONDecoder(strict=False)
_ADDRESSES: Final = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    "object": "data",
}


def things(page: Page) -> tuple[Thing, ...]:
    """Every typed node in the order of the page, JSON-LD first, holders before what they hold.

    ``@graph`` is flattened and references by ``@id`` are replaced by what they refer to on this page, one
    level deep. JSON that is beyond repair is passed over. Costs a few ms: ask once and pass it on.
    """
    return (*_json_ld(page), *_microdata(page))


# ---- asking -----------------------------------------------------------------------------------------


def is_a(thing: object, *names: str) -> bool:
    """Is it a thing of one of these types (bare names)?"""
    return isinstance(thing, Mapping) and not set(names).isdisjoint(thing.get("@type", ()))


def values(thing: Thing, *properties: str) -> Iterator[Any]:
    """Every value of these properties, one after the other, whether listed or alone."""
    for name in properties:
        value = thing.get(name)
        if isinstance(value, list):
            yield from value
        elif value is not None:
            yield value


def text_of(value: object, *properties: str) -> str | None:
    """A value as one line of plain text; of a thing the first of ``properties`` ("name" by default)."""
    if isinstance(value, Mapping):
        return first_text(value, *(properties or ("name",)))
    if isinstance(value, str):
        return visible(value[:_LONGEST_VALUE]) or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def texts(thing: Thing, *properties: str) -> Iterator[str]:
    """The texts of these properties, of things their names."""
    return (text for value in values(thing, *properties) if (text := text_of(value)))


def first_text(thing: Thing, *properties: str) -> str | None:
    """The first text that these properties have."""
    return next((text for name in properties for text in texts(thing, name)), None)


def address_of(value: object) -> str | None:
    """The address that a value is or that a thing has, as written: ``url``, ``@id``, ``contentUrl``."""
    if isinstance(value, list):
        return next((found for one in value if (found := address_of(one))), None)
    if isinstance(value, Mapping):
        return next(
            (found for key in ("url", "contentUrl", "@id") if (found := address_of(value.get(key)))), None
        )
    return html.unescape(value).strip() or None if isinstance(value, str) else None


# ---- JSON-LD ----------------------------------------------------------------------------------------


def _json_ld(page: Page) -> Iterator[Thing]:
    scripts = page.tree.xpath("//script[contains(@type, 'ld+json')]")
    roots = [root for script in scripts for root in _loaded(script.text or "")]
    reader = _Reader(roots)
    for root in roots:
        reader.read(root)
    yield from reader.found


def _loaded(text: str) -> list[Any]:
    """The JSON values of a script, the usual mistakes mended; none if it is broken in another way."""
    if len(text) > _LONGEST_SCRIPT:
        return []
    text = text.strip()
    if opened := _OPENED.match(text):
        text = text[opened.end() :]
    text = (text[: -len(closed[0])] if (closed := _CLOSED.search(text[-20:])) else text).strip().rstrip(";")
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    try:
        return [_DECODER.decode(text)]
    except (ValueError, RecursionError):
        return _mended(text)


def _mended(text: str) -> list[Any]:
    """Without trailing commas and escapes that JSON has not; several values may follow one another."""
    text = _ESCAPE.sub(lambda found: found[0] if found[1] else r"\\", text)
    text = _STRING_OR_COMMA.sub(lambda found: "" if found[0] == "," else found[0], text)
    roots: list[Any] = []
    at = 0
    try:
        while (at := _next_value(text, at)) >= 0 and len(roots) < MOST:
            root, at = _DECODER.raw_decode(text, at)
            roots.append(root)
    except (ValueError, RecursionError):
        pass  # what came before the break is kept
    return roots


def _next_value(text: str, at: int) -> int:
    found = _OPENING.search(text, at)
    return found.start() if found else -1


class _Reader:
    """Reads raw JSON-LD nodes into things, outermost first; knows what ``@id`` refers to."""

    def __init__(self, roots: list[Any]) -> None:
        self.found: list[Thing] = []
        self._known: dict[str, dict[str, Any]] = {}
        self._resolved: dict[str, Thing | None] = {}
        for root in roots:
            self._note(root, 0)

    def _note(self, value: Any, depth: int) -> None:
        if depth > _DEEPEST:
            return
        if isinstance(value, list):
            for one in value:
                self._note(one, depth + 1)
        elif isinstance(value, dict):
            name = value.get("@id")
            if isinstance(name, str) and not _is_reference(value):
                self._known.setdefault(name, value)
            for one in value.values():
                if isinstance(one, dict | list):
                    self._note(one, depth + 1)

    def read(self, value: Any, *, inside: str = "", depth: int = 0, refer: bool = True) -> Any:
        """A value in our shape, None for what says nothing."""
        if depth > _DEEPEST:
            return None
        if isinstance(value, list):
            read = (self.read(one, inside=inside, depth=depth + 1, refer=refer) for one in value)
            return [one for one in read if one is not None] or None
        if not isinstance(value, dict):
            return value[:_LONGEST_VALUE] if isinstance(value, str) else value
        for wrapper in ("@value", "@list", "@set"):
            if wrapper in value:
                return self.read(value[wrapper], inside=inside, depth=depth + 1, refer=refer)
        if _is_reference(value) and refer:
            target = self._known.get(str(value.get("@id")))
            if target is not None:
                return self._thing(target, inside=inside, depth=depth, refer=False, keep=False)
        return self._thing(value, inside=inside, depth=depth, refer=refer, keep=True)

    def _thing(
        self, node: dict[str, Any], *, inside: str, depth: int, refer: bool, keep: bool
    ) -> Thing | None:
        thing: dict[str, Any] = {"@type": _types(node.get("@type")), "@source": "json-ld", "@in": inside}
        if thing["@type"] and refer:
            if len(self.found) >= MOST:
                return None
            self.found.append(thing)
        for key, raw in node.items():
            if key == "@graph":
                self.read(raw, inside=inside, depth=depth + 1, refer=refer)
            elif key == "@id" and isinstance(raw, str):
                thing["@id"] = raw
            elif not key.startswith("@"):
                name = _bare(key)
                value = self.read(raw, inside=name, depth=depth + 1, refer=refer)
                if value is not None:
                    thing[name] = value
        return thing


def _is_reference(node: Mapping[str, Any]) -> bool:
    return "@id" in node and node.keys() <= {"@id", "@type"}


def _types(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    return tuple(_bare(name) for name in names if isinstance(name, str) and name.strip())


def _bare(name: str) -> str:
    """``https://schema.org/NewsArticle``, ``schema:NewsArticle`` -> ``NewsArticle``."""
    found = _NAME.search(name.strip())
    return found[0].rstrip("/") if found else name.strip()


# ---- microdata --------------------------------------------------------------------------------------


def _microdata(page: Page) -> Iterator[Thing]:
    """HTML, 5.2 (values) and 5.4 (nesting), without ``itemref``."""
    marked = page.tree.xpath("//*[@itemscope or @itemprop]")[:MOST]
    scopes: dict[HtmlElement, dict[str, Any]] = {}
    left = _MOST_TEXT
    for element in marked:
        holder = _holder(element, scopes)
        names = element.get("itemprop", "").split()
        value: Any = None
        if element.get("itemscope") is not None:
            inside = _bare(names[0]) if names and holder is not None else ""
            value = scopes[element] = {
                "@type": tuple(map(_bare, element.get("itemtype", "").split())),
                "@source": "microdata",
                "@in": inside,
            }
        elif holder is not None and left > 0:
            value = _value(element, page)
            left -= len(value)
        if holder is not None and value:
            for name in names:
                _add(
                    holder,
                    _bare(name),
                    value if isinstance(value, dict) else one_line(value[:_LONGEST_VALUE]),
                )
    yield from (scope for scope in scopes.values() if scope["@type"])


def _holder(element: HtmlElement, scopes: Mapping[HtmlElement, dict[str, Any]]) -> dict[str, Any] | None:
    """The thing whose property an element is: that of the nearest scope around it."""
    around = islice(element.iterancestors(), _FARTHEST)
    return next((scopes[one] for one in around if one in scopes), None)


def _value(element: HtmlElement, page: Page) -> str:
    address = _ADDRESSES.get(str(element.tag))
    named = element.get(address, "") if address else ""
    if named:
        return page.link(named) or named
    text = element.get("content") or element.get("datetime") or element.get("value")
    return str(text or element.xpath("string()"))


def _add(thing: dict[str, Any], name: str, value: Any) -> None:
    before = thing.get(name)
    if before is None:
        thing[name] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        thing[name] = [before, value]
