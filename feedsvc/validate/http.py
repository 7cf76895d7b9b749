"""Is a feed served as readers and caches need it (RFC 9110, RFC 9111)?"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from feedsvc.model import Document, NotModified
from feedsvc.validate.rules import Finding, found

_RIGHT: Final[Mapping[str, str]] = {
    "RSS": "application/rss+xml",
    "Atom": "application/atom+xml",
    "JSON": "application/feed+json",
}
_BEARABLE: Final[Mapping[str, frozenset[str]]] = {
    "RSS": frozenset({"application/xml", "text/xml", "application/rdf+xml"}),
    "Atom": frozenset({"application/xml", "text/xml"}),
    "JSON": frozenset({"application/json"}),
}
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""")
_VARY: Final = frozenset({"accept-encoding", "a-im", "sec-fetch-dest", "origin"})
_MARK: Final = b"\xef\xbb\xbf"


def check(document: Document, kind: str, again: Document | NotModified | None) -> Iterator[Finding]:
    """``kind`` is the format by name; ``again`` what came when it was asked for on condition."""
    if not document.headers:
        return
    family = kind.partition(" ")[0]
    yield from _type(document, family)
    yield from _charset(document, family)
    yield from _caching(document.headers)
    yield from _again(document, again)


def _type(document: Document, family: str) -> Iterator[Finding]:
    right, got = _RIGHT[family], document.content_type
    if got in _BEARABLE[family]:
        yield found("http-type", value=got, right=right)
    elif got != right:
        yield found("http-type-wrong", value=got or "nothing", right=right)


def _charset(document: Document, family: str) -> Iterator[Finding]:
    said = _CHARSET.search(document.headers.get("content-type", ""))
    declared = _DECLARED.match(document.body.removeprefix(_MARK))
    of_itself = declared[1].decode().lower() if declared else "utf-8"
    if family != "JSON" and said and said[1].lower() != of_itself:
        yield found("http-charset", value=said[1], other=of_itself)


def _caching(headers: Mapping[str, str]) -> Iterator[Finding]:
    control = headers.get("cache-control", "")
    if not control and "expires" not in headers:
        yield found("http-cache")
    elif re.search(r"\bno-store\b", control, re.IGNORECASE):
        yield found("http-no-store", value=control)
    if not {"etag", "last-modified"} & headers.keys():
        yield found("http-validators")
    vary = headers.get("vary", "")
    if {name.strip().lower() for name in vary.split(",") if name.strip()} - _VARY:
        yield found("http-vary", value=vary)


def _again(document: Document, again: Document | NotModified | None) -> Iterator[Finding]:
    named = [name for name in ("etag", "last-modified") if name in document.headers]
    if again is None or not named:
        return
    if isinstance(again, Document):
        yield found("http-unstable")
    elif again.status != 304:
        yield found("http-not-304", value="ETag" if "etag" in named else "Last-Modified")
