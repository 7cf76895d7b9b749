"""What does a validation error of pydantic mean to somebody who writes YAML?"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from feedsvc.config.suggest import naming
from feedsvc.units import write_duration

HIDDEN = object()  # in place of a value that may be secret

Explain = Callable[[str, ErrorDetails], str]


def explain(error: ErrorDetails, model: type[BaseModel]) -> str:
    """One sentence: what is wrong with which key, and what is allowed."""
    model, key = _place(error, model)
    if model.model_config.get("hide_input_in_errors"):
        error = {**error, "input": HIDDEN}
    if error["type"] == "extra_forbidden" and error["input"] is None and " " in key:
        return f"'{key}' is no key: text with a comma needs quotes between {{ and }}"
    if error["type"] == "extra_forbidden":
        return naming("key", key, model.model_fields)
    if error["type"] == "missing":
        return f"'{key}' is missing: {model.model_fields[key].description}"
    words = _WORDS.get(error["type"])
    return words(key, error) if words else f"'{key}': {error['msg']}, not {shown(error['input'])}"


def _place(error: ErrorDetails, model: type[BaseModel]) -> tuple[type[BaseModel], str]:
    """The innermost model that the error is in, and the key: what names a variant of a union is no key."""
    key = ""
    for part in error["loc"]:
        if not isinstance(part, str):
            continue
        inner = _model_of(model, key)
        if inner is not None:
            model = inner
        elif key and key in model.model_fields and part not in model.model_fields:
            continue  # within a value that is no model of ours, or the name of a variant
        key = part
    return model, key


def _model_of(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    field = model.model_fields.get(key)
    kinds = () if field is None else (field.annotation, *get_args(field.annotation))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def shown(value: object) -> str:
    """A value as its writer would recognise it, cut where it gets long."""
    if value is HIDDEN:
        return "what stands there"
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def _must_be(wanted: str) -> Explain:
    def say(key: str, error: ErrorDetails) -> str:
        subject = f"'{key}' must be" if key else "must be"  # a section as a whole has no key of its own
        return f"{subject} {wanted}, not {shown(error['input'])}"

    return say


def _text(key: str, error: ErrorDetails) -> str:
    value = error["input"]
    hint = f': put it in quotes, "{shown(value)}"' if isinstance(value, int | float) else ""
    return f"'{key}' must be text, not {shown(value)}{hint}"


def _pattern(key: str, error: ErrorDetails) -> str:
    pattern = error["ctx"]["pattern"]
    slug = re.sub(r"[^a-z0-9]+", "-", str(error["input"]).lower()).strip("-")
    hint = f"did you mean '{slug}'? It" if re.search(pattern, slug) else "it"
    return f"'{key}' cannot be {shown(error['input'])}: {hint} must match {pattern}"


def _bound(words: str, name: str) -> Explain:
    def say(key: str, error: ErrorDetails) -> str:
        bound: Any = error["ctx"][name]
        limit = write_duration(bound) if isinstance(bound, timedelta) else bound
        return f"'{key}' must be {words} {limit}, not {shown(error['input'])}"

    return say


def _own_words(key: str, error: ErrorDetails) -> str:
    return f"'{key}': {error['ctx']['error']}" if key else str(error["ctx"]["error"])


_number = _must_be("a whole number")
_mapping = _must_be("a mapping of keys and values")
_WORDS: Mapping[str, Explain] = MappingProxyType(
    {
        "string_type": _text,
        "bool_type": _must_be("true or false"),
        "bool_parsing": _must_be("true or false"),
        "int_type": _number,
        "int_parsing": _number,
        "int_from_float": _number,
        "float_type": _must_be("a number"),
        "tuple_type": _must_be("a list such as [a, b]"),
        "list_type": _must_be("a list such as [a, b]"),
        "dict_type": _mapping,
        "model_type": _mapping,
        "model_attributes_type": _mapping,
        "literal_error": lambda key, error: (
            f"'{key}' must be {error['ctx']['expected']}, not {shown(error['input'])}"
        ),
        "string_pattern_mismatch": _pattern,
        "string_too_short": _must_be("some text"),
        "greater_than_equal": _bound("at least", "ge"),
        "greater_than": _bound("more than", "gt"),
        "less_than_equal": _bound("at most", "le"),
        "less_than": _bound("less than", "lt"),
        "value_error": _own_words,
    }
)
