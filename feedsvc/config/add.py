"""How is a source added to a config file, everything else in it left as it is?"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruamel.yaml.nodes import Node, SequenceNode

from feedsvc.config.compose import block, flow
from feedsvc.config.draft import MAIN
from feedsvc.config.environment import Environment
from feedsvc.config.load import parse, read_files
from feedsvc.config.nodes import block_end, next_line, sources_in
from feedsvc.config.positions import locate
from feedsvc.config.rewrite import Item, Splice, create, items_of, prove, rewrite, spliced
from feedsvc.config.suggest import naming
from feedsvc.errors import NotFound

HEAD: Final = "# yaml-language-server: $schema=../feedsvc.schema.json\n\nsources:\n"
_FILE: Final = re.compile(r"(?:sources/)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,80}?)(?:\.ya?ml)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """One more source in the file ``path``, on ``line``; ``before`` is None where the file is new."""

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
    texts = read_files(directory)
    path = _path(directory, texts, file)
    before = texts.get(path)
    after = with_source(before, path, item) if before is not None else HEAD + block(item)
    parse({**texts, path: after}, env)
    number = len(items_of(before or "", path))
    line, _ = locate(after, str(path)).values["sources", number]
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
    new = dict(item)

    def meant(items: list[Item]) -> list[Item]:
        return [*items, new]

    items_of(text, path)  # ConfigError rather than YAMLError for what cannot be read
    after = spliced(text, _splices(text, item))
    prove(path, text, after, meant, list)
    return after


def _splices(text: str, item: Mapping[str, object]) -> list[Splice]:
    found = sources_in(text)
    if found is None:
        gap = "\n" if text.strip() else ""
        return [_insertion(text, len(text), f"{gap}sources:\n{block(item)}")]
    key, listed = found
    if not isinstance(listed, SequenceNode) or not listed.value:
        return _first(text, key, listed, item)
    if listed.flow_style:
        return [_flow_insertion(text, listed, item)]
    at = block_end(text, listed, listed.value[-1])
    return [_insertion(text, at, block(item, indent=" " * listed.start_mark.column))]


def _first(text: str, key: Node, listed: Node, item: Mapping[str, object]) -> list[Splice]:
    """Below the key, in place of ``[]`` or ``~`` if one of them is written there."""
    start, end = listed.start_mark.index, listed.end_mark.index
    written = text[start:end].strip() if listed.start_mark.line == key.end_mark.line else ""
    at = next_line(text, end if written else key.end_mark.index)
    removal = [(len(text[:start].rstrip(" ")), end, "")] if written else []
    return [*removal, _insertion(text, at, block(item))]


def _insertion(text: str, at: int, lines: str) -> Splice:
    """Whole lines, at the beginning of a line, with the file's own line ends."""
    if at > 0 and text[at - 1] != "\n":
        lines = f"\n{lines}"
    return at, at, lines.replace("\n", "\r\n") if "\r\n" in text else lines


def _flow_insertion(text: str, listed: SequenceNode, item: Mapping[str, object]) -> Splice:
    last, end = listed.value[-1].end_mark.index, listed.end_mark.index - 1
    comma = " " if "," in text[last:end] else ", "
    at = last if comma == ", " else text.index(",", last) + 1
    return at, at, f"{comma}{flow(dict(item))}"
