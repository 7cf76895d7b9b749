"""Which files of a directory did earlier exports write, and as what?

Kept in the directory itself, under ``.feedsvc/``, which no web server gives out.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from feedsvc.errors import FeedsvcError

HOME: Final = ".feedsvc"
VERSION: Final = 1
_NAME: Final = "manifest.json"

Noted = tuple[int, int]  # size in bytes, modification time in seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A part as it was written: its key, and each of its files, compressed ones too."""

    key: str
    files: Mapping[str, Noted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``parts`` by name. ``claimed`` are files that were about to be written: ours too, if they are there."""

    parts: Mapping[str, Written] = field(default_factory=dict)
    claimed: frozenset[str] = frozenset()

    def ours(self) -> frozenset[str]:
        return self.claimed.union(*(part.files for part in self.parts.values()))


def read(directory: Path) -> Manifest:
    """:raises FeedsvcError: if there is one that cannot be read."""
    path = directory / HOME / _NAME
    try:
        return _understood(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Manifest()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        told = "delete it, and export with --overwrite" if not isinstance(error, OSError) else error.strerror
        raise FeedsvcError(f"{path} cannot be read: {told}") from error


def write(directory: Path, manifest: Manifest) -> None:
    """In one step, and safe on disk when this returns. Raises OSError."""
    parts = {name: [part.key, part.files] for name, part in manifest.parts.items()}
    data = {"version": VERSION, "parts": parts, "claimed": sorted(manifest.claimed)}
    path = directory / HOME / _NAME
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(data, file, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _understood(data: Any) -> Manifest:
    if data["version"] != VERSION:
        raise ValueError("of another version")
    parts = {
        str(name): Written(
            key=str(key),
            files={_safe(path): (int(size), int(modified)) for path, (size, modified) in files.items()},
        )
        for name, (key, files) in data["parts"].items()
    }
    return Manifest(parts=parts, claimed=frozenset(map(_safe, data["claimed"])))


def _safe(path: str) -> str:
    """What is in the manifest gets replaced and removed: nothing outside the directory may be named."""
    if not path or path.startswith("/") or ".." in PurePosixPath(path).parts:
        raise ValueError(f"{path!r} is no file of the site")
    return path
