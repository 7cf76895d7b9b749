"""What is a page to be drawn, within which bounds, and what came of it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedsvc.fetch.answer import Hops
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.guard import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of the browser: ``at_once`` pages are drawn, ``pages`` by one Chromium, which also ends after ``age``
    seconds and after ``idle`` seconds without any. Above ``memory`` bytes its largest process is ended.
    """

    at_once: int = 2
    pages: int = 100
    age: float = 1800
    idle: float = 180
    memory: int = 1_000_000_000


USUAL = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A page to be drawn. ``headers`` (names in Title-Case) and ``body`` are for its own server only.

    ``own`` is the host and port that ``fetch.allow`` serves, if any. ``redirects`` bounds the documents that
    it may take to get there, ``max_bytes`` what is transferred and what is drawn, each.
    """

    url: str
    own: Target | None
    user_agent: str
    redirects: int
    max_bytes: int
    deadline: Deadline
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page as it was drawn, or only its answer: ``html`` is None for an error status and for no HTML."""

    url: str
    status: int
    headers: Mapping[str, str]
    hops: Hops
    html: bytes | None
    wire_bytes: int
