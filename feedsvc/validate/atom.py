"""Is a document Atom 1.0 as RFC 4287 has it: by its RELAX NG schema, and by what no schema can say?"""

import binascii
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Final

from lxml import etree

from feedsvc.refine.dates import read_date
from feedsvc.validate import links, markup, tree
from feedsvc.validate.elements import MANY, Attribute, Place, Word, of_children, of_markup, of_value
from feedsvc.validate.rules import Finding, found
from feedsvc.validate.tree import ATOM, TOMBSTONES, XHTML, Element
from feedsvc.validate.values import check as check_value
from feedsvc.validate.values import is_relative
from feedsvc.validate.vocabularies import of_borrowed

_MOST_OF_SCHEMA: Final = 5  # what the schema says after that follows from the first

_CATEGORY: Final = Word(
    once=False,
    empty=True,
    attributes={"term": Attribute(required=True), "scheme": Attribute(kind="iri"), "label": Attribute()},
)
_TYPE: Final = {"type": Attribute()}
_TEXT: Final = Word(holds=True, attributes=_TYPE)
_SHARED: Final[Mapping[str, Word]] = {
    "author": MANY,
    "contributor": MANY,
    "category": _CATEGORY,
    "link": links.LINK,
    "rights": _TEXT,
}
_ENTRY: Final[Mapping[str, Word]] = {
    **_SHARED,
    "id": Word(kind="iri", required=True),
    "title": Word(holds=True, required=True, attributes=_TYPE),
    "updated": Word(kind="rfc3339", required=True),
    "published": Word(kind="rfc3339"),
    "content": Word(holds=True, attributes={**_TYPE, "src": Attribute()}),
    "summary": _TEXT,
    "source": Word(holds=True),
}
_SOURCE: Final[Mapping[str, Word]] = {
    **_SHARED,
    "id": Word(kind="iri"),
    "title": _TEXT,
    "updated": Word(kind="rfc3339"),
    "subtitle": _TEXT,
    "generator": Word(attributes={"uri": Attribute(kind="reference"), "version": Attribute()}),
    "icon": Word(kind="reference"),
    "logo": Word(kind="reference"),
}
_FEED: Final[Mapping[str, Word]] = {
    **_SOURCE,
    "id": Word(kind="iri", required=True),
    "title": Word(holds=True, required=True, attributes=_TYPE),
    "updated": Word(kind="rfc3339", required=True),
    "entry": MANY,
}
_PERSON: Final[Mapping[str, Word]] = {
    "name": Word(kind="words", required=True),
    "uri": Word(kind="reference"),
    "email": Word(kind="address"),
}
_TEXTS: Final = frozenset({"rights", "subtitle", "summary", "title"})
_PEOPLE: Final = frozenset({"author", "contributor"})
_TYPES: Final = frozenset({"text", "html", "xhtml"})


def is_atom(root: Element) -> bool:
    return root.tag in {f"{{{ATOM}}}feed", f"{{{ATOM}}}entry"}


def entries(root: Element) -> list[Element]:
    return list(root.iterchildren(f"{{{ATOM}}}entry")) if tree.local(root) == "feed" else [root]


def check(root: Element, *, now: datetime, url: str | None) -> Iterator[Finding]:
    """The schema speaks only where our own rules, which say it in plainer words, find no error."""
    broken = False
    for finding in _rules(root, now=now, url=url):
        broken |= finding.level == "error"
        yield finding
    if not broken:
        yield from _by_schema(root)


@lru_cache(maxsize=1)
def _schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.fromstring(files("feedsvc.validate").joinpath("atom.rng").read_bytes()))


def _by_schema(root: Element) -> Iterator[Finding]:
    schema = _schema()
    if not schema.validate(root):
        for error in list(schema.error_log)[:_MOST_OF_SCHEMA]:
            yield found("schema", line=error.line or None, error=error.message)


def _rules(root: Element, *, now: datetime, url: str | None) -> Iterator[Finding]:
    is_feed = tree.local(root) == "feed"
    if is_feed:
        yield from _feed(root, Place(name="feed", now=now, own="atom"), url)
    seen: dict[str, set[str]] = {}
    with_author = is_feed and _has(root, "author")
    for number, entry in enumerate(entries(root), start=1):
        place = Place(name=f"entry {number}" if is_feed else "entry", now=now, own="atom")
        yield from _entry(entry, place, with_author=with_author)
        yield from _identity(entry, seen, place)
    yield from _tombstones(root, seen, Place(name="feed", now=now, own="atom"))


# ---- the feed ---------------------------------------------------------------------------------------


def _feed(root: Element, place: Place, url: str | None) -> Iterator[Finding]:
    yield from _container(root, _FEED, place)
    yield from links.of_feed(root, place, url)
    first = next(root.iterchildren(f"{{{ATOM}}}entry"), None)
    if first is not None:
        late = first.itersiblings(*(f"{{{ATOM}}}{name}" for name in _FEED if name != "entry"))
        for element in late:
            yield place.says("misplaced", element, element=tree.local(element))


def _container(parent: Element, known: Mapping[str, Word], place: Place) -> Iterator[Finding]:
    """A feed, an entry, or the source of one."""
    yield from of_children(parent, known, place)
    yield from of_borrowed(parent, place)
    yield from links.of_links(parent, place, in_feed=known is not _ENTRY)
    for child in parent.iterchildren(f"{{{ATOM}}}*"):
        if tree.local(child) in _TEXTS:
            yield from _text(child, place)
        elif tree.local(child) in _PEOPLE:
            yield from of_children(child, _PERSON, place.within(tree.local(child)))


# ---- an entry ---------------------------------------------------------------------------------------


def _entry(entry: Element, place: Place, *, with_author: bool) -> Iterator[Finding]:
    yield from _container(entry, _ENTRY, place)
    source = _child(entry, "source")
    if source is not None:
        yield from _container(source, _SOURCE, place.within("source"))
    if not with_author and not _has(entry, "author") and (source is None or not _has(source, "author")):
        yield place.says("missing", entry, parent=place.name, element="author (nor has the feed one)")
    content = _child(entry, "content")
    if content is not None:
        yield from _content(content, entry, place)
        return
    if not any(links.relation(link) == "alternate" for link in links.links(entry)):
        yield place.says("needs-link", entry, parent=place.name)
    if not _has(entry, "summary"):
        yield place.says("no-text", entry, parent=place.name)


def _identity(entry: Element, seen: dict[str, set[str]], place: Place) -> Iterator[Finding]:
    """An id twice is one entry twice, in two versions (RFC 4287 4.1.1)."""
    id, updated = (_said(entry, name) for name in ("id", "updated"))
    if not id:
        return
    if id in seen:
        code = "entry-twice-alike" if updated in seen[id] else "entry-twice"
        yield place.says(code, entry, parent=place.name, value=id)
    seen.setdefault(id, set()).add(updated)


def _tombstones(root: Element, seen: Mapping[str, set[str]], place: Place) -> Iterator[Finding]:
    """A deleted entry is one that is not there any more, or was again later (RFC 6721 3)."""
    for stone in root.iterchildren(f"{{{TOMBSTONES}}}deleted-entry"):
        when = read_date(stone.get("when"))
        dates = [read_date(updated) for updated in seen.get(stone.get("ref") or "", ())]
        if when and when.tzinfo and any(date and date.tzinfo and date <= when for date in dates):
            yield place.says("tombstone-entry", stone, parent="an entry", value=stone.get("ref"))


def _said(parent: Element, name: str) -> str:
    child = _child(parent, name)
    return "" if child is None else tree.text(child)


def _child(parent: Element, name: str) -> Element | None:
    return parent.find(f"{{{ATOM}}}{name}")


def _has(parent: Element, name: str) -> bool:
    return _child(parent, name) is not None


# ---- texts ------------------------------------------------------------------------------------------


def _text(element: Element, place: Place) -> Iterator[Finding]:
    """A text construct (RFC 4287 3.1)."""
    kind, label = element.get("type", "text"), tree.local(element)
    if kind not in _TYPES:
        yield place.says("text-type", element, element=label, value=kind)
    else:
        yield from _readable(element, kind, place)


def _readable(element: Element, kind: str, place: Place) -> Iterator[Finding]:
    """Text, escaped HTML, or XHTML in one div."""
    label, text = tree.local(element), tree.text(element)
    if kind == "xhtml":
        yield from _xhtml(element, label, place)
    elif len(element):
        yield place.says("unknown", element[0], parent=label, element=tree.name(element[0]))
    elif not text:
        yield place.says("blank", element, element=label)
    elif kind == "text":
        yield from of_value(element, label, text, "words", place)
    else:
        based = links.has_base(element)
        broken = (one for one in markup.in_html(text) if not (based and one[0] == "url-inside"))
        yield from of_markup(element, label, broken, place)
        yield from of_value(element, label, text, "any", place)


def _xhtml(element: Element, label: str, place: Place) -> Iterator[Finding]:
    if [str(child.tag) for child in element] != [f"{{{XHTML}}}div"] or tree.spaced_text(element):
        yield place.says("xhtml", element, element=label)
        return
    foreign = next(
        (one for one in element.iter("{*}*") if one is not element and tree.prefix(one) == ""), None
    )
    if foreign is not None:
        yield place.says("xhtml-foreign", foreign, element=label, value=tree.local(foreign))
    based = links.has_base(element)
    broken = (one for one in markup.in_tree(element, skip=element) if not (based and one[0] == "url-inside"))
    yield from of_markup(element, label, broken, place)


def _content(element: Element, entry: Element, place: Place) -> Iterator[Finding]:
    """What an entry says, or where that is (RFC 4287 4.1.3)."""
    kind, src = element.get("type", "text"), element.get("src")
    if src is not None:
        yield from _elsewhere(element, src, entry, place)
    elif kind in _TYPES:
        yield from _readable(element, kind, place)
    elif broken := check_value("media-type", kind, place.now):
        yield place.says(broken[0], element, element="content, type", value=kind)
    elif kind.lower().startswith(("text/", "multipart/")) or kind.lower().endswith(("+xml", "/xml")):
        pass  # as it is
    else:
        if not _is_base64(tree.text(element)):
            yield place.says("base64", element, element="content", value=kind)
        if not _has(entry, "summary"):
            yield place.says("summary-missing", entry, parent=place.name)


def _elsewhere(element: Element, src: str, entry: Element, place: Place) -> Iterator[Finding]:
    if not is_relative(src):
        yield from of_value(element, "content, src", src, "iri", place)
    if element.get("type") is None:
        yield place.says(
            "missing-advised", element, parent="content", element="type", reason="readers choose by it"
        )
    if not _has(entry, "summary"):
        yield place.says("summary-missing", entry, parent=place.name)


def _is_base64(text: str) -> bool:
    try:
        binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except (ValueError, binascii.Error):
        return False
    return True
