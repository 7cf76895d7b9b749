"""How does everything that is published become files that any web server can serve?"""

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from feedsvc.config import ALL
from feedsvc.export.feeds import feeds, histories
from feedsvc.export.pages import Pages
from feedsvc.export.parts import File, Part
from feedsvc.export.servers import servers
from feedsvc.export.tree import Brought, bring
from feedsvc.model import FORMATS, FeedState
from feedsvc.services import Services

OLDER: Final = 4  # pages of older articles behind each list
_SINGLE: Final = ("opml.xml", "robots.txt", "favicon.ico")


def export_site(
    services: Services, directory: Path, *, older: int = OLDER, overwrite: bool = False
) -> Brought:
    """Bring a directory up to date with what is published: feeds, histories, pages, lists.

    It is what stands at ``site.url``. ``overwrite``: also files that no export wrote.

    :raises FeedsvcError: if something cannot be made or written.
    """
    return bring(directory, _parts(services, older), now=services.clock(), overwrite=overwrite)


def _parts(services: Services, older: int) -> Iterator[Part]:
    """In the order in which they may appear: nothing links to what is not there yet."""
    config, now = services.config(), services.clock()
    pages = Pages(services)
    public = config.listed(now)
    keys = [key for key in config.open_feeds(now) if key in public]
    saved = [key for key in public if key not in keys]
    # What is in every page's key, with the day, since pages say what a feed gains a day.
    common = _key(pages.code, config.to_json(), services.tag, str(now.date()), *public)
    states = services.store.feed_states()
    changed = {key: _key(common, *_marks(states.get(key))) for key in keys}
    everything = _key(*changed.values())

    yield Part(name="static/", key=pages.code, make=pages.assets)
    finished = list(feeds(services, keys))  # before their history is read: it has all that they link to
    yield from histories(services, keys)
    yield from finished
    for key in saved:
        for path in (f"{key}.{format}" for format in FORMATS):
            yield Part(name=path, key=everything, make=partial(_feed, pages, path))
    for key in public:
        listing = partial(pages.listing, f"{key}/", older)
        yield Part(name=f"{key}/", key=_key(changed.get(key, everything), str(older)), make=listing)
    yield Part(name="", key=everything, make=partial(pages.listing, "", 0))
    for path in (*_SINGLE, *(f"{key}/opml.xml" for key in keys if key != ALL)):
        yield Part(name=path, key=common, make=partial(_file, pages, path))
    yield Part(name="sitemap.xml", key=everything, make=partial(_file, pages, "sitemap.xml"))
    yield Part(name="endings", key=common, make=pages.endings)
    known = [*sorted(services.store.former_feeds()), "", *(part.name for part in finished)]
    yield Part(name="servers", key=_key(common, *known), make=partial(servers, services, pages.app, public))


def _marks(state: FeedState | None) -> tuple[str, ...]:
    """What changes with every change of a feed's entries, also in another database."""
    if state is None:
        return ()
    return (str(state.generation), str(state.last_modified), str(state.sources))


def _file(pages: Pages, path: str) -> list[File]:
    return [pages.file(path)]


def _feed(pages: Pages, path: str) -> list[File]:
    return [pages.feed(path)]


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
