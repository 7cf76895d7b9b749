"""What does the head of an article file say about it?

---
title: A fine day
date: 2026-11-24 10:30 +01:00
tags: [weather, walks]
---
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from feedsvc.errors import ParseError

_HEAD: Final = re.compile(r"---[ \t]*\r?\n((?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_OPEN: Final = re.compile(r"---[ \t]*\r?\n[\w-]+[ \t]*:")
_FIELD: Final = re.compile(r"^[\w-]+[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """``fields`` hold texts, lists and mappings of texts, as written; ``head`` is the text they come from."""

    fields: Mapping[str, Any]
    head: str
    body: str

    def line_of(self, name: str) -> int:
        """The line of the file, counted from 1, on which a field is given."""
        found = re.search(rf"^{re.escape(name)}\s*:", self.head, re.MULTILINE)
        return 2 + self.head.count("\n", 0, found.start() if found else 0)

    def text(self, *names: str) -> str | None:
        """The first of these fields that is given. Raises ParseError where it is no text."""
        name = next((name for name in names if self.fields.get(name)), None)
        if name is None:
            return None
        value = self.fields[name]
        if not isinstance(value, str):
            raise ParseError(f"{self.line_of(name)}: {name!r} must be text")
        return value.strip() or None

    def texts(self, *names: str) -> tuple[str, ...]:
        """All texts of these fields, each a list or texts parted by commas."""
        found: list[str] = []
        for name in names:
            value = self.fields.get(name) or []
            values = value.split(",") if isinstance(value, str) else value
            if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
                raise ParseError(
                    f"{self.line_of(name)}: {name!r} must be a list of texts, such as [one, two]"
                )
            found.extend(one.strip() for one in values)
        return tuple(dict.fromkeys(filter(None, found)))


def split(text: str) -> FrontMatter:
    """Part a file's text. Raises ParseError as ``line: what is wrong``."""
    found = _HEAD.match(text)
    if found is None and _OPEN.match(text):
        raise ParseError("1: the front matter that starts here is not closed: a line --- must end it")
    if found is None or (found[1].strip() and not _FIELD.search(found[1])):  # a rule of Markdown
        return FrontMatter(fields={}, head="", body=text)
    return FrontMatter(fields=_fields(found[1]), head=found[1], body=text[found.end() :])


def _fields(head: str) -> Mapping[str, Any]:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415 slow to import

    try:
        fields = _reader().load(head)
    except MarkedYAMLError as error:
        line = 2 + (error.problem_mark.line if error.problem_mark else 0)
        problem = str(error.problem).partition(" (original")[0]
        raise ParseError(f"{line}: the front matter is not YAML: {problem}") from error
    except (YAMLError, ValueError) as error:
        raise ParseError(f"2: the front matter is not YAML: {error}") from error
    if fields is None or fields == "":
        return {}
    if not isinstance(fields, dict):
        raise ParseError("2: the front matter must be lines like 'title: A fine day'")
    return {str(name).lower(): value for name, value in fields.items()}


def _reader() -> Any:
    """YAML in which everything is text: dates keep their zone, and what has none is seen to have none.

    A new one each time: it holds what it is reading, and folders are read by several threads.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 slow to import

    return YAML(typ="base", pure=True)
