"""Which feeds does somebody's list of subscriptions name, and in which folders? (OPML, from anywhere)

Pure. The document is untrusted: nothing outside of it is read, and size, depth and count are bounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from lxml import etree

from feedsvc.errors import ParseError
from feedsvc.model import Document
from feedsvc.refine.text import one_line, shortened, xml_text
from feedsvc.sources.found import describe

LARGEST: Final = 10_000_000  # bytes
MOST: Final = 20_000  # outlines
DEEPEST: Final = 20  # folders in each other that are told apart
LONGEST: Final = 200  # characters of a name
_FEEDS: Final = frozenset(
    {"atom", "feed", "json", "jsonfeed", "rdf", "rss", "rss1", "rss2"}
)  # values of type


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed on ``line``; ``url`` as it is written, ``folders`` from the outermost in."""

    line: int
    title: str
    url: str
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What cannot be taken from ``line``, and why."""

    line: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    feeds: tuple[Outline, ...]
    broken: tuple[Broken, ...] = ()


def read(body: bytes) -> Outlines:
    """The feeds of an OPML document in its order. What is after a fault in the XML may be missing: the fault
    is among what is ``broken``.

    :raises ParseError: if it is none, or larger than anybody's list.
    """
    if len(body) > LARGEST:
        raise ParseError(f"larger than {LARGEST:,} bytes: no list of subscriptions")
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or _local(root) != "opml":
        raise ParseError(f"{describe(Document(url='', body=body))} came instead of OPML")
    found = list(_walk(root))
    feeds = tuple(one for one in found if isinstance(one, Outline))
    broken = [one for one in found if isinstance(one, Broken)]
    return Outlines(feeds=feeds, broken=(*broken, *_faults(parser)))


def _walk(root: etree._Element) -> Iterator[Outline | Broken]:
    """Without recursion: the depth is the document's."""
    left: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    seen = 0
    while left:
        element, folders = left.pop()
        if _local(element) == "outline":
            seen += 1
            if seen > MOST:
                reason = f"more than {MOST:,} outlines: what comes after is left out"
                yield Broken(line=_line(element), title="", reason=reason)
                return
            said = {str(name).lower(): str(value) for name, value in element.items()}
            title = _name(said.get("title") or said.get("text") or "")
            found = _outline(element, said, title, folders)
            if found is not None:
                yield found
            elif title and len(folders) < DEEPEST:
                folders = (*folders, title)
        left += [(child, folders) for child in reversed(element)]


def _outline(
    element: etree._Element, said: dict[str, str], title: str, folders: tuple[str, ...]
) -> Outline | Broken | None:
    """None for a folder, and for what somebody wrote between."""
    url = xml_text(said.get("xmlurl", "")).strip()
    if url:
        return Outline(line=_line(element), title=title, url=url, folders=folders)
    if "xmlurl" in said or said.get("type", "").lower() in _FEEDS:
        return Broken(line=_line(element), title=title, reason="a feed without an address: xmlUrl is missing")
    return None


def _name(text: str) -> str:
    return shortened(one_line(xml_text(text)), LONGEST)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _line(element: etree._Element) -> int:
    return cast("int | None", element.sourceline) or 1  # the stubs leave its type open


def _faults(parser: etree.XMLParser) -> Iterator[Broken]:
    """The first fault of the XML itself: the others mostly follow from it."""
    for fault in list(parser.error_log)[:1]:
        reason = f"not well-formed XML ({_name(fault.message)}): what comes after may be missing"
        yield Broken(line=max(fault.line, 1), title="", reason=reason)
