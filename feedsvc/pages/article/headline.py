"""Which block of a page is the headline of its article?"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from feedsvc.pages.article.blocks import Block
from feedsvc.pages.page import Page

_SHORTEST: Final = 8  # characters; what is shorter matches by chance
_HEADINGS: Final = {"h1": 0, "h2": 1, "h3": 2}
_ENOUGH: Final = 0.4  # of a title, the rest being the name of the site and the section
_NO_WORD: Final = re.compile(r"[\W_]+")


def headline(page: Page, blocks: Sequence[Block], title: str | None) -> int | None:
    """The number of the block: the heading that says most of what a title of the page says, else an only <h1>."""
    titles = [folded(one) for one in (title, *_titles(page)) if one]
    headings = [(number, block) for number, block in enumerate(blocks) if block.kind in _HEADINGS]
    best, share = None, 0.0
    for number, block in headings:
        now = max((_share(folded(block.text), one) for one in titles), default=0.0)
        if now > share + _HEADINGS[block.kind] / 10:
            best, share = number, now
    if best is not None and share >= _ENOUGH:
        return best
    tops = [number for number, block in headings if block.kind == "h1"]
    return tops[0] if len(tops) == 1 else None


def folded(text: str) -> str:
    return _NO_WORD.sub("", text).casefold()


def _share(heading: str, title: str) -> float:
    """How much of the title the heading says; the site's name and the like are the rest of it."""
    if len(heading) < _SHORTEST or not title:
        return 0.0
    if heading in title:
        return len(heading) / len(title)
    return len(title) / len(heading) if len(title) >= _SHORTEST and title in heading else 0.0


def _titles(page: Page) -> tuple[str, ...]:
    found = (element.text or "" for element in islice(page.tree.iter("title"), 3))
    declared = page.tree.xpath("//head/meta[@property='og:title' or @name='twitter:title']/@content")
    return (*found, *map(str, declared[:3]))
