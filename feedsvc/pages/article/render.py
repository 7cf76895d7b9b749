"""How are blocks written, as markup with their frames around them and as plain text?"""

from collections.abc import Iterator, Sequence

from feedsvc.pages.article.blocks import Block, Box
from feedsvc.pages.article.roles import Role

_LONGEST_CAPTION = 400  # characters; slide shows tell their story there
_WRAPPED = {"img": "p", "video": "p"}


def as_markup(blocks: Sequence[Block], boxes: Sequence[Box]) -> str:
    parts: list[str] = []
    open_frames: list[int] = []
    for block in blocks:
        frames = frames_of(block, boxes)
        shared = _common(open_frames, frames)
        parts += _closed(open_frames[shared:], boxes)
        parts += [f"<{boxes[number].tag}>" for number in frames[shared:]]
        open_frames = frames
        parts.append(_one(block, boxes))
    parts += _closed(open_frames, boxes)
    return "".join(parts)


def as_text(blocks: Sequence[Block], boxes: Sequence[Box]) -> str:
    lines: list[str] = []
    row = -1
    for block in blocks:
        frames = frames_of(block, boxes)
        if not block.text or is_caption(block, boxes):
            continue
        here = next((n for n in frames if boxes[n].tag == "tr"), -1)
        if here >= 0 and here == row:
            lines[-1] += f" | {block.text}"
        else:
            lines.append(block.text)
        row = here
    return "\n".join(lines)


def is_caption(block: Block, boxes: Sequence[Box]) -> bool:
    """Is it what is said of a picture? Looks a few boxes around."""
    if block.size > _LONGEST_CAPTION:
        return False
    at = block.box
    for _ in range(4):
        if at < 0 or boxes[at].role is Role.BODY:
            return False
        if boxes[at].role is Role.CAPTION or boxes[at].tag == "figcaption":
            return True
        at = boxes[at].parent
    return False


def frames_of(block: Block, boxes: Sequence[Box]) -> list[int]:
    """The frames around a block, outermost first."""
    found: list[int] = []
    frame = boxes[block.box].frame
    while frame >= 0:
        found.append(frame)
        frame = boxes[boxes[frame].parent].frame
    return found[::-1]


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _closed(frames: Sequence[int], boxes: Sequence[Box]) -> Iterator[str]:
    return (f"</{boxes[number].tag}>" for number in reversed(frames))


def _one(block: Block, boxes: Sequence[Box]) -> str:
    tag = _WRAPPED.get(block.kind, block.kind)
    if block.kind == "img" and any(boxes[n].tag == "figure" for n in frames_of(block, boxes)):
        tag = ""
    return f"<{tag}>{block.markup}</{tag}>" if tag else block.markup
