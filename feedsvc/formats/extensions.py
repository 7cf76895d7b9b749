"""What is missing from, or wrong in, the XML that feedgen writes?

Extensions by feedgen's public interface (it makes them without arguments and calls ``extend_ns``,
``extend_rss`` and ``extend_atom``). Elements of feedgen's Atom tree carry no namespace of their own (the
root has a bare ``xmlns``), so neither may what is added to it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from lxml import etree

from feedsvc.formats import document, episodes
from feedsvc.formats.document import Attachment, Item
from feedsvc.model import Feed, Image

Element: TypeAlias = etree._Element

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MEDIUMS = frozenset({"image", "audio", "video"})
_MARKUP = re.compile("([&<])")
# Elements of RSS that hold text without markup; an item's description holds markup.
_SHOW_WORDS = frozenset(f"{{{episodes.ITUNES}}}{name}" for name in ("title", "author", "subtitle", "summary"))
_CHANNEL_WORDS = frozenset({"title", "description"}) | _SHOW_WORDS
_ITEM_WORDS = (
    frozenset({"title", "category", "source", f"{{{_DC}}}creator", f"{{{_DC}}}rights"}) | _SHOW_WORDS
)

# Part of lxml, missing from its stubs.
_entity: Callable[[str], Element] = vars(etree)["Entity"]


class RssChannel:
    """The channel's language, its links that feedgen leaves out (all but ``self``), what it is as a show."""

    feed: Feed
    items: Sequence[Item] = ()
    language: str | None = None
    links: Mapping[str, str] = MappingProxyType({})

    def extend_ns(self) -> dict[str, str]:
        history = {"fh": _HISTORY} if self.feed.archive else {}
        return {"dc": _DC, "media": _MEDIA} | history | episodes.namespaces(self.items)

    def extend_rss(self, rss: Element) -> Element:
        channel = rss[0]
        _set(rss, _LANG, self.language)
        for relation, href in self.links.items():
            etree.SubElement(channel, f"{{{_ATOM}}}link", {"rel": relation, "href": href})
        if self.feed.archive:
            etree.SubElement(channel, f"{{{_HISTORY}}}archive")
        episodes.add_show(channel, self.feed, self.items)
        for parent in (channel, *channel.iterfind("image")):
            _spell_markup(parent, _CHANNEL_WORDS)
        return rss


class RssItem:
    """An item's language, authors without address, date of change, rights and media."""

    item: Item
    language: str | None = None  # None: that of the channel

    def extend_rss(self, element: Element) -> Element:
        item = self.item
        _set(element, _LANG, self.language)
        for author in item.authors:
            _add(element, f"{{{_DC}}}creator", author.name)
        if item.rights:
            _add(element, f"{{{_DC}}}rights", item.rights)
        _add(element, f"{{{_ATOM}}}updated", item.updated.isoformat())
        if item.via:
            etree.SubElement(element, f"{{{_ATOM}}}link", {"rel": "via", "href": item.via})
        shown = document.enclosure(item)
        _add_media(element, item, tuple(file for file in item.attachments if file is not shown))
        episodes.add_episode(element, item)
        _spell_markup(element, _ITEM_WORDS)
        return element


class AtomFeed:
    """The namespaces that entries use, the mark of an archive page, and what is left of retracted entries.

    feedgen writes a feed's own links whole.
    """

    feed: Feed
    items: Sequence[Item] = ()

    def extend_ns(self) -> dict[str, str]:
        history = {"fh": _HISTORY} if self.feed.archive else {}
        gone = {"at": _TOMBSTONES} if self.feed.tombstones else {}
        return {"media": _MEDIA} | history | gone | episodes.namespaces(self.items)

    def extend_atom(self, feed: Element) -> Element:
        if self.feed.archive:
            etree.SubElement(feed, f"{{{_HISTORY}}}archive")
        episodes.add_show(feed, self.feed, self.items)
        for one in self.feed.tombstones:
            gone = {"ref": one.id, "when": document.utc(one.when).isoformat()}
            etree.SubElement(feed, f"{{{_TOMBSTONES}}}deleted-entry", gone)
        return feed


class AtomEntry:
    """An entry's language, the attributes of its links, its origin and its media."""

    item: Item
    links: tuple[Mapping[str, str], ...] = ()  # as given to feedgen, which keeps nothing but ``href``
    language: str | None = None  # None: that of the feed

    def extend_atom(self, entry: Element) -> Element:
        _set(entry, _LANG, self.language)
        for element, link in zip(entry.findall("link"), self.links, strict=True):
            for name, value in link.items():
                element.set(name, value)
        _add_source(entry, self.item)
        _add_media(entry, self.item, ())  # each enclosure is a link already
        episodes.add_episode(entry, self.item)
        return entry


def _add_source(entry: Element, item: Item) -> None:
    """The origin's own id, title, date and addresses (RFC 4287 4.2.11).

    Its author is that of an entry which names none: else the feed's would be taken for it (4.1.2). Its date
    is at least that of the entry.
    """
    origin = item.origin
    source = etree.SubElement(entry, "source")
    if origin.iri:
        _add(source, "id", origin.iri)
    _add(source, "title", origin.title)
    _add(source, "updated", (origin.updated or item.updated).isoformat())
    if origin.feed_url:
        etree.SubElement(source, "link", {"rel": "self", "href": origin.feed_url})
    if origin.link:
        etree.SubElement(source, "link", {"rel": "alternate", "type": "text/html", "href": origin.link})
    if origin.title and not item.authors:
        _add(etree.SubElement(source, "author"), "name", origin.title)


def _add_media(element: Element, item: Item, files: tuple[Attachment, ...]) -> None:
    """Media RSS 1.5: the lead image, and the files that have no other place."""
    for file in files:
        content = etree.SubElement(element, f"{{{_MEDIA}}}content", {"url": file.url, "type": file.type})
        _set(content, "medium", file.type.partition("/")[0], among=_MEDIUMS)
        _set(content, "fileSize", file.length)
        _set(content, "duration", file.duration)
        if file.title:
            _add(content, f"{{{_MEDIA}}}title", file.title)
    if image := item.image:
        for name in ("content", "thumbnail"):
            media = etree.SubElement(element, f"{{{_MEDIA}}}{name}", {"url": image.url})
            if name == "content":
                media.set("medium", "image")
                _say(media, image)
            _set(media, "width", image.width)
            _set(media, "height", image.height)


def _say(media: Element, image: Image) -> None:
    """Who made the picture and what it shows.

    That is its title here: a media:description is taken by readers on feedparser for the text of the item.
    """
    for name, text in (("title", image.caption), ("credit", image.credit)):
        if text:
            _add(media, f"{{{_MEDIA}}}{name}", text)


def _spell_markup(parent: Element, tags: frozenset[str]) -> None:
    """Write & and < of plain text as hexadecimal references, as the RSS Best Practices Profile has it.

    The XML means the same, and readers that look for markup in these elements find none.
    """
    for element in parent:
        text = element.text
        if text and ("&" in text or "<" in text) and element.tag in tags:
            _respell(element, text)


def _respell(element: Element, text: str) -> None:
    element.text, *rest = _MARKUP.split(text)
    for character, after in zip(rest[::2], rest[1::2], strict=True):
        reference = _entity(f"#x{ord(character):X}")
        reference.tail = after
        element.append(reference)


def _add(parent: Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text


def _set(
    element: Element, name: str, value: str | int | None, *, among: frozenset[str] | None = None
) -> None:
    """Unknown (None, 0, empty) values and those not ``among`` make no attribute."""
    if value and (among is None or value in among):
        element.set(name, str(value))
