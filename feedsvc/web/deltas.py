"""What is new in a feed since the version that a reader has (RFC 3229, "A-IM: feed")?

Made when asked for, on the threads of pages, and kept up to a bound. A reader whose version is not known any
more gets the whole feed.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from feedsvc import publish
from feedsvc.errors import FeedsvcError
from feedsvc.model import Coding, Format
from feedsvc.services import Services
from feedsvc.telemetry import logger
from feedsvc.web import http
from feedsvc.web.bodies import Slot
from feedsvc.web.http import Header
from feedsvc.web.served import Served

CAPACITY: Final = 8 * 2**20  # bytes
MOST_TAGS: Final = 5  # of a request that are looked up
CODINGS: Final[tuple[Coding, ...]] = ("gzip", "identity")
USED: Final = frozenset({"ETag", "Last-Modified", "Content-Type", "Link", "Vary"})


# feed, format, version that it leads to, tag of the version that it leads from
Key = tuple[str, Format, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    base: str
    bodies: Mapping[Coding, bytes]


class Deltas:
    """The deltas of one process, shared by its threads."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._kept: OrderedDict[Key, Delta] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def answer(self, served: Served, environ: Mapping[str, Any]) -> tuple[int, list[Header], bytes] | None:
        """A 226 with what is new; None where the whole feed is the answer."""
        if not served.deltas or not http.wants_delta(environ.get("HTTP_A_IM", "")):
            return None
        slot = served.variants["identity"].slot
        for tag in http.named_tags(environ.get("HTTP_IF_NONE_MATCH", ""))[:MOST_TAGS]:
            found = self._delta(slot, tag)
            if found is not None:
                return self._reply(served, found, environ)
        return None

    def _reply(
        self, served: Served, found: Delta, environ: Mapping[str, Any]
    ) -> tuple[int, list[Header], bytes]:
        coding = http.choose_coding(environ.get("HTTP_ACCEPT_ENCODING", ""), CODINGS)
        body = found.bodies[coding]
        headers = [header for header in served.variants[coding].full if header[0] in USED]
        headers += [
            ("IM", "feed"),
            ("Delta-Base", f'"{found.base}"'),
            ("Cache-Control", "no-store, im"),
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", "ETag, Link, IM"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Length", str(len(body))),
        ]
        if coding != "identity":
            headers.append(("Content-Encoding", coding))
        return 226, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body

    def _delta(self, slot: Slot, tag: str) -> Delta | None:
        key = (slot.feed_key, slot.format, slot.version, tag)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        made = self._made(slot, tag)
        if made is not None:
            self._keep(key, made)
        return made

    def _made(self, slot: Slot, tag: str) -> Delta | None:
        try:
            version = self._services.store.past(slot.feed_key, tag)
            if version is None:
                return None
            since, known = version
            body = publish.delta(self._services, slot.feed_key, slot.format, known, since)
        except FeedsvcError as error:
            logger().warning("no delta", feed=slot.feed_key, error=str(error))
            return None
        return Delta(base=tag, bodies={"identity": body, "gzip": gzip.compress(body, 6, mtime=0)})

    def _keep(self, key: Key, made: Delta) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._size += _size(made)
            while self._size > CAPACITY and self._kept:
                self._size -= _size(self._kept.popitem(last=False)[1])


def _size(delta: Delta) -> int:
    return sum(map(len, delta.bodies.values()))
