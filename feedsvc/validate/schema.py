"""Does JSON have the shape that a JSON Schema (2020-12) describes? Of that language, what ours needs.

``type``, ``required``, ``properties``, ``items``, ``minimum``, ``$ref`` into ``$defs``; ``format`` is a kind
of ``values``. Keys that no schema names are let through where they begin with an underscore, as JSON Feed has
it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from feedsvc.validate import markup, values

KEYWORDS: Final = frozenset(
    {
        "$defs",
        "$ref",
        "$schema",
        "description",
        "format",
        "items",
        "minimum",
        "properties",
        "required",
        "title",
        "type",
    }
)
_SHOWN: Final = {
    "array": "a list",
    "boolean": "true or false",
    "number": "a number",
    "object": "an object",
    "string": "a text",
}
_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "array": list,
    "boolean": bool,
    "number": (int, float),
    "object": dict,
    "string": str,
}
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """The value at ``path`` (``("items", 3, "url")``) breaks a rule; ``said`` fills in what the rule says."""

    path: tuple[str | int, ...]
    code: str
    said: Mapping[str, object]


def breaches(
    value: Any, schema: Schema, *, root: Schema, now: datetime, path: tuple[str | int, ...] = ()
) -> Iterator[Breach]:
    """Everything in ``value`` that is not as ``schema``, a part of ``root``, has it."""
    if reference := schema.get("$ref"):
        schema = root["$defs"][reference.rpartition("/")[2]]
    kind = schema["type"]
    if not _is(value, kind):
        yield Breach(path=path, code="json-type", said={"value": _named(value), "kind": _SHOWN[kind]})
    elif kind == "object":
        yield from _object(value, schema, root, now, path)
    elif kind == "array":
        for number, one in enumerate(value):
            yield from breaches(one, schema["items"], root=root, now=now, path=(*path, number))
    elif kind == "string":
        yield from _string(value, schema, now, path)
    elif kind == "number" and value < schema.get("minimum", value):
        yield Breach(path=path, code="number", said={"value": value, "kind": "number from 0 on"})


def _object(
    value: dict[str, Any], schema: Schema, root: Schema, now: datetime, path: tuple[str | int, ...]
) -> Iterator[Breach]:
    known = schema["properties"]
    for name in schema.get("required", ()):
        if name not in value:
            yield Breach(path=path, code="missing", said={"element": name})
    for name, one in value.items():
        if name in known:
            yield from breaches(one, known[name], root=root, now=now, path=(*path, name))
        elif not name.startswith("_"):
            yield Breach(path=path, code="json-key-unknown", said={"value": name})


def _string(value: str, schema: Schema, now: datetime, path: tuple[str | int, ...]) -> Iterator[Breach]:
    kind = schema.get("format", "any")
    if broken := values.check(kind, value, now):
        yield Breach(path=path, code=broken[0], said={"value": value, **broken[1]})
    if odd := values.strange(value):
        yield Breach(path=path, code="characters", said={"value": odd})
    if kind == "html":
        for code, found in markup.in_html(value):
            yield Breach(path=path, code=code, said={"value": found})


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _named(value: Any) -> str:
    if value is None:
        return "null"
    return next((shown for kind, shown in _SHOWN.items() if _is(value, kind)), type(value).__name__)
