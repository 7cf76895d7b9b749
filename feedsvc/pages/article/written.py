"""Which days and times does a text name, in whatever language people write them?"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from feedsvc.refine.dates import read_date

_LONGEST: Final = 400  # characters looked at
_GAP: Final = 28  # characters between a day and its time
_ERA: Final = 543  # years that Thailand is ahead

# How the names of months begin, in lower case; of two that fit, the longer one. Names that mean different
# months in different languages go by the larger one.
_MONTHS: Final = {
    stem: number
    for number, stems in enumerate(
        (
            (
                "jan jän ene gen xan styc led sij sječ siječ tammi urt saus jaan ian янв яну січ ιαν oca "
                "ocak ינו يناير "
                "जन มกรา มค ינואר"
            ),
            "feb fev fév lut úno veebr helmi ots vas velj фев лют φεβ şub פבר فبراير شباط फ กุมภา กพ",
            "mar mär mrt maa brez bře már ožu maali kov мар бер μαρ μάρ מרץ מרס مارس آذار मार्च มีนา มีค",
            "apr avr abr kwi dub ápr tra huhti bal апр кві απρ nis אפר أبريل ابريل إبريل نيسان अप्र เมษา เมย",
            (
                "may mai mag mei maj máj kvě svib touko geg mee май мая трав μαΐ μάι μαϊ μαι mayıs מאי مايو "
                "أيار मई พฤษภา พค"
            ),
            (
                "jun juin giu jún cze čer lipnj lipanj kesä birž июн юни черв ιουν ιούν haz יונ يونيو حزيران "
                "जून มิถุนา มิย"
            ),
            (
                "jul juil lug júl lip červenc červene srpnj srpanj heinä liep июл юли лип ιουλ ιούλ tem יול "
                "يوليو تموز जुल กรกฎา กค"
            ),
            "aug ago aoû aou sie srp elo rugpj kol авг серп αυγ αύγ ağu אוג أغسطس اغسطس آب अग สิงหา สค",
            "sep set wrz zář szep syys rugs ruj сен септ вер σεπ eyl ספט سبتمبر أيلول सित กันยา กย",
            "oct okt ott out paź říj loka spal urr окт жовт οκτ eki אוק أكتوبر اكتوبر अक्ट ตุลา ตค",
            "nov lis marras lapk stud aza ноя ное листоп νοε νοέ kas נוב نوفمبر नव พฤศจิกา พย",
            ("dec dez dic déc des gru pros joulu gruod abe dets дек груд δεκ ara דצמ ديسمبر दिस ธันวา ธค"),
        ),
        start=1,
    )
    for stem in stems.split()
}
_STEM: Final = max(map(len, _MONTHS))

_NAME: Final = r"(?P<name>[^\W\d_][^\s\d,/()|<>]{0,20}?)"
_OF: Final = r"(?:\s*(?:de|del|of|di|d['’]|de la|den|the)\s+|[\s.,\-/]+|(?<=\d)(?=[^\W\d_]))"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|[.ºª°]|-?(?:го|е|ène|ème))?"
_YEAR: Final = r"(?P<year>(?:19|20|25)\d{2})(?!\d)"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 24 November 2026, 24. Nov. 2026, 24 de noviembre de 2026, 24 นภ 2569
        rf"(?<!\d){_DAY}{_OF}{_NAME}{_OF}{_YEAR}",
        # November 24th, 2026
        rf"(?<!\w){_NAME}[.\s]\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?:de\s+|of\s+)?{_YEAR}",
        # 2026. november 24.
        rf"(?<!\d){_YEAR}[.,]?\s+{_NAME}\.?\s+(?P<day>\d{{1,2}})(?!\d)",
        # 2026-11-24, 2026年11月24日, 2026. 11. 24
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[-./年년]\s?(?P<month>\d{1,2})\s?[-./月월]\s?(?P<day>\d{1,2})(?!\d)",
        # 24.11.2026, 11/24/26
        r"(?<![\d.,/])(?P<first>\d{1,2})\s?(?P<mark>[./\-])\s?(?P<second>\d{1,2})\s?(?P=mark)\s?(?P<year>(?:19|20|25)\d{2}|\d{2})(?![\d/])",
        # 24 tháng 11 năm 2026
        (
            r"(?<!\d)(?P<day>\d{1,2})\s+(?:tháng"
            r"|thg)\s+(?P<month>\d{1,2}),?\s+(?:năm\s+)?(?P<year>20\d{2})(?!\d)"
        ),
    )
)
_TIME: Final = re.compile(
    r"(?P<later>오후|下午|午後|晚上)?\s?(?<![\d.:/])(?P<hour>[01]?\d|2[0-3])\s?(?P<mark>[:.hH時时点시]"
    r"|\s?Uhr\s?)\s?(?P<minute>[0-5]\d)(?![\d/])(?::(?P<second>[0-5]\d))?"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?(?:\s?(?:Uhr|hrs?|h|分|분)\b\.?)?"
    r"(?:\s?\(?(?P<zone>(?:GMT|UTC)?\s?[+\-−]\d{1,2}(?::?\d{2})?(?!\d)|[A-Z]{2,4}\b))?",
)
_TIME_12: Final = re.compile(r"(?<![\d.:/])(?P<hour>1[0-2]|0?[1-9])\s?(?P<half>[ap])\.?m\b\.?", re.IGNORECASE)


class Found(NamedTuple):
    """A datetime where a time stands beside the day, naive where it names no zone."""

    when: datetime | date
    start: int
    end: int


def find_dates(text: str, *, month_first: bool = False) -> Iterator[Found]:
    """Every day that a text names, in its order. ``month_first`` reads 11/10/2026 as 10 November."""
    text = _in_digits(text[:_LONGEST])
    if not any(char.isdigit() for char in text):
        return
    found = sorted(_days(text, month_first=month_first), key=lambda one: (one.start, -one.end))
    end = 0
    for one in found:
        if one.start >= end:
            end = one.end
            yield _with_time(text, one)


def _in_digits(text: str) -> str:
    """Digits of all scripts as ASCII ones."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char, char)) for char in unicodedata.normalize("NFC", text))


def _days(text: str, *, month_first: bool) -> Iterator[Found]:
    for form in _FORMS:
        for match in form.finditer(text):
            day = _day(match.groupdict(), month_first=month_first)
            if day is not None:
                yield Found(day, match.start(), match.end())


def _day(parts: dict[str, str | None], *, month_first: bool) -> date | None:
    year, day = int(parts["year"] or 0), int(parts.get("day") or 0)
    year = year + 2000 if year < 100 else year - _ERA if year > 2500 else year
    if parts.get("first"):
        first, second = int(parts["first"] or 0), int(parts["second"] or 0)
        swapped = second > 12 or (month_first and parts["mark"] != "." and first <= 12)
        day, month = (second, first) if swapped else (first, second)
    else:
        month = int(parts.get("month") or 0) or month_of(parts.get("name") or "")
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=2_048)
def month_of(name: str) -> int:
    """1 to 12; 0 for a word that names no month."""
    word = "".join(char for char in name.lower() if char not in ".’'").removeprefix("ב")  # Hebrew "in"
    stems = (word[:size] for size in range(min(_STEM, len(word)), 0, -1))
    return next((_MONTHS[stem] for stem in stems if stem in _MONTHS), 0)


def _with_time(text: str, found: Found) -> Found:
    """The time that follows the day, or stands just before it."""
    gap = text[found.end : found.end + _GAP]
    after = _time(text, found.end, found.end + _GAP + 20)
    if after and not any(char.isdigit() for char in gap[: after.start() - found.end]):
        return _joined(found, after)
    head = text[max(0, found.start - _GAP) : found.start]
    before = [*_TIME.finditer(head)] or [*_TIME_12.finditer(head)]
    return _joined(found, before[-1]) if before else found


def _time(text: str, start: int, end: int) -> re.Match[str] | None:
    return _TIME.search(text, start, end) or _TIME_12.search(text, start, end)


def _joined(found: Found, time: re.Match[str]) -> Found:
    parts = time.groupdict()
    half = f" {parts['half']}m" if parts.get("half") else " pm" if parts.get("later") else ""
    clock = f"{parts['hour']}:{parts.get('minute') or '00'}:{parts.get('second') or '00'}{half}"
    zoned = f"{found.when:%Y-%m-%d} {clock} {parts.get('zone') or ''}".strip()
    when = read_date(zoned)
    return found._replace(when=when) if when else found
