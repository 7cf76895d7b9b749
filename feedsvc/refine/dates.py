"""Which moment does a written date name, and does it name its zone?"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

# Minutes east of Greenwich. Where a name has several meanings, the one that most people live with.
_ZONES: Final = {
    name: minutes
    for minutes, names in (
        (0, "gmt uct ut utc wet z"),
        (60, "bst cet met mez wat west"),
        (120, "cat cest eet mest mesz sast"),
        (180, "eat eest msk trt"),
        (300, "pkt"),
        (330, "ist"),
        (345, "npt"),
        (420, "wib"),
        (480, "awst hkt pht sgt"),
        (540, "jst kst"),
        (570, "acst"),
        (600, "aest"),
        (630, "acdt"),
        (660, "aedt"),
        (720, "nzst"),
        (780, "nzdt"),
        (-150, "ndt"),
        (-180, "adt art brt clst"),
        (-210, "nst"),
        (-240, "ast at clt edt"),
        (-300, "cdt est et"),
        (-360, "cst ct mdt"),
        (-420, "mst mt pdt"),
        (-480, "akdt pst pt"),
        (-540, "akst"),
        (-600, "hst"),
    )
    for name in names.split()
}

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen",
            "feb fev fév",
            "mar mär mrt",
            "apr abr avr",
            "may mai mag mei maj",
            "jun juin giu",
            "jul juil lug",
            "aug ago aoû aou",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez dic déc",
        ),
        start=1,
    )
    for name in names.split()
}

_TIME: Final = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
)
_COMPACT: Final = r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
_NAME: Final = r"[^\W\d_]"
_WEEKDAY: Final = rf"(?:{_NAME}+\.?(?:,\s*|\s+))?"
_ORDINAL: Final = r"(?:st|nd|rd|th|\.)?"
_YEAR: Final = r"(?P<year>\d{4}|\d{2})\b,?"
_ZONE: Final = r"\s*(?P<zone>.*)"

_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 20261124T103000Z
        rf"(?P<year>\d{{4}})-?(?P<month>\d{{2}})-?(?P<day>\d{{2}})T{_COMPACT}{_ZONE}",
        # 2026-11-24T10:30:00Z, 2026-11-24 10:30, 2026/11/24, 2026-11 (ISO 8601, RFC 3339, W3C-DTF)
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[T\s,]+{_TIME})?{_ZONE}",
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:[T\s]*{_TIME})?{_ZONE}",
        r"(?P<year>\d{4})(?:-(?P<month>\d{1,2}))?",
        # Tue, 24 Nov 2026 10:30:00 GMT, 24-Nov-26, 24. November 2026 (RFC 822, 850, 5322)
        rf"{_WEEKDAY}(?P<day>\d{{1,2}}){_ORDINAL}[\s\-/]+(?P<name>{_NAME}{{3,}})\.?,?[\s\-/]+{_YEAR}(?:[\sT]+{_TIME})?{_ZONE}",
        # Tue Nov 24 10:30:00 GMT 2026 (asctime)
        rf"{_WEEKDAY}(?P<name>{_NAME}{{3,}})\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+(?P<zone>\S*)\s*(?P<year>\d{{4}})",
        # Tue, November 24th, 2026, 10:30 AM
        rf"{_WEEKDAY}(?P<name>{_NAME}{{3,}})\.?\s+(?P<day>\d{{1,2}}){_ORDINAL},?\s+{_YEAR}(?:\s+(?:at\s+)?{_TIME})?{_ZONE}",
    )
)
_OFFSET: Final = re.compile(
    r"(?:gmt|utc|ut|etc/gmt)?\s*([+\-−])\s?(\d{1,2}):?(\d{1,2})?(?:\s*\(.*\))?", re.IGNORECASE
)
_ZONE_NAME: Final = re.compile(r"\(?(?:etc/)?([a-z]{1,5})\)?\.?", re.IGNORECASE)
_LONGEST: Final = 100


def read_date(text: str | None) -> datetime | None:
    """The moment, naive where the text names no zone that is known; None where it names no date.

    The epoch itself and year 1 are what software writes when it has no date: None too.
    """
    text = (text or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    return believable(_moment(found.groupdict())) if found else None


def believable(when: datetime | None) -> datetime | None:
    if when is None or when.year <= 1 or when.replace(tzinfo=when.tzinfo or UTC).timestamp() == 0:
        return None
    return when


def _moment(parts: dict[str, str | None]) -> datetime | None:
    month = _month(parts.get("name")) if parts.get("name") else int(parts.get("month") or 1)
    if month is None:
        return None
    try:
        return datetime(
            _year(parts["year"] or ""),
            month,
            int(parts.get("day") or 1),
            _hour(int(parts.get("hour") or 0), parts.get("half")),
            int(parts.get("minute") or 0),
            min(59, int(parts.get("second") or 0)),  # leap seconds
            tzinfo=_zone(parts.get("zone") or ""),
        )
    except ValueError:
        return None


def _year(text: str) -> int:
    """Two digits are the years 1990 to 2089."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 90 else 1900)


def _month(name: str | None) -> int | None:
    lowered = (name or "").lower()
    return _MONTHS.get(lowered[:4]) or _MONTHS.get(lowered[:3])


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _zone(text: str) -> timezone | None:
    """The offset that follows a date, None if it gives none or a name that is not known."""
    if offset := _OFFSET.fullmatch(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    name = _ZONE_NAME.fullmatch(text)
    minutes_east = _ZONES.get(name[1].lower()) if name else None
    return None if minutes_east is None else timezone(timedelta(minutes=minutes_east))
