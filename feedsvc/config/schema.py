"""What may stand in the YAML files, as editors understand it (JSON Schema, draft 2020-12)?"""

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from feedsvc.config.settings import ALL, Category, Defaults, Fetch, Site, View
from feedsvc.sources import TYPES

Schema = dict[str, Any]


def schema() -> Schema:
    """One schema for ``feedsvc.yaml`` and ``sources/*.yaml``: any of the sections may be missing."""
    sources = [kind.model for kind in TYPES.values()]
    refs, definitions = _definitions([Site, Defaults, Fetch, Category, View, *sources])
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "feedsvc configuration",
        "description": "feedsvc.yaml holds all sections, a file in sources/ holds only 'sources'.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "site": _optional(refs[Site]),
            "defaults": _optional(refs[Defaults]),
            "fetch": _optional(refs[Fetch]),
            "categories": _list(refs[Category], "The topics: one feed and one page each."),
            "feeds": _list(refs[View], "Saved feeds: what a query finds, at /v/ID."),
            "sources": _list(_any_source(refs), "Where articles are collected from."),
        },
        "$defs": definitions,
    }


def schema_text() -> str:
    """The schema as ``config/feedsvc.schema.json`` holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _definitions(models: list[type[BaseModel]]) -> tuple[dict[type[BaseModel], Schema], Schema]:
    found, top = models_json_schema([(model, "validation") for model in models])
    definitions: Schema = top["$defs"]
    for definition in definitions.values():
        _tidy(definition)
    _exclude_all(definitions[Category.__name__])
    return {model: found[model, "validation"] for model in models}, definitions


def _tidy(definition: Schema) -> None:
    """Leave out what helps no writer: generated titles, docstrings of classes, the zero that means unset."""
    definition.pop("title", None)
    for properties in definition.get("properties", {}).values():
        properties.pop("title", None)
        if properties.get("default") == "0s":
            del properties["default"]


def _exclude_all(category: Schema) -> None:
    category["properties"]["id"]["not"] = {"const": ALL}


def _any_source(refs: dict[type[BaseModel], Schema]) -> Schema:
    """By ``type``, so that an editor complains about the one type that is meant, not about all."""
    kinds = {name: refs[kind.model] for name, kind in TYPES.items()}
    return {
        "type": "object",
        "required": ["id", "type"],
        "properties": {"type": {"enum": list(kinds)}},
        "allOf": [
            {"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": ref}
            for name, ref in kinds.items()
        ],
    }


def _optional(ref: Schema) -> Schema:
    """A section with nothing under it is as good as none."""
    return {"anyOf": [ref, {"type": "null"}]}


def _list(items: Schema, description: str) -> Schema:
    return {"type": ["array", "null"], "items": items, "description": description}
