"""How are feeds answered that are made when asked for? From memory, and made anew only when they may differ.

On the threads of pages, never on that of the finished feeds. Whoever asks for the same feed at the same time
waits for the one who makes it, and only a few are made at once.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from feedsvc.config import Config
from feedsvc.errors import NotFound, RenderError, StoreError
from feedsvc.model import Coding, Format, Head
from feedsvc.ondemand import FILTERS, Asked, Made, asked, is_kept, make
from feedsvc.services import Services
from feedsvc.telemetry import logger
from feedsvc.web import http
from feedsvc.web.fastpath import REASONS, Answer, Environ, FastPath, plan_of, unavailable
from feedsvc.web.served import Served, Variant, serve

CAPACITY: Final = 32 * 2**20  # bytes, of all bodies that are kept
OVERHEAD: Final = 8_192  # bytes of a kept feed beside its bodies
AT_ONCE: Final = 4  # feeds that are made at the same time, of the 8 threads that make pages
PATIENCE: Final = 5.0  # seconds that one waits for its turn
LOOK_AGAIN: Final = timedelta(seconds=60)  # what retention takes is told by no publication
LONGEST_QUERY: Final = 4_096  # characters; of more nothing is read
MOST_PARAMETERS: Final = 200

PATH: Final = re.compile(r"/(all|[csv]/[^/]+)\.(rss|atom|json)")

Name = tuple[str, str, Format]  # key, filters, format


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A feed in memory; it holds while config and ``stamps`` (of the feeds it draws on) are the same."""

    made: Made
    served: Served
    config: Config
    stamps: tuple[object, ...]
    looked: datetime

    def size(self) -> int:
        return OVERHEAD + sum(map(len, self.made.rendering.bodies.values()))


class OnDemand:
    """The feeds made on demand by one process. Threads share it."""

    def __init__(self, services: Services, fast: FastPath, *, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self.size = 0
        self._services = services
        self._fast = fast
        self._kept: OrderedDict[Name, Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._turns: dict[Name, tuple[threading.Lock, int]] = {}
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def __len__(self) -> int:
        return len(self._kept)

    def answer(self, environ: Environ) -> Answer | None:
        """The answer; None if the address is that of no such feed."""
        path = PATH.fullmatch(environ["PATH_INFO"])
        if path is None:
            return None
        key, form = path.groups()
        try:
            config = self._services.config()
            wanted = asked(config, key, given(environ.get("QUERY_STRING", "")))
            if not config.is_public(wanted.key) or ended(config, wanted, self._services.clock()):
                return None
            if is_kept(config, wanted):
                kept = {"PATH_INFO": f"/{wanted.key}.{form}", "QUERY_STRING": _raw(environ)}
                return self._fast.answer({**environ, **kept})
            return self.reply(wanted, form, environ)  # type: ignore[arg-type]  # the pattern has no others
        except NotFound:
            return None
        except (StoreError, RenderError) as error:
            logger().error("feed not made", path=path[0], error=str(error))
            return unavailable(environ["REQUEST_METHOD"])

    def reply(self, wanted: Asked, form: Format, environ: Environ) -> Answer:
        """A feed, however one came to ask for it. Raises NotFound, StoreError, RenderError."""
        served = self._fresh(wanted, form).served
        plan = plan_of(served, environ)
        if not isinstance(plan, Variant):
            return plan
        head = environ["REQUEST_METHOD"] == "HEAD"
        return 200, plan.full, b"" if head else plan.slot.body or b""

    # ---- keeping ------------------------------------------------------------------------------------

    def _fresh(self, wanted: Asked, form: Format) -> Kept:
        name = (wanted.key, wanted.filters, form)
        kept = self._look(name, wanted)
        if kept is not None:
            return kept
        with self._turn(name):
            kept = self._look(name, wanted)  # somebody else may have made it meanwhile
            return self._make(name, wanted, form) if kept is None else kept

    def _look(self, name: Name, wanted: Asked) -> Kept | None:
        with self._lock:
            kept = self._kept.get(name)
            if kept is None:
                return None
            self._kept.move_to_end(name)
        now = self._services.clock()
        recent = timedelta(0) <= now - kept.looked < LOOK_AGAIN
        same = kept.config is self._services.config() and kept.stamps == self._stamps(wanted)
        return kept if recent and same else None

    def _make(self, name: Name, wanted: Asked, form: Format) -> Kept:
        """With what it depends on noted first: what changes meanwhile is found at the next look."""
        now, config, stamps = self._services.clock(), self._services.config(), self._stamps(wanted)
        last = self._kept.get(name)
        if not self._room.acquire(timeout=PATIENCE):
            raise StoreError("too many feeds are being made at once")
        try:
            made = make(self._services, wanted, form, None if last is None else last.made)
        finally:
            self._room.release()
        served = last.served if last and last.made is made else _serve(config, wanted, made)
        kept = Kept(made=made, served=served, config=config, stamps=stamps, looked=now)
        self._keep(name, kept)
        return kept

    def _stamps(self, wanted: Asked) -> tuple[object, ...]:
        return tuple(map(self._fast.stamp, wanted.query.feeds))

    def _keep(self, name: Name, kept: Kept) -> None:
        with self._lock:
            self._forget(name)
            self._kept[name] = kept
            self.size += kept.size()
            while self.size > self.capacity and self._kept:
                self._forget(next(iter(self._kept)))

    def _forget(self, name: Name) -> None:
        kept = self._kept.pop(name, None)
        if kept is not None:
            self.size -= kept.size()

    @contextmanager
    def _turn(self, name: Name) -> Iterator[None]:
        """One at a time for each feed."""
        with self._lock:
            lock, users = self._turns.get(name, (threading.Lock(), 0))
            self._turns[name] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, users = self._turns.pop(name)
                if users > 1:
                    self._turns[name] = (lock, users - 1)


def given(query: str) -> Mapping[str, list[str]]:
    """The parameters of a query that ask for something."""
    try:
        plain = query[:LONGEST_QUERY].encode("latin-1").decode(errors="replace")  # as WSGI has it
        found = parse_qs(plain, max_num_fields=MOST_PARAMETERS)
    except ValueError:  # more of them than that, or no WSGI
        return {}
    return {name: found[name] for name in FILTERS if name in found}


def ended(config: Config, wanted: Asked, now: datetime) -> bool:
    """Has one of its categories been retired for so long that it is gone?"""
    return any(config.ended(key, now) for key in wanted.query.feeds)


def _raw(environ: Environ) -> str:
    """What is left of the query of a finished feed: the wish to see its file."""
    return "raw=1" if parse_qs(environ.get("QUERY_STRING", "")).get("raw") == ["1"] else ""


def _serve(config: Config, wanted: Asked, made: Made) -> Served:
    one, bodies = made.rendering, made.rendering.bodies
    sizes: dict[Coding, int] = {coding: len(body) for coding, body in bodies.items()}
    head = Head(
        feed_key=one.feed_key,
        format=one.format,
        etag=one.etag,
        last_modified=one.last_modified,
        version=0,
        sizes=sizes,
    )
    page = urlsplit(made.feed.page_url)
    where = f"{page.path}?{page.query}" if page.query else page.path
    served = serve(head, made.feed, cache=_cache(config, wanted), page_path=where)
    for coding, variant in served.variants.items():
        variant.slot.body = bodies[coding]
    return served


def _cache(config: Config, wanted: Asked) -> str:
    """As for the finished feeds: by how often its sources are polled."""
    known = [source for key in wanted.query.feeds for source in config.sources_of(key)]
    named = [source for source in known if source.id in wanted.query.sources] or known
    fresh = http.freshness(source.every for source in named)
    return http.cache_control(fresh, private=not config.is_public(wanted.key))


def before(made: OnDemand, behind: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """A WSGI callable that answers feeds made on demand itself and hands everything else on."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = made.answer(environ)
        if found is None:
            return behind(environ, start_response)
        status, headers, body = found
        start_response(REASONS[status], list(headers))
        return [body]

    return application
