"""When is a source polled next, and why?"""

import hashlib
from datetime import datetime, timedelta

from feedsvc.model import NextCheck

JITTER = 0.1  # of the interval: sources added together do not stay together
CONTINUED = timedelta(minutes=1)  # a source that led to more than one poll can read
LONGEST_BACKOFF = timedelta(hours=24)
LONGEST_RETRY_AFTER = timedelta(days=7)  # an origin that asks for more has made a mistake


def after_success(source_id: str, every: timedelta, now: datetime, *, unread: int = 0) -> NextCheck:
    """One interval on, moved a little so that polls spread out; sooner if ``unread`` documents are left
    that there was no time for."""
    if unread and every > CONTINUED:
        left = "1 document is left to read" if unread == 1 else f"{unread} documents are left to read"
        return NextCheck(at=now + CONTINUED, reason=left)
    return NextCheck(at=now + _spread(source_id, every, now), reason=f"every {_shown(every)}")


def after_failure(
    source_id: str,
    every: timedelta,
    now: datetime,
    *,
    failures: int,
    retry_after: timedelta | None = None,
) -> NextCheck:
    """The interval doubled with each failure in a row (``failures`` counts this one), at most a day;
    never before the time that the origin asked for (RFC 9110 10.2.3)."""
    wait = min(every * 2 ** min(failures, 20), max(LONGEST_BACKOFF, every))
    at = now + _spread(source_id, wait, now)
    reason = f"failed {failures} times in a row" if failures > 1 else "failed once"
    if retry_after is not None and now + retry_after > at:
        return NextCheck(at=now + min(retry_after, LONGEST_RETRY_AFTER), reason="asked for by Retry-After")
    return NextCheck(at=at, reason=f"{reason}, waiting about {_shown(wait)}")


def _spread(source_id: str, wait: timedelta, now: datetime) -> timedelta:
    """The wait, up to ``JITTER`` longer or shorter, by a number that source and time decide."""
    seed = hashlib.sha256(f"{source_id}\0{now.isoformat()}".encode()).digest()
    share = int.from_bytes(seed[:4], "big") / 2**32
    return wait * (1 - JITTER + 2 * JITTER * share)


def _shown(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s" if seconds < 120 else f"{seconds // 60}m"
