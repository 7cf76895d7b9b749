"""What do the index and every page's head ask for again and again? Kept in memory while nothing changes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from feedsvc.model import Entry, FeedState, SafeHtml
from feedsvc.services import Services
from feedsvc.web.fastpath import FastPath

HEADLINES: Final = 3  # of a feed
COUNTED_FOR: Final = timedelta(seconds=5)  # counts may be so old; what was published shows at once
COUNTED_TO: Final = 10_000  # entries; beyond, a page says only that there are more
GAINS_OF: Final = 14  # days
GAINS_FOR: Final = timedelta(minutes=5)


class Glance:
    """The newest entries of each feed until it is published anew, and how much is and comes in it."""

    def __init__(self, services: Services, fast: FastPath) -> None:
        self._services = services
        self._fast = fast
        self._newest: dict[str, tuple[str, Sequence[Entry]]] = {}
        self._counted: tuple[int, datetime, Mapping[str, FeedState]] | None = None
        self._totals: dict[str, tuple[str, int]] = {}
        self._gains: tuple[datetime, Mapping[str, Sequence[int]]] | None = None

    def newest(self, feed_key: str) -> Sequence[Entry]:
        """The first headlines, without their texts."""
        etag = self._fast.etag(feed_key)
        kept = self._newest.get(feed_key)
        if kept is not None and kept[0] == etag:
            return kept[1]
        found = [_headline(one) for one in self._services.store.page(feed_key, limit=HEADLINES)]
        if etag is not None:
            self._newest[feed_key] = etag, found
        return found

    def count(self, feed_key: str) -> int:
        """How many entries are in a feed; one more than ``COUNTED_TO`` stands for any number beyond."""
        etag = self._fast.etag(feed_key)
        kept = self._totals.get(feed_key)
        if kept is not None and kept[0] == etag:
            return kept[1]
        found = self._services.store.count(feed_key, COUNTED_TO + 1)
        if etag is not None:
            self._totals[feed_key] = etag, found
        return found

    def gains(self) -> Mapping[str, Sequence[int]]:
        """How many articles each feed gained on each of the last days (UTC), oldest first, today last."""
        now, kept = self._services.clock(), self._gains
        if kept is not None and timedelta(0) <= now - kept[0] < GAINS_FOR:
            return kept[1]
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        found = self._services.store.gains([today - timedelta(days=back) for back in range(GAINS_OF)[::-1]])
        self._gains = now, found
        return found

    def states(self) -> Mapping[str, FeedState]:
        now, version, kept = self._services.clock(), self._fast.version, self._counted
        if kept is not None and kept[0] == version and timedelta(0) <= now - kept[1] < COUNTED_FOR:
            return kept[2]
        states = self._services.store.feed_states()
        self._counted = version, now, states
        return states


def _headline(entry: Entry) -> Entry:
    """A thousand feeds must not keep three full articles each in memory."""
    return replace(entry, article=replace(entry.article, summary=SafeHtml(""), content=SafeHtml("")))
