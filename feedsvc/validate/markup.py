"""What is in the markup of an entry that readers drop, cannot follow or must fear?"""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from feedsvc.refine.text import words
from feedsvc.validate.tree import Element
from feedsvc.validate.values import is_relative

LONGEST: Final = 1_000_000  # characters that are looked at
MOST: Final = 10  # findings in one text

_SCRIPTS: Final = words("script")
_RISKY: Final = words(
    "applet base body button embed form frame frameset head html iframe input link meta noscript object "
    "option select style textarea title"
)
_ADDRESSES: Final = words("action cite data formaction href longdesc poster src")
_SCRIPT_SCHEMES: Final = ("javascript:", "vbscript:", "data:text/html")

Broken = tuple[str, str]  # code of the rule, what was found


def in_html(html: str) -> Iterator[Broken]:
    """As browsers read it: (code, value) of each broken rule, each once."""
    if "<" not in html:
        return
    # In a <div>, so that fragments of any kind have one root; it and what the parser adds is not told.
    document = f"<div>{html[:LONGEST]}</div>".encode("utf-8", "replace")
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):  # nothing in it that a browser would show
        return
    body = root.find("body") if root is not None else None
    if body is not None:
        yield from in_tree(body, skip=body)


def in_tree(root: Element, *, skip: Element | None = None) -> Iterator[Broken]:
    """The same of elements that are parsed already, without ``skip`` itself."""
    told: set[Broken] = set()
    for element in root.iter("*"):
        if element is skip:
            continue
        for broken in _of_element(element):
            if broken not in told and len(told) < MOST:
                told.add(broken)
                yield broken


def _of_element(element: Element) -> Iterator[Broken]:
    tag = str(element.tag).rpartition("}")[2].lower()
    if tag in _SCRIPTS:
        yield "script", f"<{tag}>"
    elif tag in _RISKY:
        yield "markup-risky", tag
    for name, value in element.attrib.items():
        yield from _of_attribute(str(name).lower(), str(value))


def _of_attribute(name: str, value: str) -> Iterator[Broken]:
    if name.startswith("on"):
        yield "script", name
    elif name == "style":
        yield "markup-style", value
    elif name in _ADDRESSES:
        plain = "".join(value.split()).lower()
        if plain.startswith(_SCRIPT_SCHEMES):
            yield "script", value
        elif is_relative(value) and value.strip():
            yield "url-inside", value
