"""How is a config file changed: proved to say just what was meant, and replaced in one step?

An edit makes a new text of the old one by splices, where the nodes' marks say: comments, order, quotes and
line ends stay byte for byte. The result is read again before it is written, and refused if it says anything
else than what was meant.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from feedsvc.config.positions import locate
from feedsvc.errors import ConfigError, Problem

BOM: Final = b"\xef\xbb\xbf"
Item = dict[str, Any]
Splice = tuple[int, int, str]  # from, to, and what stands there afterwards


def items_of(text: str, path: Path, key: str = "sources") -> list[Item]:
    """The sources of one file, or what else it lists under ``key``, that have an id; raises ConfigError where
    YAML cannot be read at all."""
    located = locate(text, str(path))
    if located.data is None:
        raise ConfigError(located.problems)
    listed = located.data.get(key) if isinstance(located.data, dict) else None
    found = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    return [item for item in found if isinstance(item.get("id"), str)]


def prove(
    path: Path,
    before: str,
    after: str,
    meant: Callable[[list[Item]], list[Item]],
    shown: Callable[[list[Item]], list[Item]],
    *,
    key: str = "sources",
) -> None:
    """Only what was meant has changed in the data below ``key``; else nothing may be written."""
    old, new = locate(before, str(path)), locate(after, str(path))
    same_rest = isinstance(new.data, dict) and _rest(old.data, key) == _rest(new.data, key)
    same_problems = len(new.problems) == len(old.problems)
    same_whole = same_rest and same_problems
    if same_whole and meant(items_of(before, path, key)) == shown(items_of(after, path, key)):
        return
    message = "this file cannot be edited safely by machine (aliases, or unusual YAML): edit it by hand"
    raise ConfigError([Problem(str(path), 1, 1, message)])


def _rest(data: Any, key: str) -> Item:
    return {name: value for name, value in data.items() if name != key}


def spliced(text: str, splices: Iterable[Splice]) -> str:
    for start, end, replacement in sorted(splices, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def rewrite(path: Path, before: str, after: str) -> None:
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


def create(path: Path, text: str) -> None:
    """Write a file that must not be there yet. Raises ConfigError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        _sync_directory(path.parent)
    except FileExistsError as error:
        raise ConfigError(
            [Problem(str(path), 1, 1, "is there by now, nothing was written: try again")]
        ) from error
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
