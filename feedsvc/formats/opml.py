"""How does a list of feeds become OPML 2.0?

http://opml.org/spec2.opml . It says no date: the same feeds always give the same bytes.
"""

from collections.abc import Sequence

from lxml import etree

from feedsvc.errors import RenderError
from feedsvc.formats.texts import language_tag
from feedsvc.model import Feed


def opml(title: str, feeds: Sequence[Feed]) -> bytes:
    """One outline a feed, in the order given, by its RSS address; RenderError names the feed at fault."""
    root = etree.Element("opml", {"version": "2.0"})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for feed in feeds:
        try:
            etree.SubElement(body, "outline", _outline(feed))
        except ValueError as error:
            raise RenderError(feed.id, f"feed {feed.key!r} cannot be listed: {error}") from error
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _outline(feed: Feed) -> dict[str, str]:
    outline = {"type": "rss", "text": feed.title, "title": feed.title, "xmlUrl": feed.urls["rss"]}
    outline["htmlUrl"] = feed.page_url
    if feed.description:
        outline["description"] = feed.description
    if language := language_tag(feed.language):
        outline["language"] = language
    return outline
