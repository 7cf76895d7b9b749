"""Which moment does the text near an article name, in whatever language it is written?

Most written dates are read by a table of the names of months; for languages that it does not know there is
dateparser, which is slow. Relative ones ("3 hours ago", "today") name no moment without a clock: None.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Final, Literal

from feedsvc.pages.listing.months import READ_WELL, month
from feedsvc.refine.dates import believable, read_date

Order = Literal["DMY", "MDY", "YMD"]
LONGEST: Final = 80  # characters of a text that is a date and little else
EARLIEST: Final = 1990

_NAME: Final = r"(?P<name>[^\W\d_][^\d\s,/()|]*)"
_DAY: Final = r"(?<!\d)(?P<day>\d{1,2})"
_YEAR: Final = r"(?P<year>\d{4})"
_TIME: Final = (
    r"(?:\D{0,12}?(?<!\d)(?P<hour>[0-2]?\d)\s?[:.h時时]\s?(?P<minute>[0-5]\d)(?!\d)(?:[:.][0-5]\d)?"
    r"\s*(?P<half>[ap]\.?m\b)?)?"
)
_NUMBERS: Final = r"(?<![\d.])(?P<one>\d{1,2})\s?[-/.]\s?(?P<two>\d{1,2})\s?[-/.]\s?"
_FORMS: Final = tuple(
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        # 2026年11月24日, 2026년 11월 24일
        rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일號号]?",
        # 24 November 2026, 24. listopadu 2026, 24 de noviembre de 2026, 24-Nov-2026
        rf"{_DAY}(?:\.|st|nd|rd|th|er|º|ª|°)?[\s\-/]*(?:de\s|d[’'])?\s*{_NAME}[\s\-/,]+(?:de\s|del\s)?{_YEAR}",
        # November 24th, 2026
        rf"(?<![^\W_]){_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?,?\s+{_YEAR}(?!\d)",
        # 2026. november 24.
        rf"(?<!\d){_YEAR}[.,]?\s+{_NAME}\s+(?P<day>\d{{1,2}})(?!\d)\.?",
        # 24 tháng 11, 2026
        rf"{_DAY}\s+(?P<name>tháng \d{{1,2}}),?\s+{_YEAR}",
        # 2026-11-24
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2})(?!\d)",
        # 24/11/2026, 11/24/26
        rf"{_NUMBERS}(?P<year>\d{{4}}|\d{{2}})(?![\d.])",
    )
)
_FIRST: Final = 300_000  # characters of a page that are looked at for how it writes dates
_YEAR_LAST: Final = re.compile(r"[/.](?:19|20)\d\d(?![\d./-])")
_DAY_AND_MONTH: Final = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})$")
_DIGITS: Final = re.compile(r"\d")
_IN_PATH: Final = re.compile(r"/((?:19|20)\d{2})[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|\.|$)")
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?")
_MIDDLE_FIRST: Final = frozenset({"en-us", "en-ph", "en-ca", "es-us", "fil"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the dates of a page are to be read: its language (BCP 47, lower case), and 1/2/2026."""

    language: str = ""
    order: Order = "DMY"


def reading(language: str | None, host: str, text: str, order: Order | None) -> Reading:
    """``order`` if it is given; else as the page's own dates tell, else as its language writes them."""
    said = (language or "").replace("_", "-").lower()
    return Reading(language=said, order=order or _told(text) or _customary(said, host))


def _told(text: str) -> Order | None:
    """By the dates that can be read in one way only, such as 24/11/2026: what most of them say."""
    first = second = 0
    for year in islice(_YEAR_LAST.finditer(text[:_FIRST]), 500):
        found = _DAY_AND_MONTH.search(text, max(0, year.start() - 5), year.start())
        if found is not None:
            first += int(found[2]) <= 12 < int(found[1]) <= 31
            second += int(found[1]) <= 12 < int(found[2]) <= 31
    if first == second:
        return None
    return "DMY" if first > second else "MDY"


def _customary(language: str, host: str) -> Order:
    ending = host.rpartition(".")[2]
    if language in _MIDDLE_FIRST or (language in {"", "en"} and ending in {"gov", "mil", "us", "edu"}):
        return "MDY"
    if language == "en" and len(ending) != 2:
        return "MDY"
    return "YMD" if language[:2] in {"zh", "ja", "ko", "hu", "lt", "mn"} else "DMY"


def read_exact(text: str | None) -> datetime | None:
    """What machines write: ISO 8601, RFC 5322, seconds since 1970."""
    text = (text or "").strip()
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    return _sensible(read_date(text)) if len(text) >= 8 or "-" in text else None


def read_path(path: str) -> datetime | None:
    """The day in ``/2026/11/24/``."""
    found = _IN_PATH.search(path)
    return _made(int(found[1]), int(found[2]), int(found[3]), None) if found else None


@lru_cache(maxsize=2_048)
def read_written(text: str, how: Reading) -> datetime | None:
    """The first date in a short text; naive unless it names its zone."""
    if len(text) > LONGEST or not _DIGITS.search(text):
        return None
    for form in _FORMS:
        for found in form.finditer(text):
            when = _moment(found.groupdict(), how)
            if when is not None:
                return when
    return None


def may_be_date(text: str) -> bool:
    return len(text) <= LONGEST and has_digit(text)


def has_digit(text: str) -> bool:
    return _DIGITS.search(text) is not None


def read_foreign(text: str, how: Reading) -> datetime | None:
    """By dateparser, in the page's own language: for names of months that the table does not have."""
    if (
        how.language[:2] in READ_WELL
        or not how.language
        or len(text) > LONGEST
        or not re.search(r"\d{4}", text)
        or not re.search(r"[^\W\d_]{3}", text)
    ):
        return None
    import dateparser  # noqa: PLC0415 slow to import

    try:
        found = dateparser.parse(
            text,
            languages=[how.language.partition("-")[0]],
            settings={"DATE_ORDER": how.order, "STRICT_PARSING": True, "PARSERS": ["absolute-time"]},
        )
    except (ValueError, TypeError, OverflowError, AttributeError, LookupError):  # an unknown language, too
        return None
    return _sensible(found)


# ---- parts ------------------------------------------------------------------------------------------


def _moment(parts: dict[str, str | None], how: Reading) -> datetime | None:
    if parts.get("one"):
        number, day = _ordered(int(parts["one"] or 0), int(parts["two"] or 0), how.order)
    else:
        name = parts.get("name")
        found = month(name, how.language) if name else int(parts.get("month") or 0)
        if found is None:
            return None
        number, day = found, int(parts["day"] or 0)
    return _made(_year(parts["year"] or ""), number, day, parts)


def _made(year: int, month: int, day: int, parts: dict[str, str | None] | None) -> datetime | None:
    hour = int((parts or {}).get("hour") or 0)
    half = ((parts or {}).get("half") or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    try:
        minute = int((parts or {}).get("minute") or 0)
        return _sensible(datetime(year, month, day, hour, minute))  # noqa: DTZ001 naive: it names no zone
    except ValueError:
        return None


def _ordered(one: int, two: int, order: Order) -> tuple[int, int]:
    """Month and day; where only one reading makes a date, that one."""
    if one > 12:
        return two, one
    if two > 12:
        return one, two
    return (one, two) if order == "MDY" else (two, one)


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 2:
        return year + 2000
    return year - 543 if 2500 < year < 2700 else year  # the Buddhist era, as Thailand counts


def _sensible(when: datetime | None) -> datetime | None:
    when = believable(when)
    return when if when is not None and EARLIEST <= when.year <= 2100 else None
