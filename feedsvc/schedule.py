"""When is a source polled next, and why?"""

import hashlib
from datetime import datetime, timedelta

from feedsvc.model import NextCheck, Push

JITTER = 0.1  # of the interval: sources added together do not stay together
CONTINUED = timedelta(minutes=1)  # a source that led to more than one poll can read
WHILE_PUSHED = timedelta(days=1)  # a source whose hub tells us
EXPLAINED_FOR = timedelta(hours=1)  # what turns up so soon after a push was pushed: caches may lag behind
LONGEST_BACKOFF = timedelta(hours=24)
NO_PUSH = Push()
LONGEST_RETRY_AFTER = timedelta(days=7)  # an origin that asks for more has made a mistake


def after_success(
    source_id: str,
    every: timedelta,
    now: datetime,
    *,
    unread: int = 0,
    push: Push = NO_PUSH,
    last_new: datetime | None = None,
) -> NextCheck:
    """One interval on, moved a little so that polls spread out; sooner if ``unread`` documents are left
    that there was no time for, later while a hub pushes. ``last_new``: when an article was last found."""
    if unread and every > CONTINUED:
        left = "1 document is left to read" if unread == 1 else f"{unread} documents are left to read"
        return NextCheck(at=now + CONTINUED, reason=left)
    doubt = _doubt(every, now, push, last_new)
    if doubt is None and push.until is not None:
        # Not beyond the hub's word: without a renewal the old pace begins then.
        at = min(now + _spread(source_id, max(every, WHILE_PUSHED), now), max(push.until, now + every))
        return NextCheck(at=at, reason="its hub pushes, this is only to make sure")
    reason = f"every {_shown(every)}"
    return NextCheck(
        at=now + _spread(source_id, every, now), reason=f"{reason}: {doubt}" if doubt else reason
    )


def _doubt(every: timedelta, now: datetime, push: Push, last_new: datetime | None) -> str | None:
    """Why a source is polled at its own pace although it has a hub ("" if it has none); None if the hub can
    be relied on: it has agreed, it pushes, and nothing is found that it did not push."""
    if push.until is None or push.until <= now:
        return ""
    if push.last is None:
        return "its hub has agreed to push, but did not yet"
    explained = push.last + max(EXPLAINED_FOR, 2 * every)
    if last_new is not None and last_new > explained:
        return "its hub did not push what is new"
    if (last_new is None or last_new < push.last) and now < explained:
        return "its hub pushed, but nothing new is there yet"
    return None


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
