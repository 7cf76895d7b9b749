"""What does an answer mean for what is asked next: is it worth a try, who refused, whose server is it?"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from feedsvc.errors import BadStatus, FetchError, ParseError
from feedsvc.model import Document, Followed, Source
from feedsvc.pages.trouble import trouble
from feedsvc.services import Services

# Which of some addresses were visited before, and what came of it.
Recall = Callable[[Iterable[str]], Mapping[str, Followed]]

_FOR_GOOD: Final = frozenset({400, 401, 403, 404, 405, 406, 410, 451})


def is_passing(error: FetchError | ParseError) -> bool:
    """May it be otherwise at the next poll?"""
    if isinstance(error, ParseError):
        return error.kind in {"blocked", "needs-browser"}
    if isinstance(error, BadStatus):
        return error.status not in _FOR_GOOD or error.kind == "blocked"
    return error.kind not in {"refused-address", "too-large", "redirects"}


def explained(error: BadStatus) -> FetchError:
    """The same error, of kind "blocked" and the like where the page that came with it says who refused."""
    document = Document(url=error.url, body=error.body, status=error.status, headers=error.headers)
    found = trouble(document, status=error.status)
    if found is None or found.kind == "not-html":
        return error
    return BadStatus(
        error.url,
        f"{error} {found.reason}",
        status=error.status,
        retry_after=error.retry_after,
        headers=error.headers,
        body=error.body,
        kind=found.kind,
    )


def until(services: Services, started: datetime) -> datetime:
    """When a poll must begin no more fetches: its lease has to outlast the last one."""
    return started + 1.5 * services.config().fetch.timeout


def is_own(source: Source, url: str) -> bool:
    """Is it on the server that the config names? Only that one may be in a network of ``fetch.allow``."""
    mine, theirs = urlsplit(source.location), urlsplit(url)
    return (mine.scheme, mine.netloc.rpartition("@")[2]) == (theirs.scheme, theirs.netloc.rpartition("@")[2])
