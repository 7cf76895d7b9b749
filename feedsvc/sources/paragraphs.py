"""How does markup that is laid out with tables become a plain row of paragraphs?

``arrange`` changes a tree so that every text stands in one block (a paragraph, heading, list item, data
table), ``blocks`` names them in order, ``written`` gives them as markup. All of it takes time in proportion
to the tree, whatever that is: what is taken out leaves an empty element, because lxml would copy the text
around it each time.
"""

import html as entities
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree, html

from feedsvc.refine.text import one_line, words

_PLACES: Final = words("address article aside center dir fieldset footer form header main nav section")
_TABLE_PARTS: Final = words("table thead tbody tfoot tr td th caption col colgroup")
_HEADINGS: Final = words("h1 h2 h3 h4 h5 h6")
_CONTAINERS: Final = words("body div blockquote ul ol dl figure details")
_LEAVES: Final = _HEADINGS | words("p li dt dd pre figcaption summary hr table")
_BLOCKS: Final = _CONTAINERS | _LEAVES
_HELD: Final = words("audio hr img video picture")  # what is seen without a text
_EMPTY: Final = words("br hr img source")
_LONGEST_CELL: Final = 80  # characters of a cell that holds a value and not a text
_MOST_CELLS: Final = 2_000  # that are looked at

# Written without their tag: it places things, or says how letters look.
_UNWRITTEN: Final = words("body div font span") | _TABLE_PARTS - words(
    "table thead tbody tfoot tr td th caption"
)
_KEPT: Final = words("alt colspan dir height href lang rowspan src start title type value width")
_SPACES: Final = re.compile(r"  +")
_AROUND_BLOCKS: Final = re.compile(
    r" *(</?(?:blockquote|dd|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|table|tbody|td|th|thead|tr|ul)"
    r"\b[^<>]*>) *"
)
_SPACE: Final = re.compile(r"[ \t\r\n\f\xa0]+")


def gone(element: html.HtmlElement) -> None:
    """Take out all that it is; an empty element stays, and what follows it."""
    replaced(element, "")


def replaced(element: html.HtmlElement, text: str) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "span", text or None, tail


def arrange(body: html.HtmlElement) -> None:
    _unlay(body)
    for element in list(body.iter(*_PLACES)):
        element.tag = "div"
    _unnest(body)
    for element in list(body.iter(*_CONTAINERS, *_LEAVES)):
        if element.tag not in {"pre", "table"} and not _is_in_table(element):
            _settle(element)


def blocks(body: html.HtmlElement) -> list[html.HtmlElement]:
    """What holds text and no other block, in order."""
    return [
        element
        for element in body.iter(*_LEAVES)
        if not _is_in_table(element) and (element.tag == "table" or not _has_blocks(element))
    ]


def _is_in_table(element: html.HtmlElement) -> bool:
    return next(element.iterancestors("table"), None) is not None


def _has_blocks(element: html.HtmlElement) -> bool:
    return any(child.tag in _BLOCKS for child in element)


# ---- tables -----------------------------------------------------------------------------------------


def _unlay(body: html.HtmlElement) -> None:
    """Tables that place things become plain divisions; the text in the cells of others is on one line."""
    data = {table for table in body.iter("table") if _holds_data(table)}
    for element in list(body.iter(*_TABLE_PARTS)):
        if element in data:
            for inner in list(element.iter(*_BLOCKS - {"table"}, *_PLACES)):
                inner.tag, inner.tail = "span", f" {inner.tail or ''}"
        elif not _is_in_table(element):
            element.tag = "div"


def _holds_data(table: html.HtmlElement) -> bool:
    """Has it headings, or short values in rows and columns and nothing else?"""
    if (table.get("role") or "").lower() in {"presentation", "none"}:
        return False
    if next(table.iterdescendants("table", "img", *_HEADINGS), None) is not None:
        return False
    rows = [len(row.xpath("./td|./th")) for row in islice(table.iter("tr"), _MOST_CELLS)]
    if len(rows) < 2 or max(rows) < 2:
        return False
    if next(table.iterdescendants("th", "caption"), None) is not None:
        return True
    cells = islice(table.iter("td"), _MOST_CELLS)
    return len(set(rows)) == 1 and all(
        len(one_line(str(one.text_content()))) <= _LONGEST_CELL for one in cells
    )


# ---- blocks -----------------------------------------------------------------------------------------


def _unnest(body: html.HtmlElement) -> None:
    """No block stands within something that is no block."""
    for block in list(body.iter(*_BLOCKS)):
        for outer in block.iterancestors():
            if outer.tag in _CONTAINERS or outer.tag in {"li", "dd", "table", "td", "th"}:
                break
            if outer.tag == "a":
                _unlink(outer)
            elif outer.tag in _HEADINGS:
                block.tag, block.tail = "span", f" {block.tail or ''}"
            else:
                outer.tag = "div"


def _unlink(link: html.HtmlElement) -> None:
    """A link around whole blocks: its heading is the link, or all of it on one line."""
    headings = list(link.iter(*_HEADINGS))
    for heading in headings:
        inner = html.Element("a", href=link.get("href") or "")
        inner.text, heading.text = heading.text, None
        inner.extend(list(heading))
        heading.append(inner)
    if headings:
        link.tag = "div"
        link.attrib.clear()
        return
    for block in list(link.iterdescendants(*_BLOCKS)):
        block.tag, block.tail = "span", f" {block.tail or ''}"


def _settle(element: html.HtmlElement) -> None:
    """Texts beside blocks, and those with an empty line between them, become paragraphs."""
    divided = element.tag in _CONTAINERS - {"ul", "ol", "dl"} or _has_blocks(element)
    if element.tag == "p" and (divided or _has_empty_line(element)):
        element.tag, divided = "div", True
    if divided:
        _divide(element)


def _has_empty_line(element: html.HtmlElement) -> bool:
    return any(_is_second_break(child) for child in element)


def _is_second_break(element: html.HtmlElement) -> bool:
    before = element.getprevious()
    return (
        element.tag == "br" and before is not None and before.tag == "br" and not (before.tail or "").strip()
    )


def _divide(element: html.HtmlElement) -> None:
    run = _Run(element)
    text, element.text = element.text, None
    children = list(element)
    breaks = [_is_second_break(child) for child in children]
    run.add_text(text)
    for child, is_break in zip(children, breaks, strict=True):
        tail, child.tail = child.tail, None
        if child.tag in _BLOCKS:
            run.end()
            element.append(child)
        elif is_break:
            element.remove(child)
            run.end()
        else:
            run.add(child)
        run.add_text(tail)
    run.end()


class _Run:
    """Text and what stands in it, gathered until a block or an empty line ends it."""

    def __init__(self, parent: html.HtmlElement) -> None:
        self._parent = parent
        self._start()

    def _start(self) -> None:
        self._paragraph = html.Element("p")
        self._last: html.HtmlElement | None = None
        self._texts: list[str] = []

    def add(self, element: html.HtmlElement) -> None:
        self._flush()
        self._paragraph.append(element)
        self._last = element

    def add_text(self, text: str | None) -> None:
        if text:
            self._texts.append(text)

    def end(self) -> None:
        self._flush()
        self._trim()
        if _shows(self._paragraph):
            self._parent.append(self._paragraph)
        self._start()

    def _trim(self) -> None:
        """No line ends at the ends."""
        paragraph = self._paragraph
        while len(paragraph) and paragraph[-1].tag == "br" and not (paragraph[-1].tail or "").strip():
            del paragraph[-1]
        while len(paragraph) and paragraph[0].tag == "br" and not (paragraph.text or "").strip():
            paragraph.text = paragraph[0].tail
            del paragraph[0]

    def _flush(self) -> None:
        text, self._texts = "".join(self._texts), []
        if self._last is None:
            self._paragraph.text = text or None
        else:
            self._last.tail = text or None


def _shows(element: html.HtmlElement) -> bool:
    return next(element.iter(*_HELD), None) is not None or bool(str(element.text_content()).strip())


# ---- out --------------------------------------------------------------------------------------------


def written(body: html.HtmlElement) -> str:
    """The blocks as markup: no tag and no attribute that means nothing, white space as it is shown."""
    for element in list(body.iter(*_BLOCKS - {"body", "hr"})):
        if not _is_in_table(element) and not _shows(element):
            gone(element)
    markup = "".join(_tokens(body)).strip()
    return markup if "<pre" in markup else _AROUND_BLOCKS.sub(r"\1", _SPACES.sub(" ", markup))


def _tokens(body: html.HtmlElement) -> Iterator[str]:
    kept_as_is = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        name = _name(element)
        if event == "start":
            kept_as_is += element.tag == "pre"
            if name:
                yield _opening(element, name)
            yield _written(element.text, kept_as_is)
            continue
        kept_as_is -= element.tag == "pre"
        if name and name not in _EMPTY:
            yield f"</{name}>"
        if element is not body:
            in_text = element.tag not in _BLOCKS or _is_in_table(element)
            yield _written(element.tail, kept_as_is) if in_text or (element.tail or "").strip() else ""


def _name(element: html.HtmlElement) -> str:
    """Of its tag, empty where none is to be written."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _UNWRITTEN or not tag.isalnum() or (tag == "a" and not element.get("href")):
        return ""
    return tag


def _opening(element: html.HtmlElement, name: str) -> str:
    attributes = (
        f' {key}="{entities.escape(str(value))}"' for key, value in element.attrib.items() if key in _KEPT
    )
    return f"<{name}{''.join(attributes)}>"


def _written(text: str | None, kept_as_is: int) -> str:
    if not text:
        return ""
    return entities.escape(text if kept_as_is else _SPACE.sub(" ", text), quote=False)
