"""Which finished bodies are kept in memory? The last used, up to a bound in bytes."""

import threading
from dataclasses import dataclass
from itertools import count
from typing import Final

from feedsvc.model import Coding, Format

CAPACITY: Final = 64 * 2**20  # bytes: some 1,700 feeds of 38 KB, or the hot ones of many more


@dataclass(slots=True, eq=False)
class Slot:
    """The place of one body of one version: a new version never meets the bytes of an old one.

    ``body`` is None while it is not in memory; ``used`` counts up with each use of any slot.
    """

    feed_key: str
    format: Format
    coding: Coding
    version: int
    body: bytes | None = None
    used: int = 0

    def same_bytes(self, other: "Slot") -> bool:
        """Are both places for the same body?"""
        mine = (self.feed_key, self.format, self.coding, self.version)
        return mine == (other.feed_key, other.format, other.coding, other.version)


class Bodies:
    """Counts the bytes in slots; what was used longest ago leaves first. Threads share it.

    Reading takes no lock: whoever uses a slot's body writes ``tick()`` into it.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self.size = 0
        self.tick = count(1).__next__
        self._lock = threading.Lock()
        self._kept: set[Slot] = set()

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, slot: Slot, body: bytes) -> None:
        """Keep a body, unless it alone is larger than all that may be kept."""
        with self._lock:
            self._drop(slot)
            if len(body) > self.capacity:
                return
            slot.body, slot.used = body, self.tick()
            self._kept.add(slot)
            self.size += len(body)
            while self.size > self.capacity:
                self._drop(min(self._kept, key=lambda one: one.used))

    def drop(self, slot: Slot) -> None:
        with self._lock:
            self._drop(slot)

    def _drop(self, slot: Slot) -> None:
        if slot.body is not None:
            self._kept.discard(slot)
            self.size -= len(slot.body)
            slot.body = None
