"""How does a feed become RSS 2.0 or Atom 1.0?

The one place that knows feedgen. It dates documents by the clock, drops link attributes and authors, takes
the last link for the RSS one and fails whole on one bad character: what is set here and in ``extensions``
is set because of that.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, TypeAlias

from feedgen.feed import FeedGenerator

from feedsvc.errors import RenderError
from feedsvc.formats import document, extensions
from feedsvc.formats.document import Attachment, Item
from feedsvc.formats.resources import guess_type
from feedsvc.formats.texts import language_tag
from feedsvc.model import MEDIA_TYPES, Author, Entry, Feed, Format

_Links: TypeAlias = Mapping[str, str]
_Write: TypeAlias = Callable[[Feed, Sequence[Item], _Links], bytes]

_RSS_IMAGES = (".gif", ".jpeg", ".jpg", ".png")  # what RSS 2.0 allows
_EMAIL = re.compile(r"[\w.+'-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", re.ASCII)

# feedgen sets the locale of the whole process for every date of RSS, and sets it back.
_ONE_AT_A_TIME = Lock()


def rss(feed: Feed, entries: Sequence[Entry], links: _Links) -> tuple[bytes, tuple[RenderError, ...]]:
    """RSS 2.0 with the Atom, Content, Dublin Core and Media RSS modules."""
    return _document(_write_rss, feed, entries, links)


def atom(feed: Feed, entries: Sequence[Entry], links: _Links) -> tuple[bytes, tuple[RenderError, ...]]:
    """Atom 1.0 (RFC 4287) with Media RSS."""
    return _document(_write_atom, feed, entries, links)


def _document(
    write: _Write, feed: Feed, entries: Sequence[Entry], links: _Links
) -> tuple[bytes, tuple[RenderError, ...]]:
    items, dropped = document.items(entries)
    with _ONE_AT_A_TIME:
        try:
            body = write(feed, items, links)
        except ValueError:  # text that XML cannot hold, somewhere
            fit, unfit = _sift(write, feed, items, links)
            body, dropped = write(feed, fit, links), dropped + unfit
    return body, tuple(dropped)


def _sift(
    write: _Write, feed: Feed, items: Sequence[Item], links: _Links
) -> tuple[list[Item], list[RenderError]]:
    """Each item tried by itself; if not even the empty feed can be written, the feed is to blame."""
    try:
        write(feed, (), links)
    except ValueError as error:
        raise RenderError(feed.id, f"feed {feed.key!r} cannot be written: {error}") from error
    fit: list[Item] = []
    unfit: list[RenderError] = []
    for item in items:
        try:
            write(feed, (item,), links)
            fit.append(item)
        except ValueError as error:
            unfit.append(document.unfit(item.id, error))
    return fit, unfit


def _write_rss(feed: Feed, items: Sequence[Item], links: _Links) -> bytes:
    generator = FeedGenerator()
    generator.register_extension("feedsvc", extensions.RssChannel, extensions.RssItem, atom=False)
    language = _describe(generator, feed, "rss")
    generator.feedsvc.feed, generator.feedsvc.items = feed, items
    generator.feedsvc.language, generator.feedsvc.links = language, links
    generator.description(feed.description or feed.title)  # must not be empty
    if feed.ttl:
        generator.ttl(max(int(feed.ttl.total_seconds()) // 60, 1))
    if feed.icon_url and feed.icon_url.lower().endswith(_RSS_IMAGES):
        generator.image(feed.icon_url, title=feed.title, link=feed.page_url)
    for item in items:
        _add_item(generator.add_entry(order="append"), item, language)
    return bytes(generator.rss_str(pretty=True))


def _write_atom(feed: Feed, items: Sequence[Item], links: _Links) -> bytes:
    generator = FeedGenerator()
    generator.register_extension("feedsvc", extensions.AtomFeed, extensions.AtomEntry, rss=False)
    generator.feedsvc.feed, generator.feedsvc.items = feed, items
    for relation, href in links.items():
        generator.link(rel=relation, href=href)
    language = _describe(generator, feed, "atom")
    generator.author({"name": feed.site_title})
    if feed.description:
        generator.subtitle(feed.description)
    if feed.icon_url:
        generator.icon(feed.icon_url)
    for item in items:
        _add_entry(generator.add_entry(order="append"), item, language)
    return bytes(generator.atom_str(pretty=True))


def _describe(generator: Any, feed: Feed, form: Format) -> str | None:
    """What both say of the feed; the feed's language, if it has one. A private feed has no ``self``."""
    language = language_tag(feed.language)
    generator.id(feed.id)
    generator.title(feed.title)
    generator.updated(document.utc(feed.updated))  # else: now
    generator.generator("feedsvc")  # without a version: an upgrade must not change what did not change
    generator.language(language)
    if own := feed.urls.get(form):
        generator.link(rel="self", href=own, type=MEDIA_TYPES[form].partition(";")[0])
    generator.link(rel="alternate", href=feed.page_url, type="text/html")  # last: it is RSS's <link>
    return language


def _add_item(entry: Any, item: Item, feed_language: str | None) -> None:
    _fill(entry, item, feed_language)
    _fill_texts(entry, item.content, item.summary)
    if item.link:
        entry.link(rel="alternate", href=item.link)
    if (file := document.enclosure(item)) is not None:  # the rest is media:content
        entry.enclosure(url=file.url, type=file.type, length=file.length)
    if item.origin.feed_url:
        entry.source(url=item.origin.feed_url, title=item.origin.title)


def _add_entry(entry: Any, item: Item, feed_language: str | None) -> None:
    _fill(entry, item, feed_language)
    _fill_texts(entry, *_atom_texts(item))
    entry.feedsvc.links = tuple(_atom_links(item))
    for link in entry.feedsvc.links:
        entry.link(**link)
    entry.author([_person(author) for author in item.authors])
    entry.rights(item.rights or None)


def _fill(entry: Any, item: Item, feed_language: str | None) -> None:
    entry.feedsvc.item = item
    if item.language != feed_language:
        entry.feedsvc.language = item.language
    entry.guid(item.id, permalink=item.permalink)
    entry.title(item.title)
    entry.published(item.published)
    entry.updated(item.updated)
    entry.category([{"term": tag} for tag in item.tags])


def _fill_texts(entry: Any, content: str, summary: str) -> None:
    # "html" always: feedgen's "CDATA" is no type of Atom, and without one it would be read as text.
    entry.summary(summary or None, type="html")
    entry.content(content or None, type="html")


def _atom_texts(item: Item) -> tuple[str, str]:
    """Content and summary. An entry must have content or a link (RFC 4287 4.1.2), and a word to read."""
    if item.content or (item.summary and item.link):
        return item.content, item.summary
    return item.summary or html.escape(item.title, quote=False), ""


def _atom_links(item: Item) -> list[dict[str, str]]:
    links: list[dict[str, str]] = []
    if item.link:
        link = {"rel": "alternate", "href": item.link}
        if guess_type(item.link) in {None, "text/html"}:
            # Of a paper or a film no type is told: readers on feedparser take only pages for a link.
            link["type"] = "text/html"
        links.append(link | ({"hreflang": item.language} if item.language else {}))
    links.extend(map(_enclosure, item.attachments))
    if item.via:
        title = {"title": item.via_title} if item.via_title else {}
        links.append({"rel": "via", "href": item.via} | title)
    return links


def _enclosure(file: Attachment) -> dict[str, str]:
    link = {"rel": "enclosure", "href": file.url, "type": file.type}
    if file.length:
        link["length"] = str(file.length)
    if file.title:
        link["title"] = file.title
    return link


def _person(author: Author) -> dict[str, str]:
    person = {"name": author.name}
    if author.email and _EMAIL.fullmatch(author.email):
        person["email"] = author.email
    if author.url:
        person["uri"] = author.url
    return person
