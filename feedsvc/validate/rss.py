"""Is a document RSS 2.0 as its specification and the RSS Advisory Board's profile have it?

https://www.rssboard.org/rss-specification , https://www.rssboard.org/rss-profile . Older versions (0.9x, and
1.0, which is RDF) are told to be old and held to the rules that they share with 2.0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from feedsvc.validate import links, tree
from feedsvc.validate.elements import Attribute, Place, Word, of_children
from feedsvc.validate.rules import Finding
from feedsvc.validate.tree import Element
from feedsvc.validate.vocabularies import of_borrowed

_OLD: Final = frozenset({"0.90", "0.91", "0.92", "0.93", "0.94", "1.0"})
_WIDEST, _HIGHEST = 144, 400  # pixels of an image

_CHANNEL: Final[dict[str, Word]] = {
    "title": Word(kind="words", required=True),
    "link": Word(kind="url", required=True),
    "description": Word(kind="words", required=True, empty=True),
    "language": Word(kind="language"),
    "copyright": Word(kind="words"),
    "managingEditor": Word(kind="email"),
    "webMaster": Word(kind="email"),
    "pubDate": Word(kind="rfc822"),
    "lastBuildDate": Word(kind="rfc822"),
    "category": Word(kind="words", once=False, attributes={"domain": Attribute()}),
    "generator": Word(empty=True),
    "docs": Word(kind="url"),
    "cloud": Word(
        void=True,
        attributes={
            "domain": Attribute(required=True),
            "port": Attribute(kind="positive", required=True),
            "path": Attribute(required=True),
            "registerProcedure": Attribute(required=True),
            "protocol": Attribute(kind="protocol", required=True),
        },
    ),
    "ttl": Word(kind="positive"),
    "image": Word(holds=True),
    "rating": Word(),
    "textInput": Word(holds=True),
    "skipHours": Word(holds=True),
    "skipDays": Word(holds=True),
    "item": Word(once=False, holds=True),
}
_RDF: Final[dict[str, Word]] = {"items": Word(required=True, holds=True), "textinput": Word(holds=True)}
_ITEM: Final[Mapping[str, Word]] = {
    "title": Word(kind="words"),
    "link": Word(kind="url"),
    "description": Word(kind="html", empty=True),
    "author": Word(kind="email"),
    "category": Word(kind="words", once=False, attributes={"domain": Attribute()}),
    "comments": Word(kind="url"),
    "enclosure": Word(
        once=False,
        void=True,
        attributes={
            "url": Attribute(kind="url", required=True),
            "length": Attribute(kind="count", required=True),
            "type": Attribute(kind="media-type", required=True),
        },
    ),
    "guid": Word(attributes={"isPermaLink": Attribute(kind="true-false")}),
    "pubDate": Word(kind="rfc822"),
    "source": Word(kind="words", attributes={"url": Attribute(kind="url", required=True)}),
}
_IMAGE: Final[Mapping[str, Word]] = {
    "url": Word(kind="url", required=True),
    "title": Word(kind="words", required=True),
    "link": Word(kind="url", required=True),
    "width": Word(kind="positive"),
    "height": Word(kind="positive"),
    "description": Word(kind="words"),
}
_TEXT_INPUT: Final[Mapping[str, Word]] = {
    "title": Word(kind="words", required=True),
    "description": Word(kind="words", required=True),
    "name": Word(required=True),
    "link": Word(kind="url", required=True),
}
_HOURS: Final[Mapping[str, Word]] = {"hour": Word(kind="hour", once=False)}
_DAYS: Final[Mapping[str, Word]] = {"day": Word(kind="day", once=False)}
_PARTS: Final = {
    "image": _IMAGE,
    "textInput": _TEXT_INPUT,
    "textinput": _TEXT_INPUT,
    "skipHours": _HOURS,
    "skipDays": _DAYS,
}
# What means the same in RSS and in a vocabulary that it borrows from.
_ITEM_TWINS: Final = (
    ("author", "dc:creator"),
    ("pubDate", "dc:date"),
    ("pubDate", "atom:published"),
    ("guid", "atom:id"),
)
_CHANNEL_TWINS: Final = (("language", "dc:language"), ("copyright", "dc:rights"), ("pubDate", "dc:date"))
_MOST_PARTS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rss:
    """The parts of a document: its version as it is written, its channel (if there is one) and its items."""

    version: str
    root: Element
    channel: Element | None
    items: tuple[Element, ...]

    @property
    def is_rdf(self) -> bool:
        return self.version in {"0.90", "1.0"}

    @property
    def name(self) -> str:
        return f"RSS {self.version}"


def read(root: Element) -> Rss | None:
    """None if the document is of another kind."""
    kind = (tree.prefix(root), tree.local(root))
    channel = next((one for one in tree.children(root) if tree.local(one) == "channel"), None)
    if kind == ("rdf", "RDF"):
        version = "0.90" if "rss09" in map(tree.prefix, tree.children(root)) else "1.0"
        items = tuple(one for one in tree.children(root) if tree.local(one) == "item")
    elif kind == ("", "rss"):
        version = (root.get("version") or "2.0").strip()
        parent = root if channel is None else channel
        items = tuple(one for one in tree.children(parent) if tree.name(one) == "item")
    else:
        return None
    return Rss(version=version, root=root, channel=channel, items=items[:_MOST_PARTS])


def check(rss: Rss, *, now: datetime, url: str | None) -> Iterator[Finding]:
    place = Place(name="channel", now=now)
    yield from _version(rss, place)
    if rss.channel is None:
        yield place.says("missing", rss.root, parent=rss.name, element="channel")
    else:
        yield from _channel(rss, rss.channel, place)
        if rss.version == "2.0":
            yield from links.of_feed(rss.channel, place, url)
        yield from _parts(rss, rss.channel, place)
    yield from _items(rss, now)


def _channel(rss: Rss, channel: Element, place: Place) -> Iterator[Finding]:
    yield from of_children(channel, _CHANNEL | _RDF if rss.version == "1.0" else _CHANNEL, place)
    yield from of_borrowed(channel, place)
    yield from _twins(channel, _CHANNEL_TWINS, place)
    yield from links.of_links(channel, place, in_feed=True)


def _version(rss: Rss, place: Place) -> Iterator[Finding]:
    if not rss.is_rdf and not rss.root.get("version"):
        yield place.says("attribute-missing", rss.root, element="rss", name="version")
    if rss.version in _OLD:
        yield place.says("version-old", rss.root, version=rss.name)
    elif rss.version != "2.0":
        yield place.says("version-unknown", rss.root, version=rss.version)


def _twins(parent: Element, twins: tuple[tuple[str, str], ...], place: Place) -> Iterator[Finding]:
    names = {tree.name(child) for child in tree.children(parent)}
    for one, other in twins:
        if {one, other} <= names:
            yield place.says("too-many-ways", parent, parent=place.name, element=one, other=other)


# ---- parts of the channel ---------------------------------------------------------------------------


def _parts(rss: Rss, channel: Element, place: Place) -> Iterator[Finding]:
    for child in tree.children(rss.root if rss.is_rdf else channel):
        known = _PARTS.get(tree.name(child))
        if known is not None:
            inside = place.within(tree.name(child))
            yield from of_children(child, known, inside)
            if known is _IMAGE:
                yield from _image(child, channel, inside)


def _image(image: Element, channel: Element, place: Place) -> Iterator[Finding]:
    own, theirs = _texts(image), _texts(channel)
    for name in ("title", "link"):
        if name in own and name in theirs and own[name] != theirs[name]:
            yield place.says("image-differs", image, element=name)
    for name, most in (("width", _WIDEST), ("height", _HIGHEST)):
        size = own.get(name, "")
        if size.isascii() and size.isdigit() and int(size[:9]) > most:
            yield place.says("size", image, element=name, value=size, most=most)


def _texts(parent: Element) -> dict[str, str]:
    return {tree.name(child): tree.text(child) for child in tree.children(parent)}


# ---- items ------------------------------------------------------------------------------------------


def _items(rss: Rss, now: datetime) -> Iterator[Finding]:
    guids: set[str] = set()
    for number, item in enumerate(rss.items, start=1):
        place = Place(name=f"item {number}", now=now)
        yield from of_children(item, _ITEM, place)
        yield from of_borrowed(item, place)
        yield from links.of_links(item, place, in_feed=False)
        yield from _twins(item, _ITEM_TWINS, place)
        yield from _text(item, rss, place)
        yield from _enclosures(item, place)
        if rss.version == "2.0":
            yield from _guid(item, guids, place)


def _text(item: Element, rss: Rss, place: Place) -> Iterator[Finding]:
    names = [tree.name(child) for child in tree.children(item)]
    if rss.is_rdf:
        for name in {"title", "link"} - set(names):
            yield place.says("missing", item, parent=place.name, element=name)
    elif not {"title", "description"} & set(names):
        yield place.says("nothing-to-read", item, parent=place.name)
    if rss.is_rdf:
        return
    before = names[: names.index("content:encoded")] if "content:encoded" in names else ["description"]
    if "description" not in before:
        yield place.says("order", item)


def _enclosures(item: Element, place: Place) -> Iterator[Finding]:
    found = [child for child in tree.children(item) if tree.name(child) == "enclosure"]
    if len(found) > 1:
        reason = "many readers show one only"
        yield place.says("twice-advised", found[1], parent=place.name, element="enclosure", reason=reason)
    for one in found:
        if (one.get("length") or "").strip("0 ") == "" and one.get("length"):
            yield place.says("length-unknown", one, element="enclosure, length")


def _guid(item: Element, seen: set[str], place: Place) -> Iterator[Finding]:
    guid = next((child for child in tree.children(item) if tree.name(child) == "guid"), None)
    if guid is None:
        yield place.says("id-missing", item, parent=place.name, element="guid")
        return
    value, permalink = tree.text(guid), guid.get("isPermaLink", "true")
    if value in seen and value:
        yield place.says("id-twice", guid, parent=place.name, element="guid", value=value)
    seen.add(value)
    if value and permalink != "false" and not value.lower().startswith(("http://", "https://")):
        yield place.says("guid-permalink", guid, element="guid", value=value)
    elif value.isdigit() and len(value) < 9:
        yield place.says("guid-short", guid, element="guid", value=value)
