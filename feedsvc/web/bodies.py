"""Which finished bodies are kept in memory? The last used, up to a bound in bytes."""

import threading
from collections import OrderedDict
from typing import Final, NamedTuple

from feedsvc.model import Coding, Format

CAPACITY: Final = 64 * 2**20  # bytes: some 1,700 feeds of 38 KB, or the hot ones of many more


class BodyKey(NamedTuple):
    """One body of one version: a new version never meets the bytes of an old one."""

    feed_key: str
    format: Format
    coding: Coding
    version: int


class Bodies:
    """A cache that threads share; what was used longest ago leaves first. Bytes are counted, not keys."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self.size = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[BodyKey, bytes] = OrderedDict()

    def __contains__(self, key: BodyKey) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: BodyKey) -> bytes | None:
        with self._lock:
            body = self._kept.get(key)
            if body is not None:
                self._kept.move_to_end(key)
            return body

    def put(self, key: BodyKey, body: bytes) -> None:
        """Keep a body, unless it alone is larger than all that may be kept."""
        with self._lock:
            self._drop(key)
            if len(body) > self.capacity:
                return
            self._kept[key] = body
            self.size += len(body)
            while self.size > self.capacity:
                self._drop(next(iter(self._kept)))

    def drop(self, key: BodyKey) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: BodyKey) -> None:
        self.size -= len(self._kept.pop(key, b""))
