"""Which month does a word name, in the languages that most pages are written in?

By its beginning, so that abbreviations and cases are covered; the longest one that is known counts.
"""

from typing import Final

from feedsvc.refine.text import words

# Languages of which every name and abbreviation in the data of dateparser is read.
READ_WELL: Final = words(
    "af ar bg bn cs da de el en es et fi fr he hi hr hu is it lt lv mk nb nl no pl pt ro ru sk sl sr sv th "
    "tr uk"
)
_BEGINNINGS: Final = (
    (
        "jan ene gen jän janv ian sty stycz siječ sij sau jaan tammi oca led ιαν янв јан січ студ яну "
        "ינו يناير جانفي ژانویه जन জানু มกรา ม.ค มค"
    ),
    (
        "feb fev fév lut vel velj vas veebr helmi şub úno únr φεβ фев феб лют פבר فبراير فيفري فوریه फर "
        "फ़र ফেব กุมภา ก.พ กพ"
    ),
    (
        "mar mär mrt mrz maart már márc ožu bře sus kov märts maalis marz μαρ μάρ мар бер מרץ מרס מארס "
        "مارس मार्च মার্চ มีนา มี.ค มีค iii"
    ),
    (
        "apr abr avr ápr kwi tra nis dub bal huhti απρ апр квіт кві אפר أبريل ابريل آوریل अप्रै এপ্রি "
        "เมษา เม.ย เมย"
    ),
    (
        "may mai maj mag mei máj maio maí svi kvě geg mayıs touko toukok μαΐ μαι μάι мая май мај трав "
        "тра מאי مايو ماي مه मई মে พฤษภา พ.ค พค"
    ),
    (
        "jun juin giu jún jūn iun cze čer čvn haz juun bir kesä ιουν ιούν июн јун юни черв чер יוני יונ "
        "يونيو يونيه يونية جوان ژوئن जून জুন มิถุนา มิ.ย มิย"
    ),
    (
        "jul juil lug júl jūl iul lip tem čvc črc črv liep heinä juul ιουλ ιούλ июл јул юли лип יול "
        "يوليو يوليه يولية جويلية ژوئیه जुल জুল กรกฎา กรกฏา ก.ค กค vii"
    ),
    (
        "aug ago aoû aou avg ağu ağus ágú agu agt sie srp kol rugp elo αυγ αύγ авг серп сер אוג أغسطس "
        "اغسطس أوت اوت अग আগ สิงหา ส.ค สค viii"
    ),
    ("sep set szept eyl wrz zář ruj rugs syys σεπ сент сен сеп вер ספט سبتمبر سپتامبر सित সেপ กันยา ก.ย กย"),
    (
        "oct okt ott out ekim eki paź paz říj spal loka οκτ окт жовт жов אוק أكتوبر اكتوبر اکتبر अक्टू "
        "अक्तू অক্টো ตุลา ต.ค ตค"
    ),
    ("nov nóv noi kas lis lapkr marras νοε νοέ ноя ное нов лист лис נוב نوفمبر نوامبر नव নভে พฤศจิ พ.ย พย"),
    (
        "dec dez dic déc des dets ara gru pro joulu δεκ дек груд гру дец דצמ ديسمبر دسامبر दिस ডিসে "
        "ธันวา ธ.ค ธค xii"
    ),
)
# Where the same beginning is another month than in the table above.
_OTHERWISE: Final = {
    "cs": {"červenec": 7, "července": 7, "červenc": 7, "čer": 6, "srp": 8, "lis": 11},
    "sk": {"jún": 6, "júl": 7},
    "hr": {"lip": 6, "srp": 7, "kol": 8, "lis": 10, "stu": 11, "tra": 4},
    "sl": {"vel": 2, "mal": 4},
    "uk": {"тра": 5, "лис": 11},
    "bg": {"юли": 7, "юни": 6},
    "fi": {"mar": 11, "tam": 1, "maalis": 3, "maa": 3, "hel": 2, "hei": 7, "kes": 6, "lok": 10},
    "lt": {"geg": 5, "bir": 6, "lap": 11, "gruod": 12, "gru": 12, "spa": 10, "rugs": 9, "rugp": 8, "vas": 2},
}
_TABLE: Final = {name: number for number, names in enumerate(_BEGINNINGS, 1) for name in names.split()}
_LONGEST: Final = 12
_ATTACHED: Final = (("ב", 1), ("ל", 1), ("เดือน", 5), ("d'", 2), ("d’", 2))  # "in", "of", "month"


def month(name: str, language: str) -> int | None:
    """1 .. 12. ``language``: that of the page, where it makes a difference (BCP 47, lower case)."""
    lowered = name.lower().strip(".")
    if lowered.startswith("tháng"):
        digits = lowered[5:].strip()
        return int(digits) if digits.isdigit() and 1 <= int(digits) <= 12 else None
    found = _found(lowered, _OTHERWISE.get(language[:2], {})) or _found(lowered, _TABLE)
    if found is None:
        cut = next((size for start, size in _ATTACHED if lowered.startswith(start)), 0)
        return _found(lowered[cut:], _TABLE) if cut else None
    return found


def _found(name: str, table: dict[str, int]) -> int | None:
    for size in range(min(len(name), _LONGEST), 1, -1):
        if (number := table.get(name[:size])) is not None:
            return number
    return None
