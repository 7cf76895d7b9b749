"""Which blocks of text is a page made of, in reading order, and in which boxes does each stand?

A *block* is what a reader sees as one piece: a paragraph, a headline, a list item, a table cell, a picture.
A *box* is an element that holds blocks. Both are read in one walk over the shared tree, without recursion.
"""

import re
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import Final, NamedTuple

from lxml import etree, html

from feedsvc.pages.article.media import picture, player
from feedsvc.pages.article.roles import Role, role_of
from feedsvc.pages.page import Page
from feedsvc.refine.text import one_line, words

MOST_BLOCKS: Final = 20_000  # of one page; what comes after is not read
_DEEPEST: Final = 12  # lists in quotes in lists ...; bold in links in bold ...

# Never anything to read: gone with all that is in them.
_SILENT: Final = words(
    "annotation area base button canvas col colgroup datalist dialog frame frameset head input link map menu "
    "meta meter noembed noframes optgroup option param progress rp rt script select source style svg "
    "template textarea title track"
)
_MARKED: Final = words("a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp strike strong sub sup u var")
_UNMARKED: Final = words("acronym big data font label math nobr rb ruby small span time tt wbr")
_INLINE: Final = _MARKED | _UNMARKED
_PLAYERS: Final = words("iframe embed object video audio")
_KINDS: Final = words("p h1 h2 h3 h4 h5 h6 pre")
# What readers see as a frame around blocks, and the frame that it needs itself ("": none).
_FRAMES: Final = {
    "blockquote": words(""), "figure": words(""), "ul": words(""), "ol": words(""), "dl": words(""),
    "table": words(""), "li": words("ul ol"), "dt": words("dl"), "dd": words("dl"), "tr": words("table"),
    "td": words("tr"), "th": words("tr"), "caption": words("table"), "figcaption": words("figure"),
}
_BARE: Final = words("li dt dd td th caption figcaption")  # hold words without a paragraph around them
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")
_UNSEEN: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")  # where words may or may not be broken
_IDEOGRAPHS: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class Box(NamedTuple):
    """An element that holds blocks. ``parent`` and ``frame`` are numbers of boxes, -1 for none.

    ``frame`` is the innermost box, this one included, that readers see as such (list, quote, table ...).
    """

    number: int
    parent: int
    tag: str
    role: Role
    frame: int
    depth: int  # of frames
    name: str  # the class, for what is made alike


class Block(NamedTuple):
    """``kind`` is p, h1 ... h6, pre, img, video or "" for the bare words of a list item or cell."""

    kind: str
    box: int
    text: str  # a line for each line that <br> ends
    markup: str
    size: int  # characters as a Latin text would need them
    linked: int  # how many of them are links


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Boxes come before those that they hold; box 0 is the whole page."""

    boxes: tuple[Box, ...]
    blocks: tuple[Block, ...]


def outline(page: Page) -> Outline:
    reader = _Reader(page)
    body = page.tree.find("body")
    walk = etree.iterwalk(page.tree if body is None else body, events=("start", "end", "comment", "pi"))
    passed_over = False
    for event, element in walk:
        if event == "start":
            if not reader.start(element):
                walk.skip_subtree()
                passed_over = True
            continue
        if event == "end" and not passed_over:
            reader.end(element.tag)
        passed_over = False
        if element.tail and element is not body:
            reader.words(element.tail)
        if len(reader.blocks) >= MOST_BLOCKS:
            break
    reader.flush()
    return Outline(boxes=tuple(reader.boxes), blocks=tuple(reader.blocks))


def size_of(text: str) -> int:
    """Length, comparable between scripts: an ideograph says about as much as three letters."""
    if text.isascii() or max(text) < "\u2e80":
        return len(text)
    return len(text) + 2 * len(_IDEOGRAPHS.findall(text))


class _Reader:
    """What the walk knows at a point: the boxes that it stands in, and the block that is being written."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.boxes = [Box(0, -1, "", Role.PLAIN, -1, 0, "")]
        self.blocks: list[Block] = []
        self.stack = [self.boxes[0]]
        self.kinds = [""]
        self.inline: list[str] = []  # the opening tags of what is open within the block
        self.links = 0
        self.seen = ""  # the last picture
        self.clear()

    def clear(self) -> None:
        self.markup = [tag for tag in self.inline if tag]
        self.plain: list[str] = []
        self.linked = 0
        self.media = ""
        self.at_break = False

    # ---- the walk: is there anything to read in an element; what its end means; its words -------------

    def start(self, element: html.HtmlElement) -> bool:
        tag = element.tag
        if tag in _SILENT or _is_hidden(element):
            return False
        if tag in _INLINE:
            self.open_inline(element, tag)
        elif tag == "br":
            self.line_break()
            return False
        elif tag in {"img", "amp-img", "noscript"}:
            self.picture(element if tag != "noscript" else next(element.iter("img"), None))
            return False
        elif tag in _PLAYERS:
            self.player(element)
            return False
        else:
            self.open_box(element, tag)
        if element.text:
            self.words(element.text)
        return True

    def end(self, tag: str) -> None:
        if tag in _INLINE:
            self.close_inline(tag)
            return
        self.flush()
        box = self.stack.pop()
        if tag in _KINDS:
            self.kinds.pop()
        if tag in {"td", "th"} and box.frame == box.number and self.blocks[-1:] and self.blocks[-1].box < box.number:
            self.blocks.append(Block("", box.number, "", "", 0, 0))  # an empty cell keeps its column

    def words(self, text: str) -> None:
        if not text.isascii():
            text = _UNSEEN.sub("", text)
        if self.kinds[-1] == "pre":
            self.plain.append(text)
        else:
            text = _SPACE.sub(" ", text)
            if text == " " and not self.plain:
                return
            self.plain.append(text)
        if text != " ":
            self.at_break = False
            if self.links:
                self.linked += size_of(text)
        self.markup.append(escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text)

    # ---- within a block -------------------------------------------------------------------------------

    def open_inline(self, element: html.HtmlElement, tag: str) -> None:
        opening = ""
        if tag in _MARKED and len(self.inline) < _DEEPEST:
            opening = f"<{tag}>"
            if tag == "a":
                href = self.page.link(element.get("href"))
                opening = f'<a href="{escape(href)}">' if href else ""
        if tag == "a":
            self.links += 1
        self.inline.append(opening)
        if opening:
            self.markup.append(opening)

    def close_inline(self, tag: str) -> None:
        opening = self.inline.pop()
        if tag == "a":
            self.links -= 1
        if not opening:
            return
        if self.markup and self.markup[-1] == opening:
            self.markup.pop()
        else:
            self.markup.append(f"</{tag}>")

    def line_break(self) -> None:
        if self.at_break and self.kinds[-1] != "pre":
            self.flush()
        elif self.plain:
            self.plain.append("\n")
            self.markup.append("<br>")
            self.at_break = True

    def picture(self, element: html.HtmlElement | None) -> None:
        markup = picture(element, self.page) if element is not None else ""
        if markup and markup != self.seen:
            self.markup.append(markup)
            self.media = "img"
            self.seen = markup

    def player(self, element: html.HtmlElement) -> None:
        markup = player(element, self.page)
        if markup:
            self.flush()
            self.markup.append(markup)
            self.media = "video"
            self.flush()

    # ---- blocks and boxes -----------------------------------------------------------------------------

    def open_box(self, element: html.HtmlElement, tag: str) -> None:
        self.flush()
        parent = self.stack[-1]
        number = len(self.boxes)
        is_frame = parent.depth < _DEEPEST and self.is_frame(element, tag, parent)
        box = Box(
            number,
            parent.number,
            tag,
            role_of(element, tag),
            number if is_frame else parent.frame,
            parent.depth + is_frame,
            element.get("class") or "",
        )
        self.boxes.append(box)
        self.stack.append(box)
        if tag in _KINDS:
            self.kinds.append(tag)

    def is_frame(self, element: html.HtmlElement, tag: str, parent: Box) -> bool:
        needs = _FRAMES.get(tag)
        if needs is None:
            return False
        around = self.boxes[parent.frame].tag if parent.frame >= 0 else ""
        return (not needs or around in needs) and (tag != "table" or _has_data(element))

    def flush(self) -> None:
        """What was written since the last one is a block, if it is anything."""
        raw = "".join(self.plain)
        pre = self.kinds[-1] == "pre"
        text = raw.strip("\n") if pre else "\n".join(filter(None, map(one_line, raw.split("\n"))))
        if (text and not text.isspace()) or self.media:
            box = self.stack[-1]
            kind = self.kinds[-1]
            if not text:
                kind = self.media
            elif not kind:
                kind = "" if box.frame == box.number and box.tag in _BARE else "p"
            self.blocks.append(Block(kind, box.number, text, self.written(), size_of(text) if text else 0, self.linked))
        self.clear()

    def written(self) -> str:
        while self.markup and self.markup[-1] in {"<br>", " "}:
            self.markup.pop()
        closing = "".join(f"</{tag[1:].partition(' ')[0].rstrip('>')}>" for tag in reversed(self.inline) if tag)
        return "".join(self.markup).strip() + closing


def _is_hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    return (
        (style is not None and _HIDDEN.search(style) is not None)
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
    )


def _has_data(table: html.HtmlElement) -> bool:
    """Is it a table, not a grid that pages were once laid out with? Told by its first few hundred elements."""
    if (table.get("role") or "") in {"presentation", "none"}:
        return False
    count = {"table": 0, "tr": 0, "td": 0, "th": 0, "p": 0, "div": 0, "ul": 0}
    for element in islice(table.iter(*count), 400):
        count[element.tag] += 1
    cells = count["td"] + count["th"]
    return count["table"] == 1 and count["tr"] > 1 and cells > count["tr"] and count["p"] + count["div"] + count["ul"] <= 2 * cells
