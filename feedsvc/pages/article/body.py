"""Which of a page's words are its article?

The story: the page is read into blocks of text that stand in boxes; the headline is looked up; the box
that holds the article is found, by the names of boxes and by where the running text is; of the blocks in it
those go that are not the article's own words; the rest is written as markup and as text. Where a page
shows next to nothing, the data that it carries for its scripts is read the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from feedsvc.pages.article.blocks import Block, Outline
from feedsvc.pages.article.headline import headline
from feedsvc.pages.article.lead import lead
from feedsvc.pages.article.place import Place, find
from feedsvc.pages.article.render import as_markup, as_text
from feedsvc.pages.article.trim import trimmed
from feedsvc.pages.article.undrawn import undrawn
from feedsvc.pages.article.walk import outline
from feedsvc.pages.page import Page

_LITTLE: Final = 250  # characters; a page that shows less may have its text elsewhere
_MUCH_MORE: Final = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """``html`` is tidy but untrusted: paragraphs, headings, lists, quotes, tables, figures, code, links to
    players; links are absolute. ``text`` is the same, a paragraph a line, without what is said of pictures.
    Both are empty where there is no article.
    """

    html: str
    text: str


def body(page: Page, *, title: str | None = None) -> Body:
    """``title`` helps to find the headline, which is no part of the body. Never fails."""
    shown = _read(page, title)
    if len(shown.text) >= _LITTLE:
        return shown
    carried = undrawn(page)
    hidden = _read(carried, title) if carried is not None else shown
    return hidden if len(hidden.text) > max(_LITTLE, _MUCH_MORE * len(shown.text)) else shown


def _read(page: Page, title: str | None) -> Body:
    whole = outline(page)
    head = headline(page, whole.blocks, title)
    place = find(whole, head)
    inside = _within(whole, place)
    numbers = [*lead(whole, place, head, inside), *inside]
    blocks = trimmed(_picked(whole, numbers), whole.boxes, whole.blocks[head] if head is not None else None)
    return Body(html=as_markup(blocks, whole.boxes), text=as_text(blocks, whole.boxes))


def _within(whole: Outline, place: Place) -> list[int]:
    """The numbers of the blocks in the box of the article."""
    inside = [box.number == place.box and place.alive[box.number] for box in whole.boxes]
    for box in whole.boxes[1:]:
        inside[box.number] |= inside[box.parent] and place.alive[box.number]
    return [number for number, block in enumerate(whole.blocks) if inside[block.box]]


def _picked(whole: Outline, numbers: Sequence[int]) -> list[Block]:
    return [whole.blocks[number] for number in numbers]
