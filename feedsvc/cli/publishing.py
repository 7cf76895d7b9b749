"""How does a command publish what it has changed, where no scheduler does?"""

import time
from datetime import timedelta
from typing import Final

from feedsvc.cli.output import plain, say
from feedsvc.publish import publish_due
from feedsvc.services import Services

PAUSE: Final = 0.2  # seconds
SOON: Final = timedelta(seconds=3)  # a feed is published once a second at most


def settle(services: Services, *, within: timedelta = SOON) -> None:
    """Publish until nothing is left; a feed that was published in this very second waits for the next."""
    until = time.monotonic() + within.total_seconds()
    while True:
        for one in publish_due(services):
            for error in one.dropped:
                say(f"left out of {one.feed_key}: {plain(error)}")
        if not services.store.dirty_feeds() or time.monotonic() > until:
            return
        time.sleep(PAUSE)
