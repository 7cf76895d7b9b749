"""When is something tried again that did not work, and when is it given up?"""

from datetime import datetime, timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
GIVE_UP_AFTER: Final = timedelta(hours=24)  # of failed deliveries: the subscription ends
QUESTIONS: Final = 3  # how often a callback is asked that does not answer at all
ASK_AGAIN: Final = timedelta(minutes=10)  # a hub that has not confirmed, then twice as long each time
LONGEST_ASK: Final = timedelta(days=1)
SHORTEST_LEASE: Final = timedelta(minutes=1)
USUAL_LEASE: Final = timedelta(days=1)  # of a hub that forgets to say how long
LONGEST_LEASE: Final = timedelta(days=90)


def again(now: datetime, tries: int, *, asked_for: timedelta | None = None) -> datetime:
    """When to try the next time; ``tries`` have failed before this one. 1, 3, 9, 27 minutes ... 6 hours.

    A subscriber that asks for more time (Retry-After) gets it, within reason.
    """
    growth: int = 3 ** min(tries, 10)
    wait = min(FIRST_WAIT * growth, LONGEST_WAIT)
    return now + max(wait, min(asked_for or timedelta(0), LONGEST_WAIT))


def is_given_up(failing: datetime | None, now: datetime) -> bool:
    """Has it failed for so long that nobody can be there any more?"""
    return failing is not None and now - failing >= GIVE_UP_AFTER


def ask_again(now: datetime, tries: int) -> datetime:
    """When to ask a hub the next time that has not agreed; ``tries`` were in vain before this one."""
    growth: int = 2 ** min(tries, 10)
    return now + min(ASK_AGAIN * growth, LONGEST_ASK)


def agreed_lease(seconds: str | None) -> timedelta:
    """How long a hub's word holds, from the lease_seconds that it gives; within bounds, whatever it says."""
    text = (seconds or "").strip().lstrip("0")
    if not (text.isascii() and text.isdigit()):
        return USUAL_LEASE
    if len(text) > 9:
        return LONGEST_LEASE
    return min(max(timedelta(seconds=int(text)), SHORTEST_LEASE), LONGEST_LEASE)


def renewal(now: datetime, lease: timedelta) -> datetime:
    """When to ask again so that the lease does not end: a tenth of it before, two days at most."""
    return now + lease - min(lease / 10, timedelta(days=2))
