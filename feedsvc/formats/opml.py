"""How does a list of feeds become OPML 2.0?

http://opml.org/spec2.opml . It says no date: the same feeds always give the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from feedsvc.errors import RenderError
from feedsvc.formats.texts import language_tag
from feedsvc.model import Feed, Subscription


def opml(title: str, feeds: Sequence[Feed]) -> bytes:
    """One outline a feed, in the order given, by its RSS address; RenderError names the feed at fault."""
    root, body = _document(title)
    for feed in feeds:
        try:
            etree.SubElement(body, "outline", _outline(feed))
        except ValueError as error:
            raise RenderError(feed.id, f"feed {feed.key!r} cannot be listed: {error}") from error
    return _written(root)


def subscriptions(title: str, folders: Mapping[str, Iterable[Subscription]]) -> bytes:
    """One outline a folder with its subscriptions in it; those of the folder "" stand outside of any.

    RenderError names the one at fault.
    """
    root, body = _document(title)
    for name, ones in folders.items():
        folder = etree.SubElement(body, "outline", {"text": name, "title": name}) if name else body
        for one in ones:
            outline = {"type": "rss", "text": one.title, "title": one.title, "xmlUrl": one.url}
            if one.page_url:
                outline["htmlUrl"] = one.page_url
            try:
                etree.SubElement(folder, "outline", outline)
            except ValueError as error:
                raise RenderError(one.url, f"{one.title!r} cannot be listed: {error}") from error
    return _written(root)


def _document(title: str) -> tuple[etree._Element, etree._Element]:
    """(root, body)"""
    root = etree.Element("opml", {"version": "2.0"})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    return root, etree.SubElement(root, "body")


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _outline(feed: Feed) -> dict[str, str]:
    outline = {"type": "rss", "text": feed.title, "title": feed.title, "xmlUrl": feed.urls["rss"]}
    outline["htmlUrl"] = feed.page_url
    if feed.description:
        outline["description"] = feed.description
    if language := language_tag(feed.language):
        outline["language"] = language
    return outline
