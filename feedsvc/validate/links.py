"""Are the links of a feed and of its entries ones that can be followed (RFC 4287 4.2.7, RFC 5005)?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from feedsvc.refine.text import words
from feedsvc.validate import tree
from feedsvc.validate.elements import Attribute, Place, Word, of_value
from feedsvc.validate.rules import Finding
from feedsvc.validate.tree import ATOM, XML, Element
from feedsvc.validate.values import is_relative

# https://www.iana.org/assignments/link-relations/ : those that feeds have a use for
_RELATIONS: Final = words(
    "alternate appendix archives author bookmark canonical copyright current describedby edit edit-media "
    "enclosure first hub icon last license monitor next next-archive payment prev prev-archive previous "
    "related replies search self service shortlink start up via working-copy"
)
_IANA: Final = "http://www.iana.org/assignments/relation/"
HISTORY: Final = words("current first last next next-archive prev-archive previous")
LINK: Final = Word(
    once=False,
    holds=True,
    attributes={
        "href": Attribute(required=True),
        "rel": Attribute(),
        "title": Attribute(),
        "type": Attribute(kind="media-type"),
        "hreflang": Attribute(kind="language"),
        "length": Attribute(kind="count"),
    },
)


def links(parent: Element) -> list[Element]:
    return list(parent.iterchildren(f"{{{ATOM}}}link"))


def relation(link: Element) -> str:
    return (link.get("rel") or "alternate").strip().removeprefix(_IANA)


def of_links(parent: Element, place: Place, *, in_feed: bool) -> Iterator[Finding]:
    found = links(parent)
    for link in found:
        yield from _of_link(link, place)
        if not in_feed and relation(link) in HISTORY:
            yield place.says("history-in-entry", link, parent=place.name, value=relation(link))
    yield from _alternates(found, place)


def of_feed(parent: Element, place: Place, url: str | None) -> Iterator[Finding]:
    """Where the feed says to be, and what it says of its history."""
    found = links(parent)
    own = [link.get("href") or "" for link in found if relation(link) == "self"]
    if not own:
        yield place.says("self-missing", parent, parent=place.name)
    elif url is not None and url not in own:
        yield place.says("self-differs", parent, value=own[0])
    relations = {relation(link) for link in found}
    names = {tree.name(child) for child in tree.children(parent)}
    if "fh:complete" in names:
        for one in sorted(relations & (HISTORY - {"current"})):
            yield place.says("complete-linked", parent, value=one)
    elif "fh:archive" in names:
        if not relations & {"prev-archive", "next-archive"}:
            yield place.says("archive-alone", parent)
        if "current" not in relations:
            yield place.says("archive-current", parent)


def has_base(element: Element) -> bool:
    return any(one.get(f"{{{XML}}}base") for one in (element, *element.iterancestors()))


def _of_link(link: Element, place: Place) -> Iterator[Finding]:
    href = link.get("href")
    if href is None:
        pass  # is told with the other attributes
    elif is_relative(href):
        if not has_base(link):
            yield place.says("url-relative", link, element="link", value=href)
    else:
        yield from of_value(link, "link", href, "iri", place)
    rel = relation(link)
    if rel not in _RELATIONS and is_relative(rel):
        yield place.says("relation", link, value=rel)


def _alternates(found: Sequence[Element], place: Place) -> Iterator[Finding]:
    kinds = Counter(
        (link.get("type") or "", link.get("hreflang") or "")
        for link in found
        if relation(link) == "alternate"
    )
    if any(count > 1 for count in kinds.values()):
        yield place.says("alternate-twice", found[0], parent=place.name)
