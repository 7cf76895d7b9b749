"""Which month does a word name, in whatever language?"""

from functools import lru_cache
from typing import Final

# How the names of months begin, in lower case; of two that fit, the longer one. Names that mean different
# months in different languages go by the larger one, and what is a word of everyday elsewhere is left out.
_MONTHS: Final = {
    stem: number
    for number, stems in enumerate(
        (
            (
                "jan jän ene gen xan styc led sij sječ siječ tammi urt saus jaan ian янв яну січ ιαν "
                "oca ocak ינו يناير जन มกรา มค ינואר ஜன జన ಜನ ਜਨ ජන ມກ јан ജനു იან հնվ қаң ဇန် জান "
                "जान មករ جنو જાન ມັງ ژان հունվ yanvar студ"
            ),
            (
                "feb fev fév lut úno veebr helmi ots vas velj фев лют φεβ şub פבר فبراير شباط फ กุมภา "
                "กพ ဖေ ກພ феб ফেব ਫ਼ਰ თებ փտվ ақп පෙබ பிப ఫిబ ಫೆಬ فرو ກຸມ فور ફેબ ഫെബ កុម فبر փետ "
                "pebr shkurt"
            ),
            (
                "mar mär mrt maa brez bře már ožu maali kov мар бер μαρ μάρ מרץ מרס مارس آذار मार्च "
                "มีนา มีค ມນ mrz മാർ მარ մրտ မတ် மார ਮਾਰ مار մար මාර ມີນ មីន মার માર మార ಮಾರ наурыз "
                "сакав"
            ),
            (
                "apr avr abr kwi dub ápr tra huhti bal апр кві απρ nis אפר أبريل ابريل إبريل نيسان "
                "अप्र เมษา เมย ມສ ஏப் აპრ ապր сәу ဧပြ ເມສ មេស এপ্ ఏప్ एप् ಏಪ್ ഏപ് ਅਪ੍ اپر آور એપ્ අප් "
                "prill apiri красав"
            ),
            (
                "may mai mag mei maj máj kvě svib touko geg mee май мая трав μαΐ μάι μαϊ μαι mayıs "
                "מאי مايو أيار मई พฤษภา พค মে மே మే मे મે ಮೇ ਮਈ မေ ພພ maí мај مئی მაი մյս مهٔ മേയ මැය "
                "ឧសភ մայ ພຶດ мамыр"
            ),
            (
                "jun juin giu jún cze čer lipnj lipanj kesä birž июн юни черв ιουν ιούν haz יונ يوني "
                "حزيران जून มิถุนา มิย јун jūn iun জুন જૂન ജൂൺ ਜੂਨ جون जुन ივნ հնս ມິຖ iyun ஜூன జూన "
                "ಜೂನ ဇွန ජූන xuñ ژوئن juun հունի មិថ hunyo qersh ekain маусым чэрв"
            ),
            (
                "jul juil lug júl lip červenc červene srpnj srpanj heinä liep июл юли лип ιουλ ιούλ "
                "tem יול يولي تموز जुल กรกฎา กค ဇူ ກລ јул jūl iul জুল ივლ հլս шіл xul iyul ஜூல జుల "
                "ಜುಲ ജൂല ਜੁਲ ජූල juul જુલ ژوئی جول հուլ កក្ ກໍລ hulyo korrik uztai ліпе"
            ),
            (
                "aug ago aoû aou sie srp elo rugpj kol авг серп αυγ αύγ ağu אוג أغسطس اغسطس آب अग "
                "สิงหา สค আগ ஆக ఆగ ऑग ಆಗ ഓഗ ਅਗ ສຫ ágú avg avq agu აგვ օգս අගෝ اوت rugp اگس សីហ آگس "
                "ઑગસ ဩဂု ສິງ օգո gusht ogos abuzt тамыз жнів"
            ),
            (
                "sep set wrz zář szep syys rugs ruj сен септ вер σεπ eyl ספט سبتمبر أيلول सित กันยา "
                "กย ກຍ сеп সেপ ਸਤੰ sht სექ սեպ қыр စက် செப සැප સપ્ ستم ກັນ កញ្ सप् سپت సెప ಸೆಪ സെപ "
                "सेप senty senta irail верас"
            ),
            (
                "oct okt ott out paź říj loka spal urr окт жовт οκτ eki אוק أكتوبر اكتوبر अक्ट ตุลา "
                "ตค ຕລ அக் ოქტ հոկ қаз ඔක් ਅਕਤ ຕຸລ តុល অক্ అక్ ऑक् ઑક્ ಅಕ್ ഒക് အော اکت tetor кастр"
            ),
            (
                "nov lis marras lapk stud aza ноя ное листоп νοε νοέ kas נוב نوفمبر नव พฤศจิกา พย நவ "
                "ພຈ nóv nop নভে నవం નવે നവം ਨਵੰ nën ნოე նոյ қар နို ನವೆ නොව نوم ພະຈ نوا नोव नोभ វិច "
                "nobye noyab noiem новем лист ліста"
            ),
            (
                "dec dez dic déc des gru pros joulu gruod abe dets дек груд δεκ ara דצמ ديسمبر दिस "
                "ธันวา ธค ဒီ ທວ дец டிச ਦਸੰ dhj დეკ դեկ ডিস ડિસ ഡിസ දෙස ធ្ន డిస डिस ಡಿಸ دسم ທັນ دسا "
                "disem disye dekab желто снеж"
            ),
        ),
        start=1,
    )
    for stem in stems.split()
}
_STEM: Final = max(map(len, _MONTHS))
_PREFIXES: Final = ("ב", "เดือน")  # "in" in Hebrew, "month" in Thai


@lru_cache(maxsize=2_048)
def month_of(name: str) -> int:
    """1 to 12; 0 for a word that names no month."""
    word = "".join(char for char in name.lower() if char not in ".’'")
    for prefix in _PREFIXES:
        word = word.removeprefix(prefix)
    stems = (word[:size] for size in range(min(_STEM, len(word)), 0, -1))
    return next((_MONTHS[stem] for stem in stems if stem in _MONTHS), 0)
