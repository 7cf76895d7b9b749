"""How does the HTML of a newsletter become an article: readable, and silent about who reads it?

Mails are laid out with tables, speak to each reader by name and watch who opens them. What is hidden, what
watches and what is about the subscription goes; tables that only place things become paragraphs, those that
hold data stay. Nothing here makes markup safe: that is ``refine.clean``'s.
"""

import html as entities
import re
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from lxml import etree, html

from feedsvc.refine.markup import LONGEST, flattened, is_too_costly
from feedsvc.refine.text import one_line, words, xml_text
from feedsvc.sources import paragraphs, small_print
from feedsvc.sources.clicks import Private, target
from feedsvc.sources.paragraphs import gone, replaced

Images = Literal["keep", "drop"]

_NOTHING_TO_READ: Final = words(
    "applet base bgsound button canvas datalist embed frame frameset head iframe input link meta noframes "
    "object option script select style svg template textarea title"
)
_LINK_TAG: Final = re.compile(r"(<a\b[^<>]*>|</a\s*>)", re.IGNORECASE)
_TABLE_TAG: Final = re.compile(r"<(/?)(?:table|thead|tbody|tfoot|tr|td|th)\b", re.IGNORECASE)
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|max-(?:height|width)\s*:\s*0(?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_TINY: Final = re.compile(
    r"(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[012](?:\.\d+)?(?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_PREHEADER: Final = re.compile(r"(?:^|[\s_-])(?:pre-?header|preview-?text|hidden-?preview)", re.IGNORECASE)
_LONGEST_PREHEADER: Final = 300  # characters; what is longer is no preview, whatever it is called
# Names of pictures that are there to be asked for and not to be seen.
_WATCHES: Final = words(
    "1x1 b beacon blank clear dot invisible o onepixel open opened opens pixel px spacer track tracker "
    "tracking trans transparent trk"
)
_MOST_TAGS: Final = 40_000  # no mail that is meant to be read has so many; each takes its time
_TITLES: Final = words("h1 h2 h3")
_ICON: Final = 48  # pixels: what is no larger is no picture of anything
_LONGEST_TAIL: Final = 900  # characters that may follow the way out of the list and be nothing but its frame
_URL_LIKE: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """``content`` is untrusted HTML, empty if nothing is to be read or seen; ``online`` where the mail is a
    page, as the mail says."""

    content: str = ""
    online: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom nobody is to learn of, and what would show him: addresses of mail and of the way out."""

    private: Private
    unsubscribe: frozenset[str] = field(default_factory=frozenset)


def read(markup: str, reader: Reader, *, images: Images) -> Letter:
    """The letter in the HTML of a mail. Never fails, whatever it is."""
    markup = xml_text(markup[:LONGEST])
    if markup.count("<") > _MOST_TAGS or is_too_costly(markup):
        words_alone = entities.escape(reader.private.without(one_line(flattened(markup))))
        return Letter(content=f"<p>{words_alone}</p>")
    body = _body(markup)
    if body is None:
        return Letter()
    language = next(iter(body.getroottree().xpath("/html/@lang")), None)
    _drop_hidden(body)
    _settle_pictures(body, reader, images=images)
    paragraphs.arrange(body)
    blocks = list(map(_block, paragraphs.blocks(body)))
    online = _online(blocks)
    _drop_small_print(blocks, reader)
    _settle_links(body, reader.private)
    return Letter(
        content=paragraphs.written(body), online=online, language=str(language) if language else None
    )


def _body(markup: str) -> html.HtmlElement | None:
    try:
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
        tree = html.document_fromstring(_around_tables(markup).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    found = tree.find("body")
    return found if isinstance(found, html.HtmlElement) else None


def _around_tables(markup: str) -> str:
    """Links around tables: libxml2 would end the link before the table, and all browsers do not."""
    pieces = _LINK_TAG.split(markup)
    for at in range(2, len(pieces) - 1, 2):
        if not pieces[at - 1].startswith("</") and pieces[at + 1].startswith("</"):
            pieces[at] = _TABLE_TAG.sub(r"<\1div", pieces[at])
    return "".join(pieces)


# ---- what is not to be seen -------------------------------------------------------------------------


def _drop_hidden(body: html.HtmlElement) -> None:
    for element in list(body.iterdescendants(*_NOTHING_TO_READ)):
        gone(element)
    for element in list(body.iterdescendants(etree.Element)):
        if _is_hidden(element):
            gone(element)


def _is_hidden(element: html.HtmlElement) -> bool:
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(_PREHEADER.search(name)) and len(str(element.text_content())) <= _LONGEST_PREHEADER


# ---- pictures ---------------------------------------------------------------------------------------


def _settle_pictures(body: html.HtmlElement, reader: Reader, *, images: Images) -> None:
    """Pictures that can be had stay, if they are wanted; others leave their description; pixels nothing."""
    for picture in list(body.iterdescendants("img")):
        source = (picture.get("src") or "").strip()
        if _watches(picture, source):
            gone(picture)
        elif images == "drop" or not _can_be_had(source) or reader.private.names(source):
            replaced(picture, one_line(picture.get("alt") or ""))
        else:
            picture.attrib.pop("srcset", None)  # may say more of the reader than the address itself


def _can_be_had(source: str) -> bool:
    """Not what is inside the mail (``cid:``), which nobody else has."""
    return source.lower().startswith(("http://", "https://", "//"))


def _watches(picture: html.HtmlElement, source: str) -> bool:
    """Too small to be seen, or without description and called as such pictures are."""
    sizes = [(picture.get(side) or "").strip().removesuffix("px") for side in ("width", "height")]
    if any(size in {"0", "1", "2"} for size in sizes) or _TINY.search(picture.get("style") or ""):
        return True
    try:
        path = urlsplit(source).path.lower()
    except ValueError:
        return True
    named = {segment.partition(".")[0] for segment in path.split("/")}
    return not (picture.get("alt") or "").strip() and not any(sizes) and bool(named & _WATCHES)


# ---- what is about the mail -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A paragraph or the like, what one reads in it, and what each link in it says."""

    element: html.HtmlElement
    text: str
    links: tuple[tuple[html.HtmlElement, str], ...]


def _block(element: html.HtmlElement) -> _Block:
    text = one_line(str(element.text_content()))
    # What stands around an address: "View it online: https://..."; nobody says so at length.
    around = _URL_LIKE.sub("", text).strip(" :<>()-–—") if len(text) <= small_print.LONGEST else ""
    links = tuple((link, _label(link, around)) for link in element.iter("a"))
    return _Block(element=element, text=text, links=links)


def _label(link: html.HtmlElement, around: str) -> str:
    text = one_line(str(link.text_content()))
    if not text:
        return " ".join(str(picture.get("alt") or "") for picture in link.iter("img"))
    return around if _URL_LIKE.fullmatch(text) else text


def _online(blocks: list[_Block]) -> str | None:
    """Where the first link leads that says that the mail is a page there."""
    for block in blocks:
        for link, label in block.links:
            href = (link.get("href") or "").strip()
            if href.lower().startswith(("http://", "https://")) and small_print.views_online(label):
                return href
    return None


def _drop_small_print(blocks: list[_Block], reader: Reader) -> None:
    total = sum(len(block.text) for block in blocks)
    seen, way_out = 0, None
    for number, block in enumerate(blocks):
        seen += len(block.text)
        at_the_edge = number < 2 or 2 * seen > total
        leaves = _drop_if_small_print(block, reader, at_the_edge=at_the_edge)
        if leaves and at_the_edge and way_out is None:
            way_out = number
    if way_out is not None:
        _drop_tail(blocks, way_out)


def _drop_if_small_print(block: _Block, reader: Reader, *, at_the_edge: bool) -> bool:
    """Take out the block, or what in it is about the mail; is the way out of the list in it?"""
    ways_out = [link for link, label in block.links if _leaves(link, label, reader)]
    others = [
        link for link, label in block.links if small_print.views_online(label) or small_print.forwards(label)
    ]
    about = small_print.is_about_the_mail(block.text, at_the_edge=at_the_edge)
    named = reader.private.names(block.text)
    short = len(block.text) <= small_print.LONGEST
    if short and (ways_out or others or about or named or _is_row_of_icons(block)):
        gone(block.element)
    else:
        for link in (*ways_out, *others):
            gone(link)
        if named:
            _silence(block.element, reader.private)
    return bool(ways_out)


def _leaves(link: html.HtmlElement, label: str, reader: Reader) -> bool:
    href = (link.get("href") or "").strip()
    return href in reader.unsubscribe or small_print.leaves_list(label, href)


def _is_row_of_icons(block: _Block) -> bool:
    """Several links that are nothing but little pictures: where else the sender is to be found."""
    pictures = list(block.element.iter("img"))
    return (
        len(block.links) > 1
        and len(pictures) >= len(block.links)
        and not block.text
        and all(map(_is_icon, pictures))
    )


def _is_icon(picture: html.HtmlElement) -> bool:
    sizes = [(picture.get(side) or "").removesuffix("px") for side in ("width", "height")]
    known = [int(size) for size in sizes if size.isascii() and size.isdigit() and len(size) < 6]
    return bool(known) and max(known) <= _ICON


def _silence(block: html.HtmlElement, private: Private) -> None:
    for element in block.iter(etree.Element):
        element.text = private.without(element.text) if element.text else element.text
        if element is not block:
            element.tail = private.without(element.tail) if element.tail else element.tail
        for name in ("alt", "title"):
            if element.get(name):
                element.set(name, private.without(str(element.get(name))))


def _drop_tail(blocks: list[_Block], way_out: int) -> None:
    """What follows the way out is the frame of the mail, unless it is long or has headings of its own."""
    tail = [block for block in blocks[way_out + 1 :] if not _is_gone(block)]
    before = sum(len(block.text) for block in blocks[:way_out] if not _is_gone(block))
    length = sum(len(block.text) for block in tail)
    if length <= min(before, _LONGEST_TAIL) and not any(block.element.tag in _TITLES for block in tail):
        for block in tail:
            gone(block.element)


def _is_gone(block: _Block) -> bool:
    return bool(block.element.tag == "span")


# ---- links ------------------------------------------------------------------------------------------


def _settle_links(body: html.HtmlElement, private: Private) -> None:
    """Links lead where they seem to; those that would tell on the reader are none any more."""
    for link in body.iter("a"):
        href = (link.get("href") or "").strip()
        url = target(href, private)
        if url is None:
            link.attrib.pop("href", None)
        else:
            link.set("href", url)
        if _URL_LIKE.fullmatch(one_line(link.text or "")) and len(link) == 0 and url != href:
            link.text = url or "…"  # the text is an address, too
