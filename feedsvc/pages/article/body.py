"""Which of a page's words are the article?"""

from dataclasses import dataclass

from feedsvc.pages.article.blocks import Block, Outline, outline
from feedsvc.pages.article.headline import headline
from feedsvc.pages.article.place import STOP, Place, find
from feedsvc.pages.article.render import as_markup, as_text, is_caption
from feedsvc.pages.article.roles import Role
from feedsvc.pages.article.trim import trimmed
from feedsvc.pages.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    html: str
    text: str


def body(page: Page, *, title: str | None = None) -> Body:
    whole = outline(page)
    head = headline(page, whole.blocks, title)
    place = find(whole, head)
    numbers = within(whole, place)
    numbers = [*lead(whole, place, head, numbers), *numbers]
    blocks = trimmed([whole.blocks[number] for number in numbers], whole.boxes, whole.blocks[head] if head is not None else None)
    return Body(html=as_markup(blocks, whole.boxes), text=as_text(blocks, whole.boxes))


def within(whole: Outline, place: Place) -> list[int]:
    """The numbers of the blocks in the box of the article."""
    inside = [False] * len(whole.boxes)
    for box in whole.boxes:
        inside[box.number] = place.alive[box.number] and (box.number == place.box or (box.parent >= 0 and inside[box.parent]))
    return [number for number, block in enumerate(whole.blocks) if inside[block.box]]


def lead(whole: Outline, place: Place, head: int | None, numbers: list[int]) -> list[int]:
    """What stands in sentences between the headline and the article. Without a full stop it is a second headline."""
    if head is None or not numbers or head > numbers[0]:
        return []
    between = range(head + 1, numbers[0])
    return [n for n in between if place.alive[whole.blocks[n].box] and is_lead(whole.blocks[n], whole)][:3]


def is_lead(block: Block, whole: Outline) -> bool:
    if block.size < 50 or 2 * block.linked > block.size or not STOP.search(block.text) or is_caption(block, whole.boxes):
        return False
    at, role = block.box, Role.PLAIN
    for _ in range(3):
        if at < 0 or whole.boxes[at].role is Role.LEAD:
            break
        if whole.boxes[at].role is Role.SUBTITLE or whole.boxes[at].tag == "header":
            return False
        at = whole.boxes[at].parent
    return not any(block.text in other.text for other in whole.blocks if other is not block)
