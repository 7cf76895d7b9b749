"""How does a directory come to hold just the files of a site: only what changed is touched, each at once?

New versions are staged beside the site, put on disk, and then renamed into place one after the other: whoever
reads meanwhile gets the old file or the new one, never half of one. What others keep in the directory stays.

A web server tells versions apart by time and size. So a new version is never as old as the one before it,
in whole seconds, and its compressed forms have the same time.
"""

import fcntl
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from feedsvc.errors import FeedsvcError
from feedsvc.export import manifest
from feedsvc.export.manifest import HOME, Manifest, Noted, Written
from feedsvc.export.parts import File, Part

_STAGE: Final = "new"
_AT_ONCE: Final = 16  # files that are put on disk at the same time: a disk does many in one go


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What came of it: paths below the directory, compressed forms included. ``foreign`` are files that
    stand in the way of the site's and are not ours; they were left alone."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int
    foreign: tuple[str, ...]


def bring(directory: Path, parts: Iterable[Part], *, now: datetime, overwrite: bool = False) -> Brought:
    """Have the directory hold these parts. They are written in their order, so that what is linked to should
    come before what links to it; what is in none of them any more is removed at the end.

    ``overwrite``: what stands in the way is replaced, whoever wrote it.

    :raises FeedsvcError: if a file cannot be written, or another export is at work here.
    """
    try:
        (directory / HOME).mkdir(parents=True, exist_ok=True)
        with _alone(directory):
            work = _Work(directory, manifest.read(directory), now=now, overwrite=overwrite)
            for part in parts:
                work.take(part)
            return work.finish()
    except OSError as error:
        where = error.filename or directory
        raise FeedsvcError(f"{where} cannot be written: {error.strerror}") from error


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    handle = os.open(directory / HOME, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise FeedsvcError(f"another export is writing to {directory} just now") from error
    finally:
        os.close(handle)


@dataclass(slots=True)
class _Staged:
    path: str
    temporary: Path


@dataclass(slots=True)
class _Found:
    """What has been found out so far."""

    parts: dict[str, Written] = field(default_factory=dict)
    staged: list[_Staged] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    kept: int = 0


class _Work:
    """One export, under way."""

    def __init__(self, directory: Path, before: Manifest, *, now: datetime, overwrite: bool) -> None:
        self._directory = directory
        self._before = before
        self._ours = before.ours()
        self._now = int(now.timestamp())
        self._overwrite = overwrite
        self._stage = directory / HOME / _STAGE
        self._found = _Found()
        shutil.rmtree(self._stage, ignore_errors=True)  # left by one that was killed
        self._stage.mkdir()

    def take(self, part: Part) -> None:
        """Stage what changed of a part, if anything did."""
        before = self._before.parts.get(part.name)
        if before is not None and before.key == part.key and self._all_there(before.files):
            self._found.parts[part.name] = before
            self._found.kept += len(before.files)
            return
        files: dict[str, Noted] = {}
        for file in part.make():
            files.update(self._take(file))
        self._found.parts[part.name] = Written(key=part.key, files=files)

    def finish(self) -> Brought:
        """Put what is staged into place, and take away what is not of the site any more."""
        after = Manifest(parts=self._found.parts)
        theirs = after.ours()
        if theirs - self._ours:
            # Before the first of them is there, so that after a kill they are known to be ours.
            claimed = Manifest(parts=self._before.parts, claimed=self._before.claimed | theirs)
            manifest.write(self._directory, claimed)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for _ in pool.map(_sync, [one.temporary for one in self._found.staged]):
                pass  # an OSError comes out here
        for one in self._found.staged:
            target = self._directory / one.path
            target.parent.mkdir(parents=True, exist_ok=True)
            one.temporary.replace(target)
        removed = [path for path in sorted(self._ours - theirs) if self._remove(path)]
        if after != self._before:
            manifest.write(self._directory, after)
        self._stage.rmdir()
        return Brought(
            written=tuple(one.path for one in self._found.staged),
            removed=tuple(removed),
            kept=self._found.kept,
            foreign=tuple(self._found.foreign),
        )

    # ---- one file, with its compressed forms --------------------------------------------------------

    def _take(self, file: File) -> dict[str, Noted]:
        """What the manifest will say of the file; empty if something foreign stands in its way."""
        bodies = {file.path: file.body, **{file.path + end: body for end, body in file.packed.items()}}
        there = {path: _stat(self._directory / path) for path in bodies}
        if all(self._is(path, there[path], body) for path, body in bodies.items()):
            self._found.kept += len(bodies)
            return {path: _noted(seen) for path, seen in there.items() if seen is not None}
        foreign = [path for path, seen in there.items() if seen is not None and path not in self._ours]
        if foreign and not self._overwrite:
            self._found.foreign += foreign
            return {}
        modified = self._time_of(file, there)
        for path, body in bodies.items():
            self._put(path, body, modified)
        return {path: (len(body), modified) for path, body in bodies.items()}

    def _is(self, path: str, seen: os.stat_result | None, body: bytes) -> bool:
        """Is the file there, with just these bytes?"""
        if seen is None or not stat.S_ISREG(seen.st_mode) or seen.st_size != len(body):
            return False
        return (self._directory / path).read_bytes() == body

    def _time_of(self, file: File, there: Mapping[str, os.stat_result | None]) -> int:
        wanted = self._now if file.modified is None else int(file.modified.timestamp())
        return max([wanted, *(int(seen.st_mtime) + 1 for seen in there.values() if seen is not None)])

    def _put(self, path: str, body: bytes, modified: int) -> None:
        temporary = self._stage / str(len(self._found.staged))
        temporary.write_bytes(body)
        os.utime(temporary, (modified, modified))
        self._found.staged.append(_Staged(path, temporary))

    # ---- what is there ------------------------------------------------------------------------------

    def _all_there(self, files: Mapping[str, Noted]) -> bool:
        """Does everything look as it was written? (size and time, as make and rsync do it)"""
        for path, noted in files.items():
            seen = _stat(self._directory / path)
            if seen is None or not stat.S_ISREG(seen.st_mode) or _noted(seen) != noted:
                return False
        return bool(files)

    def _remove(self, path: str) -> bool:
        """Take a file of ours away, and the directories that are empty then."""
        target = self._directory / path
        seen = _stat(target)
        if seen is None or not stat.S_ISREG(seen.st_mode):
            return False
        target.unlink()
        with suppress(OSError):  # not empty: somebody else's, or still needed
            for parent in target.relative_to(self._directory).parents[:-1]:
                (self._directory / parent).rmdir()
        return True


def _stat(path: Path) -> os.stat_result | None:
    """Of the file itself, not of what a link leads to."""
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _noted(seen: os.stat_result) -> Noted:
    return seen.st_size, int(seen.st_mtime)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
