"""Which blocks in the box of the article are the article's own words?"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from feedsvc.pages.article.blocks import Block, Box
from feedsvc.pages.article.links import is_item, is_link, without_links
from feedsvc.pages.article.place import prose
from feedsvc.pages.article.wording import is_credit, is_furniture, is_origin

_LABEL: Final = 60  # characters; what is shorter and no sentence may be a label
_TINY: Final = 30  # what is shorter and has not even a comma is one
_SENTENCE: Final = 20  # what is longer and ends as a sentence is one
_CALL: Final = 250  # longer ones are seldom calls to subscribe or the like
_OFTEN: Final = 3
_DATE: Final = re.compile(r"\W*(?:\w{2,10}[.,]? )?\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b")
_MINUTES: Final = re.compile(r"\b\d{1,2}\W?(?:min|хв|мин|分|dk|λεπτ)", re.IGNORECASE)
_COUNTED: Final = re.compile(r"\d+(?: (?:of|von|de|di|из|sur|van|av) |\s*/\s*)\d+")  # "Picture 2 of 5"
_PAUSE: Final = re.compile(r"[,:;.!?،、，：；。]")


def trimmed(blocks: Sequence[Block], boxes: Sequence[Box], head: Block | None) -> list[Block]:
    """``head`` is the headline's block, if there is one."""
    kept = without_links(_after(blocks, head), boxes)
    kept = [block for block in kept if is_item(block, boxes) or not _is_furniture(block)]
    return _ended(_begun(_without_repeated(kept, boxes), boxes, titled=head is not None))


def _after(blocks: Sequence[Block], head: Block | None) -> list[Block]:
    """Without the headline and what stands before it, unless that is most of it."""
    if head is None or head not in blocks:
        return list(blocks)
    at = blocks.index(head)
    before, after = blocks[:at], blocks[at + 1 :]
    return list(after) if sum(map(prose, after)) >= sum(map(prose, before)) else [*before, *after]


def _is_furniture(block: Block) -> bool:
    if not 0 < block.size <= _CALL:
        return False
    return is_furniture(block.text) or (not block.is_heading and is_credit(block.text))


def _without_repeated(blocks: Sequence[Block], boxes: Sequence[Box]) -> list[Block]:
    """What stands there again and again is a label."""
    labels = [_COUNTED.sub("", block.text) if _may_be_label(block, boxes) else "" for block in blocks]
    count = Counter(labels)
    return [block for block, label in zip(blocks, labels, strict=True) if not label or count[label] < _OFTEN]


def _may_be_label(block: Block, boxes: Sequence[Box]) -> bool:
    return 0 < block.size < _LABEL and not block.ends and not is_item(block, boxes)


def _begun(blocks: Sequence[Block], boxes: Sequence[Box], *, titled: bool) -> list[Block]:
    """Labels, dates and names before the first sentence are no part of it; what stands beside it may be."""
    first = next((at for at, block in enumerate(blocks) if _speaks(block)), None)
    if first is None:
        return list(blocks)
    before = blocks[:first]
    if is_item(blocks[first], boxes):  # then it is a list that begins it, perhaps with a heading
        return list(blocks[next((at for at, block in enumerate(before) if block.is_heading), first) :])
    beside = boxes[blocks[first].box].parent
    own = [
        block
        for block in before
        if not block.text or (titled and boxes[block.box].parent == beside and not _is_label(block))
    ]
    return [*own, *blocks[first:]]


def _is_label(block: Block) -> bool:
    if _is_meta(block):
        return True
    return block.size < _TINY and not block.is_heading and not _PAUSE.search(block.text)


def _is_meta(block: Block) -> bool:
    """Does it say who, when, and how long it takes to read?"""
    text = block.text[:200]
    return is_link(block) or is_origin(text) or bool(_DATE.match(text) or _MINUTES.search(text))


def _speaks(block: Block) -> bool:
    own = block.size - block.linked
    if _is_meta(block) and not block.ends:
        return False
    return own >= _LABEL or (own >= _SENTENCE and block.ends)


def _ended(blocks: Sequence[Block]) -> list[Block]:
    """Headings at the end head nothing."""
    end = len(blocks)
    while end and blocks[end - 1].is_heading:
        end -= 1
    return list(blocks[:end])
