"""What does a YAML file say, and where does it say it? (the only importer of ruamel.yaml)

Text becomes plain JSON-like data beside the position of every key and value, so that whatever later turns
out to be wrong can be named as ``file:line:col``. YAML 1.2: ``no`` and ``on`` are text, ``true`` is not.
"""

import math
import warnings
from dataclasses import dataclass, field
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from feedsvc.errors import Problem

TAG: Final = "tag:yaml.org,2002:"
MAX_NODES: Final = 500_000  # with every alias written out: more than anybody types, less than a bomb makes

Path = tuple[str | int, ...]  # of keys and list indexes, from the top of the file
Place = tuple[int, int]  # line and column, from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """``data`` is made of dict, list, str, int, float, bool and None; unreadable scalars stay as text.

    ``data`` itself is None where the file cannot be used at all; ``problems`` say why.
    """

    file: str
    data: object
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def problem(self, path: Path, message: str, *, at_key: bool = False) -> Problem:
        """Something wrong with the value (or the key) at ``path``, or with what is missing below it."""
        places = self.keys if at_key and path in self.keys else self.values
        while path and path not in places:
            path = path[:-1]
        line, column = places.get(path, (1, 1))
        return Problem(self.file, line, column, message)


def locate(text: str, file: str) -> Located:
    """Parse one file; its ``problems`` name what YAML itself makes impossible or doubtful."""
    try:
        root = compose(text)
    except YAMLError as error:
        return Located(file=file, data=None, problems=(_syntax_problem(error, text, file),))
    except RecursionError:
        return Located(
            file=file, data=None, problems=(Problem(file, 1, 1, "nested too deeply to be a config"),)
        )
    if root is None or root.tag == f"{TAG}null":
        return Located(file=file, data={}, values={(): (1, 1)})
    reader = _Reader(file)
    data = reader.read(root, ())
    return Located(
        file=file,
        data=None if reader.endless else data,
        keys=reader.keys,
        values=reader.values,
        problems=tuple(reader.problems),
    )


def compose(text: str) -> Node | None:
    """The tree of nodes with their marks (None: an empty file). Raises YAMLError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)  # YAML allows it: the latest one counts
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    return root


def _syntax_problem(error: YAMLError, text: str, file: str) -> Problem:
    if isinstance(error, ReaderError):
        before = text[: error.position]
        place = before.count("\n") + 1, error.position - (before.rfind("\n") + 1) + 1
        return Problem(
            file, *place, f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
        )
    if not isinstance(error, MarkedYAMLError) or (error.problem_mark or error.context_mark) is None:
        return Problem(file, 1, 1, f"not YAML: {error}")
    mark = error.problem_mark or error.context_mark
    return Problem(file, mark.line + 1, mark.column + 1, _syntax_message(error))


def _syntax_message(error: MarkedYAMLError) -> str:
    what = str(error.problem or error.context)
    if "'\\t'" in what:
        return "a tab cannot be used for indentation in YAML: use spaces"
    if "found another document" in what:
        return "a config file is one YAML document: remove this '---'"
    if what == "mapping values are not allowed here":
        return "a second ': ' here, or wrong indentation: text with ': ' in it needs quotes"
    if "stream end" in what or "end of stream" in what:
        return f"the file ends too early: a bracket or quote{_opened(error)} is never closed"
    if error.problem and error.context:
        return f"not YAML: {error.problem} ({error.context})"
    return f"not YAML: {what}"


def _opened(error: MarkedYAMLError) -> str:
    begin, end = error.context_mark, error.problem_mark
    return f" opened on line {begin.line + 1}" if begin and end and begin.line < end.line else ""


class _Reader:
    """Turns nodes into data; one a file, because positions and problems gather on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self._open: set[int] = set()
        self._nodes = 0
        self.endless = False

    def read(self, node: Node, path: Path) -> object:
        self.values[path] = _place(node)
        if isinstance(node, ScalarNode):
            self._nodes += 1
            return self._scalar(node)
        if not self._enter(node):
            return None
        data = self._mapping(node, path) if isinstance(node, MappingNode) else self._sequence(node, path)
        self._open.discard(id(node))
        return data

    def _enter(self, node: Node) -> bool:
        """False: reading ``node`` would never end (an alias inside itself) or take too long (a bomb)."""
        if id(node) in self._open or self._nodes > MAX_NODES:
            if not self.endless:
                self._complain(node, "the aliases make this file endless: write the values out")
            self.endless = True
            return False
        self._nodes += 1
        self._open.add(id(node))
        return True

    def _complain(self, node: Node, message: str) -> None:
        self.problems.append(Problem(self.file, *_place(node), message))

    def _sequence(self, node: Node, path: Path) -> list[object]:
        return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]

    def _mapping(self, node: Node, path: Path) -> dict[str, object]:
        data: dict[str, object] = {}
        merged: list[Node] = []
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key is None:
                continue
            if key_node.tag == TAG + "merge":
                merged += value_node.value if isinstance(value_node, SequenceNode) else [value_node]
            elif key in data:
                line, _ = self.keys[*path, key]
                self._complain(key_node, f"the key '{key}' is already on line {line}: keep one of them")
            else:
                self.keys[*path, key] = _place(key_node)
                data[key] = self.read(value_node, (*path, key))
        for other in merged:
            self._merge(other, path, data)
        return data

    def _merge(self, node: Node, path: Path, data: dict[str, object]) -> None:
        """``<<: *defaults``: the keys of another mapping, where this one does not have them."""
        if not isinstance(node, MappingNode):
            self._complain(node, "'<<' takes an alias of a mapping, such as *defaults")
        elif self._enter(node):
            missing = [pair for pair in node.value if pair[0].value not in data]
            fill = MappingNode(node.tag, missing, node.start_mark, node.end_mark)
            data.update(self._mapping(fill, path))
            self._open.discard(id(node))

    def _key(self, node: Node) -> str | None:
        if isinstance(node, ScalarNode) and node.tag in {TAG + "str", TAG + "merge"}:
            return str(node.value)
        shown = f"'{node.value}'" if isinstance(node, ScalarNode) else "this"
        self._complain(node, f"a key must be text, {shown} is not: put it in quotes")
        return None

    def _scalar(self, node: ScalarNode) -> object:
        text = str(node.value)
        kind = str(node.tag).removeprefix(TAG)
        if kind in {"str", "timestamp"}:  # a date is read by who wants one
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() in {"true", "yes", "on", "y"}
        number = _number(kind, text)
        if number is None:
            self._complain(node, f"YAML reads {text} as {kind}: put it in quotes if it is meant as text")
            return text
        return number


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _number(kind: str, text: str) -> int | float | None:
    plain = text.replace("_", "")
    try:
        if kind == "int":
            return int(plain, 0 if plain.lower().lstrip("+-")[:2] in {"0x", "0o", "0b"} else 10)
        if kind == "float":
            value = float(plain.lower().replace(".inf", "inf").replace(".nan", "nan"))
            return value if math.isfinite(value) else None
    except ValueError:
        return None
    return None
