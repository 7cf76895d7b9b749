"""What is a page to whoever looks for its article: which blocks of text, in which boxes?

A *block* is what a reader sees as one piece: a paragraph, a heading, a list item, a table cell, a picture.
A *box* is an element that holds blocks. A *frame* is a box that readers see as such: a list, a quote ....
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from feedsvc.pages.article.roles import Role

_LONGEST_CAPTION: Final = 400  # characters; slide shows tell whole stories there
_FARTHEST_CAPTION: Final = 4  # boxes around a block
_STOP: Final = re.compile(r"[.!?…。！？；:।؟۔။៕။\u0e2f][\"'”’»)\]』」]{0,4}$")
_IDEOGRAPHS: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class Box(NamedTuple):
    """``parent`` and ``frame`` are numbers of boxes, -1 for none.

    ``frame`` is the innermost frame, which may be the box itself; ``depth`` how many there are.
    """

    number: int
    parent: int
    tag: str
    role: Role
    frame: int
    depth: int


class Block(NamedTuple):
    """``kind`` is p, h1 ... h6, pre, img, video, or "" for the bare words of a list item or cell.

    ``text`` has a line for each that <br> ends, ``markup`` is what stands within the block's own element.
    ``size`` and ``linked`` (how much of it is links) are characters as a Latin text would need them.
    """

    kind: str
    box: int
    text: str
    markup: str
    size: int
    linked: int

    @property
    def is_heading(self) -> bool:
        return self.kind[:1] == "h"

    @property
    def ends(self) -> bool:
        """Does it end as a sentence does?"""
        return _STOP.search(self.text[-8:]) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Boxes come before those that they hold; box 0 is the whole page."""

    boxes: Sequence[Box]
    blocks: Sequence[Block]


def size_of(text: str) -> int:
    """Length, comparable between scripts: an ideograph says about as much as three letters."""
    if text.isascii() or max(text) < "\u2e80":
        return len(text)
    return len(text) + 2 * len(_IDEOGRAPHS.findall(text))


def frames_of(block: Block, boxes: Sequence[Box]) -> list[Box]:
    """The frames around a block, the outermost first."""
    found: list[Box] = []
    frame = boxes[block.box].frame
    while frame >= 0:
        found.append(boxes[frame])
        frame = boxes[boxes[frame].parent].frame
    return found[::-1]


def is_caption(block: Block, boxes: Sequence[Box]) -> bool:
    """Is it what is said of a picture?"""
    at = block.box
    for _ in range(_FARTHEST_CAPTION if block.size <= _LONGEST_CAPTION else 0):
        if at < 0 or boxes[at].role is Role.BODY:
            return False
        if boxes[at].role is Role.CAPTION or boxes[at].tag == "figcaption":
            return True
        at = boxes[at].parent
    return False
