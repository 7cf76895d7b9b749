"""Who runs the newspaper of the tests: what is printed, what stands before it, and who asked for what?"""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from tests.site.stories import ENGLISH, SECTIONS, Story, stories

Wall = Literal[
    "challenge", "refusal", "consent", "login", "moved", "parked", "shell", "empty", "gone", "no-links", "pdf"
]
WALLS: Final[tuple[Wall, ...]] = (
    "challenge",  # a robot check, with status 403
    "refusal",  # the same with status 200
    "consent",  # a redirect to a consent wall
    "login",  # a redirect to a login form
    "moved",  # a page that only sends on
    "parked",
    "shell",  # an app that nobody drew
    "empty",  # a list with nothing in it
    "gone",  # a page without the list
    "no-links",  # a list that leads nowhere
    "pdf",
)

# Where the demo shows walls; nothing else is there.
STANDING: Final[Mapping[str, Wall]] = {
    "/guarded/": "challenge",
    "/consented/": "consent",
    "/members/": "login",
    "/old-town/": "moved",
    "/holiday/": "empty",
}


@dataclass(kw_only=True)
class Paper:
    """One newspaper. ``base`` is the instant that its stories are dated back from.

    ``walls`` puts something before a path; ``design`` is 1 or 2; ``hits`` counts requests by path and query.
    """

    base: datetime
    api_key: str | None = None
    design: int = 1
    walls: dict[str, Wall] = field(default_factory=lambda: dict(STANDING))
    hits: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._printed = {section: stories(section, self.base) for section in SECTIONS}
        self._later = stories("later", self.base)
        self.asked = 0

    def section(self, name: str) -> list[Story]:
        """Newest first."""
        with self._lock:
            return list(self._printed[name])

    def story(self, section: str, slug: str) -> Story | None:
        return next((one for one in self.section(section) if one.slug == slug), None)

    def latest(self, *sections: str) -> list[Story]:
        """Of several sections (all in English if none is named), newest first."""
        found = [story for name in sections or ENGLISH for story in self.section(name)]
        return sorted(found, key=lambda story: story.published, reverse=True)

    def publish(self, story: Story) -> Story:
        with self._lock:
            self._printed[story.section].insert(0, story)
        return story

    def publish_next(self, when: datetime) -> Story | None:
        """Print one of the stories that wait in a drawer; None once it is empty."""
        with self._lock:
            waiting = self._later.pop(0) if self._later else None
        return self.publish(redated(waiting, when)) if waiting else None

    def note(self, address: str) -> None:
        with self._lock:
            self.hits[address] += 1
            self.asked += 1


def redated(story: Story, when: datetime) -> Story:
    return replace(story, published=when.astimezone(story.published.tzinfo).replace(second=0, microsecond=0))
