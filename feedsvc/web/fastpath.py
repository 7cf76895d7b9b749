"""How is a finished feed answered from memory, ahead of Flask, and how does the memory follow the store?

Requests read one dictionary, path -> ``Served``, that a refresh replaces whole. Nothing is rendered or
compressed in a request, and one whose body is at hand takes no lock. While the store fails, what was read
last goes on being served.
"""

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from feedsvc.config import Config
from feedsvc.errors import StoreError
from feedsvc.model import Format, Head
from feedsvc.ondemand import FILTERS
from feedsvc.services import Services
from feedsvc.telemetry import logger
from feedsvc.web import http
from feedsvc.web.bodies import CAPACITY, Bodies, Slot
from feedsvc.web.deltas import Deltas
from feedsvc.web.http import Header
from feedsvc.web.served import Served, Variant, serve

# (status, headers, body)
Answer = tuple[int, list[Header], bytes]
Environ = Mapping[str, Any]

REFRESH_EVERY: Final = timedelta(seconds=1)
RETRY_AFTER: Final = "5"  # seconds
TEXT: Final = ("Content-Type", "text/plain; charset=utf-8")

_FILTER: Final = re.compile(rf"(?:^|&)(?:{'|'.join(FILTERS)})=")
_PREFLIGHT: Final[Answer] = (204, http.preflight_headers(), b"")
_NOT_ALLOWED: Final = b"This is a feed: it can only be read (GET, HEAD).\n"
_UNAVAILABLE: Final = b"The feed cannot be read just now. Try again in a few seconds.\n"


class FastPath:
    """The finished feeds, as one process knows them. Threads share it; ``refresh`` keeps it up to date."""

    def __init__(self, services: Services, *, capacity: int = CAPACITY) -> None:
        self.bodies = Bodies(capacity)
        self.failure: str | None = None  # why the store could not be read at the last look
        self.version = 0  # of the newest publication that is known here
        self._services = services
        self._deltas = Deltas(services)
        self._served: Mapping[str, Served] = {}
        self._config: Config | None = None
        self._open: frozenset[str] = frozenset()
        self._looked: datetime | None = None
        self._looking = threading.Lock()
        self._loading = threading.Lock()

    # ---- answering ----------------------------------------------------------------------------------

    def quick(self, environ: Environ) -> Answer | None:
        """The answer, if it is in memory; None if it is not, or is no finished feed. Never waits.

        For a server that sets Content-Length by itself: each header costs a little on each request.
        """
        served = self._served.get(environ["PATH_INFO"])
        if served is None:
            return None
        query = environ.get("QUERY_STRING")
        if query and filtered(query):
            return None
        plan = plan_of(served, environ)
        if not isinstance(plan, Variant):
            return plan
        slot = plan.slot
        body = slot.body
        if body is None or (served.deltas and "HTTP_A_IM" in environ):
            return None
        slot.used = self.bodies.tick()
        return 200, plan.lean, body

    def answer(self, environ: Environ) -> Answer | None:
        """The answer, with a body read from the store if need be; None if it is no finished feed."""
        path = environ["PATH_INFO"]
        try:
            served = None if filtered(environ.get("QUERY_STRING", "")) else self._served.get(path)
            while served is not None:
                plan = plan_of(served, environ)
                if not isinstance(plan, Variant):
                    return plan
                delta = self._deltas.answer(served, environ)
                if delta is not None:
                    return delta
                if environ["REQUEST_METHOD"] == "HEAD":
                    return 200, plan.full, b""
                body = self._load(plan.slot)
                if body is not None:
                    return 200, plan.full, body
                served = self._successor(path, served)
        except StoreError as error:
            logger().error("feed not readable", path=path, error=str(error))
            return unavailable(environ["REQUEST_METHOD"])
        return None

    def etag(self, feed_key: str) -> str | None:
        """The bare tag of the version of a feed that is served now; None if there is none."""
        served = self._served.get(feed_path(feed_key, "rss"))
        return None if served is None else served.etag

    def stamp(self, feed_key: str) -> object:
        """Another one whenever something in a feed may have been published since."""
        served = self._served.get(feed_path(feed_key, "atom"))  # which tells of retractions, too
        return self.version if served is None else served.etag

    def _load(self, slot: Slot) -> bytes | None:
        """The body, from memory or the store; None if its version has been replaced."""
        with self._loading:
            body = slot.body
            if body is None:
                body = self._fetch(slot)
                if body is not None:
                    self.bodies.put(slot, body)
            slot.used = self.bodies.tick()
            return body

    def _successor(self, path: str, served: Served) -> Served | None:
        """What replaced a version that the store no longer has."""
        with self._looking:
            if self._served.get(path) is served:
                self._look(whole=True)
        newer = self._served.get(path)
        return None if newer is served else newer

    # ---- following the store ------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look for newer renderings, at most once a second; returns at once while another thread looks."""
        now = self._services.clock()
        if self._looked is not None and timedelta(0) <= now - self._looked < REFRESH_EVERY:
            return
        if not self._looking.acquire(blocking=False):
            return
        try:
            self._looked = now
            self._look()
        except StoreError as error:
            if self.failure is None:
                logger().error("store not readable, serving what is known", error=str(error))
            self.failure = str(error)
        finally:
            self._looking.release()

    def _look(self, *, whole: bool = False) -> None:
        """Take over what changed since the last look, or all of it after a new config."""
        config = self._services.config()
        now = self._services.clock()
        open_feeds = frozenset(key for key in config.open_feeds(now) if config.is_public(key))
        whole = whole or config is not self._config or open_feeds != self._open
        self._open = open_feeds
        heads = self._services.store.heads(0 if whole else self.version)
        served = dict(self._describe(config, heads))
        before = self._served
        # What is asked for often stays in memory across versions: its new bodies come before its new head,
        # and all of them before the first old one goes, so that a store that fails halfway takes nothing.
        pairs = {id(new): (before[path], new) for path, new in served.items() if path in before}
        hot = [found for old, new in pairs.values() for found in self._hot(old, new)]
        for old_slot, newer, body in hot:
            self.bodies.drop(old_slot)
            self.bodies.put(newer, body)
        self._served = served if whole else {**before, **served}
        self._config = config
        self.version = max((head.version for head in heads), default=self.version)
        self.failure = None

    def _describe(self, config: Config, heads: Iterable[Head]) -> Iterable[tuple[str, Served]]:
        prefix = urlsplit(config.base_url()).path
        caches = caches_of(config)
        for head in heads:
            cache = caches.get(head.feed_key)
            if cache is None or head.feed_key not in self._open:
                continue  # taken out of the config a moment ago, or ended
            feed = config.feed(head.feed_key, updated=head.last_modified, tag=self._services.tag)
            one = serve(
                head,
                feed,
                cache=cache,
                page_path=urlsplit(feed.page_url).path,
                deltas=config.site.deltas,
                hub=config.hub_url(head.feed_key),
            )
            for start in {"", prefix}:
                yield feed_path(head.feed_key, head.format, start), one

    def _hot(self, before: Served, new: Served) -> Iterable[tuple[Slot, Slot, bytes]]:
        """(old place, new place, new body) for each coding that is in memory."""
        for coding, variant in before.variants.items():
            body, newer = variant.slot.body, new.variants.get(coding)
            if body is None or newer is None:
                continue
            if not newer.slot.same_bytes(variant.slot):
                fresh = self._fetch(newer.slot)
                if fresh is None:
                    continue  # replaced once more; the next look finds that
                body = fresh
            yield variant.slot, newer.slot, body

    def _fetch(self, slot: Slot) -> bytes | None:
        return self._services.store.body(slot.feed_key, slot.format, slot.coding, slot.version)


def filtered(query: str) -> bool:
    """Is only a part of a feed asked for? Whatever else stands in a query means nothing."""
    return _FILTER.search(query) is not None


def feed_path(feed_key: str, format: Format, prefix: str = "") -> str:
    """``/c/world.rss``, as it stands in a request."""
    return f"{prefix}/{feed_key}.{format}"


def caches_of(config: Config) -> dict[str, str]:
    """The Cache-Control of each configured feed, from how often its sources are polled."""
    pauses: dict[str, list[timedelta]] = {key: [] for key in config.feed_keys()}
    for source in config.sources:
        for key in config.homes(source):
            pauses.setdefault(key, []).append(source.every)
    return {key: http.cache_control(http.freshness(every)) for key, every in pauses.items()}


def plan_of(served: Served, environ: Environ) -> Answer | Variant:
    """The answer that needs no body, or else whose body to send with 200."""
    method = environ["REQUEST_METHOD"]
    if method not in {"GET", "HEAD"}:
        return _PREFLIGHT if method == "OPTIONS" else _not_allowed()
    if environ.get("HTTP_SEC_FETCH_DEST") == "document" and not _wants_raw(environ):
        return _see_page(served)
    unmodified = _unmodified(served, environ)
    if unmodified is not None:
        return 304, unmodified, b""
    variant = _variant(served, environ)
    if method == "GET" or (served.deltas and "HTTP_A_IM" in environ):
        return variant
    return 200, variant.full, b""


def _unmodified(served: Served, environ: Environ) -> list[Header] | None:
    """The headers of the 304 that is due, if one is: If-None-Match alone decides where there is one."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        known = served.known.get(tags)
        if known is not None:
            return known
        return _variant(served, environ).unmodified if http.none_match(tags, served.etag) else None
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None:
        return None
    if since == served.modified or not http.modified_since(since, served.last_modified):
        return _variant(served, environ).unmodified
    return None


def _variant(served: Served, environ: Environ) -> Variant:
    accept = environ.get("HTTP_ACCEPT_ENCODING", "")
    return served.variants[http.choose_coding(accept, served.smallest_first)]


def _wants_raw(environ: Environ) -> bool:
    query = environ.get("QUERY_STRING", "")
    return "raw" in query and parse_qs(query).get("raw") == ["1"]


def _see_page(served: Served) -> Answer:
    """A person in a browser is sent to the page; the feed's own bytes are the same for everybody."""
    headers = [
        ("Location", served.page_path),
        ("Vary", "Sec-Fetch-Dest"),
        ("Cache-Control", "no-store"),
        ("Content-Length", "0"),
    ]
    return 303, headers, b""


def _not_allowed() -> Answer:
    return 405, [("Allow", http.METHODS), TEXT, ("Content-Length", str(len(_NOT_ALLOWED)))], _NOT_ALLOWED


def unavailable(method: str) -> Answer:
    headers = [
        ("Retry-After", RETRY_AFTER),
        TEXT,
        ("Cache-Control", "no-store"),
        ("Content-Length", str(len(_UNAVAILABLE))),
    ]
    return 503, headers, b"" if method == "HEAD" else _UNAVAILABLE


# ---- as WSGI (PEP 3333) -----------------------------------------------------------------------------


def ahead(fast: FastPath, behind: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """A WSGI callable that answers finished feeds itself and hands everything else on."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        fast.refresh()
        found = fast.answer(environ)
        if found is None:
            return behind(environ, start_response)
        status, headers, body = found
        start_response(REASONS[status], list(headers))
        return [body]

    return application


REASONS: Final[Mapping[int, str]] = {
    200: "200 OK",
    204: "204 No Content",
    226: "226 IM Used",
    303: "303 See Other",
    304: "304 Not Modified",
    405: "405 Method Not Allowed",
    429: "429 Too Many Requests",
    503: "503 Service Unavailable",
}
