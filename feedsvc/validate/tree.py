"""Is a document XML at all, and what is each of its elements called?"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, TypeAlias

from lxml import etree

from feedsvc.validate.rules import Finding, found

Element: TypeAlias = etree._Element

XML: Final = "http://www.w3.org/XML/1998/namespace"
ATOM: Final = "http://www.w3.org/2005/Atom"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS10: Final = "http://purl.org/rss/1.0/"
TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
XHTML: Final = "http://www.w3.org/1999/xhtml"

# The prefixes that the vocabularies of feeds are known by.
PREFIXES: Final = {
    "": "",
    ATOM: "atom",
    XML: "xml",
    RDF: "rdf",
    RSS10: "rss10",
    XHTML: "xhtml",
    "http://my.netscape.com/rdf/simple/0.9/": "rss09",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "http://purl.org/syndication/history/1.0": "fh",
    TOMBSTONES: "at",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://wellformedweb.org/CommentAPI/": "wfw",
}
# Other spellings, which readers that compare letter by letter do not know.
_MISSPELT: Final = {
    _folded: space
    for space in PREFIXES
    if space
    for _folded in {space.lower().rstrip("/"), space.lower().replace("http://", "https://").rstrip("/")}
}


def parsed(body: bytes) -> tuple[Element | None, list[Finding]]:
    """The root, None where the document is no XML, and what is wrong with the document as such.

    Entities that it declares are filled in as far as libxml2 thinks it safe; nothing else is loaded.
    """
    parser = etree.XMLParser(no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        return None, [found("not-well-formed", line=error.position[0] or None, error=_reason(error))]
    except (LookupError, ValueError) as error:  # an encoding that is none
        return None, [found("not-well-formed", error=error)]
    return root, list(_document(root))


def _reason(error: etree.XMLSyntaxError) -> str:
    return (error.msg or "nothing in it").partition(", line ")[0]


def _document(root: Element) -> Iterator[Finding]:
    about = root.getroottree().docinfo
    if about.internalDTD is not None:
        yield found("doctype", line=1)
    if about.encoding and about.encoding.upper() not in {"UTF-8", "US-ASCII", "ASCII"}:
        yield found("encoding", line=1, encoding=about.encoding)
    spaces = {space for element in root.iter("{*}*") for space in element.nsmap.values()}
    for space in sorted(spaces):
        right = _MISSPELT.get(space.lower().rstrip("/"))
        if right is not None and space not in PREFIXES:
            yield found("namespace-unknown", line=line(root), value=space, right=right)


@lru_cache(maxsize=1_024)
def _named(tag: str) -> tuple[str | None, str]:
    space, _, local = tag.removeprefix("{").rpartition("}")
    return PREFIXES.get(space), local


def prefix(element: Element) -> str | None:
    """Of its vocabulary; "" without a namespace, None where we do not know the vocabulary."""
    return _named(str(element.tag))[0]


def local(element: Element) -> str:
    return _named(str(element.tag))[1]


def name(element: Element) -> str:
    """As people write it: ``title``, ``atom:link``; with its own prefix if we do not know its vocabulary."""
    known, own = _named(str(element.tag))
    if known is None:
        return f"{element.prefix or '?'}:{own}"
    return own if known in {"", "rss10", "rss09"} else f"{known}:{own}"


def line(element: Element) -> int | None:
    """From 1 on, where its tag begins."""
    number: Any = element.sourceline  # an Ellipsis to the stubs
    return None if number is None else int(number)


def text(element: Element) -> str:
    """Its own text, without white space at the ends."""
    return (element.text or "").strip()


def children(element: Element) -> Iterator[Element]:
    yield from element.iterchildren("{*}*")


def spaced_text(element: Element) -> str:
    """What is written between its children."""
    parts = [element.text, *(child.tail for child in element)]
    return "".join(part for part in parts if part).strip()
