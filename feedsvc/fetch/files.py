"""What is in a folder or a file of this machine, as one document?

The other way in, for addresses like ``file:///srv/notes/``. A folder becomes one document whose body is
canonical JSON: ``{"files": [{"path", "modified", "text"}, ...], "skipped": [{"path", "reason"}, ...]}``,
each list sorted by path, paths relative with ``/``, ``modified`` in UTC.
"""

import codecs
import errno
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from w3lib.encoding import html_body_declared_encoding, html_to_unicode, read_bom

from feedsvc.errors import AddressRefused, TooLarge, Unreachable
from feedsvc.fetch import answer
from feedsvc.model import Document, NotModified, Request, Validators

FOLDER_TYPE = "application/vnd.feedsvc.folder+json"

_HTML = (".html", ".htm")
_READ = (".md", ".markdown", ".txt", *_HTML)
_NOT_READ = ("_drafts",)
# A path like / would be walked for hours; no folder of articles has so many files.
_MOST_FILES = 100_000

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".atom": "application/atom+xml",
        ".htm": "text/html",
        ".html": "text/html",
        ".json": "application/json",
        ".markdown": "text/markdown",
        ".md": "text/markdown",
        ".opml": "text/x-opml",
        ".rdf": "application/rdf+xml",
        ".rss": "application/rss+xml",
        ".txt": "text/plain",
        ".xml": "application/xml",
    }
)


def get(request: Request, *, validators: Validators | None, max_bytes: int) -> Document | NotModified:
    """The folder or file at ``request.url``. Raises Unreachable ("missing"), TooLarge, AddressRefused."""
    path = _path(request.url)
    status = _stat(request.url, path)
    if stat.S_ISDIR(status.st_mode):
        body, content_type = _folder(request.url, path.resolve(), max_bytes), FOLDER_TYPE
    elif request.url.endswith("/"):
        raise _missing(request.url, f"{path} is a file, not a folder")
    elif not stat.S_ISREG(status.st_mode):
        raise _missing(request.url, f"{path} is neither a folder nor a regular file")
    else:
        body, content_type = _file(request.url, path, max_bytes), _content_type(path)
    return answer.document(
        url=request.url,
        status=200,
        headers={"content-type": content_type},
        body=body,
        wire_bytes=len(body),
        hops=(),
        known=validators,
    )


def _path(url: str) -> Path:
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.netloc not in ("", "localhost") or not path.startswith("/") or "\0" in path:
        raise AddressRefused(url, f"Address refused: {url} names no absolute path on this machine.")
    return Path(path)


def _stat(url: str, path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise _missing(url, f"{path} cannot be read ({_reason(error)})") from error


def _missing(url: str, what: str) -> Unreachable:
    return Unreachable(url, f"Missing: {what}.", kind="missing")


def _reason(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "a link that leads to itself"
    return (error.strerror or type(error).__name__).lower()


# ---- one file ---------------------------------------------------------------------------------------


def _content_type(path: Path) -> str:
    return _TYPES.get(path.suffix.lower(), "application/octet-stream")


def _file(url: str, path: Path, max_bytes: int) -> bytes:
    try:
        data = _bytes(path, max_bytes)
    except OSError as error:
        raise _missing(url, f"{path} cannot be read ({_reason(error)})") from error
    if len(data) > max_bytes:
        raise _too_large(url, f"{path} has more than {max_bytes:,} bytes")
    return data


def _bytes(path: Path, most: int) -> bytes:
    """The file's content, one byte more than ``most`` at the utmost."""
    with path.open("rb") as file:
        return file.read(most + 1)


def _too_large(url: str, what: str) -> TooLarge:
    return TooLarge(url, f"Too large: {what} (fetch.max_bytes).")


# ---- a folder ---------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Listing:
    files: list[dict[str, str]] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    size: int = 0

    def skip(self, name: str, reason: str) -> None:
        self.skipped.append({"path": name.encode("utf-8", "backslashreplace").decode(), "reason": reason})


class _UndecodableError(Exception):
    """The bytes are no text; the message says why."""


def _folder(url: str, root: Path, max_bytes: int) -> bytes:
    listing = _Listing()
    for path in _walk(url, root, listing):
        _take(listing, root, path, max_bytes)
        if listing.size > max_bytes:
            raise _too_large(url, f"the files in {root} have more than {max_bytes:,} bytes together")
    content = {name: sorted(getattr(listing, name), key=_by_path) for name in ("files", "skipped")}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _by_path(entry: dict[str, str]) -> str:
    return entry["path"]


def _walk(url: str, root: Path, listing: _Listing) -> Iterator[Path]:
    """All files that may be articles, hidden ones and drafts left out. Links to folders are not followed."""
    seen = 0
    for folder, folders, files in os.walk(root, onerror=lambda error: _unlisted(url, root, listing, error)):
        seen += len(files)
        if seen > _MOST_FILES:
            raise TooLarge(url, f"Too large: {root} holds more than {_MOST_FILES:,} files.")
        for name in folders:
            if _is_wanted(name) and (Path(folder) / name).is_symlink():
                listing.skip(_name(root, Path(folder) / name), "a link to a folder, these are not followed")
        folders[:] = sorted(filter(_is_wanted, folders))
        yield from (Path(folder) / name for name in sorted(files) if _is_article(name))


def _unlisted(url: str, root: Path, listing: _Listing, error: OSError) -> None:
    """A folder that cannot be listed. For ``root`` itself there is then nothing to tell: not even "empty"."""
    if Path(error.filename) == root:
        raise _missing(url, f"{root} cannot be read ({_reason(error)})") from error
    listing.skip(_name(root, Path(error.filename)), _reason(error))


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") and name not in _NOT_READ


def _is_article(name: str) -> bool:
    return _is_wanted(name) and name.lower().endswith(_READ)


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _take(listing: _Listing, root: Path, path: Path, max_bytes: int) -> None:
    """Put one file into ``listing``, as text or as skipped."""
    name = _name(root, path)
    try:
        name.encode()
        real = path.resolve(strict=True)
        status = real.stat()
        if not real.is_relative_to(root):
            listing.skip(name, "a link that leads out of the folder")
        elif not stat.S_ISREG(status.st_mode):
            listing.skip(name, "not a regular file")
        else:
            data = _bytes(real, max_bytes - listing.size)
            listing.size += len(data)
            text = _text(data, is_html=path.suffix.lower() in _HTML)
            modified = datetime.fromtimestamp(int(status.st_mtime), UTC).isoformat()
            listing.files.append({"path": name, "modified": modified, "text": text})
    except UnicodeEncodeError:
        listing.skip(name, "its name is not UTF-8")
    except RuntimeError:  # what resolve() raises before Python 3.13
        listing.skip(name, _reason(OSError(errno.ELOOP, "")))
    except OSError as error:
        listing.skip(name, _reason(error))
    except (_UndecodableError, OverflowError, ValueError) as error:
        listing.skip(name, str(error))


def _text(data: bytes, *, is_html: bool) -> str:
    """``data`` as text: its byte order mark says how, or its HTML does, or it is UTF-8."""
    bom, _ = read_bom(data)
    declared = bom or (html_body_declared_encoding(data) if is_html else None)
    if declared is None:
        text = _decode(data, "utf-8")
    elif is_html:
        encoding, text = html_to_unicode(None, data)
        if "�" in text:
            text = _decode(data, encoding)
    else:
        text = _decode(data, declared)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        reason = "not a text: it contains NUL"
        raise _UndecodableError(reason)
    return text


def _decode(data: bytes, encoding: str) -> str:
    try:
        return codecs.decode(data, encoding)
    except UnicodeError as error:
        reason = f"not {encoding.upper()}: save it as UTF-8"
        raise _UndecodableError(reason) from error
