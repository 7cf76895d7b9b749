"""Which box of a page holds the article?"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from feedsvc.pages.article.blocks import Block, Box, Outline
from feedsvc.pages.article.roles import Role
from feedsvc.refine.text import words

_SENTENCE: Final = 80  # characters that only prose needs in one piece
_SHORT_SENTENCE: Final = 30  # with a full stop
STOP: Final = re.compile(r"[.!?…。！？；:।؟۔][\"'”’»)\]』」]*$")
_SCRAP: Final = 500  # characters
_DECLARED: Final = 0.4  # share of a page's prose that a declared body must have to be believed
_MAIN: Final = 0.5
_SOME: Final = 0.25
_NEVER: Final = frozenset({Role.OUTSIDE, Role.TALK})
_NO_HOLDERS: Final = words("p h1 h2 h3 h4 h5 h6 pre li blockquote")
_DOMINANT: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """``box`` holds the article; ``alive`` says of each box whether it can be part of one."""

    box: int
    alive: Sequence[bool]


def prose(block: Block) -> int:
    """How many characters of running text: none for headings, links and labels."""
    if block.kind in {"img", "video", "pre"} or block.kind[:1] == "h" or 2 * block.linked > block.size:
        return 0
    if block.size >= _SENTENCE or (block.size >= _SHORT_SENTENCE and STOP.search(block.text)):
        return block.size - block.linked
    return 0


def find(outline: Outline, head: int | None) -> Place:
    boxes = outline.boxes
    alive = _alive(outline, head)
    mass = _mass(outline, alive)
    children = _children(boxes)
    declared = _declared(boxes, alive, mass)
    if declared[0] and declared[0] >= _DECLARED * mass[0]:
        return Place(box=_descend(0, declared, children, boxes), alive=alive)
    start = _start(outline, head, alive, mass)
    return Place(box=_descend(start, mass, children, boxes), alive=alive)


def _start(outline: Outline, head: int | None, alive: Sequence[bool], mass: Sequence[int]) -> int:
    """The innermost <article> with the headline, else the one that outweighs all else, else the page."""
    boxes = outline.boxes
    if head is not None:
        at = outline.blocks[head].box
        while at > 0:
            if boxes[at].role is Role.ARTICLE and mass[at] >= 250:
                return at
            at = boxes[at].parent
    articles = [box.number for box in boxes if box.role is Role.ARTICLE and alive[box.number]]
    best = max(articles, key=lambda number: (mass[number], number), default=0)
    return best if mass[best] >= _MAIN * mass[0] else 0


def _mass(outline: Outline, alive: Sequence[bool]) -> list[int]:
    """Of each box the prose in it."""
    mass = [0] * len(outline.boxes)
    for block in outline.blocks:
        if alive[block.box]:
            mass[block.box] += prose(block)
    for box in reversed(outline.boxes):
        if box.parent >= 0 and alive[box.number]:
            mass[box.parent] += mass[box.number]
    return mass


def _declared(boxes: Sequence[Box], alive: Sequence[bool], mass: Sequence[int]) -> list[int]:
    """Of each box the prose in it that is said to be the article's."""
    declared = [0] * len(boxes)
    for box in reversed(boxes):
        if box.role is Role.BODY and alive[box.number]:
            own = mass[box.number]  # where a body is within a body, the inner one is meant
            declared[box.number] = declared[box.number] if declared[box.number] >= _DOMINANT * own else own
        if box.parent >= 0:
            declared[box.parent] += declared[box.number]
    return declared


def _descend(start: int, mass: Sequence[int], children: Sequence[Sequence[int]], boxes: Sequence[Box]) -> int:
    at = start
    while children[at]:
        heaviest = max(children[at], key=lambda number: mass[number])
        if mass[heaviest] < _DOMINANT * mass[at] or not mass[heaviest] or boxes[heaviest].tag in _NO_HOLDERS:
            break
        at = heaviest
    return at


def _children(boxes: Sequence[Box]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in boxes]
    for box in boxes[1:]:
        found[box.parent].append(box.number)
    return found


def _alive(outline: Outline, head: int | None) -> list[bool]:
    """Which boxes can be part of an article, by what they are named; but for those that the article is in itself."""
    boxes = outline.boxes
    spoken = _mass(outline, _live(boxes, lambda box: box.role not in _NEVER))
    saved = [False] * len(boxes)  # whatever they are named
    if head is not None:
        saved[outline.blocks[head].box] = True
    for box in reversed(boxes):
        if box.role is Role.BODY and spoken[box.number] > _SOME * spoken[0]:
            saved[box.number] = True
        if saved[box.number] and box.parent >= 0:
            saved[box.parent] = True
    strict = _live(boxes, lambda box: saved[box.number] or box.role not in _NEVER and box.role is not Role.ASIDE)
    left = _mass(outline, strict)
    doubted = _doubted(boxes, spoken, left)
    if not any(doubted):
        return strict
    return _live(boxes, lambda box: saved[box.number] or box.role not in _NEVER and (box.role is not Role.ASIDE or doubted[box.number]))


def _doubted(boxes: Sequence[Box], spoken: Sequence[int], left: Sequence[int]) -> list[bool]:
    """In which boxes are asides misnamed? Where they would take most of what is said to be the article, or all but a few words of the page."""
    doubted: list[bool] = []
    for box in boxes:
        at = box.number
        if box.parent < 0:
            doubted.append(left[at] < min(_SCRAP, 0.35 * spoken[at]))
        else:
            is_body = box.role is Role.BODY and spoken[at] > _SOME * spoken[0] and left[at] < 0.5 * spoken[at]
            doubted.append(doubted[box.parent] or is_body)
    return doubted


def _live(boxes: Sequence[Box], fit: Callable[[Box], bool]) -> list[bool]:
    alive: list[bool] = []
    for box in boxes:
        alive.append((box.parent < 0 or alive[box.parent]) and fit(box))
    return alive
