"""Which request brings the next page of an API's list?

By a number or an offset in a parameter, by a cursor or an address that the document holds, or by the Link
header (RFC 8288). ``parse`` knows no other state than the document, so the page's own number is read from
its address.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from feedsvc.model import Document
from feedsvc.refine.links import absolute
from feedsvc.sources.jmes import Expression, search

_KINDS: Final = ("page", "offset", "cursor", "next", "rel")
_LONGEST: Final = 4_000  # characters of a cursor
_LINK: Final = re.compile(r"<([^<>]{1,4000})>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\",;]+))?)*)")
_REL: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)


class Paging(BaseModel):
    """How an API pages: exactly one of page, offset, cursor, next and rel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: str | None = Field(None, min_length=1, description="Parameter that holds the number of the page.")
    start: int = Field(1, ge=0, le=1_000, description="Number of the first page.")
    offset: str | None = Field(None, min_length=1, description="Parameter that holds how many items to skip.")
    size: int | None = Field(None, ge=1, le=10_000, description="How many items a page has; with offset.")
    cursor: Expression | None = Field(None, description="JMESPath to what the next page is asked for with.")
    param: str | None = Field(None, min_length=1, description="Parameter that takes the cursor.")
    next: Expression | None = Field(None, description="JMESPath to the address of the next page.")
    rel: str | None = Field(None, min_length=1, description="Relation in the Link header, mostly next.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [name for name in _KINDS if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(f"needs exactly one of {', '.join(_KINDS)}")
        if bool(self.offset) != bool(self.size):
            raise ValueError("offset and size belong together, such as {offset: skip, size: 50}")
        if bool(self.cursor) != bool(self.param):
            raise ValueError("cursor and param belong together, such as {cursor: meta.next, param: cursor}")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a page is asked for. ``body`` is that of a POST: an object, which takes the parameters."""

    url: str
    body: Mapping[str, Any] | None = field(default=None, repr=False)


def following(
    paging: Paging, first: Target, document: Document, *, value: object, count: int, pages: int
) -> Iterator[Target]:
    """What to ask for after ``document``, whose JSON is ``value`` with ``count`` items in it.

    Nothing after an empty page or the last of ``pages``. Where parameters stand in the body of a POST the
    document does not tell its number: all that may follow are named.

    :raises ParseError: if an expression cannot be applied to the document.
    """
    if not count:
        return
    if paging.page:
        yield from _numbered(paging.page, paging.start, 1, first, document, pages)
    elif paging.offset and paging.size:
        if count >= paging.size:
            yield from _numbered(paging.offset, 0, paging.size, first, document, pages)
    elif paging.cursor and paging.param:
        cursor = search(paging.cursor, value)
        if (
            isinstance(cursor, str | int | float)
            and cursor is not True
            and cursor
            and len(str(cursor)) < _LONGEST
        ):
            yield _with(first, paging.param, cursor)
    elif (found := _next_address(paging, document, value)) and (url := absolute(found, document.url)):
        yield Target(url=url, body=first.body)


def _numbered(
    name: str, start: int, step: int, first: Target, document: Document, pages: int
) -> Iterator[Target]:
    last = start + (pages - 1) * step
    if first.body is not None:
        yield from (_with(first, name, number) for number in range(start + step, last + 1, step))
        return
    here = parameter(document.url, name)
    number = int(here) if here is not None and re.fullmatch(r"[0-9]{1,9}", here) else start
    if number + step <= last:
        yield _with(first, name, number + step)


def _next_address(paging: Paging, document: Document, value: object) -> str:
    if paging.next:
        found = search(paging.next, value)
        return found.strip() if isinstance(found, str) else ""
    links = _LINK.findall(document.headers.get("link", "")[:_LONGEST])
    for url, parameters in links:
        relation = _REL.search(parameters)
        if relation and (paging.rel or "").lower() in (relation[1] or relation[2]).lower().split():
            return str(url)
    return ""


# ---- parameters -------------------------------------------------------------------------------------


def parameter(url: str, name: str) -> str | None:
    """The value of a parameter of the query."""
    for one in urlsplit(url).query.split("&"):
        key, equals, value = one.partition("=")
        if equals and unquote_plus(key) == name:
            return unquote_plus(value)
    return None


def _with(first: Target, name: str, value: str | float) -> Target:
    if first.body is not None:
        return Target(url=first.url, body=_in_body(first.body, name.split("."), value))
    parts = urlsplit(first.url)
    others = [one for one in parts.query.split("&") if one and unquote_plus(one.partition("=")[0]) != name]
    query = "&".join([*others, f"{quote(name, safe='[]')}={quote(str(value), safe='')}"])
    return Target(url=urlunsplit((parts.scheme, parts.netloc, parts.path, query, "")))


def _in_body(body: Mapping[str, Any], path: list[str], value: str | float) -> Mapping[str, Any]:
    """A copy with the value at ``variables.after``; objects on the way are made where there are none."""
    changed = deepcopy(dict(body))
    place = changed
    for key in path[:-1]:
        if not isinstance(place.get(key), dict):
            place[key] = {}
        place = place[key]
    place[path[-1]] = value
    return changed
