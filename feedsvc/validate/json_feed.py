"""Is a document JSON Feed 1.1: by a schema, and by what no schema can say?

https://www.jsonfeed.org/version/1.1/
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any, Final

from feedsvc.validate.json_lines import Lines, Path, lines
from feedsvc.validate.rules import Finding, found
from feedsvc.validate.schema import Schema, breaches

_VERSIONS: Final = ("https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1")
_HTTP_VERSIONS: Final = tuple(version.replace("https:", "http:") for version in _VERSIONS)


def looks_like_one(body: bytes) -> bool:
    return body[:1_000].lstrip(b" \t\r\n\xef\xbb\xbf").startswith((b"{", b"["))


def check(body: bytes, *, now: datetime, url: str | None) -> tuple[str, int, Iterable[Finding]]:
    """(format, number of items, what is wrong)."""
    try:
        text = body.decode("utf-8")
        feed = json.loads(text.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        return "JSON", 0, [found("not-json", error=f"it is not in UTF-8 ({error.reason})")]
    except json.JSONDecodeError as error:
        return "JSON", 0, [found("not-json", line=error.lineno, error=error.msg)]
    except (ValueError, RecursionError) as error:  # digits or brackets without end
        return "JSON", 0, [found("not-json", error=error)]
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        return "JSON", 0, [found("no-feed", what="the JSON")]
    at = lines(text)
    items = feed.get("items")
    name = "JSON Feed 1.1" if str(feed["version"]).endswith("/1.1") else "JSON Feed 1.0"
    findings = chain(_by_schema(feed, at, now), _by_rules(feed, at, url))
    return name, len(items) if isinstance(items, list) else 0, findings


@lru_cache(maxsize=1)
def schema() -> Schema:
    read: Schema = json.loads(files("feedsvc.validate").joinpath("json_feed.schema.json").read_bytes())
    return read


def _by_schema(feed: dict[str, Any], at: Lines, now: datetime) -> Iterator[Finding]:
    for breach in breaches(feed, schema(), root=schema(), now=now):
        said = {"element": _shown(breach.path), "parent": _shown(breach.path), **breach.said}
        yield _says(breach.code, breach.path, at, **said)
    for path in at.twice:
        yield _says("json-key-twice", path, at, value=path[-1])


def _says(code: str, path: Path, at: Lines, **said: object) -> Finding:
    return found(code, line=at.of(path), place=_shown(path), **said)


def _shown(path: Path) -> str:
    """``items[3].url``, counted from 0 as programs do."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".") or "the feed"


# ---- what no schema says ----------------------------------------------------------------------------


def _by_rules(feed: dict[str, Any], at: Lines, url: str | None) -> Iterator[Finding]:
    version = feed.get("version")
    if version in _HTTP_VERSIONS or version not in _VERSIONS:
        yield _says("json-version", ("version",), at, element="version", value=version)
    yield from _author(feed, (), at)
    yield from _addresses(feed, at, url)
    seen: set[str] = set()
    items = feed.get("items")
    for number, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield from _item(item, ("items", number), seen, at)


def _addresses(feed: dict[str, Any], at: Lines, url: str | None) -> Iterator[Finding]:
    own, home, following = (feed.get(name) for name in ("feed_url", "home_page_url", "next_url"))
    if not own:
        yield _says("self-missing", (), at, parent="the feed")
    elif url is not None and own != url:
        yield _says("self-differs", ("feed_url",), at, value=own)
    if not home:
        reason = "readers show it beside the title"
        yield _says("missing-advised", (), at, parent="the feed", element="home_page_url", reason=reason)
    if following and following == own:
        yield _says("json-next", ("next_url",), at, element="next_url")


def _item(item: dict[str, Any], path: Path, seen: set[str], at: Lines) -> Iterator[Finding]:
    shown = _shown(path)
    id = item.get("id")
    if isinstance(id, str):
        if not id:
            yield _says("blank", (*path, "id"), at, element=f"{shown}.id")
        elif id in seen:
            yield _says("id-twice", (*path, "id"), at, parent=shown, element="id", value=id)
        seen.add(id)
    if not item.get("content_html") and not item.get("content_text"):
        yield _says("missing", path, at, parent=shown, element="content_html or content_text")
    if not item.get("date_published"):
        reason = "readers sort by it"
        yield _says("missing-advised", path, at, parent=shown, element="date_published", reason=reason)
    yield from _author(item, path, at)


def _author(parent: dict[str, Any], path: Path, at: Lines) -> Iterator[Finding]:
    if "author" in parent and "authors" not in parent:
        yield _says("json-old", (*path, "author"), at, element=_shown((*path, "author")), right="authors")
    authors = parent.get("authors", [parent.get("author")])
    for number, author in enumerate(authors if isinstance(authors, list) else ()):
        if isinstance(author, dict) and not any(author.get(name) for name in ("name", "url", "avatar")):
            yield _says("blank", (*path, "authors", number), at, element=_shown((*path, "authors", number)))
