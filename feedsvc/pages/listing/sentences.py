"""Does a link stand in a sentence, or by itself?"""

from typing import Final

from lxml.html import HtmlElement

from feedsvc.pages.listing.kinds import text_of
from feedsvc.refine.text import one_line

_INLINE: Final = frozenset({"b", "em", "font", "i", "small", "span", "strong", "u"})


def is_inline(element: HtmlElement) -> bool:
    """Does the link stand in a sentence: words before it, or more after it than a note?"""
    before, after = _around(element)
    if not before or before[-1] in ":|•·-–—])>»" or (len(before) < 40 and before[-1].isdigit()):
        return len(before) > 60
    return _letters(before) > 12 or (_letters(before) > 1 and _letters(after) > 12)


def _around(element: HtmlElement) -> tuple[str, str]:
    """The text before and after a link on the same line."""
    node = element
    while True:
        before, after = _before(node), one_line(node.tail or "")
        parent = node.getparent()
        if before or after or parent is None or parent.tag not in _INLINE:
            return before, after
        node = parent


def _before(node: HtmlElement) -> str:
    """Back to the last line break, block or other link."""
    pieces: list[str] = []
    for sibling in node.itersiblings(preceding=True):
        pieces.append(sibling.tail or "")
        if sibling.tag not in _INLINE:
            return one_line("".join(reversed(pieces)))
        pieces.append(text_of(sibling))
    parent = node.getparent()
    pieces.append((parent.text or "") if parent is not None else "")
    return one_line("".join(reversed(pieces)))


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
