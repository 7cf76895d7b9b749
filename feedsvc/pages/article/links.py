"""Which blocks only lead elsewhere: related articles, teasers, lists of topics?"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from feedsvc.pages.article.blocks import Block, Box, frames_of, size_of
from feedsvc.pages.article.wording import reads_on
from feedsvc.refine.text import words

_WHOLE: Final = 0.8  # of a block or a list, for it to be nothing but links
_HALF: Final = 0.5  # of a box of several blocks
_SHORT: Final = 250  # characters
_LABEL: Final = 40  # "Read also: "
_HEADING: Final = 80
_HOLDERS: Final = words("div section aside header")
_ITEMS: Final = words("li dt dd td th")
_LISTS: Final = words("ul ol dl table")


def without_links(blocks: Sequence[Block], boxes: Sequence[Box]) -> list[Block]:
    kept = _without_sections(_without_boxes(blocks, boxes))
    lists = _lists_of_links(kept, boxes)
    return [
        block
        for block in kept
        if not (_list_of(block, boxes) in lists if is_item(block, boxes) else leads_away(block))
    ]


def leads_away(block: Block) -> bool:
    """Is it a link and nothing else, or says that it leads to something else to read?"""
    if not block.size:
        return False
    if is_link(block):
        return True
    if block.size <= _SHORT and reads_on(block.text) and (block.linked or not block.ends):
        return True
    if not block.linked or block.size - block.linked > _LABEL:
        return False
    _, colon, rest = block.text.partition(":")
    return bool(colon) and block.linked >= 0.9 * size_of(rest.strip())


def is_link(block: Block) -> bool:
    return block.size > 0 and block.linked >= _WHOLE * block.size


def is_item(block: Block, boxes: Sequence[Box]) -> bool:
    """Is it an item of a list or a cell of a table? Those stay or go together."""
    frame = boxes[block.box].frame
    return frame >= 0 and boxes[frame].tag in _ITEMS


def _list_of(block: Block, boxes: Sequence[Box]) -> int:
    return next((box.number for box in reversed(frames_of(block, boxes)) if box.tag in _LISTS), -1)


def _lists_of_links(blocks: Sequence[Block], boxes: Sequence[Box]) -> set[int]:
    """The numbers of lists and tables that hold hardly anything but links."""
    size: Counter[int] = Counter()
    linked: Counter[int] = Counter()
    for block in blocks:
        if is_item(block, boxes):
            number = _list_of(block, boxes)
            size[number] += block.size
            linked[number] += block.linked
    return {number for number in size if size[number] and linked[number] >= _WHOLE * size[number]}


def _without_boxes(blocks: Sequence[Block], boxes: Sequence[Box]) -> list[Block]:
    """Without boxes of several blocks that are links for the most part."""
    size, linked, count = ([0] * len(boxes) for _ in range(3))
    for block in blocks:
        size[block.box] += block.size
        linked[block.box] += block.linked
        count[block.box] += 1
    for box in reversed(boxes[1:]):
        for sums in (size, linked, count):
            sums[box.parent] += sums[box.number]
    gone = [False] * len(boxes)
    for box in boxes[1:]:
        at = box.number
        linky = box.tag in _HOLDERS and count[at] > 1 and linked[at] > _HALF * size[at]
        gone[at] = gone[box.parent] or linky
    return [block for block in blocks if not gone[block.box]]


def _without_sections(blocks: Sequence[Block]) -> list[Block]:
    """Without those that are headed "Related articles" or the like, up to the next heading of that rank."""
    kept: list[Block] = []
    skipped = ""  # the rank of the heading
    for block in blocks:
        if block.is_heading and skipped and block.kind <= skipped:
            skipped = ""
        if block.is_heading and block.size <= _HEADING and reads_on(block.text):
            skipped = block.kind
        if not skipped:
            kept.append(block)
    return kept
