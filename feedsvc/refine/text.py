"""Which characters may be published, and what does a reader see of some markup?"""

import html
import re
from typing import Final

# The C0 controls other than tab, line feed and carriage return: bytes that in UTF-8 stand for nothing else.
_CONTROLS: Final = bytes(code for code in range(0x20) if code not in {0x09, 0x0A, 0x0D})
_NONCHARACTERS: Final = re.compile("[\ufffe\uffff]")
# The C1 controls mean nothing in a text: who writes them meant Windows-1252, as browsers take them (HTML
# 13.2.5.80 does the same for references); five of them mean nothing there either.
_C1: Final = re.compile("[\x80-\x9f]")
_WINDOWS: Final = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
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

    C1 controls, which it only discourages, become the Windows-1252 characters that were meant.
    """
    kept = text.encode("utf-8", "ignore").translate(None, _CONTROLS).decode("utf-8")
    if not kept.isascii() and _C1.search(kept):
        kept = kept.translate(_WINDOWS)
    if "\ufffe" in kept or "\uffff" in kept:  # two quick looks; the pattern is slow and hardly ever needed
        return _NONCHARACTERS.sub("", kept)
    return kept


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
