"""jsonschema is no dependency of ours: the few keywords that we use are checked by hand here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from feedsvc.config import Category, Defaults, Fetch, Site, schema, schema_text
from feedsvc.config.positions import locate
from feedsvc.sources import TYPES
from tests.config.conftest import MAIN, SOURCES

CONFIG = Path(__file__).parents[2] / "config"
WHOLE: dict[str, Any] = schema()
PYTHON = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


def accepts(rule: dict[str, Any], value: Any) -> bool:
    """Whether a value fits a schema, for the keywords that ``schema()`` uses."""
    if "$ref" in rule:
        return accepts(WHOLE["$defs"][rule["$ref"].rpartition("/")[2]], value)
    return all(KEYWORDS[word](rule[word], value, rule) for word in rule if word in KEYWORDS)


def is_type(names: str | list[str], value: Any, _rule: Any) -> bool:
    kinds = [PYTHON[name] for name in ([names] if isinstance(names, str) else names)]
    return type(value) in kinds


def properties(known: dict[str, Any], value: Any, _rule: Any) -> bool:
    return not isinstance(value, dict) or all(
        accepts(known[key], value[key]) for key in value if key in known
    )


def fits_if(condition: dict[str, Any], value: Any, rule: dict[str, Any]) -> bool:
    return not accepts(condition, value) or accepts(rule["then"], value)


def is_number(value: Any) -> bool:
    return type(value) in {int, float}


KEYWORDS: dict[str, Any] = {
    "type": is_type,
    "properties": properties,
    "additionalProperties": lambda _no, value, rule: (
        not isinstance(value, dict) or set(value) <= set(rule["properties"])
    ),
    "required": lambda names, value, _rule: not isinstance(value, dict) or set(names) <= set(value),
    "items": lambda rule, value, _rule: (
        not isinstance(value, list) or all(accepts(rule, one) for one in value)
    ),
    "anyOf": lambda rules, value, _rule: any(accepts(rule, value) for rule in rules),
    "allOf": lambda rules, value, _rule: all(accepts(rule, value) for rule in rules),
    "if": fits_if,
    "not": lambda rule, value, _rule: not accepts(rule, value),
    "enum": lambda values, value, _rule: value in values,
    "const": lambda wanted, value, _rule: value == wanted,
    "pattern": lambda pattern, value, _rule: (
        not isinstance(value, str) or re.search(pattern, value) is not None
    ),
    "minLength": lambda least, value, _rule: not isinstance(value, str) or len(value) >= least,
    "minimum": lambda least, value, _rule: not is_number(value) or value >= least,
    "maximum": lambda most, value, _rule: not is_number(value) or value <= most,
    "exclusiveMinimum": lambda least, value, _rule: not is_number(value) or value > least,
}
HARMLESS = {"$schema", "$defs", "title", "description", "default", "examples", "then", "format"}


def test_the_shipped_schema_is_the_generated_one() -> None:
    shipped = (CONFIG / "feedsvc.schema.json").read_text(encoding="utf-8")
    assert shipped == schema_text(), "run: make schema"


def test_only_keywords_that_are_checked_here_are_used() -> None:
    def walk(rule: Any) -> set[str]:
        if isinstance(rule, list):
            return {word for one in rule for word in walk(one)}
        if not isinstance(rule, dict):
            return set()
        below = [*rule.get("properties", {}).values(), *rule.get("$defs", {}).values()]
        return set(rule) | {
            word
            for one in [*below, *(rule[key] for key in rule if key not in {"properties", "$defs", "default"})]
            for word in walk(one)
        }

    assert walk(WHOLE) <= set(KEYWORDS) | HARMLESS | {"$ref"}


# platforms.yaml is no config: tests/config/test_platforms.py reads it.
SHIPPED = sorted(path for path in CONFIG.rglob("*.yaml") if path.name != "platforms.yaml")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.name))
def test_the_shipped_files_fit_and_name_the_schema(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert accepts(WHOLE, locate(text, path.name).data)
    named = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve() == CONFIG / "feedsvc.schema.json"


@pytest.mark.parametrize("text", [MAIN, SOURCES, "sources:\n", "", "site:\n"])
def test_what_load_accepts_fits(text: str) -> None:
    assert accepts(WHOLE, locate(text, "x").data)


@pytest.mark.parametrize(
    "text",
    [
        "sit: {}",
        "site: {titel: X}",
        "defaults: {every: 15}",
        "defaults: {limit: 0}",
        "fetch: {max_bytes: 10 MB}",
        "categories: [{id: all, title: X}]",
        "categories: [{id: World, title: X}]",
        "categories: [{id: x}]",
        "sources: [{id: x, type: fed, url: 'https://example.org/'}]",
        "sources: [{id: x, type: feed}]",
        "sources: [{id: x, type: folder, url: 'https://example.org/'}]",
        "sources: [{id: x, type: feed, url: 'https://example.org/', enabled: no}]",
        "sources: [{id: x, url: 'https://example.org/'}]",
    ],
)
def test_what_load_refuses_does_not_fit(text: str) -> None:
    assert not accepts(WHOLE, locate(text, "x").data)


def test_every_setting_is_described() -> None:
    models: list[type[BaseModel]] = [
        Site,
        Defaults,
        Fetch,
        Category,
        *(kind.model for kind in TYPES.values()),
    ]
    for model in models:
        described = WHOLE["$defs"][model.__name__]["properties"]
        assert set(described) == set(model.model_fields)
        assert [name for name, rule in described.items() if not rule.get("description")] == []
    assert json.loads(schema_text()) == WHOLE
