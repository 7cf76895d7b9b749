"""Which moment does the text near an article name, in whatever language it is written?

Most written dates are read by a table of the names of months; what it does not know is left to dateparser,
which is slow. Relative ones ("3 hours ago", "today") name no moment without a clock: None.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Final, Literal

from feedsvc.refine.dates import believable, read_date

Order = Literal["DMY", "MDY", "YMD"]
LONGEST: Final = 80  # characters of a text that is a date and little else
EARLIEST: Final = 1990

# The beginnings by which the months are told apart; 1 to 12, languages that agree share them.
_MONTHS: Final = (
    # January
    (
        "jan ene gen janv jän ianu ιαν янв јан січ студ яну oca led stycz styc siječ sij sau jaan tammi"
        " urt ocak يناير جانفي كانون·الثاني ינואר ژانویه जनवरी জানুয়ারি มกรา ม.ค tháng·1 tháng·một qerg"
        " իունվար იანვ"
    ),
    # February
    (
        "feb fev fév febr helmi φεβ февр фев лют люты шуб şub úno úno lut velj vas veebr فبراير فيفري"
        " شباط פברואר فوریه फरवरी फ़रवरी ফেব্রুয়ারি กุมภา ก.พ tháng·2 tháng·hai otsa փետր თებ"
    ),
    # March
    (
        "mar mär maer mrt mars márc mart μαρ мар бер сак ožu bře brez kov märts maalis marz marzo مارس"
        " آذار מרץ مارس मार्च মার্চ มีนา มี.ค tháng·3 tháng·ba martxo մարտ მარ"
    ),
    # April
    (
        "apr abr avr ápr aprill απρ апр квіт крас nis kwi dub tra balan huhti apiril أبريل ابريل نيسان"
        " אפריל آوریل अप्रैल এপ্রিল เมษา เม.ย tháng·4 tháng·tư ապրիլ აპრ"
    ),
    # May
    (
        "may mai maj mag mei máj maio maí maja maijs geg mayıs toukok мая май маја мај трав maya svib kvě"
        " μαΐ μαι mayo مايو ماي أيار מאי مه मई মে พฤษภา พ.ค tháng·5 tháng·năm maiatz մայիս მაი"
    ),
    # June
    (
        "jun juin giu jún juni haz cze čer lip-jun bir kesä juun ιουν июн јун черв юни ekain يونيو جوان"
        " حزيران יוני ژوئن जून জুন มิถุนา มิ.ย tháng·6 tháng·sáu հունիս ივნ"
    ),
    # July
    (
        "jul juil lug júl juli tem lip srp liep heinä juul ιουλ июл јул лип юли uztail يوليو جويلية تموز"
        " יולי ژوئیه जुलाई জুলাই กรกฎา ก.ค tháng·7 tháng·bảy հուլիս ივლ"
    ),
    # August
    (
        "aug ago aoû aou ağu sie srp-aug kol rugp elo αυγ авг серп abuz أغسطس اغسطس أوت آب אוגוסט اوت"
        " अगस्त আগস্ট สิงหา ส.ค tháng·8 tháng·tám օգոստ აგვ"
    ),
    # September
    (
        "sep set szept eyl wrz zář ruj rugs syys σεπ сент сен сеп вер irail سبتمبر أيلول ספטמבר سپتامبر"
        " सितंबर सितम्बर সেপ্টেম্বর กันยา ก.ย tháng·9 tháng·chín սեպտ სექ"
    ),
    # October
    (
        "oct okt ott out ekim eki paź říj lis-oct spal loka οκτ окт жовт urri أكتوبر اكتوبر تشرين·الأول"
        " אוקטובר اکتبر अक्टूबर अक्तूबर অক্টোবর ตุลา ต.ค tháng·10 tháng·mười հոկտ ოქტ"
    ),
    # November
    (
        "nov kas lis stu lapkr marras νοε ноя нов лист aza نوفمبر تشرين·الثاني נובמבר نوامبر नवंबर नवम्बर"
        " নভেম্বর พฤศจิกา พ.ย tháng·11 նոյեմ ნოე"
    ),
    # December
    (
        "dec dez dic déc des dets gru pro ara joulu gruo δεκ дек дец груд aben ديسمبر كانون·الأول דצמבר"
        " دسامبر दिसंबर दिसम्बर ডিসেম্বর ธันวา ธ.ค tháng·12 դեկտ დეკ"
    ),
)
# Languages in which the same beginning is another month than in the table above.
_OTHERWISE: Final = {
    "cs": {
        "čer": 6,
        "červen": 6,
        "červenec": 7,
        "července": 7,
        "července ": 7,
        "srp": 8,
        "lis": 11,
        "kvě": 5,
    },
    "hr": {"lip": 6, "srp": 7, "kol": 8, "lis": 10, "stu": 11, "tra": 4},
    "pl": {"lip": 7, "sie": 8, "lis": 11, "maj": 5},
    "uk": {"лип": 7, "лист": 11, "лют": 2},
    "lt": {"bir": 6, "sau": 1, "kov": 3, "vas": 2},
}
_TABLE: Final = {
    name.replace("·", " "): number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names.split()
    if "-" not in name
}

_NAME: Final = r"[^\W\d_][^\d\s,/()|]*"
_TIME: Final = r"(?:\D{0,12}?(?<!\d)(?P<hour>[0-2]?\d)\s?[:.h時时]\s?(?P<minute>[0-5]\d)(?!\d)(?:[:.][0-5]\d)?\s*(?P<half>[ap]\.?m\b)?)?"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d)(?P<year>\d{{4}})\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일號号]?{_TIME}",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er|º|ª|°)?[\s\-/]*(?:de\s|d[’'])?\s*(?P<name>{_NAME})[\s\-/,]+"
        rf"(?:de\s|del\s)?(?P<year>\d{{4}}){_TIME}",
        rf"(?<![^\W_])(?P<name>{_NAME})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?,?\s+(?P<year>\d{{4}})(?!\d){_TIME}",
        rf"(?<!\d)(?P<year>\d{{4}})[.,]?\s+(?P<name>{_NAME})\s+(?P<day>\d{{1,2}})(?!\d)\.?{_TIME}",
        rf"(?<!\d)(?P<day>\d{{1,2}})\s+(?P<name>tháng \d{{1,2}}),?\s+(?P<year>\d{{4}}){_TIME}",
        rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})\s?[-/.]\s?(?P<month>\d{{1,2}})\s?[-/.]\s?(?P<day>\d{{1,2}})(?!\d){_TIME}",
        rf"(?<![\d.])(?P<one>\d{{1,2}})\s?[-/.]\s?(?P<two>\d{{1,2}})\s?[-/.]\s?(?P<year>\d{{4}}|\d{{2}})(?![\d.]){_TIME}",
    )
)
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
    for year in islice(_YEAR_LAST.finditer(text), 500):
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
    return len(text) <= LONGEST and _DIGITS.search(text) is not None


def read_foreign(text: str, how: Reading) -> datetime | None:
    """By dateparser, in the page's own language: for names of months that the table does not have."""
    if (
        not how.language
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
    year = _year(parts["year"] or "")
    if parts.get("one"):
        month, day = _ordered(int(parts["one"] or 0), int(parts["two"] or 0), how.order)
    else:
        found = (
            _month(parts["name"] or "", how.language) if parts.get("name") else int(parts.get("month") or 0)
        )
        if found is None:
            return None
        month, day = found, int(parts["day"] or 0)
    return _made(year, month, day, parts)


def _made(year: int, month: int, day: int, parts: dict[str, str | None] | None) -> datetime | None:
    hour = int((parts or {}).get("hour") or 0)
    half = ((parts or {}).get("half") or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    try:
        return _sensible(datetime(year, month, day, hour, int((parts or {}).get("minute") or 0)))
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


def _month(name: str, language: str) -> int | None:
    lowered = name.lower().strip(".")
    special = _OTHERWISE.get(language[:2])
    if special:
        for size in (8, 7, 6, 4, 3):
            if lowered[:size] in special:
                return special[lowered[:size]]
    for size in range(min(len(lowered), 12), 1, -1):
        if (number := _TABLE.get(lowered[:size])) is not None:
            return number if size >= 3 or not lowered[:2].isascii() else None
    return None
