"""What does the text of a Markdown, HTML or plain text file say, besides its front matter?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final, Literal

from feedsvc.errors import ParseError
from feedsvc.model import Author
from feedsvc.refine.clean import plain
from feedsvc.refine.dates import read_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TextType = Literal["text", "html"]

_AUTHOR: Final = ("author", "dcterms.creator", "dc.creator")
_DATE: Final = ("date", "article:published_time", "dcterms.date", "dc.date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the text itself tells; the title is the one that was given where one was."""

    title: str | None
    content: str | None
    title_type: TextType = "text"
    content_type: TextType = "html"
    summary: str | None = None
    link: str | None = None
    image: str | None = None
    language: str | None = None
    authors: tuple[Author, ...] = ()
    tags: tuple[str, ...] = ()
    published: datetime | None = None


def read(suffix: str, text: str, *, title: str | None) -> Told:
    """Read a file by the end of its name. Raises ParseError as ``line: what is wrong``."""
    if suffix in {".md", ".markdown"}:
        return _markdown(text, title)
    if suffix in {".html", ".htm"}:
        return _html(text, title)
    if suffix == ".txt":
        return _plain(text, title)
    raise ParseError(f"1: {suffix or 'a file without ending'} is not read; name it .md, .html or .txt")


# ---- plain text -------------------------------------------------------------------------------------


def _plain(text: str, title: str | None) -> Told:
    """The first line is the title unless one is given; empty lines part paragraphs."""
    if title is None:
        title, _, text = text.strip().partition("\n")
    return Told(title=title.strip(), content=text.strip() or None, content_type="text")


# ---- Markdown ---------------------------------------------------------------------------------------


def _markdown(text: str, title: str | None) -> Told:
    """The first heading is the title, and no longer in the text, if it opens the text or is of level 1."""
    reader = _reader()
    tokens = reader.parse(text)
    at = _heading(tokens)
    heading = reader.renderer.render(tokens[at + 1 : at + 2], reader.options, {}) if at is not None else None
    if at is not None and (title is None or plain(heading) == plain(title, "text")):
        del tokens[at : at + 3]
    content = reader.renderer.render(tokens, reader.options, {}).strip() or None
    if title is not None:
        return Told(title=title, content=content)
    return Told(title=heading, title_type="html", content=content)


def _heading(tokens: "Sequence[Token]") -> int | None:
    """Where the heading that names the text is; it takes three tokens."""
    found = (
        index
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and (index == 0 or token.tag == "h1") and token.level == 0
    )
    return next(found, None)


@lru_cache(maxsize=1)
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 slow to import, and few commands parse

    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    reader.parse("ready")  # it puts its rules together at first use, which threads must not do together
    return reader


# ---- HTML -------------------------------------------------------------------------------------------


def _html(text: str, title: str | None) -> Told:
    """Title, date, author and so on as the page's head gives them; the text is that of main or body."""
    page = _page(text)
    heading = next(iter(page.iter("h1")), None)
    name = title or _words(page.find(".//title")) or _words(heading)
    if heading is not None and plain(_words(heading), "text") == plain(name, "text"):
        heading.drop_tree()
    about = _meta(page)
    return Told(
        title=name,
        content=_inner(page) or None,
        summary=_first(about, "description", "og:description"),
        link=next((one.get("href") for one in page.iterfind(".//link[@rel='canonical']")), None),
        image=_first(about, "og:image"),
        language=page.get("lang"),
        authors=tuple(Author(name=one) for name in _AUTHOR for one in about.get(name, ())),
        tags=tuple(tag.strip() for one in about.get("keywords", ()) for tag in one.split(",") if tag.strip()),
        published=read_date(_first(about, *_DATE)),
    )


def _page(text: str) -> "HtmlElement":
    from lxml import etree, html  # noqa: PLC0415 slow to import, and few commands parse

    try:
        return html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(f"1: the file is no HTML: {error}") from error


def _words(element: "HtmlElement | None") -> str | None:
    return None if element is None else " ".join(element.text_content().split()) or None


def _meta(page: "HtmlElement") -> Mapping[str, Sequence[str]]:
    """The contents of the page's meta elements by name or property, in lower case."""
    found: dict[str, list[str]] = {}
    for one in page.iter("meta"):
        name, content = one.get("name") or one.get("property") or "", (one.get("content") or "").strip()
        if content:
            found.setdefault(name.lower(), []).append(content)
    return found


def _first(about: Mapping[str, Sequence[str]], *names: str) -> str | None:
    return next((about[name][0] for name in names if name in about), None)


def _inner(page: "HtmlElement") -> str:
    """The markup inside the only article, else main, else body."""
    from lxml import html  # noqa: PLC0415 slow to import, and few commands parse

    places = (page.findall(f".//{name}") for name in ("article", "main", "body"))
    place = next((found[0] for found in places if len(found) == 1), page)
    parts = (html.tostring(child, encoding="unicode") for child in place)
    return "".join((escape(place.text or "", quote=False), *parts)).strip()
