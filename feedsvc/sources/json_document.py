"""Which JSON value did an API, or a page that holds JSON, answer with?"""

import contextlib
import json
import re
from typing import Final

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.pages.page import Page
from feedsvc.sources import embedded
from feedsvc.sources.found import describe

_BLANK: Final = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"  # white space and byte order marks, in wide encodings too
# What some servers put before it, so that no foreign page can load it as a script, or that one may (JSONP).
_GUARD: Final = re.compile(rb"\s*(?:\)\]\}',?[^\n]{0,20}\n|(?:while|for)\s*\([^)]{0,9}\);)\s*")
_CALL: Final = re.compile(rb"\s*(?:/\*\*/\s*)?[A-Za-z_$][\w$.]{0,99}\(\s*(?=[{\[])")


def read(document: Document, json_in: str | None = None) -> object:
    """:raises ParseError: if it is no JSON, or breaks off; "list-gone" if a page has none at ``json_in``."""
    if json_in:
        return embedded.find(page_of(document), json_in)
    body = document.body
    if guard := _GUARD.match(body):
        body = body[guard.end() :]
    elif call := _CALL.match(body):
        body = body[call.end() :].rstrip(b" \t\r\n;)")
    if not body[:1_000].lstrip(_BLANK).startswith((b"{", b"[")):
        raise _no_json(document)
    return _loaded(body)


def page_of(document: Document) -> Page:
    """:raises ParseError: if it is no page, or something stands before it."""
    from feedsvc.pages import page  # noqa: PLC0415 slow to import
    from feedsvc.pages.trouble import trouble  # noqa: PLC0415 slow to import

    read_page = page.read(document)
    stands_before = trouble(document, read_page)
    if stands_before and stands_before.kind == "blocked":
        raise stands_before.error()
    return read_page


def _loaded(body: bytes) -> object:
    try:
        with contextlib.suppress(UnicodeDecodeError):  # one bad byte must not cost the list
            return _json(body)
        return _json(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise ParseError(f"the document is broken JSON or breaks off: {error}") from error


def _json(text: bytes | str) -> object:
    """NaN and Infinity, which JSON does not have, are nothing."""
    return json.loads(text, parse_constant=lambda _: None)


def _no_json(document: Document) -> ParseError:
    from feedsvc.pages.trouble import trouble  # noqa: PLC0415 slow to import

    stands_before = trouble(document)
    if stands_before and stands_before.kind == "blocked":
        return stands_before.error()
    what, where = describe(document), show_url(document.url)
    hint = "; if the JSON is written into the page, json_in says where" if what.startswith("an HTML") else ""
    return ParseError(f"{what} came instead of JSON; is {where} still its address?{hint}")
