"""Which box of a page holds the article?

By what boxes are named and by where the running text is: each box weighs as much as the prose in it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from feedsvc.pages.article.blocks import Block, Box, Outline
from feedsvc.pages.article.roles import Role
from feedsvc.refine.text import words

_SENTENCE: Final = 80  # characters that only prose needs in one piece
_SHORT_SENTENCE: Final = 30  # with a full stop
_ARTICLE: Final = 250  # an <article> with less is a teaser
_SCRAP: Final = 500  # what hardly is a page's only text
# Shares of prose
_BELIEVED: Final = 0.4  # of the page, for a box that is said to be the body
_MOST: Final = 0.5  # of the page, for an <article> without the headline
_DOMINANT: Final = 0.7  # of a box, for one within it to be meant instead
_MISNAMED: Final = 0.35  # of the page, which asides may not leave less of than this and a scrap
_SOME: Final = 0.25  # of the page, for a box to be the body whatever it is in
_NEVER: Final = frozenset({Role.OUTSIDE, Role.TALK})
_NAMED_OTHERWISE: Final = frozenset({*_NEVER, Role.ASIDE})
_HOLDS_ONE: Final = words("p h1 h2 h3 h4 h5 h6 pre li blockquote")  # no box for a whole article


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """``box`` holds the article; ``alive`` says of each box whether it can be part of one."""

    box: int
    alive: Sequence[bool]


def find(outline: Outline, head: int | None) -> Place:
    """``head`` is the number of the headline's block.

    From the declared body, or the article that has the headline, or the page, down to the box that has
    nearly all of its prose.
    """
    boxes = outline.boxes
    alive = _alive(outline, head)
    mass = _mass(outline, alive)
    declared = _declared(boxes, alive, mass)
    if declared[0] and declared[0] >= _BELIEVED * mass[0]:
        start, mass = 0, declared
    else:
        start = _start(outline, head, alive, mass)
    return Place(box=_descend(start, mass, boxes), alive=alive)


def prose(block: Block) -> int:
    """How many characters of running text: none for headings, links and labels."""
    if block.kind not in {"p", ""} or 2 * block.linked > block.size:
        return 0
    if block.size >= _SENTENCE or (block.size >= _SHORT_SENTENCE and block.ends):
        return block.size - block.linked
    return 0


def _start(outline: Outline, head: int | None, alive: Sequence[bool], mass: Sequence[int]) -> int:
    """The innermost <article> with the headline, else the one that outweighs all else, else the page."""
    boxes = outline.boxes
    at = outline.blocks[head].box if head is not None else 0
    while at > 0:
        if boxes[at].role is Role.ARTICLE and mass[at] >= _ARTICLE:
            return at
        at = boxes[at].parent
    articles = [box.number for box in boxes if box.role is Role.ARTICLE and alive[box.number]]
    best = max(articles, key=lambda number: (mass[number], number), default=0)
    return best if mass[best] >= _MOST * mass[0] else 0


def _descend(start: int, mass: Sequence[int], boxes: Sequence[Box]) -> int:
    heaviest = list(range(len(boxes)))  # of each box the heaviest one directly in it; itself if there is none
    for box in boxes[1:]:
        best = heaviest[box.parent]
        if best == box.parent or mass[box.number] > mass[best]:
            heaviest[box.parent] = box.number
    at = start
    while (inner := heaviest[at]) != at:
        if not mass[inner] or mass[inner] < _DOMINANT * mass[at] or boxes[inner].tag in _HOLDS_ONE:
            break
        at = inner
    return at


def _mass(outline: Outline, alive: Sequence[bool]) -> list[int]:
    """Of each box the prose in it."""
    mass = [0] * len(outline.boxes)
    for block in outline.blocks:
        if alive[block.box]:
            mass[block.box] += prose(block)
    for box in reversed(outline.boxes[1:]):
        if alive[box.number]:
            mass[box.parent] += mass[box.number]
    return mass


def _declared(boxes: Sequence[Box], alive: Sequence[bool], mass: Sequence[int]) -> list[int]:
    """Of each box the prose in it that is said to be the body; of one within another the inner one counts."""
    declared = [0] * len(boxes)
    for box in reversed(boxes[1:]):
        own = mass[box.number]
        if box.role is Role.BODY and alive[box.number] and declared[box.number] < _DOMINANT * own:
            declared[box.number] = own
        declared[box.parent] += declared[box.number]
    return declared


def _alive(outline: Outline, head: int | None) -> list[bool]:
    """Not those that are named otherwise, but for those that hold the headline or most of the body."""
    boxes = outline.boxes
    headed = _around(boxes, () if head is None else (outline.blocks[head].box,))
    spoken = _mass(outline, _live(boxes, lambda box: headed[box.number] or box.role not in _NEVER))
    bodies = (box.number for box in boxes if box.role is Role.BODY and spoken[box.number] > _SOME * spoken[0])
    saved = [one or other for one, other in zip(headed, _around(boxes, bodies), strict=True)]
    strict = _live(boxes, lambda box: saved[box.number] or box.role not in _NAMED_OTHERWISE)
    doubted = _doubted(boxes, spoken, _mass(outline, strict))
    if not any(doubted):
        return strict
    return _live(
        boxes,
        lambda box: (
            saved[box.number]
            or (box.role not in _NEVER and (box.role is not Role.ASIDE or doubted[box.number]))
        ),
    )


def _around(boxes: Sequence[Box], numbers: Iterable[int]) -> list[bool]:
    """Of each box: is it one of these, or around one?"""
    found = [False] * len(boxes)
    for number in numbers:
        found[number] = True
    for box in reversed(boxes[1:]):
        found[box.parent] |= found[box.number]
    return found


def _doubted(boxes: Sequence[Box], spoken: Sequence[int], left: Sequence[int]) -> list[bool]:
    """In which boxes are asides misnamed? Where they take most of the body, or nearly all of the page."""
    doubted = [left[0] < min(_SCRAP, _MISNAMED * spoken[0])]
    for box in boxes[1:]:
        said = spoken[box.number]
        robbed = box.role is Role.BODY and said > _SOME * spoken[0] and left[box.number] < _MOST * said
        doubted.append(doubted[box.parent] or robbed)
    return doubted


def _live(boxes: Sequence[Box], fit: Callable[[Box], bool]) -> list[bool]:
    """Who is fit and in a box that is."""
    alive = [fit(boxes[0])]
    for box in boxes[1:]:
        alive.append(alive[box.parent] and fit(box))
    return alive
