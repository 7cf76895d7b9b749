"""Which blocks in the box of the article are not the article's own words?"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from feedsvc.pages.article.blocks import Block, Box, size_of
from feedsvc.pages.article.place import STOP, prose
from feedsvc.pages.article.render import is_caption
from feedsvc.pages.article.wording import AGENCY, CREDIT, PLATFORMS, is_furniture, is_origin, reads_on
from feedsvc.refine.text import words

_LABEL: Final = 60  # characters; what is shorter and no sentence may be a label
_ASIDE: Final = 250  # longer ones are seldom calls to subscribe or the like
_COUNTED: Final = re.compile(r"\d+(?: (?:of|von|de|di|из|sur|van|av) |\s*/\s*)\d+")
_MINUTES: Final = re.compile(r"\b\d{1,2}\W?(?:min|хв|мин|分|dk|λεπτ)", re.IGNORECASE)
_DATE: Final = re.compile(r"\W*(?:\w{2,10}[.,]? )?\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b")


def trimmed(blocks: Sequence[Block], boxes: Sequence[Box], head: Block | None) -> list[Block]:
    kept = _after(blocks, head)
    kept = _without_sections(kept)
    lists = _lists_of_links(kept, boxes)
    kept = [block for block in kept if not (boxes[block.box].frame in lists if _framed(block, boxes) else (_is_link(block) or _is_pointer(block) or _is_call(block) or _is_credit(block)))]
    kept = _without_repeated(kept, boxes)
    return _ended(_begun(kept, boxes))


def _after(blocks: Sequence[Block], head: Block | None) -> list[Block]:
    """Without the headline and what stands before it, unless that is most of it."""
    blocks = list(blocks)
    if head is None or head not in blocks:
        return blocks
    at = blocks.index(head)
    before, after = sum(map(prose, blocks[:at])), sum(map(prose, blocks[at + 1 :]))
    return blocks[at + 1 :] if after >= before else [*blocks[:at], *blocks[at + 1 :]]


def _without_sections(blocks: Sequence[Block]) -> list[Block]:
    """Without those that are headed "Related articles" or the like, up to the next heading of that rank."""
    kept: list[Block] = []
    skipping = ""
    for block in blocks:
        is_heading = block.kind[:1] == "h"
        if skipping and is_heading and block.kind <= skipping:
            skipping = ""
        if is_heading and reads_on(block.text) and block.size <= 80:
            skipping = block.kind
        if not skipping:
            kept.append(block)
    return kept


_UNITS: Final = words("ul ol dl table")


def _framed(block: Block, boxes: Sequence[Box]) -> bool:
    """Is it an item of a list or a cell of a table? Those stay or go together."""
    frame = boxes[block.box].frame
    return frame >= 0 and boxes[frame].tag in {"li", "td", "th", "dd", "dt"}


def _lists_of_links(blocks: Sequence[Block], boxes: Sequence[Box]) -> set[int]:
    """The items of those lists and tables that are hardly anything but links."""
    size: Counter[int] = Counter()
    linked: Counter[int] = Counter()
    unit_of: dict[int, int] = {}
    for block in blocks:
        if _framed(block, boxes):
            unit = frame = boxes[block.box].frame
            while unit >= 0 and boxes[unit].tag not in _UNITS:
                unit = boxes[boxes[unit].parent].frame
            unit_of[frame] = unit
            size[unit] += block.size
            linked[unit] += block.linked
    return {frame for frame, unit in unit_of.items() if linked[unit] >= 0.8 * size[unit] and size[unit]}


def _is_link(block: Block) -> bool:
    return block.size > 0 and block.linked >= 0.8 * block.size


def _is_pointer(block: Block) -> bool:
    """"Read also: ..." - words that say so, or a few words and a colon and the rest of it a link."""
    if block.size <= _ASIDE and reads_on(block.text) and (block.linked or not STOP.search(block.text)):
        return True
    if not block.linked or block.size - block.linked > 40:
        return False
    label, colon, rest = block.text.partition(":")
    return bool(colon) and block.linked >= 0.9 * size_of(rest.strip())


def _is_call(block: Block) -> bool:
    return 0 < block.size <= _ASIDE and is_furniture(block.text)


def _is_credit(block: Block) -> bool:
    return 0 < block.size <= _ASIDE and block.kind in {"p", ""} and (CREDIT.search(block.text) is not None or AGENCY.search(block.text) is not None)


def _without_repeated(blocks: Sequence[Block], boxes: Sequence[Box]) -> list[Block]:
    """What stands there again and again is a label; what is said again elsewhere is the same for another screen."""
    labels = Counter(_COUNTED.sub("", block.text) for block in blocks if _may_be_label(block, boxes))
    places: dict[str, set[int]] = {}
    kept = []
    for block in blocks:
        parent = boxes[block.box].parent
        said = places.setdefault(block.text, set()) if block.size >= _LABEL else set()
        repeated = bool(said - {parent})
        said.add(parent)
        if not repeated and not (_may_be_label(block, boxes) and labels[_COUNTED.sub("", block.text)] >= 3):
            kept.append(block)
    return kept


def _may_be_label(block: Block, boxes: Sequence[Box]) -> bool:
    return 0 < block.size < _LABEL and not _framed(block, boxes) and not STOP.search(block.text)


def _begun(blocks: list[Block], boxes: Sequence[Box]) -> list[Block]:
    """Labels, dates and names before the first sentence are no part of it; headings are if they stand beside it."""
    first = next((at for at, block in enumerate(blocks) if _speaks(block)), None)
    if first is None:
        return blocks
    beside = boxes[blocks[first].box].parent
    kept = [block for block in blocks[:first] if not block.text or (boxes[block.box].parent == beside and not _is_meta(block))]
    if _framed(blocks[first], boxes):
        at = next((n for n, block in enumerate(blocks[:first]) if block.kind[:1] == "h"), first)
        return blocks[at:]
    return kept + blocks[first:]


def _is_meta(block: Block) -> bool:
    return _is_link(block) or is_origin(block.text) or _DATE.match(block.text) is not None or _MINUTES.search(block.text) is not None


def _speaks(block: Block) -> bool:
    own = block.size - block.linked
    if _is_meta(block) and not STOP.search(block.text):
        return False
    return own >= _LABEL or (own >= 20 and STOP.search(block.text) is not None)


def _ended(blocks: list[Block]) -> list[Block]:
    """Headings at the end head nothing; those who ask to be followed there speak for the site."""
    end = len(blocks)
    while end and (blocks[end - 1].kind[:1] == "h" or _is_farewell(blocks[end - 1])):
        end -= 1
    return blocks[:end]


def _is_farewell(block: Block) -> bool:
    return 0 < block.size <= 400 and len({name.lower() for name in PLATFORMS.findall(block.text)}) >= 2 or not block.text and block.kind == "img" and False
