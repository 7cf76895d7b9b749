"""What does one see of a page at a glance: how much there is to read, and what stands in its markup?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree, html

from feedsvc.pages.page import Page
from feedsvc.pages.walls import APP_ROOTS
from feedsvc.refine.text import one_line

MUCH: Final = 4_000  # characters, more than any wall has to say; the look ends there
MANY: Final = 40  # links that say something
_ELEMENTS: Final = 20_000  # looked at, at most
_MARKUP: Final = 200_000  # characters of scripts and attributes that are kept

_UNSEEN: Final = frozenset({"noscript", "script", "style", "template", "title"})
_WHOLE: Final = frozenset({"article", "body", "head", "html", "main"})  # no boxes, whatever they are called
_HEADINGS: Final = frozenset({"h1", "h2"})
_PICTURES: Final = frozenset({"audio", "canvas", "embed", "frame", "iframe", "img", "object", "svg", "video"})
_TELLING: Final = frozenset({"action", "class", "data-sitekey", "href", "id", "name", "src"})
# What the names of the boxes say that ask for consent; site software all over the world uses these words.
_CONSENT: Final = re.compile(
    "consent|cookie|gdpr|onetrust|didomi|usercentrics|qc-cmp|sp_message", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """``text`` is what one reads, on one line, without ``asking``: the text of boxes that ask for consent.

    ``marks`` are the scripts and the telling attributes in lower case. ``is_busy``: there is so much that
    the look ended early.
    """

    title: str = ""
    headings: tuple[str, ...] = ()
    text: str = ""
    asking: str = ""
    unscripted: str = ""  # what <noscript> says
    links: int = 0  # with text or a picture, leading to another page
    pictures: int = 0
    passwords: int = 0
    controls: int = 0  # buttons and fields
    scripts: tuple[str, ...] = ()  # inline ones
    script_files: int = 0
    data: str = ""  # JSON in scripts
    empty_ids: tuple[str, ...] = ()  # of elements with nothing in them; custom elements by their names
    marks: str = ""
    is_article: bool = False  # so it says: <article>, Open Graph
    is_busy: bool = False

    @property
    def awaits_scripts(self) -> bool:
        """Is there an empty place that scripts will fill, as apps are built?"""
        return any(one in APP_ROOTS or one.startswith("app-") for one in self.empty_ids)


def glance(page: Page) -> Glance:
    look = _Look()
    walk = etree.iterwalk(page.tree, events=("start", "end"))
    for number, (event, element) in enumerate(walk):
        if event == "end":
            look.leave(element)
            continue
        if number > _ELEMENTS or look.length > MUCH or look.links > MANY:
            look.is_busy = True
            break
        if look.enter(element):
            walk.skip_subtree()
    return look.seen(one_line(" ".join(page.tree.xpath("(//title)[1]//text()"))))


class _Look:
    """What was seen so far on the way through the tree."""

    def __init__(self) -> None:
        self.length = 0
        self.links = 0
        self.is_busy = False
        self._text: list[str] = []
        self._asking: list[str] = []
        self._unscripted: list[str] = []
        self._headings: list[str] = []
        self._scripts: list[str] = []
        self._marks: list[str] = []
        self._marked = 0
        self._empty: list[str] = []
        self._pictures = self._passwords = self._controls = self._files = 0
        self._data: list[str] = []
        self._article = False
        self._asks = 0  # how deep in a box that asks for consent

    def enter(self, element: html.HtmlElement) -> bool:
        """Whether what is in it is not to be looked at."""
        tag = element.tag
        if not isinstance(tag, str):  # a comment
            return True
        self._mark(element)
        if tag in _UNSEEN:
            self._unseen(element, tag)
            return True
        if tag not in _WHOLE and (self._asks or _asks_for_consent(element)):
            self._asks += 1
        self._read(element.text)
        self._count(element, tag)
        return False

    def leave(self, element: html.HtmlElement) -> None:
        if self._asks and isinstance(element.tag, str) and element.tag not in _UNSEEN:
            self._asks -= 1
        self._read(element.tail)

    def seen(self, title: str) -> Glance:
        return Glance(
            title=title,
            headings=tuple(self._headings),
            text=one_line(" ".join(self._text)),
            asking=one_line(" ".join(self._asking)),
            unscripted=one_line(" ".join(self._unscripted))[:MUCH],
            links=self.links,
            pictures=self._pictures,
            passwords=self._passwords,
            controls=self._controls,
            scripts=tuple(self._scripts),
            script_files=self._files,
            data="\n".join(self._data)[:_MARKUP],
            empty_ids=tuple(self._empty),
            marks="\n".join(self._marks).lower(),
            is_article=self._article,
            is_busy=self.is_busy,
        )

    def _read(self, text: str | None) -> None:
        if not text or not text.strip():
            return
        if self._asks:
            self._asking.append(text[:MUCH])
        else:
            self._text.append(text[:MUCH])
        self.length += len(text.strip())

    def _unseen(self, element: html.HtmlElement, tag: str) -> None:
        if tag == "noscript":
            self._unscripted.extend(str(text) for text in element.itertext())
            self._note("\n".join(_attributes(element)))
        elif tag == "script":
            text = element.text or ""
            if "json" in (element.get("type") or ""):
                self._data.append(text[:_MARKUP])
            elif element.get("src"):
                self._files += 1
            elif text.strip():
                self._scripts.append(text[:_MARKUP])
                self._note(text)

    def _count(self, element: html.HtmlElement, tag: str) -> None:
        if tag in _HEADINGS and not self._asks:
            self._headings.append(one_line(element.text_content()[:300]))
        elif tag == "a":
            self.links += _leads_on(element)
        elif tag == "article" or (tag == "meta" and element.get("property", "").startswith("og:")):
            self._article = True
        elif tag in _PICTURES:
            self._pictures += 1
        elif tag == "input" and element.get("type") == "password":
            self._passwords += 1
        elif tag in {"button", "input"}:
            self._controls += 1
        elif len(element) == 0 and not (element.text or "").strip():
            self._empty.append((tag if "-" in tag else element.get("id") or "").lower())

    def _mark(self, element: html.HtmlElement) -> None:
        for name, value in element.items():
            if name in _TELLING:
                self._note(value)

    def _note(self, text: str) -> None:
        if self._marked < _MARKUP:
            self._marks.append(text[:_MARKUP])
            self._marked += len(text)


def _asks_for_consent(element: html.HtmlElement) -> bool:
    named = element.get("class"), element.get("id")
    return any(name is not None and _CONSENT.search(name) for name in named)


def _leads_on(link: html.HtmlElement) -> bool:
    href = link.get("href", "").strip()
    if not href or href.startswith(("#", "javascript:")):
        return False
    return bool(link.text_content().strip() or link.xpath(".//img"))


def _attributes(element: html.HtmlElement) -> Iterator[str]:
    for one in element.iter(etree.Element):
        yield from (value for name, value in one.items() if name in _TELLING)
