"""What came instead of what a source type reads?"""

import re
from typing import Final

from feedsvc.model import Document
from feedsvc.refine.clean import plain
from feedsvc.refine.text import one_line, shortened, xml_text
from feedsvc.sources.defuse import root_name

_HTML: Final = re.compile(
    rb"(?:\s++|<\?xml[^>]*+>|<!--.*?-->)*+(?:<!doctype\s+html|<html|<head|<body)", re.IGNORECASE | re.DOTALL
)
_TITLE: Final = re.compile(r"<title[^<>]*>([^<]{0,500})", re.IGNORECASE)
_HEAD: Final = 20_000  # bytes that are looked at
_QUOTED: Final = 60  # characters


def describe(document: Document) -> str:
    """A few words, such as "an HTML page (title 'Not found')", for the message to the admin."""
    if not document.body.strip():
        return "an empty document"
    if not document.body.strip(b"\0\t\r\n "):
        return "nothing but NUL bytes"
    head = document.body[:_HEAD]
    is_html = _HTML.match(head.removeprefix(b"\xef\xbb\xbf"))
    return _html(head) if is_html else _by_its_beginning(document, head)


def _html(head: bytes) -> str:
    title = _TITLE.search(head.decode("utf-8", "replace"))
    return f"an HTML page (title {_quoted(plain(title[1]))})" if title else "an HTML page"


def _by_its_beginning(document: Document, head: bytes) -> str:
    text = head.decode("utf-8", "replace")
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return "JSON of another kind"
    if b"\0" in head or text.count("\ufffd") > len(text) // 10:
        return f"binary data ({document.content_type or 'type unknown'})"
    if name := root_name(head):
        return f"XML of another kind (<{xml_text(name)}>)"
    return f"text of another kind ({_quoted(text)})"


def _quoted(text: str) -> str:
    return repr(shortened(one_line(xml_text(text)), _QUOTED))
