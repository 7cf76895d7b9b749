"""What does a JSON API list, or the JSON that is written into a page?

``items`` and ``fields`` are JMESPath. What the source does not say is found by what things are called, and
the evidence of each item tells so.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Document, Parsed, ParsedItem, Request, WebSource
from feedsvc.pages.listing.dates import Order, reading
from feedsvc.refine.canonical import canonical_url
from feedsvc.refine.links import without_secrets
from feedsvc.sources import embedded, jmes, json_document, json_list, paging
from feedsvc.sources.contract import SourceType
from feedsvc.sources.json_guess import guess
from feedsvc.sources.json_item import Reader
from feedsvc.sources.paging import Paging, Target

MOST_ITEMS: Final = 2_000  # of one document
_ACCEPT: Final = "application/json, application/*+json;q=0.9, */*;q=0.1"
_ACCEPT_PAGE: Final = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 5.6.2


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


HeaderValue = Annotated[str, BeforeValidator(_as_text)]


class ApiFields(BaseModel):
    """Where the parts of an article are in an item: JMESPath, or an address with JMESPath between braces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: jmes.Field | None = Field(None, description="Title.", examples=["headline"])
    link: jmes.Field | None = Field(
        None, description="Address of the article's page.", examples=["https://example.org/news/{slug}"]
    )
    guid: jmes.Field | None = Field(
        None, description="What the API knows the article by for ever.", examples=["id"]
    )
    date: jmes.Field | None = Field(None, description="When it was published.", examples=["published_at"])
    updated: jmes.Field | None = Field(None, description="When it was last changed.")
    summary: jmes.Field | None = Field(None, description="Summary.")
    content: jmes.Field | None = Field(None, description="Text.")
    author: jmes.Field | None = Field(None, description="Author or authors.", examples=["authors[].name"])
    image: jmes.Field | None = Field(None, description="Picture.")
    tags: jmes.Field | None = Field(None, description="Tags.", examples=["topics[].label"])
    enclosure: jmes.Field | None = Field(None, description="Attached file or files, such as a recording.")
    language: jmes.Field | None = Field(None, description="Language of the article, a BCP 47 tag.")


class ApiSource(WebSource):
    """A JSON API, or JSON in a page."""

    model_config = ConfigDict(hide_input_in_errors=True)  # headers and body may hold secrets

    type: Literal["api"] = Field(description="api: JSON at an address, or written into a page.")
    items: jmes.Expression | None = Field(
        None,
        description="JMESPath to the list of articles. Default: the list that is most like one.",
        examples=["data.posts"],
    )
    fields: ApiFields = Field(
        ApiFields(),
        description="JMESPath to the parts of an article, within an item. What is not given is found by the "
        'names of the keys; "" is none.',
    )
    json_in: embedded.Where | None = Field(
        None,
        description="Where the JSON is in a page: a CSS selector of script elements, one with "
        "::attr(name), or a variable of JavaScript.",
        examples=["script#__NEXT_DATA__", "window.__STATE__"],
    )
    headers: dict[str, HeaderValue] = Field(
        {}, repr=False, description="Headers of the request. Secrets as ${env:NAME}."
    )
    method: Literal["GET", "POST"] | None = Field(None, description="Default: POST where there is a body.")
    body: dict[str, Any] | str | None = Field(
        None, repr=False, description="Body of a POST: a mapping, which is sent as JSON, or text."
    )
    paging: Paging | None = Field(None, description="How the API pages.")
    pages: int = Field(1, ge=1, le=50, description="How many pages are read.")
    content_type: Literal["auto", "html", "text"] = Field(
        "auto", description="What the content is: markup or plain text. auto: told by its looks."
    )
    date_order: Order | None = Field(
        None, description="How 1/2/2026 is meant: DMY, MDY or YMD. Default: by the source's language."
    )
    may_be_empty: bool = Field(False, description="true: an empty list is no failure.")

    @property
    def documents(self) -> int:
        return self.pages

    @field_validator("headers")
    @classmethod
    def _sendable(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not _HEADER_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no name of a header")
            if not value.isprintable():  # the value may be secret
                raise ValueError(f"the value of {name} has a line break or control character in it")
        return headers

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.method == "GET" and self.body is not None:
            raise ValueError("a GET has no body: leave out 'method' or 'body'")
        if self.pages > 1 and self.paging is None:
            raise ValueError("pages needs 'paging', which says how the API pages")
        if self.paging and isinstance(self.body, str) and not (self.paging.next or self.paging.rel):
            raise ValueError("paging needs a 'body' that is a mapping, in which it can set the parameter")
        return self


def start(source: ApiSource) -> Request:
    return _request(source, _first(source))


def parse(source: ApiSource, document: Document) -> Parsed:
    """The items of the list, and the requests for its further pages.

    :raises ParseError: of kind "list-gone" if there is no list where it should be, "list-empty", or
        "no-links" if nothing in it has a link or an id.
    """
    value = json_document.read(document, source.json_in)
    found = json_list.find(
        value,
        path=source.items,
        given=source.fields.model_dump(exclude_none=True),
        may_be_empty=source.may_be_empty or _is_further(source, document),
    )
    items, rejected = _read(source, document, found)
    follow, refused = _follow(source, document, value, len(found.items))
    return Parsed(items=tuple(items), rejected=(*rejected, *refused), follow=follow)


def _read(
    source: ApiSource, document: Document, found: json_list.Found
) -> tuple[list[ParsedItem], list[str]]:
    """The items, and why others could not be read."""
    reader = Reader(
        fields=found.fields,
        base=without_secrets(document.url),
        content_type=source.content_type,
        dates=reading(source.language, urlsplit(document.url).hostname or "", "", source.date_order),
        evidence=found.evidence,
    )
    items, rejected = [], []
    for number, raw in enumerate(found.items[:MOST_ITEMS], start=1):
        try:
            item = reader.read(raw)
        except ParseError as error:
            rejected.append(f"item {number}: {error}")
            continue
        if item.link or item.guid:
            items.append(item)
        else:
            rejected.append(f"item {number}: has neither link nor id")
    if rejected and not items:
        raise _no_links(found, rejected)
    return items, rejected


def _no_links(found: json_list.Found, rejected: list[str]) -> ParseError:
    tried = ", ".join(f"{name}: `{found.fields[name]}`" for name in ("link", "guid") if name in found.fields)
    what = f"by {tried}" if tried else "as no key is called like one"
    return ParseError(
        f"no link or id was found in any of {len(rejected)} items, {what}. An item is "
        f"{json_list.outline(found.items[0])}. {rejected[0]}",
        kind="no-links",
    )


# ---- requests ---------------------------------------------------------------------------------------


def _first(source: ApiSource) -> Target:
    return Target(url=source.url, body=source.body if isinstance(source.body, dict) else None)


def _request(source: ApiSource, target: Target) -> Request:
    """Headers of the source go before ours. They, and the body, are for the server that was configured."""
    body: bytes | None = None
    ours = {"Accept": _ACCEPT_PAGE if source.json_in else _ACCEPT}
    if target.body is not None:
        body, ours["Content-Type"] = json.dumps(target.body).encode(), "application/json"
    elif isinstance(source.body, str):
        is_json = source.body.lstrip().startswith(("{", "["))
        body = source.body.encode("utf-8", "replace")
        ours["Content-Type"] = "application/json" if is_json else "application/x-www-form-urlencoded"
    elif source.method == "POST":
        body = b""
    theirs = {name.title(): value for name, value in source.headers.items()}
    return Request(url=target.url, headers=ours | theirs, body=body, render=source.render)


def _follow(
    source: ApiSource, document: Document, value: object, count: int
) -> tuple[tuple[Request, ...], tuple[str, ...]]:
    """The requests for further pages, and what was refused: another server is told nothing."""
    if source.paging is None or source.pages == 1:
        return (), ()
    first = _first(source)
    targets = paging.following(source.paging, first, document, value=value, count=count, pages=source.pages)
    asked, refused = [], []
    for target in islice(targets, source.pages):
        if _origin(target.url) == _origin(source.url):
            asked.append(_request(source, target))
        else:
            refused.append(f"the next page is on another server, {show_url(target.url)}: not asked for")
    return tuple(asked), tuple(refused)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _is_further(source: ApiSource, document: Document) -> bool:
    """Is this a later page than the first? Then it may well be empty."""
    return not document.hops and canonical_url(document.url) != canonical_url(source.url)


# ---- for discovery ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiProposal:
    """Options of an api source for a document; ``confidence`` is 0 to 1."""

    items: str
    fields: Mapping[str, str]
    count: int
    confidence: float
    evidence: str
    json_in: str | None = None


def propose(document: Document) -> ApiProposal | None:
    """The options that read this document, JSON or a page with JSON in it; None if nothing in it is like a
    list of articles."""
    guesses = [(where, value, found) for where, value in _values(document) if (found := guess(value))]
    if not guesses:
        return None
    where, value, best = max(guesses, key=lambda one: one[2].score)
    count = len(jmes.search(best.items, value))
    return ApiProposal(
        items=best.items,
        fields=best.fields,
        count=count,
        confidence=best.confidence,
        evidence=f"{count} items in JSON{f' of {where}' if where else ''} at {best.items}",
        json_in=where,
    )


def _values(document: Document) -> Iterator[tuple[str | None, object]]:
    """All JSON of a document, each with what the option json_in must be to find it."""
    try:
        yield None, json_document.read(document)
    except ParseError:  # no JSON: a page, or nothing for us
        with contextlib.suppress(ParseError):
            yield from embedded.every(json_document.page_of(document))


TYPE: Final = SourceType(name="api", model=ApiSource, start=start, parse=parse, revision=1)
