"""Which blocks only lead elsewhere: related articles, teasers, lists of topics?"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from feedsvc.pages.article.blocks import Block, Box, frames_of, size_of
from feedsvc.pages.article.place import prose
from feedsvc.pages.article.wording import reads_on
from feedsvc.refine.text import words

_WHOLE: Final = 0.8  # of a block or a list, for it to be nothing but links
_HALF: Final = 0.5  # of a box of several blocks; of all running text, for a box to be safe
_SOME: Final = 0.3  # of all running text, for a linked heading beside it to head it
_SHORT: Final = 250  # characters
_LABEL: Final = 40  # "Read also: "
_HEADING: Final = 80
_HOLDERS: Final = words("div section aside header")
_ITEMS: Final = words("li dt dd td th")
_LISTS: Final = words("ul ol dl table")


def without_links(blocks: Sequence[Block], boxes: Sequence[Box]) -> list[Block]:
    kept = _without_sections(_without_boxes(blocks, boxes), boxes)
    lists = _lists_of_links(kept, boxes)
    holders = _holders_of_text(kept, boxes)

    def goes(block: Block) -> bool:
        if is_item(block, boxes):
            return _list_of(block, boxes) in lists
        heads = block.is_heading and boxes[block.box].parent in holders and not reads_on(block.text)
        return leads_away(block) and not heads

    return [block for block in kept if not goes(block)]


def _holders_of_text(blocks: Sequence[Block], boxes: Sequence[Box]) -> set[int]:
    """The numbers of boxes with much running text directly in them: linked headings there head it."""
    spoken: Counter[int] = Counter()
    for block in blocks:
        spoken[boxes[block.box].parent] += prose(block)
    return {number for number, said in spoken.items() if said and said >= _SOME * spoken.total()}


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
    """Without boxes of several blocks that are links for the most part, unless the text is there."""
    size, linked, count, spoken = ([0] * len(boxes) for _ in range(4))
    for block in blocks:
        size[block.box] += block.size
        linked[block.box] += block.linked
        count[block.box] += 1
        spoken[block.box] += prose(block)
    for box in reversed(boxes[1:]):
        for sums in (size, linked, count, spoken):
            sums[box.parent] += sums[box.number]
    gone = [False] * len(boxes)
    for box in boxes[1:]:
        at = box.number
        linky = box.tag in _HOLDERS and count[at] > 1 and linked[at] > _HALF * size[at]
        gone[at] = gone[box.parent] or (linky and not spoken[at] > _HALF * spoken[0])
    return [block for block in blocks if not gone[block.box]]


def _without_sections(blocks: Sequence[Block], boxes: Sequence[Box]) -> list[Block]:
    """Without those that are headed "Related articles" or the like.

    They go up to the next heading of that rank, or to running text beside the heading.
    """
    kept: list[Block] = []
    skipped, beside = "", -1  # the rank of the heading and the box that it is in
    for block in blocks:
        spoken = prose(block) > 0 and boxes[block.box].parent == beside
        if skipped and (spoken or (block.is_heading and block.kind <= skipped)):
            skipped = ""
        if block.is_heading and block.size <= _HEADING and reads_on(block.text):
            skipped, beside = block.kind, boxes[block.box].parent
        if not skipped:
            kept.append(block)
    return kept
