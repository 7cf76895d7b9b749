"""How are sources and categories added to a config file, everything else in it left as it is?"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruamel.yaml.nodes import Node, SequenceNode

from feedsvc.config.compose import block, flow
from feedsvc.config.draft import MAIN
from feedsvc.config.environment import Environment
from feedsvc.config.load import parse, read_files
from feedsvc.config.nodes import block_end, listed_in, next_line
from feedsvc.config.positions import locate
from feedsvc.config.rewrite import Item, Splice, create, items_of, prove, rewrite, spliced
from feedsvc.config.suggest import naming
from feedsvc.errors import NotFound

HEAD: Final = "# yaml-language-server: $schema=../feedsvc.schema.json\n\nsources:\n"
_FILE: Final = re.compile(r"(?:sources/)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,80}?)(?:\.ya?ml)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What is new in the file ``path``, from ``line`` on; ``before`` is None where the file is new."""

    path: Path
    before: str | None
    after: str
    line: int

    def diff(self) -> str:
        """A unified diff of the file."""
        old = (self.before or "").splitlines(keepends=True)
        new = self.after.splitlines(keepends=True)
        name = str(self.path)
        lines = difflib.unified_diff(old, new, name if self.before is not None else "/dev/null", name)
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )

    def write(self) -> None:
        """Put it on disk. Raises ConfigError if the file has changed meanwhile or cannot be written."""
        if self.before is None:
            create(self.path, self.after)
        else:
            rewrite(self.path, self.before, self.after)


def addition(
    directory: Path, item: Mapping[str, object], *, file: str, env: Environment | None = None
) -> Addition:
    """Plan to add the source ``item`` (its options, JSON-like); nothing is written yet.

    ``file`` is a name below the config directory: ``news``, ``sources/news.yaml``, ``feedsvc.yaml``. One that
    is not there will be made in ``sources/``. Raises NotFound for a name that cannot be a file's, ConfigError
    if the config were not right with it.
    """
    (made,) = additions(directory, [item], file=file, env=env)
    return made


def additions(
    directory: Path,
    items: Sequence[Mapping[str, object]],
    *,
    file: str,
    categories: Sequence[Mapping[str, object]] = (),
    env: Environment | None = None,
) -> list[Addition]:
    """Plan to add several sources to one file, and new categories to feedsvc.yaml: as ``addition`` does.

    To be written in the order given: then the config is valid after each. Empty if there is nothing to add.
    """
    texts = read_files(directory)
    main = directory / MAIN
    wanted = [(main, "categories", categories), (_path(directory, texts, file), "sources", items)]
    made: list[Addition] = []
    for path, key, new in wanted:
        if new:
            before = texts.get(path)
            made.append(_addition(path, before, new, key))
            texts = {**texts, path: made[-1].after}
    if made:
        parse(texts, env)
    return made


def _addition(path: Path, before: str | None, items: Sequence[Mapping[str, object]], key: str) -> Addition:
    after = HEAD + _blocks(items) if before is None else with_items(before, path, items, key=key)
    number = len(items_of(before or "", path, key))
    line, _ = locate(after, str(path)).values[key, number]
    return Addition(path=path, before=before, after=after, line=line)


def place(directory: Path, source_id: str) -> tuple[Path, int]:
    """The file and line that configure a source. Raises NotFound, ConfigError."""
    known: list[str] = []
    for path, text in read_files(directory).items():
        names = [item["id"] for item in items_of(text, path)]
        if source_id in names:
            line, _ = locate(text, str(path)).values["sources", names.index(source_id)]
            return path, line
        known += names
    raise NotFound(naming("source", source_id, known))


def _path(directory: Path, texts: Mapping[Path, str], file: str) -> Path:
    if file == MAIN:
        return directory / MAIN
    name = _FILE.fullmatch(file)
    if name is None:
        raise NotFound(f"{file!r} is no name for a file of sources: write one like news or sources/news.yaml")
    named = {path.stem: path for path in texts}
    return named.get(name[1], directory / "sources" / f"{name[1]}.yaml")


def with_source(text: str, path: Path, item: Mapping[str, object]) -> str:
    """The file's text with one source more, at the end. Raises ConfigError if that cannot be done."""
    return with_items(text, path, [item])


def with_items(text: str, path: Path, items: Sequence[Mapping[str, object]], *, key: str = "sources") -> str:
    """The file's text with more items at the end of what it lists under ``key``. Raises ConfigError."""

    def meant(before: list[Item]) -> list[Item]:
        return [*before, *map(dict, items)]

    items_of(text, path)  # ConfigError rather than YAMLError for what cannot be read
    after = spliced(text, _splices(text, items, key))
    prove(path, text, after, meant, list, key=key)
    return after


def _blocks(items: Sequence[Mapping[str, object]], indent: str = "  ") -> str:
    return "".join(block(item, indent=indent) for item in items)


def _splices(text: str, items: Sequence[Mapping[str, object]], name: str) -> list[Splice]:
    found = listed_in(text, name)
    if found is None:
        gap = "\n" if text.strip() else ""
        return [_insertion(text, len(text), f"{gap}{name}:\n{_blocks(items)}")]
    key, listed = found
    if not isinstance(listed, SequenceNode) or not listed.value:
        return _first(text, key, listed, items)
    if listed.flow_style:
        return [_flow_insertion(text, listed, items)]
    at = block_end(text, listed, listed.value[-1])
    return [_insertion(text, at, _blocks(items, " " * listed.start_mark.column))]


def _first(text: str, key: Node, listed: Node, items: Sequence[Mapping[str, object]]) -> list[Splice]:
    """Below the key, in place of ``[]`` or ``~`` if one of them is written there."""
    start, end = listed.start_mark.index, listed.end_mark.index
    written = text[start:end].strip() if listed.start_mark.line == key.end_mark.line else ""
    at = next_line(text, end if written else key.end_mark.index)
    removal = [(len(text[:start].rstrip(" ")), end, "")] if written else []
    return [*removal, _insertion(text, at, _blocks(items))]


def _insertion(text: str, at: int, lines: str) -> Splice:
    """Whole lines, at the beginning of a line, with the file's own line ends."""
    if at > 0 and text[at - 1] != "\n":
        lines = f"\n{lines}"
    return at, at, lines.replace("\n", "\r\n") if "\r\n" in text else lines


def _flow_insertion(text: str, listed: SequenceNode, items: Sequence[Mapping[str, object]]) -> Splice:
    last, end = listed.value[-1].end_mark.index, listed.end_mark.index - 1
    comma = " " if "," in text[last:end] else ", "
    at = last if comma == ", " else text.index(",", last) + 1
    return at, at, comma + ", ".join(flow(dict(item)) for item in items)
