"""Which characters may be published, and what does a reader see of some markup?"""

import html
import re
from typing import Final

# DEL and the C0 controls but tab, line feed and carriage return: bytes that in UTF-8 stand for nothing else.
_CONTROLS: Final = bytes(code for code in (*range(0x20), 0x7F) if code not in {0x09, 0x0A, 0x0D})
# The C1 controls mean nothing in a text: who writes them meant Windows-1252, as browsers take them (HTML
# 13.2.5.80 does the same for references); five of them mean nothing there either.
_WINDOWS: Final = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
_NONCHARACTERS: Final = (*range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF)  # others are beyond what a quick look finds
_INSTEAD: Final = _WINDOWS | dict.fromkeys(_NONCHARACTERS)
_STRANGE: Final = re.compile("[\x80-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_TAG: Final = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_BREAK: Final = re.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|dd|details|div|dl|dt|figcaption|figure|footer"
    r"|h[1-6]|header|hr|li|main|ol|p|pre|section|summary|table|td|th|tr|ul)\b",
    re.IGNORECASE,
)


def words(text: str) -> frozenset[str]:
    """A table of words that is written as one string."""
    return frozenset(text.split())


def xml_text(text: str) -> str:
    """``text`` without what XML 1.0 forbids (2.2, Char): controls, lone surrogates, U+FFFE and U+FFFF.

    Of what it only discourages, DEL and the noncharacters in Arabic go as well, and C1 controls become the
    Windows-1252 characters that were meant.
    """
    kept = text.encode("utf-8", "ignore").translate(None, _CONTROLS).decode("utf-8")
    return kept if kept.isascii() or not _STRANGE.search(kept) else kept.translate(_INSTEAD)


def one_line(text: str) -> str:
    """Every run of white space is one space; none at the ends."""
    return " ".join(text.split())


def is_blank(text: str) -> bool:
    """Is there nothing to see: only white space and invisible characters?"""
    return not any(char.isprintable() and not char.isspace() for char in text)


def visible(markup: str) -> str:
    """What one reads of well-formed markup, on one line; blocks are set apart by a space."""
    if "<" not in markup and "&" not in markup:
        return one_line(markup)
    return one_line(html.unescape(_TAG.sub("", _BREAK.sub(r" \g<0>", markup))))


def shortened(text: str, most: int) -> str:
    """``text``, or its first words and an ellipsis: at most ``most`` characters in all."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    words = head.rpartition(" ")[0]
    return (words if len(words) > most // 2 else head).rstrip(" ,;:.-–—") + "…"
