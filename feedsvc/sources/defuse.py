"""How is a hostile XML document kept from costing more than its size?

Two dangers lie before the root element: entities that expand without end, and white space or a first line
so long that the patterns of the feed parser take hours. Both are taken out; nothing there is content.
Within it the danger is a word without end.
"""

import re
from collections.abc import Mapping
from typing import Final

from feedsvc.errors import ParseError
from feedsvc.refine.text import xml_text

_DECLARATION: Final = b"<?xml version='1.0' encoding='utf-8'?>\n"
_FIRST_LINE: Final = 1_024  # bytes, more than enough for an XML declaration
_ROOT: Final = re.compile(rb"<[A-Za-z_\x80-\xff]")
_DOCTYPE: Final = re.compile(
    rb"""<!DOCTYPE(?:[^\[<>"']|"[^"]*"|'[^']*')*+"""
    rb"""(?:\[(?:[^\]<]++|<!--.*?-->|<\?.*?\?>|<!(?:[^>"'-]|-(?!-)|"[^"]*"|'[^']*')*+>)*+\]\s*+)?>""",
    re.IGNORECASE | re.DOTALL,
)
# An entity that stands for characters: a reference to one, or text without further references.
_ENTITY: Final = re.compile(rb"""<!ENTITY\s+(\w+)\s+(?:"(&\#\w+;|[^&%"'\\]*)"|'(&\#\w+;|[^&%"'\\]*)')\s*>""")
_USE: Final = re.compile(rb"&(\w+);")

# What mail addresses are made of, and numeric references to it.
_ADDRESS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+-"
_LETTER: Final = re.compile(rb"&#0{0,5}(4[3568]|49|5[0-7]|6[5-9]|[78][0-9]|90|95|9[789]|1[01][0-9]|12[0-2]);")
_RUN: Final = 500
_LONG_RUN: Final = re.compile(rb"[A-Za-z0-9_.+-]{500}")

REFERENCE: Final = re.compile(rb"&#(x[0-9A-Fa-f]+|[0-9]+);")
_DIGITS: Final = 8

_LITTLE: Final = 1_000_000  # bytes that entities may expand to beyond the size of the document

# How "<?", "?>" and a line end are written in the encodings that are not ASCII-compatible.
_WIDE: Final = tuple(
    tuple(mark.encode(encoding) for mark in ("<?", "?>", "\n"))
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be", "cp037", "ascii")
)
_MARKS: Final = (  # the longer first: one is the beginning of another
    (b"\xff\xfe\x00\x00", "utf-32le"),
    (b"\x00\x00\xfe\xff", "utf-32be"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
    (b"\xef\xbb\xbf", "utf-8"),
)


def marked_encoding(body: bytes) -> str | None:
    """The encoding that a byte order mark names: it outranks whatever else names one (RFC 7303 3)."""
    return next((encoding for mark, encoding in _MARKS if body.startswith(mark)), None)


def short_first_line(body: bytes) -> bytes:
    """The same document in any encoding, its XML declaration alone on the first line."""
    start = next((len(mark) for mark, _ in _MARKS if body.startswith(mark)), 0)
    for opening, closing, line_end in _WIDE:
        if body.startswith(opening, start):
            found = body.find(closing, start, start + _FIRST_LINE)
            end = found + len(closing) if found >= 0 else start + _FIRST_LINE
            return body[:end] + line_end + body[end:]
    return body


def defused(data: bytes) -> bytes:
    """A document in UTF-8 without anything before its root element; entities that it declares are filled in.

    :raises ParseError: if the entities expand to more than the document's own size.
    """
    doctype, root = _prolog(data)
    entities = {name: double or single for name, double, single in _ENTITY.findall(doctype)}
    content = _filled_in(data[root:], entities) if entities else data[root:]
    return _DECLARATION + _with_breaks(content)


def existing(reference: re.Match[bytes]) -> bytes:
    """A numeric reference, or nothing if XML has no such character."""
    digits = reference[1].lower()
    if len(digits) > _DIGITS:
        return b""
    code = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
    return reference[0] if code < 0x110000 and xml_text(chr(code)) else b""


def root_name(data: bytes) -> str:
    """The name of the first element as it is written, prefix included; empty if there is none."""
    found = re.match(rb"<([^\s/<>]{1,100})", data[_prolog(data)[1] :])
    return found[1].decode("utf-8", "replace") if found else ""


def _prolog(data: bytes) -> tuple[bytes, int]:
    """The document type declaration (empty if there is none), and where the root element starts."""
    doctype: bytes | None = None
    at = 0
    while (at := data.find(b"<", at)) >= 0:
        if _ROOT.match(data, at):
            return doctype or b"", at
        if doctype is None and data[at : at + 9].upper() == b"<!DOCTYPE":
            found = _DOCTYPE.match(data, at)  # once: a broken one is read to the end of the document
            doctype, at = (found[0], found.end()) if found else (b"", at + 9)
        else:
            at = _end_of(data, at)
    return doctype or b"", len(data)


def _end_of(data: bytes, at: int) -> int:
    """Where the comment or instruction that starts at ``at`` ends; of anything else, its first character."""
    for opening, closing in ((b"<!--", b"-->"), (b"<?", b"?>")):
        if data.startswith(opening, at):
            found = data.find(closing, at + len(opening))
            return found + len(closing) if found >= 0 else len(data)
    return at + 1


def _filled_in(content: bytes, entities: Mapping[bytes, bytes]) -> bytes:
    expanded = sum(len(entities.get(used[1], b"")) for used in _USE.finditer(content))
    if expanded > len(content) + _LITTLE:
        raise ParseError(f"the document declares entities that expand to {expanded:,} bytes; refused")
    return _USE.sub(lambda used: entities.get(used[1], used[0]), content)


def _with_breaks(content: bytes) -> bytes:
    """No run of letters goes on for ever: looking for a mail address in one takes time by its square."""
    if content.count(b"&#") > _RUN:
        content = _LETTER.sub(lambda found: bytes([int(found[1])]), content)
    blocks = (content[at : at + _RUN] for at in range(0, len(content) - _RUN, _RUN))
    if all(block.translate(None, _ADDRESS) for block in blocks):  # every longer run fills a block
        return content
    return _LONG_RUN.sub(rb"\g<0> ", content)
