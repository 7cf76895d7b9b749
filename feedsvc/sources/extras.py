"""What do a feed's entries say in vocabularies that feedparser passes on only in part?

iTunes and Podcasting 2.0 (of episodes), and Media RSS (who made a picture, what it shows). Read by lxml from
the same bytes, and only where one of these vocabularies is in them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from feedsvc.model import Enclosure, Image, Podcast
from feedsvc.sources import episode
from feedsvc.sources.defuse import REFERENCE, existing
from feedsvc.sources.vocabulary import name_of, text_of

if TYPE_CHECKING:
    from lxml import etree

_MARKS: Final = (b"itunes", b"podcast", b"credit", b"media:title", b"media:description")
_ENTRIES: Final = frozenset({"entry", "item"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What is written beside a file: all in plain words or markup, as the source has it."""

    title: str | None = None
    credit: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """Of one entry; ``captions`` by the address of the file that they belong to."""

    podcast: Podcast | None = None
    captions: Mapping[str, Caption] = field(default_factory=dict)

    def image(self, found: Image | None) -> Image | None:
        """The picture with what is said of it."""
        said = self.captions.get(found.url) if found else None
        if found is None or said is None:
            return found
        return replace(found, credit=said.credit, caption=said.caption or said.title)

    def enclosures(self, found: Sequence[Enclosure]) -> tuple[Enclosure, ...]:
        """The files with their titles."""
        said = {url: one.title for url, one in self.captions.items()}
        return tuple(replace(one, title=one.title or said.get(one.url)) for one in found)


NOTHING: Final = Extras()


def extras(data: bytes, count: int) -> Sequence[Extras]:
    """Of each of the ``count`` entries of a document in UTF-8, in its order.

    Nothing where the document is so broken that its entries cannot be told apart here as they were there.
    """
    nothing = (NOTHING,) * count
    if not any(mark in data.lower() for mark in _MARKS):
        return nothing
    root = _tree(data)
    if root is None:
        return nothing
    entries = [element for element in root.iter("{*}*") if name_of(element)[1] in _ENTRIES]
    return [_extras(one) for one in entries] if len(entries) == count else nothing


def _tree(data: bytes) -> "etree._Element | None":
    from lxml import etree  # noqa: PLC0415 slow to import

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    # The parser forgives bytes and references that are no characters, but names with them could not be read.
    clean = REFERENCE.sub(existing, data.decode("utf-8", "ignore").encode())
    try:
        return etree.fromstring(clean, parser)
    except etree.XMLSyntaxError:  # nothing could be made of it; feedparser's reading stands
        return None


def _extras(entry: "etree._Element") -> Extras:
    return Extras(podcast=episode.episode(entry), captions=dict(_captions(entry)))


def _captions(entry: "etree._Element") -> Iterator[tuple[str, Caption]]:
    known: dict[etree._Element, Caption] = {}
    for element in entry.iter("{*}*"):
        url = (element.get("url") or "").strip()
        if url and name_of(element) in {("media", "content"), ("media", "thumbnail")}:
            said = _caption(element, entry, known)
            if said != Caption():
                yield url, said


def _caption(
    element: "etree._Element", entry: "etree._Element", known: "dict[etree._Element, Caption]"
) -> Caption:
    """What the element itself says, else what it is in: a group, or for credits the entry."""
    found = known.get(element)
    if found is None:
        around = element.getparent()
        outer = Caption() if element is entry or around is None else _caption(around, entry, known)
        own = _own_caption(element)
        found = known[element] = Caption(
            title=None if element is entry else own.title or outer.title,
            credit=own.credit or outer.credit,
            caption=None if element is entry else own.caption or outer.caption,
        )
    return found


def _own_caption(element: "etree._Element") -> Caption:
    said: dict[str, list[str]] = {"title": [], "credit": [], "description": []}
    for child in element.iterchildren("{*}*"):
        vocabulary, name = name_of(child)
        if vocabulary == "media" and name in said and (text := text_of(child)):
            said[name].append(text)
    title, credit, description = (", ".join(dict.fromkeys(texts)) or None for texts in said.values())
    return Caption(title=title, credit=credit, caption=description)
