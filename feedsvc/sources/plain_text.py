"""How does the plain text of a mail become HTML: paragraphs, line ends, addresses as links?"""

import html
import re
from collections.abc import Iterator
from typing import Final

_EMPTY_LINE: Final = re.compile(r"\n[ \t]*\n\s*")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+")
_LONGEST_SIGNATURE: Final = 12  # lines
_RULE: Final = "\n" + 47 * "_" + "\n"  # under which lists put their own words


def as_html(text: str) -> str:
    """``text`` as untrusted HTML, without the signature that a program put under it."""
    lines = _unsigned(text.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = _EMPTY_LINE.split(lines.strip("\n"))
    paragraphs = ("<br>".join("".join(_pieces(line.rstrip())) for line in one.split("\n")) for one in blocks)
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph.strip())


def _unsigned(text: str) -> str:
    """Without what follows "-- " alone on a line (RFC 3676 4.3), or the rule of a list, if it is short."""
    for mark in ("\n-- \n", _RULE):
        head, found, tail = text.rpartition(mark)
        if found and head.strip() and tail.count("\n") < _LONGEST_SIGNATURE:
            return head
    return text


def _pieces(line: str) -> Iterator[str]:
    at = 0
    for found in _ADDRESS.finditer(line):
        url = found[0].rstrip(".,;:!?'")
        url = url if "(" in url else url.rstrip(")")
        yield html.escape(line[at : found.start()], quote=False)
        yield f'<a href="{html.escape(url)}">{html.escape(url, quote=False)}</a>'
        at = found.start() + len(url)
    yield html.escape(line[at:], quote=False)
