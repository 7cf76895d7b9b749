"""Which moment does a value name: an instant, a time without a zone, or only a day?"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple

from feedsvc.pages.article.written import find_dates
from feedsvc.refine.dates import read_date

Moment = datetime | date

_MILLISECONDS: Final = re.compile(r"(\d{2}:\d{2}:\d{2})[:.,]\d+")
_SECONDS: Final = re.compile(r"\d{10}(?:\d{3})?", re.ASCII)  # since 1970
_YEARS: Final = range(1990, 2100)


class Claim(NamedTuple):
    """A moment that some part of the page names as that of publication, and how much that counts."""

    when: Moment
    weight: float
    source: str


def read_moment(text: str) -> Moment | None:
    """A moment as machines write it, or as people do; a ``date`` where there is no time in it."""
    text = _MILLISECONDS.sub(r"\1", text.strip())[:100]
    if _SECONDS.fullmatch(text):
        when: datetime | None = datetime.fromtimestamp(int(text[:10]), UTC)
    else:
        when = read_date(text)
    if when is None:
        return next((found.when for found in find_dates(text) if is_possible(found.when)), None)
    return _as_told(when, text) if is_possible(when) and len(text) > 7 else None


def read_all(values: Iterable[str]) -> list[Moment]:
    return [when for value in values if (when := read_moment(value))]


def _as_told(when: datetime, text: str) -> Moment:
    """Midnight without a zone is what a day becomes in software."""
    is_day = ":" not in text and "T" not in text and len(text) < 13 and not text.isdigit()
    return when.date() if is_day or (when.tzinfo is None and when.time() == time(0)) else when


def is_possible(when: Moment) -> bool:
    return when.year in _YEARS and (when.month, when.day, when.year) != (1, 1, 1990)


def day_of(when: Moment) -> date:
    return when.date() if isinstance(when, datetime) else when


def is_zoned(when: Moment) -> bool:
    return isinstance(when, datetime) and when.tzinfo is not None
