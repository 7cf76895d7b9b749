"""On which line of a JSON text does each of its values stand, and which keys stand twice in an object?"""

import json
import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

Path = tuple[str | int, ...]

_MARK: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],\n]', re.DOTALL)
_MOST: Final = 1_000_000  # marks; what comes after them has the line of what it is in


@dataclass(slots=True)
class _Walk:
    """A walk through a text: where we are in it, and what was seen on the way."""

    lines: dict[Path, int] = field(default_factory=dict)
    twice: list[Path] = field(default_factory=list)
    path: list[str | int] = field(default_factory=list)
    keys: list[set[str] | None] = field(default_factory=list)  # of each object that we are in; None: a list
    line: int = 1
    at_key: bool = False

    def read(self, mark: str) -> None:
        match mark[0]:
            case "\n":
                self.line += 1
            case "{" | "[":
                self._mark()
                self.path.append("" if mark == "{" else 0)
                self.keys.append(set() if mark == "{" else None)
                self.at_key = mark == "{"
            case "}" | "]":
                self.path.pop()
                self.keys.pop()
            case ",":
                self._next()
            case _:
                self._string(mark)

    def _mark(self) -> None:
        self.lines.setdefault(tuple(self.path), self.line)

    def _next(self) -> None:
        last = self.path[-1]
        if isinstance(last, int):
            self.path[-1] = last + 1
        else:
            self.at_key = True

    def _string(self, text: str) -> None:
        keys = self.keys[-1] if self.keys else None
        if keys is not None and self.at_key:
            key = json.loads(text, strict=False)
            self.path[-1] = key
            if key in keys:
                self.twice.append(tuple(self.path))
            keys.add(key)
            self.at_key = False
        self._mark()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """``twice``: the keys that their object had already."""

    lines: dict[Path, int]
    twice: tuple[Path, ...]

    def of(self, path: Path) -> int | None:
        """The line, from 1, where the value at ``path`` begins, or what it is in."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


def lines(text: str) -> Lines:
    """Of a text that is valid JSON."""
    walk = _Walk()
    for found in islice(_MARK.finditer(text), _MOST):
        walk.read(found[0])
    return Lines(lines=walk.lines, twice=tuple(walk.twice))
