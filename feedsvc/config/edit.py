"""How is a source paused, resumed or taken out without touching anything else in the file?"""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from ruamel.yaml.nodes import CollectionNode, MappingNode, ScalarNode, SequenceNode

from feedsvc.config.load import read_files
from feedsvc.config.nodes import block_end, child, line_end, sources_in
from feedsvc.config.rewrite import Item, Splice, items_of, prove, rewrite, spliced
from feedsvc.config.suggest import naming
from feedsvc.errors import NotFound


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
            for item in items_of(texts[path], path)
            if item["id"] in names and item.get("enabled", True) is not enabled
        ]
        rewrite(path, texts[path], with_enabled(texts[path], path, names, enabled=enabled))
    return tuple(changed)


def remove(directory: Path, source_id: str) -> Path:
    """Take a source out of its file, which is returned. Raises as ``set_enabled``."""
    texts = read_files(directory)
    (path,) = _by_ids(texts, [source_id])
    rewrite(path, texts[path], without(texts[path], path, source_id))
    return path


# ---- which file has it ------------------------------------------------------------------------------


def _by_ids(texts: dict[Path, str], ids: Iterable[str]) -> dict[Path, set[str]]:
    homes = {item["id"]: path for path, text in texts.items() for item in items_of(text, path)}
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
    return {path: {item["id"] for item in items_of(texts[path], path)}}


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
    after = spliced(text, splices)
    prove(path, text, after, meant, shown)
    return after


def without(text: str, path: Path, source_id: str) -> str:
    """The file's text without this source. Raises ConfigError if that cannot be done."""

    def meant(items: list[Item]) -> list[Item]:
        return [item for item in items if item["id"] != source_id]

    splices = [_removal(text, seq, item) for seq, item, name in _nodes(text) if name == source_id]
    after = spliced(text, splices[:1])
    prove(path, text, after, meant, list)
    return after


def _nodes(text: str) -> Iterator[tuple[CollectionNode, CollectionNode, str]]:
    """Each source's node with the list that it is in, and its id."""
    found = sources_in(text)
    listed = found[1] if found else None
    if not isinstance(listed, SequenceNode):
        return
    for item in listed.value:
        name = child(item, "id") if isinstance(item, MappingNode) else None
        if isinstance(name, ScalarNode):
            yield listed, item, str(name.value)


def _enabled_splices(text: str, item: CollectionNode, *, enabled: bool) -> Iterator[Splice]:
    word = "true" if enabled else "false"
    value = child(item, "enabled")
    if value is None and not enabled:
        yield _insertion(text, item, f"enabled: {word}")
    elif value is not None and value.value != word:
        start, end = value.start_mark.index, value.end_mark.index
        yield start, end, word if end > start else f" {word}"


def _insertion(text: str, item: CollectionNode, pair: str) -> Splice:
    """A new pair behind the id: on its own line in block style, after a comma in flow style."""
    name = child(item, "id")
    assert name is not None  # _nodes gives only items that have one
    end = name.end_mark.index
    if item.flow_style:
        return end, end, f", {pair}"
    at = line_end(text, end)
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
    return start, block_end(text, listed, item), ""
