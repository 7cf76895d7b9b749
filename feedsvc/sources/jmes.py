"""What does a JMESPath expression of the config find in a document? The only importer of jmespath.

Expressions are an admin's, documents are anybody's. Where an expression may stand, a template may, too: an
address such as ``https://x.example/{section.slug}/{id}`` with expressions between its braces.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Final
from urllib.parse import quote

from pydantic import AfterValidator

from feedsvc.errors import ParseError
from feedsvc.refine.text import one_line, shortened, xml_text

_LONGEST: Final = 2_000  # characters of an expression
_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_SAID: Final = 160  # characters that are quoted of an error, in which there may be any data


def search(expression: str, value: object) -> Any:
    """What ``expression`` finds in ``value``; None if nothing. A function of nothing finds nothing.

    :raises ParseError: if it cannot be applied to this document, a function to a value of another type.
    """
    from jmespath import exceptions  # noqa: PLC0415 slow to import

    try:
        return _compiled(expression).search(value)
    except (exceptions.JMESPathError, RecursionError, OverflowError, TypeError) as error:
        if isinstance(error, exceptions.JMESPathTypeError) and error.actual_type == "null":
            return None
        why = shortened(one_line(xml_text(str(error))), _SAID)
        raise ParseError(f"`{expression}` cannot be applied to the document: {why}") from error


def fill(expression: str, value: object) -> Any:
    """As ``search``; for a template the address with what its expressions find, None if one finds nothing."""
    if not is_template(expression):
        return search(expression, value)
    parts = _HOLE.split(expression)  # text, expression, text, expression, ..., text
    for at in range(1, len(parts), 2):
        found = search(parts[at], value)
        if not isinstance(found, str | int) or isinstance(found, bool) or not str(found).strip():
            return None
        text = str(found).strip()
        parts[at] = quote(text.lstrip("/") if parts[at - 1].endswith("/") else text, errors="ignore")
    return "".join(parts)


def is_template(text: str) -> bool:
    """An address: no expression begins like one."""
    return text.startswith(("http://", "https://", "/"))


def _checked(text: str) -> str:
    if not text.strip() or len(text) > _LONGEST:
        raise ValueError(f"must be a JMESPath expression of at most {_LONGEST:,} characters")
    return _compilable(text)


def _checked_field(text: str) -> str:
    """An expression, a template, or nothing, which says that the field is not to be had."""
    if not text.strip():
        return ""
    if not is_template(text):
        return _checked(text)
    holes = _HOLE.findall(text)
    if not holes or re.search(r"[{}]", _HOLE.sub("", text)):
        raise ValueError(
            f"an address with a JMESPath expression between braces, such as /news/{{slug}}, not {text!r}"
        )
    for hole in holes:
        _checked(hole)
    return text


Expression = Annotated[str, AfterValidator(_checked)]
Field = Annotated[str, AfterValidator(_checked_field)]


@lru_cache(maxsize=512)
def _compiled(expression: str) -> Any:
    import jmespath  # noqa: PLC0415 slow to import

    return jmespath.compile(expression)


def _compilable(text: str) -> str:
    from jmespath import exceptions  # noqa: PLC0415 slow to import

    try:
        _expect_functions(text, _compiled(text).parsed)
    except exceptions.ParseError as error:
        place = len(text) if error.lex_position is None else error.lex_position
        what = "it ends too early" if place >= len(text) else f"{text[place]!r} cannot stand there"
        raise ValueError(f"no JMESPath expression: {what}, at column {place + 1} of `{text}`") from error
    except exceptions.JMESPathError as error:
        raise ValueError(f"no JMESPath expression: {one_line(str(error))}") from error
    return text


def _expect_functions(text: str, tree: Any) -> None:
    """jmespath notices an unknown function only when it is called."""
    from jmespath.functions import Functions  # noqa: PLC0415 slow to import

    for name in _functions(tree):
        if name not in Functions.FUNCTION_TABLE:
            raise ValueError(
                f"JMESPath has no function {name}(), at column {text.find(name) + 1} of `{text}`"
            )


def _functions(tree: Any) -> Iterator[str]:
    if tree["type"] == "function_expression":
        yield tree["value"]
    for child in tree["children"]:
        if isinstance(child, dict):
            yield from _functions(child)
