"""How is a page read into blocks and boxes, in one walk over its tree?

Without recursion and within bounds: pages are hostile, the tree is shared and stays as it is.
"""

import re
from html import escape
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.pages.article.blocks import Block, Box, Outline, size_of
from feedsvc.pages.article.media import picture, player
from feedsvc.pages.article.roles import Role, role_of
from feedsvc.pages.page import Page
from feedsvc.refine.text import one_line, words

MOST_BLOCKS: Final = 10_000  # of one page; what comes after is not read
MOST_BOXES: Final = 40_000
_DEEPEST: Final = 12  # lists in quotes in lists ...; bold in links in bold ...
_MOST_CELLS: Final = 200  # that are looked at to tell a table

# Never anything to read: gone with all that is in them.
_SILENT: Final = words(
    "annotation area base button canvas col colgroup datalist dialog frame frameset head input link map menu "
    "meta meter noembed noframes optgroup option param progress rp rt script select source style svg "
    "template textarea title track"
)
_MARKED: Final = words(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp strike strong sub sup u var"
)
# What is within a line; formulas (MathML) are.
_INLINE: Final = _MARKED | words(
    "acronym big data font label math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded "
    "mphantom mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover "
    "nobr rb ruby semantics small span time tt wbr"
)
_PICTURES: Final = words("img amp-img noscript")
_PLAYERS: Final = words("iframe embed object video audio amp-youtube amp-iframe")
_KINDS: Final = words("p h1 h2 h3 h4 h5 h6 pre")
_BARE: Final = words("li dt dd td th caption figcaption")  # hold words without a paragraph around them
# What readers see as a frame, and the frame that it needs around it, if it needs one.
_FRAMES: Final = {
    **dict.fromkeys(("blockquote", "dl", "figure", "ol", "table", "ul"), frozenset[str]()),
    **dict.fromkeys(("caption", "tr"), words("table")),
    **dict.fromkeys(("dd", "dt"), words("dl")),
    **dict.fromkeys(("td", "th"), words("tr")),
    "figcaption": words("figure"),
    "li": words("ol ul"),
}
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")  # where words may or may not be broken


def outline(page: Page) -> Outline:
    """The blocks and boxes of ``<body>``, of all there is where there is none."""
    reader = _Reader(page)
    body = page.tree.find("body")
    root = page.tree if body is None else body
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    passed_over = False
    for event, element in walk:
        if event == "start":
            passed_over = not reader.start(element)
            if passed_over:
                walk.skip_subtree()
            continue
        if event == "end" and not passed_over:
            reader.end()
        passed_over = False
        if element.tail and element is not root:
            reader.words(element.tail)
        if reader.is_full():
            break
    reader.flush()
    return Outline(boxes=reader.boxes, blocks=reader.blocks)


class _Reader:
    """What the walk knows at a point: the boxes that it stands in, and the block that is being written."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.boxes = [Box(0, -1, "", Role.PLAIN, -1, 0)]
        self.blocks: list[Block] = []
        self.stack = [self.boxes[0]]
        self.kinds = [""]
        self.opened: list[str] = []  # what the next end closes: "box" or the name of an inline element
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

    def is_full(self) -> bool:
        return len(self.blocks) >= MOST_BLOCKS or len(self.boxes) >= MOST_BOXES

    # ---- the walk -------------------------------------------------------------------------------------

    def start(self, element: HtmlElement) -> bool:
        """Is what is in it to be read?"""
        tag = element.tag
        if tag in _SILENT or _is_hidden(element):
            return False
        if tag == "br":
            self.line_break()
        elif tag in _PICTURES:
            self.picture(element if tag != "noscript" else next(element.iter("img"), None))
        elif tag in _PLAYERS:
            self.player(element)
        else:
            self.enter(element, tag)
            return True
        return False

    def enter(self, element: HtmlElement, tag: str) -> None:
        if tag in _INLINE and not (tag == "span" and not self.plain and _is_caption(element)):
            self.open_inline(element, tag)
        else:
            self.open_box(element, tag)
        if element.text:
            self.words(element.text)

    def end(self) -> None:
        opened = self.opened.pop()
        if opened == "box":
            self.close_box()
        else:
            self.close_inline(opened)

    def words(self, text: str) -> None:
        if not text.isascii():
            text = _INVISIBLE.sub("", text)
        if self.kinds[-1] != "pre":
            text = _SPACE.sub(" ", text)
            if text == " " and not self.plain:
                return
        self.plain.append(text)
        self.markup.append(escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text)
        if text != " ":
            self.at_break = False
            if self.links:
                self.linked += size_of(text)

    # ---- within a block -------------------------------------------------------------------------------

    def open_inline(self, element: HtmlElement, tag: str) -> None:
        opening = f"<{tag}>" if tag in _MARKED and len(self.inline) < _DEEPEST else ""
        if tag == "a":
            self.links += 1
            href = self.page.link(element.get("href")) if opening else None
            opening = f'<a href="{escape(href)}">' if href else ""
        self.opened.append(tag)
        self.inline.append(opening)
        if opening:
            self.markup.append(opening)

    def close_inline(self, tag: str) -> None:
        opening = self.inline.pop()
        if tag == "a":
            self.links -= 1
        if opening and self.markup and self.markup[-1] == opening:
            self.markup.pop()
        elif opening:
            self.markup.append(f"</{tag}>")

    def line_break(self) -> None:
        """The second one in a row begins a paragraph."""
        if self.at_break and self.kinds[-1] != "pre":
            self.flush()
        elif self.plain:
            self.plain.append("\n")
            self.markup.append("<br>")
            self.at_break = True

    def picture(self, element: HtmlElement | None) -> None:
        markup = picture(element, self.page) if element is not None else ""
        if markup and markup != self.seen:
            self.markup.append(markup)
            self.media = "img"
            self.seen = markup

    def player(self, element: HtmlElement) -> None:
        markup = player(element, self.page)
        if markup:
            self.flush()
            self.markup.append(markup)
            self.media = "video"
            self.flush()

    # ---- blocks and boxes -----------------------------------------------------------------------------

    def open_box(self, element: HtmlElement, tag: str) -> None:
        self.flush()
        parent, number = self.stack[-1], len(self.boxes)
        is_frame = parent.depth < _DEEPEST and self.is_frame(element, tag, parent)
        frame = number if is_frame else parent.frame
        box = Box(number, parent.number, tag, role_of(element), frame, parent.depth + is_frame)
        self.boxes.append(box)
        self.stack.append(box)
        self.opened.append("box")
        if tag in _KINDS:
            self.kinds.append(tag)

    def close_box(self) -> None:
        self.flush()
        box = self.stack.pop()
        if box.tag in _KINDS:
            self.kinds.pop()
        if box.tag in {"td", "th"} and box.frame == box.number and not self.wrote_since(box):
            self.blocks.append(Block("", box.number, "", "", 0, 0))  # an empty cell keeps its column

    def wrote_since(self, box: Box) -> bool:
        return bool(self.blocks) and self.blocks[-1].box >= box.number

    def is_frame(self, element: HtmlElement, tag: str, parent: Box) -> bool:
        needs = _FRAMES.get(tag)
        if needs is None:
            return False
        around = self.boxes[parent.frame].tag if parent.frame >= 0 else ""
        return (not needs or around in needs) and (tag != "table" or _has_data(element))

    def flush(self) -> None:
        """What was written since the last block is one, if there is anything to see."""
        if not self.plain and not self.media:
            return
        raw = "".join(self.plain)
        if self.kinds[-1] == "pre":
            text = raw.strip("\n")
        else:
            text = "\n".join(filter(None, map(one_line, raw.split("\n"))))
        if self.media or (text and not text.isspace()):
            kind, size = self.kind(text), size_of(text) if text else 0
            self.blocks.append(Block(kind, self.stack[-1].number, text, self.written(), size, self.linked))
        self.clear()

    def kind(self, text: str) -> str:
        box = self.stack[-1]
        if not text:
            return self.media
        return self.kinds[-1] or ("" if box.frame == box.number and box.tag in _BARE else "p")

    def written(self) -> str:
        while self.markup and self.markup[-1] in {"<br>", " "}:
            self.markup.pop()
        names = (tag[1:].partition(" ")[0].rstrip(">") for tag in reversed(self.inline) if tag)
        return "".join(self.markup).strip() + "".join(f"</{name}>" for name in names)


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return (
        (style is not None and _HIDDEN.search(style) is not None)
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
    )


def _is_caption(element: HtmlElement) -> bool:
    return element.get("class") is not None and role_of(element) is Role.CAPTION


def _has_data(table: HtmlElement) -> bool:
    """Is it a table, not a grid that pages were once laid out with?"""
    if (table.get("role") or "") in {"presentation", "none"}:
        return False
    count = dict.fromkeys(("table", "tr", "td", "th", "p", "div", "ul"), 0)
    for element in islice(table.iter(*count), _MOST_CELLS):
        count[element.tag] += 1
    cells, inner = count["td"] + count["th"], count["p"] + count["div"] + count["ul"]
    return count["table"] == 1 and count["tr"] > 1 and cells > count["tr"] and inner <= 2 * cells
