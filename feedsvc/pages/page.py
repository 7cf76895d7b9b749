"""How does a document become a page that can be asked: decoded, parsed once, its base known?"""

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree, html
from w3lib.encoding import html_to_unicode

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.refine.links import absolute
from feedsvc.refine.text import xml_text

_MARKUP: Final = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|a|article|main|h1)\b", re.IGNORECASE
)
_HEAD: Final = 50_000  # characters that are looked at for markup
_NUL: Final = re.compile(r"\x00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A web page. ``url`` is where it came from, ``base`` what its relative links are resolved against.

    ``tree`` is shared by all who ask: nobody changes it (copy what you must change).
    ``text`` is the decoded markup.
    """

    url: str
    base: str
    tree: html.HtmlElement = field(repr=False)
    text: str = field(repr=False)

    def link(self, href: str | None) -> str | None:
        """The absolute http(s) address that a link on this page means, None if it means none."""
        return absolute(href, self.base) if href and href.strip() else None


def read(document: Document) -> Page:
    """:raises ParseError: of kind "not-html" if there is no page in it."""
    text = _decoded(document)
    if not text.strip() or not _MARKUP.search(text[:_HEAD]):
        raise _no_page(document)
    tree = _tree(text)
    if tree is None:
        raise _no_page(document)
    return Page(url=document.url, base=_base(tree, document.url), tree=tree, text=text)


def _decoded(document: Document) -> str:
    """As UTF-8 where it is that, whatever it says of itself: bytes of other encodings hardly ever are by
    chance, and pages that were saved or moved often say what they were. Else by the byte order mark, the HTTP
    header and the page's own word."""
    try:
        text = document.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        _, text = html_to_unicode(document.headers.get("content-type"), document.body)
    return xml_text(_NUL.sub("", text))


def _tree(text: str) -> html.HtmlElement | None:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=False, huge_tree=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree if isinstance(tree, html.HtmlElement) else None


def _base(tree: html.HtmlElement, url: str) -> str:
    """``<base href>`` (HTML 4.2.3), the first one that has one, else where the page came from."""
    declared = next(iter(tree.xpath("//base/@href")), None)
    return absolute(str(declared), url) or url if declared else url


def _no_page(document: Document) -> ParseError:
    return ParseError(f"no HTML page came from {show_url(document.url)}", kind="not-html")
