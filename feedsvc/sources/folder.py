"""What do the files of a directory say: Markdown, HTML and plain text as articles?

The document is the listing that the fetcher makes of a directory: JSON with the text and the date of each
file, and what was skipped and why.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath, PurePosixPath
from typing import Any, Final, Literal

from pydantic import Field

from feedsvc.errors import ParseError
from feedsvc.model import Author, Document, Image, Parsed, ParsedItem, Request, Source
from feedsvc.refine.dates import read_date
from feedsvc.refine.links import absolute
from feedsvc.sources import files, front_matter
from feedsvc.sources.contract import SourceType
from feedsvc.sources.front_matter import FrontMatter

_DATED_NAME: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ ]+(.+)")
_MAILBOX: Final = re.compile(r"([^<>]*)<([^<>@\s]+@[^<>@\s]+)>")
_YES: Final = frozenset({"1", "on", "true", "y", "yes"})
_NO: Final = frozenset({"0", "false", "n", "no", "off"})


class FolderSource(Source):
    """A directory on this machine, each file an article."""

    type: Literal["folder"] = Field(description="folder: Markdown, HTML and text files in a directory.")
    path: str = Field(
        min_length=1,
        description="The directory; subdirectories belong to it. Relative to the file that names it.",
        examples=["../notes"],
    )

    @property
    def location(self) -> str:
        return PurePath(self.path).as_uri().removesuffix("/") + "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: str
    modified: datetime
    text: str


def start(source: FolderSource) -> Request:
    return Request(url=source.location)


def parse(source: FolderSource, document: Document) -> Parsed:
    """An item a file; ``complete`` if every file could be read, so that missing ones were deleted.

    :raises ParseError: if it is no listing, or lists nothing: an unmounted disk must not empty the feeds.
    """
    listing = _listing(document)
    found, items = _files(listing), []
    rejected = [f"{one.get('path')}: {one.get('reason')}" for one in _entries(listing, "skipped")]
    if not found:
        raise _nothing(source, rejected)
    for file in found:
        try:
            item = _item(file)
        except ParseError as error:
            rejected.append(f"{file.path}:{error}")
        else:
            if item is not None:
                items.append(item)
    return Parsed(items=tuple(items), complete=not rejected, rejected=tuple(rejected))


def _nothing(source: FolderSource, rejected: list[str]) -> ParseError:
    skipped = f" ({'; '.join(rejected[:3])})" if rejected else ""
    return ParseError(
        f"{source.path} holds no article, neither .md nor .html nor .txt{skipped}; its articles stay as they "
        f"are. If they should go: feedsvc source rm {source.id} --retract"
    )


# ---- the listing ------------------------------------------------------------------------------------


def _listing(document: Document) -> Mapping[str, Any]:
    try:
        found = json.loads(document.body)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"the listing of the folder is broken: {error}") from error
    if not isinstance(found, dict):
        raise ParseError("the document is not the listing of a folder")
    return found


def _entries(listing: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = listing.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ParseError(f"the document is not the listing of a folder: it has no list {name!r}")
    return found


def _files(listing: Mapping[str, Any]) -> list[_File]:
    try:
        return [
            _File(
                path=str(one["path"]),
                modified=datetime.fromisoformat(one["modified"]),
                text=str(one["text"]),
            )
            for one in _entries(listing, "files")
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ParseError(f"the listing of the folder is broken: {error!r}") from error


# ---- a file -----------------------------------------------------------------------------------------


def _item(file: _File) -> ParsedItem | None:
    """The article of a file, None for a draft. Raises ParseError as ``line: what is wrong``."""
    if not file.text.strip():
        raise ParseError("1: the file is empty")
    head = front_matter.split(file.text)
    if _is_draft(head):
        return None
    told = files.read(PurePosixPath(file.path).suffix.lower(), head.body, title=head.text("title"))
    link = head.text("link", "url", "canonical_url") or told.link
    image = head.text("image", "cover") or told.image
    by_name, name = _from_name(file.path)
    return ParsedItem(
        guid=head.text("id", "guid") or file.path,
        link=link,
        title=told.title or name,
        title_type=told.title_type if told.title else "text",
        summary=head.text("summary", "description", "excerpt") or told.summary,
        summary_type="text",
        content=told.content,
        content_type=told.content_type,
        authors=_authors(head) or told.authors,
        published=_date(head, "date", "published", "created") or told.published or by_name or file.modified,
        updated=_date(head, "updated", "modified", "lastmod"),
        tags=head.texts("tags", "categories", "keywords") or told.tags,
        image=Image(url=image) if image else None,
        language=head.text("lang", "language") or told.language,
        rights=head.text("rights", "copyright"),
        base_url=link if link and absolute(link) else None,
    )


def _is_draft(head: FrontMatter) -> bool:
    hidden = str(head.fields.get("published", "")).lower() in _NO
    return hidden or str(head.fields.get("draft", "")).lower() in _YES


def _from_name(path: str) -> tuple[datetime | None, str]:
    """``2026/2026-11-24-a-fine-day.md`` -> that day, "A fine day"."""
    stem = PurePosixPath(path).stem
    dated = _DATED_NAME.fullmatch(stem)
    day = read_date(dated[1]) if dated else None
    words = " ".join((dated[2] if dated and day else stem).replace("-", " ").replace("_", " ").split())
    return day, words[:1].upper() + words[1:]


def _date(head: FrontMatter, *names: str) -> datetime | None:
    name = next((name for name in names if head.fields.get(name)), None)
    text = head.text(name) if name else None
    if name is None or text is None or text.lower() in _YES:  # "published: true" is no date
        return None
    found = read_date(text)
    if found is None:
        example = "2026-11-24, 2026-11-24 10:30 or 2026-11-24T10:30:00+01:00"
        raise ParseError(f"{head.line_of(name)}: {name}: {text!r} is no date; write it like {example}")
    return found


def _authors(head: FrontMatter) -> tuple[Author, ...]:
    """``Jane Doe``, ``Jane Doe <jane@example.org>``, ``{name: Jane Doe, url: ...}``, or a list of those."""
    found = []
    for field in ("author", "authors"):
        value = head.fields.get(field) or []
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, (str, dict)):
                raise ParseError(f"{head.line_of(field)}: {field!r} must be a name or a list of names")
            found.append(_author(one))
    return tuple(dict.fromkeys(one for one in found if one.name or one.email or one.url))


def _author(value: str | Mapping[str, Any]) -> Author:
    if isinstance(value, str):
        mailbox = _MAILBOX.fullmatch(value.strip())
        return Author(name=mailbox[1].strip(), email=mailbox[2]) if mailbox else Author(name=value.strip())
    name, email, url = (str(value.get(key) or "").strip() for key in ("name", "email", "url"))
    return Author(name=name, email=email or None, url=url or None)


TYPE: Final = SourceType(name="folder", model=FolderSource, start=start, parse=parse, revision=1)
