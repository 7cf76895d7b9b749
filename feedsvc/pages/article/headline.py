"""Which block of a page is the headline of its article?"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from feedsvc.pages.article.blocks import Block
from feedsvc.pages.article.naming import key
from feedsvc.pages.page import Page

_SHORTEST: Final = 8  # letters; what is shorter matches by chance
_LONGEST: Final = 300  # characters
_RANKS: Final = {"h1": 0.0, "h2": 0.1, "h3": 0.2}  # what a lower one must say more to be preferred
_ENOUGH: Final = 0.4  # of a title, the rest being the name of the site and the section
_NEARLY_ALL: Final = 0.8  # where it is no heading


def headline(page: Page, blocks: Sequence[Block], title: str | None) -> int | None:
    """The number of the block: the heading that says most of what a title of the page says.

    Else another short block that says nearly all of it, else the only ``<h1>``, else None.
    """
    titles = tuple(filter(None, map(key, (title or "", *_titles(page)))))
    best, share = None, 0.0
    for number, block in enumerate(blocks):
        rank = _RANKS.get(block.kind)
        if rank is not None and (now := _share(block, titles)) > share + rank:
            best, share = number, now
    if best is not None and share >= _ENOUGH:
        return best
    plain = (number for number, block in enumerate(blocks) if _share(block, titles) >= _NEARLY_ALL)
    tops = [number for number, block in enumerate(blocks) if block.kind == "h1"]
    return next(plain, tops[0] if len(tops) == 1 else None)


def _share(block: Block, titles: Sequence[str]) -> float:
    """How much of a title it says; a title may also be cut off."""
    if not 0 < len(block.text) <= _LONGEST:
        return 0.0
    said = key(block.text)
    return max((_shared(said, title) for title in titles), default=0.0)


def _shared(said: str, title: str) -> float:
    short, long = sorted((said, title), key=len)
    return len(short) / len(long) if len(short) >= _SHORTEST and short in long else 0.0


def _titles(page: Page) -> Iterator[str]:
    for element in islice(page.tree.iter("title"), 3):
        yield (element.text or "")[:_LONGEST]
    for element in islice(page.tree.iter("meta"), 200):
        if (element.get("property") or element.get("name")) in {"og:title", "twitter:title"}:
            yield (element.get("content") or "")[:_LONGEST]
