"""How do stored articles become finished bytes? Rendered once, compressed once, stored under one ETag."""

import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from feedsvc import finish
from feedsvc.errors import FeedsvcError, NotFound, RenderError
from feedsvc.formats import render
from feedsvc.formats.cut import without
from feedsvc.model import (
    FORMATS,
    ArchivePage,
    Article,
    Chapter,
    Entry,
    Feed,
    Format,
    Origin,
    Rendering,
    SafeHtml,
)
from feedsvc.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of a feed: new bytes or not, the articles that could not be rendered, or why none could."""

    feed_key: str
    changed: bool
    dropped: tuple[RenderError, ...] = ()
    error: FeedsvcError | None = None


def publish_due(services: Services, *, go_on: Callable[[], bool] = lambda: True) -> list[Published]:
    """Publish every feed whose content may have changed, also by time alone; ``go_on`` is asked before each.

    A feed that cannot be published keeps what was, and does not keep the others from it.

    :raises StoreError: if the database refuses.
    """
    services.store.renew(services.clock())
    done = []
    for key in services.store.dirty_feeds():
        if not go_on():
            break
        try:
            published = publish_feed(services, key)
        except (NotFound, RenderError) as error:
            published = Published(feed_key=key, changed=False, error=error)
        if published is not None:
            done.append(published)
    return done


def publish_feed(services: Services, feed_key: str) -> Published | None:
    """Render one feed in every format and store the bytes; None if there is nothing to do yet.

    A feed that was published within this second waits for the next: Last-Modified has whole seconds and
    must rise with every change. It waits, too, while this process does not know the newest config: what
    that says would be lost until the next change.

    :raises NotFound: if the config in force has no such feed.
    :raises RenderError: if the feed's own words cannot be written.
    """
    window = services.store.window(feed_key, services.clock())
    if window is None:
        return None
    stamp = finish.last_modified(window.last_modified, services.clock())
    if stamp is None:
        return None
    number, config = services.in_force.current()
    if number != services.store.revision_number():
        services.in_force.look_again()
        return None
    feed = config.feed(feed_key, tag=services.tag, updated=finish.updated(window.entries, window.created))
    end = _end_of(services, feed_key)
    expired = end is not None and end <= services.clock()
    if end is not None and not expired:
        window = replace(window, renew_at=min(end, window.renew_at or end))
    feed = replace(feed, tombstones=window.tombstones, expired=expired)
    public = config.is_public(feed_key)
    if not public:  # its history has no address, and is made when that changes
        window = replace(window, due=(), more_due=False)
    entries = [finish.shown(services, [feed_key], entry) for entry in window.entries]
    if end is not None and expired:
        entries.append(_the_end(services, feed, end))
    history = [_cut(page, stamp) for page in window.cuts]
    for chapter in window.due:
        history += _archived(services, feed, chapter, stamp)
    newest = max([window.archives, *(chapter.number for chapter in window.due)])
    renderings: list[Rendering] = []
    dropped: list[RenderError] = []
    for format in FORMATS:
        links = _hub_link(services, feed_key)
        if newest and public:
            links["prev-archive"] = config.archive_url(feed_key, newest, format)
        document = render(format, feed, entries, links=links)
        dropped += document.dropped
        renderings.append(_finish(feed, format, document.body, stamp))
    replaced = services.store.publish(
        window=window, renderings=renderings, pages=history, deltas=config.site.deltas
    )
    return Published(feed_key=feed_key, changed=bool(replaced), dropped=tuple(dropped))


def delta(
    services: Services, feed_key: str, format: Format, known: Mapping[str, datetime], since: datetime
) -> bytes:
    """The document of a feed with only what is new to somebody who has ``known`` (id -> last change) since
    then, and what was retracted (RFC 3229, instance manipulation "feed").

    :raises NotFound: if there is no such feed. :raises RenderError: if it cannot be written.
    """
    window = services.store.window(feed_key, services.clock())
    if window is None:
        raise NotFound(f"no feed {feed_key!r}")
    feed = services.config().feed(
        feed_key, tag=services.tag, updated=finish.updated(window.entries, window.created)
    )
    gone = tuple(one for one in window.tombstones if one.id in known or one.when >= since)
    entries = [
        finish.shown(services, [feed_key], entry)
        for entry in window.entries
        if entry.id not in known or entry.updated > known[entry.id]
    ]
    return render(format, replace(feed, tombstones=gone), entries, links=_hub_link(services, feed_key)).body


def _hub_link(services: Services, feed_key: str) -> dict[str, str]:
    """Where one can subscribe to a feed (WebSub 4); pages of its history have no hub."""
    hub = services.config().hub_url(feed_key)
    return {} if hub is None else {"hub": hub}


def _archived(services: Services, feed: Feed, chapter: Chapter, stamp: datetime) -> Iterator[ArchivePage]:
    """A page of the feed's history in each format (RFC 5005 4): its neighbours and the live feed linked.

    The next page is linked although it may not be there yet: until it is, its address leads to the live
    feed, and this page need not change when it comes.
    """
    address = services.config().archive_url
    entries = [finish.shown(services, [feed.key], entry) for entry in chapter.entries]
    page = replace(
        feed,
        updated=finish.updated(chapter.entries, feed.updated),
        urls={format: address(feed.key, chapter.number, format) for format in FORMATS},
        archive=True,
        tombstones=(),
    )
    for format in FORMATS:
        links = {
            "current": feed.urls[format],
            "next-archive": address(feed.key, chapter.number + 1, format),
        }
        if chapter.number > 1:
            links["prev-archive"] = address(feed.key, chapter.number - 1, format)
        body = render(format, page, entries, links=links).body
        yield ArchivePage(
            feed_key=feed.key,
            number=chapter.number,
            format=format,
            etag=finish.etag(body),
            last_modified=stamp,
            body=finish.packed(body),
        )


def _cut(page: ArchivePage, stamp: datetime) -> ArchivePage:
    """The page without what was retracted since it was made."""
    body = without(page.format, gzip.decompress(page.body), page.without)
    return replace(
        page,
        etag=finish.etag(body),
        last_modified=stamp,
        body=finish.packed(body),
        without=(),
    )


def _end_of(services: Services, feed_key: str) -> datetime | None:
    """The moment from which a feed is retired, if it is or will be."""
    day = services.config().ends(feed_key)
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _the_end(services: Services, feed: Feed, when: datetime) -> Entry:
    """The last entry of a feed that has ended: readers of RSS and Atom would not learn it otherwise."""
    text = f"This feed ended on {when:%Y-%m-%d}: nothing new will come. It can be taken off your list."
    return Entry(
        id=f"{feed.id}:end",
        article=Article(
            title=f"{feed.title}: this feed has ended",
            link=services.config().base_url() + "/",
            summary=SafeHtml(""),
            content=SafeHtml(f"<p>{text}</p>"),
            published=when,
            fingerprint="",
            language="en",
        ),
        published=when,
        updated=when,
        origin=Origin(id="", title=feed.site_title, iri=feed.id),
    )


def _finish(feed: Feed, format: Format, body: bytes, stamp: datetime) -> Rendering:
    return Rendering(
        feed_key=feed.key,
        format=format,
        etag=finish.etag(body),
        last_modified=stamp,
        bodies=finish.codings(body),
    )
