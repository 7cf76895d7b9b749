"""How is a source paused, resumed or taken out without touching anything else in the file?

The text is changed only where the nodes' marks say that the value stands: comments, order, quotes and line
ends stay byte for byte. The result is read again before it is written, and refused if it says anything else
than what was meant.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from feedsvc.config.load import read_files
from feedsvc.config.positions import compose, locate
from feedsvc.config.suggest import naming
from feedsvc.errors import ConfigError, NotFound, Problem

BOM: Final = b"\xef\xbb\xbf"
Item = dict[str, Any]
Splice = tuple[int, int, str]  # from, to, and what stands there afterwards


def set_enabled(
    directory: Path, *, enabled: bool, ids: Collection[str] = (), file: str | None = None
) -> tuple[str, ...]:
    """Pause or resume the sources ``ids``, or all in one file; returns those that were not so before.

    ``file`` is a name below the config directory: ``examples``, ``sources/examples.yaml``, ``feedsvc.yaml``.
    Raises NotFound, and ConfigError where a file cannot be read, edited safely or written.
    """
    texts = read_files(directory)
    chosen = _by_file(texts, file) if file is not None else _by_ids(texts, ids)
    changed: list[str] = []
    for path, names in chosen.items():
        changed += [
            item["id"]
            for item in _items(texts[path], path)
            if item["id"] in names and item.get("enabled", True) is not enabled
        ]
        _rewrite(path, texts[path], with_enabled(texts[path], path, names, enabled=enabled))
    return tuple(changed)


def remove(directory: Path, source_id: str) -> Path:
    """Take a source out of its file, which is returned. Raises as ``set_enabled``."""
    texts = read_files(directory)
    (path,) = _by_ids(texts, [source_id])
    _rewrite(path, texts[path], without(texts[path], path, source_id))
    return path


# ---- which file has it ------------------------------------------------------------------------------


def _by_ids(texts: dict[Path, str], ids: Iterable[str]) -> dict[Path, set[str]]:
    homes = {item["id"]: path for path, text in texts.items() for item in _items(text, path)}
    chosen: dict[Path, set[str]] = {}
    for name in ids:
        if name not in homes:
            raise NotFound(naming("source", name, homes))
        chosen.setdefault(homes[name], set()).add(name)
    return chosen


def _by_file(texts: dict[Path, str], name: str) -> dict[Path, set[str]]:
    names = {path.stem: path for path in texts}
    path = names.get(Path(name).stem)
    if path is None:
        raise NotFound(naming("file", name, names))
    return {path: {item["id"] for item in _items(texts[path], path)}}


def _items(text: str, path: Path) -> list[Item]:
    """The sources of one file that have an id; raises ConfigError where YAML cannot be read at all."""
    located = locate(text, str(path))
    if located.data is None:
        raise ConfigError(located.problems)
    items = located.data.get("sources") if isinstance(located.data, dict) else None
    found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [item for item in found if isinstance(item.get("id"), str)]


# ---- the edits, text in and text out ----------------------------------------------------------------


def with_enabled(text: str, path: Path, ids: Collection[str], *, enabled: bool) -> str:
    """The file's text with ``enabled`` of these sources set. Raises ConfigError if that cannot be done."""

    def meant(items: list[Item]) -> list[Item]:
        return [{"enabled": True, **i, **({"enabled": enabled} if i["id"] in ids else {})} for i in items]

    def shown(items: list[Item]) -> list[Item]:
        return [{"enabled": True, **item} for item in items]

    splices = [
        splice
        for _, item, name in _nodes(text)
        if name in ids
        for splice in _enabled_splices(text, item, enabled=enabled)
    ]
    after = _spliced(text, splices)
    _prove(path, text, after, meant, shown)
    return after


def without(text: str, path: Path, source_id: str) -> str:
    """The file's text without this source. Raises ConfigError if that cannot be done."""

    def meant(items: list[Item]) -> list[Item]:
        return [item for item in items if item["id"] != source_id]

    splices = [_removal(text, seq, item) for seq, item, name in _nodes(text) if name == source_id]
    after = _spliced(text, splices[:1])
    _prove(path, text, after, meant, list)
    return after


def _prove(
    path: Path,
    before: str,
    after: str,
    meant: Callable[[list[Item]], list[Item]],
    shown: Callable[[list[Item]], list[Item]],
) -> None:
    """Only what was meant has changed in the data; else nothing may be written."""
    old, new = locate(before, str(path)), locate(after, str(path))
    same_rest = isinstance(new.data, dict) and _rest(old.data) == _rest(new.data)
    same_problems = len(new.problems) == len(old.problems)
    if same_rest and same_problems and meant(_items(before, path)) == shown(_items(after, path)):
        return
    message = "this file cannot be edited safely by machine (aliases, or unusual YAML): edit it by hand"
    raise ConfigError([Problem(str(path), 1, 1, message)])


def _rest(data: Any) -> Item:
    return {key: value for key, value in data.items() if key != "sources"}


def _spliced(text: str, splices: Iterable[Splice]) -> str:
    for start, end, replacement in sorted(splices, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _nodes(text: str) -> Iterator[tuple[CollectionNode, CollectionNode, str]]:
    """Each source's node with the list that it is in, and its id."""
    root = compose(text)
    listed = _child(root, "sources") if isinstance(root, MappingNode) else None
    if not isinstance(listed, SequenceNode):
        return
    for item in listed.value:
        name = _child(item, "id") if isinstance(item, MappingNode) else None
        if isinstance(name, ScalarNode):
            yield listed, item, str(name.value)


def _child(mapping: Node, key: str) -> Node | None:
    return next((value for name, value in mapping.value if name.value == key), None)


def _enabled_splices(text: str, item: CollectionNode, *, enabled: bool) -> Iterator[Splice]:
    word = "true" if enabled else "false"
    value = _child(item, "enabled")
    if value is None and not enabled:
        yield _insertion(text, item, f"enabled: {word}")
    elif value is not None and value.value != word:
        start, end = value.start_mark.index, value.end_mark.index
        yield start, end, word if end > start else f" {word}"


def _insertion(text: str, item: CollectionNode, pair: str) -> Splice:
    """A new pair behind the id: on its own line in block style, after a comma in flow style."""
    name = _child(item, "id")
    assert name is not None  # _nodes gives only items that have one
    end = name.end_mark.index
    if item.flow_style:
        return end, end, f", {pair}"
    at = _line_end(text, end)
    newline = "\r\n" if "\r\n" in text else "\n"
    return at, at, newline + " " * item.start_mark.column + pair


def _removal(text: str, listed: CollectionNode, item: CollectionNode) -> Splice:
    if not listed.flow_style:
        return _block_removal(text, listed, item)
    position = listed.value.index(item)
    start, end = item.start_mark.index, item.end_mark.index
    if position + 1 < len(listed.value):
        return start, listed.value[position + 1].start_mark.index, ""
    if position > 0:
        return listed.value[position - 1].end_mark.index, end, ""
    return start, end, ""


def _block_removal(text: str, listed: CollectionNode, item: CollectionNode) -> Splice:
    """From the line of the dash to the item's last line, with the comments inside the item."""
    column = listed.start_mark.column
    start = text.rfind("\n", 0, item.start_mark.index) + 1
    while text[start + column : start + column + 1] != "-" and start > 0:
        start = text.rfind("\n", 0, start - 1) + 1
    end = _next_line(text, _last_index(item, text))
    inner_comment = re.compile(rf"[ ]{{{column + 1},}}#[^\n]*(\n|\Z)")
    while found := inner_comment.match(text, end):
        end = found.end()
    return start, end, ""


def _last_index(node: Node, text: str) -> int:
    """Where the last thing written in a node ends; the marks of block nodes also span what follows them."""
    if isinstance(node, ScalarNode):
        end: int = node.end_mark.index
        return len(text[:end].rstrip()) if node.style in {"|", ">"} else end
    if not isinstance(node, MappingNode | SequenceNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    if isinstance(node, SequenceNode):
        return _last_index(node.value[-1], text)
    key, value = node.value[-1]
    aliased = value.start_mark.index < key.end_mark.index  # then it stands elsewhere
    empty = value.start_mark.index == value.end_mark.index  # then its marks are those of what follows
    return int(key.end_mark.index) if aliased or empty else _last_index(value, text)


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def _next_line(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


# ---- writing ----------------------------------------------------------------------------------------


def _rewrite(path: Path, before: str, after: str) -> None:
    """Replace the file in one step, so that nobody ever reads half of it; its mode stays."""
    if after == before:
        return
    target = path.resolve()  # a link stays a link
    try:
        current = target.read_bytes()
        if current.removeprefix(BOM).decode() != before:
            raise ConfigError([Problem(str(path), 1, 1, "changed meanwhile, nothing was written: try again")])
        bom = BOM if current.startswith(BOM) else b""
        _replace(target, bom + after.encode())
    except OSError as error:
        raise ConfigError([Problem(str(path), 1, 1, f"cannot be written: {error.strerror}")]) from error


def _replace(target: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".feedsvc-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fchmod(handle, target.stat().st_mode & 0o7777)
            os.fsync(handle)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_directory(target.parent)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
