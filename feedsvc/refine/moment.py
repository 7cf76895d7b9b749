"""When was an article published and last changed, as far as we believe its source?"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from feedsvc.model import DateFlag

CLOCK_SKEW: Final = timedelta(minutes=10)  # of origins; a date further ahead is wrong or an announcement


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """``flag`` says what was wrong with the source's date of publication ("" if nothing)."""

    published: datetime
    updated: datetime | None
    flag: DateFlag


def moments(published: datetime | None, updated: datetime | None, *, zone: str, now: datetime) -> Moments:
    """Aware, in UTC, in whole seconds, none later than ``now``.

    Zone-less dates are of the source's ``zone`` (an IANA name); no date is ``now``, and so is one in the
    future. An item with only a date of change was published then. ``updated`` stays only where it is
    later than ``published``.
    """
    claim = published or updated
    believed = _aware(claim, zone)
    changed = _aware(updated, zone)
    if claim is None or believed is None:
        return Moments(published=now, updated=None, flag="undated")
    flag: DateFlag = "" if claim.tzinfo else "zoneless"
    if believed > now + CLOCK_SKEW:
        flag = "future"
    believed = min(believed, now)
    later = changed is not None and believed < changed <= now
    return Moments(published=believed, updated=changed if later else None, flag=flag)


def _aware(when: datetime | None, zone: str) -> datetime | None:
    """The same moment in UTC; None also for what no calendar has after conversion (year 0 or 10000)."""
    if when is None:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=_zone(zone))
    try:
        return when.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return None


@lru_cache(maxsize=128)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
