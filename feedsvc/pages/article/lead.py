"""Which blocks between the headline and the text are its first paragraph, which many papers set apart?"""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from feedsvc.pages.article.blocks import Block, Box, Outline, is_caption
from feedsvc.pages.article.place import Place
from feedsvc.pages.article.roles import Role

_SHORTEST: Final = 50  # characters
_MOST: Final = 3
_FARTHEST: Final = 200  # blocks after the headline
_AROUND: Final = 3  # boxes around a block


def lead(outline: Outline, place: Place, head: int | None, numbers: Sequence[int]) -> list[int]:
    """The numbers of the blocks; ``numbers`` are those of the text, ``head`` that of the headline."""
    if head is None or not numbers or head > numbers[0]:
        return []
    first = [outline.blocks[number].text for number in numbers[:_MOST]]
    between = range(head + 1, min(numbers[0], head + 1 + _FARTHEST))
    found = (
        number
        for number in between
        if place.alive[outline.blocks[number].box]
        and _is_lead(outline.blocks[number], outline.boxes)
        and not any(outline.blocks[number].text in text for text in first)
    )
    return list(islice(found, _MOST))


def _is_lead(block: Block, boxes: Sequence[Box]) -> bool:
    """It is written in sentences; without a full stop it would be a second headline."""
    if block.size < _SHORTEST or 2 * block.linked > block.size or not block.ends:
        return False
    return not is_caption(block, boxes) and not _is_subtitle(block, boxes)


def _is_subtitle(block: Block, boxes: Sequence[Box]) -> bool:
    """By its name, or as a part of the ``<header>``, where headlines and bylines belong."""
    at = block.box
    for _ in range(_AROUND):
        if at < 0 or boxes[at].role is Role.LEAD:
            return False
        if boxes[at].role is Role.SUBTITLE or boxes[at].tag == "header":
            return True
        at = boxes[at].parent
    return False
