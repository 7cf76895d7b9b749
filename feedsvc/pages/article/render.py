"""How are blocks written: as markup with their frames around them, and as plain text?"""

from collections.abc import Sequence

from feedsvc.pages.article.blocks import Block, Box, frames_of, is_caption


def as_markup(blocks: Sequence[Block], boxes: Sequence[Box]) -> str:
    """Lists, quotes, tables and figures are opened and closed as blocks come to stand in them or not."""
    parts: list[str] = []
    open_frames: list[Box] = []
    for block in blocks:
        frames = frames_of(block, boxes)
        shared = _shared(open_frames, frames)
        parts += [f"</{box.tag}>" for box in reversed(open_frames[shared:])]
        parts += [f"<{box.tag}>" for box in frames[shared:]]
        parts.append(_element(block, frames))
        open_frames = frames
    parts += [f"</{box.tag}>" for box in reversed(open_frames)]
    return "".join(parts)


def as_text(blocks: Sequence[Block], boxes: Sequence[Box]) -> str:
    """A line for each paragraph and each row of a table; without what is said of pictures."""
    lines: list[str] = []
    row: Box | None = None
    for block in blocks:
        if not block.text or block.kind == "video" or is_caption(block, boxes):
            continue
        here = next((box for box in frames_of(block, boxes) if box.tag == "tr"), None)
        if here is not None and here == row:
            lines[-1] += f" | {block.text}"
        else:
            lines.append(block.text)
        row = here
    return "\n".join(lines)


def _shared(one: Sequence[Box], other: Sequence[Box]) -> int:
    """How many frames, from the outermost, two blocks have in common."""
    both = zip(one, other, strict=False)
    return next((count for count, (a, b) in enumerate(both) if a != b), min(len(one), len(other)))


def _element(block: Block, frames: Sequence[Box]) -> str:
    if block.kind in {"img", "video"}:
        bare = any(box.tag == "figure" for box in frames)
        return block.markup if bare else f"<p>{block.markup}</p>"
    return f"<{block.kind}>{block.markup}</{block.kind}>" if block.kind else block.markup
