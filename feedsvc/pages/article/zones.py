"""In which zone is an instant to be told, so that its day is the one that readers see?"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from feedsvc.pages.article.moments import Claim, Moment, day_of, is_zoned

_SEEN: Final = frozenset({"address", "dateline", "time"})
# Where most who read a language live, by which a day that readers see is explained; never more than that.
_HOMES: Final = {
    tag: zone
    for zone, tags in {
        "America/Bogota": "es-co es-pe es-ec",
        "America/New_York": "en-us en",
        "America/Argentina/Buenos_Aires": "es-ar es-uy",
        "America/Mexico_City": "es-mx",
        "America/Santiago": "es-cl",
        "America/Sao_Paulo": "pt-br",
        "America/Toronto": "en-ca fr-ca",
        "Asia/Bangkok": "th",
        "Asia/Ho_Chi_Minh": "vi",
        "Asia/Jakarta": "id",
        "Asia/Jerusalem": "he",
        "Asia/Kolkata": "en-in hi bn ta te",
        "Asia/Seoul": "ko",
        "Asia/Shanghai": "zh zh-cn",
        "Asia/Taipei": "zh-tw",
        "Asia/Tehran": "fa",
        "Asia/Tokyo": "ja",
        "Australia/Sydney": "en-au",
        "Europe/Athens": "el",
        "Europe/Berlin": "de de-de de-at de-ch cs da fr fr-fr hr hu it nb nl no pl sk sl sv",
        "Europe/Bucharest": "ro",
        "Europe/Helsinki": "fi et lv lt",
        "Europe/Istanbul": "tr",
        "Europe/Kyiv": "uk",
        "Europe/Lisbon": "pt",
        "Europe/London": "en-gb",
        "Europe/Madrid": "es es-es ca eu gl",
        "Europe/Moscow": "ru",
        "Europe/Sofia": "bg",
        "Pacific/Auckland": "en-nz",
    }.items()
    for tag in tags.split()
}
# Minutes that zones on earth are off the full hour.
_OFF: Final = frozenset({0, 30, 45})


def fuller(when: Moment, others: Iterable[Moment]) -> Moment:
    """The instant, in the zone of the page where another claim of the same instant shows it."""
    if not isinstance(when, datetime) or when.utcoffset():
        return when
    same = (one for one in others if isinstance(one, datetime))
    return next((found for one in same if (found := _matched(when, one))), when)


def _matched(when: datetime, other: datetime) -> datetime | None:
    """``when``, naive or in UTC, in the zone that ``other`` gives it if it is the same to the minute."""
    ahead = (_minute(other) - _minute(when)) // timedelta(minutes=1)
    if when.tzinfo is None:
        return other if other.tzinfo is not None and ahead == 0 else None
    if other.tzinfo is not None:
        return other if other.utcoffset() and abs(other - when) < timedelta(minutes=1) else None
    if ahead == 0 or ahead % 60 not in _OFF or abs(ahead) > 14 * 60 or abs(ahead) < 60:
        return None
    return when.astimezone(timezone(timedelta(minutes=ahead)))


def _minute(when: datetime) -> datetime:
    return when.replace(tzinfo=None, second=0, microsecond=0)


def in_zone(when: Moment, claims: list[Claim], changed: list[Moment], language: str | None) -> Moment:
    """An instant in UTC whose day readers see as another one, in a zone where it is that day.

    The zones that the page uses are tried first, then that of most readers of its language.
    """
    if not isinstance(when, datetime) or when.utcoffset() != timedelta(0):
        return when
    days = {day_of(one.when) for one in claims if one.source in _SEEN and not is_zoned(one.when)}
    if not days or when.date() in days:
        return when
    moments = [*(one.when for one in claims), *changed]
    zones = [one.tzinfo for one in moments if isinstance(one, datetime) and one.utcoffset()]
    local = (when.astimezone(zone) for zone in (*zones, *_homes(language)))
    return next((_fixed(one) for one in local if one.date() in days), when)


def _homes(language: str | None) -> Iterator[ZoneInfo]:
    tag = (language or "").lower()
    for name in (tag, tag.partition("-")[0]):
        if zone := _HOMES.get(name):
            yield ZoneInfo(zone)


def _fixed(when: datetime) -> datetime:
    """With the bare offset: the name of the zone is more than we know."""
    return when.replace(tzinfo=timezone(when.utcoffset() or timedelta(0)))
