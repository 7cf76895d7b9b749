"""What do the CSS and XPath selectors of a config pick out of a page? The only importer of parsel.

CSS with parsel's ``::text`` and ``::attr(name)``, or XPath: what begins with ``/``, ``./``, ``..``, ``(``,
``@``, an axis (``descendant::``) or a function, or with ``xpath:``. ``css:`` may be before the others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.refine.text import one_line, words

LONGEST: Final = 2_000  # characters of a selector
MOST: Final = 5_000  # matches of one selector on one page
_XPATH: Final = re.compile(
    r"\s*(?:\.?/|\.\.|\(|@|(?:ancestor|ancestor-or-self|attribute|child|descendant|descendant-or-self|following"
    r"|following-sibling|parent|preceding|preceding-sibling|self)::"
    r"|(?:concat|normalize-space|string|string-join|substring|substring-after|substring-before|translate)\()"
)
_FUNCTIONS: Final = words(
    "boolean ceiling comment concat contains count false floor has-class id lang last local-name name "
    "namespace-uri node normalize-space not number position processing-instruction re:match re:replace "
    "re:test round set:difference set:distinct set:has-same-node set:intersection set:leading "
    "set:trailing starts-with string string-length substring substring-after substring-before sum text "
    "translate true"
)
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALL: Final = re.compile(r"([A-Za-z_][\w.:-]*)\s*\(")
_INLINE: Final = words(
    "a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s small span strong sub sup time tt u "
    "var wbr"
)
_LAST_COMPOUND: Final = re.compile(r"\s*[>~+\s]\s*(?:[^\s>~+\[\](),]|\[[^\]]*\]|\([^()]*\))+$")
_LAST_STEP: Final = re.compile(r"//?[^/\[\]]+(?:\[[^\]]*\])*$")
_PARTICULAR: Final = re.compile(r"[#\[]|\.[A-Za-z_]")
_NAMESPACES: Final = {"re": "http://exslt.org/regular-expressions", "set": "http://exslt.org/sets"}

# What a match is: an element, or the text of a text node or an attribute.
Match: TypeAlias = HtmlElement | str


@dataclass(frozen=True, slots=True)
class Selector:
    """``text`` as the config has it, and the XPath that it means."""

    text: str
    kind: Literal["css", "xpath"]
    xpath: str


class BadSelector(ValueError):
    """It cannot be used; the message says why."""


@lru_cache(maxsize=1_024)
def compiled(text: str) -> Selector:
    """:raises BadSelector: if it is neither CSS nor XPath."""
    kind, body = _kind(text.strip())
    if not body:
        raise BadSelector("is empty")
    if len(body) > LONGEST:
        raise BadSelector(f"is longer than {LONGEST} characters")
    xpath = _of_css(body) if kind == "css" else body
    try:
        etree.XPath(xpath, namespaces=_NAMESPACES)
    except (etree.XPathError, ValueError) as error:
        raise BadSelector(
            f"is no {'CSS selector' if kind == 'css' else 'XPath'}: {body!r}: {error}"
        ) from error
    if kind == "xpath":
        _expect_known(body)
    return Selector(text, kind, xpath)


def matches(selector: Selector, element: HtmlElement) -> list[Match]:
    """Elements, or texts of text nodes and attributes, in the order of the page. A number is a text."""
    found = _selected(selector.xpath, element)
    if not isinstance(found, list):
        return [str(found)] if not isinstance(found, bool) else []
    return [
        one if isinstance(one, HtmlElement) else str(one)
        for one in found[:MOST]
        if isinstance(one, (HtmlElement, str))
    ]


def elements(selector: Selector, element: HtmlElement) -> list[HtmlElement]:
    return [one for one in matches(selector, element) if isinstance(one, HtmlElement)]


def text(selector: Selector, element: HtmlElement) -> str:
    """All that is matched, as one line of text: pieces of a line stay together, blocks are set apart."""
    found = _selected(selector.xpath, element)
    if not isinstance(found, list):
        return "" if isinstance(found, bool) else one_line(str(found))
    pieces: list[str] = []
    last: object = None
    for one in found[:MOST]:
        block = _block_of(one)
        pieces.append("" if block is last and last is not None else " ")
        pieces.append(_text_of(one))
        last = block
    return one_line("".join(pieces))


def container(selector: Selector) -> Selector | None:
    """The selector of what the last step of this one is looked for in; None if that is nothing particular.

    ``ul.news > li`` -> ``ul.news``: if that is there and has no ``li``, the list is empty, not gone.
    """
    body = _kind(selector.text.strip())[1]
    head = (_LAST_COMPOUND if selector.kind == "css" else _LAST_STEP).sub("", body)
    if not head or head == body or not _PARTICULAR.search(head):
        return None
    try:
        return compiled(f"{selector.kind}:{head}")
    except BadSelector:
        return None


# ---- the door ---------------------------------------------------------------------------------------


def _kind(text: str) -> tuple[Literal["css", "xpath"], str]:
    if text.startswith("css:"):
        return "css", text[4:].strip()
    if text.startswith("xpath:"):
        return "xpath", text[6:].strip()
    return ("xpath" if _XPATH.match(text) else "css"), text


def _of_css(text: str) -> str:
    from cssselect import SelectorError  # noqa: PLC0415 comes with parsel
    from parsel.csstranslator import HTMLTranslator  # noqa: PLC0415 slow to import

    try:
        return str(HTMLTranslator().css_to_xpath(text))
    except SelectorError as error:
        raise BadSelector(f"is no CSS selector: {text!r}: {error}") from error


def _expect_known(xpath: str) -> None:
    """Unknown functions and variables would show only where a page has what they are asked of."""
    bare = _QUOTED.sub("''", xpath)
    if "$" in bare:
        raise BadSelector(f"has a variable, and there are none: {xpath!r}")
    unknown = next((name for name in _CALL.findall(bare) if name.rpartition("::")[2] not in _FUNCTIONS), None)
    if unknown is not None:
        raise BadSelector(f"calls {unknown}(), which XPath 1.0 does not have: {xpath!r}")


def _selected(xpath: str, element: HtmlElement) -> Any:
    import parsel  # noqa: F401, PLC0415 slow to import; brings the function has-class()

    try:
        return element.xpath(xpath, namespaces=_NAMESPACES)
    except etree.XPathError as error:
        raise BadSelector(f"cannot be used on this page: {xpath!r}: {error}") from error


# ---- texts ------------------------------------------------------------------------------------------


def _text_of(one: Any) -> str:
    return "".join(_pieces(one)) if isinstance(one, HtmlElement) else str(one)


def _pieces(element: HtmlElement) -> Iterator[str]:
    for event, one in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        edge = "" if one.tag in _INLINE or one is element else " "
        if event == "start":
            yield edge + (one.text or "" if one.tag not in {"script", "style"} else "")
        else:
            yield (edge if event == "end" else "") + ((one.tail or "") if one is not element else "")


def _block_of(one: Any) -> object:
    """The block in which a piece of text stands; None for attributes, which stand alone."""
    if isinstance(one, HtmlElement):
        return one
    if getattr(one, "is_attribute", False):
        return None
    parent = one.getparent() if hasattr(one, "getparent") else None
    if parent is not None and getattr(one, "is_tail", False):
        parent = None if parent.tag == "br" else parent.getparent()
    while parent is not None and parent.tag in _INLINE:
        parent = parent.getparent()
    return parent


def first(found: Sequence[Match]) -> Match | None:
    return found[0] if found else None
