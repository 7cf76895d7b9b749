"""In which language is an article written: as declared, if its words bear that out?"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from feedsvc.pages.meta import Meta, first
from feedsvc.pages.page import Page
from feedsvc.pages.structured import Thing, first_text
from feedsvc.refine.clean import language_tag
from feedsvc.refine.text import words

_ENOUGH: Final = 12  # telling words; with fewer nothing is concluded
_LOOKED_AT: Final = 6_000  # characters

# Short words that a text in the language can hardly do without, and that few other languages have.
_TELLING: Final = {
    "en": words("the and of to that is was for with as his her they have from this are been which would"),
    "de": words("der die und das ist nicht mit auf für ein eine sich dem auch von zu werden wird bei nach"),
    "fr": words("les des est dans une pour qui sur pas avec ce plus par ont été aux cette du et ses"),
    "es": words("los las del el una por con para se su más como fue pero al ha sus y este desde"),
    "pt": words("os da do em um uma não para com por mais dos na no ao foi são pelo também você"),
    "it": words("il di che non della per una sono con del gli alla nel anche dei più è delle le lo"),
    "nl": words("de het een van en dat niet zijn voor met op aan ook bij wordt naar maar heeft er worden"),
    "sv": words("och att det som är på för med inte den av till har ett från kan om var men också"),
    "da": words("og det at er på til af ikke som med den har der et fra kan vil var også blev"),
    "nb": words("og det er på som til av ikke har med den et fra kan vil var også ble etter seg"),
    "fi": words("ja on ei että oli se mutta hän kun myös ovat joka niin kuin sen voi mukaan ole jos nyt"),
    "pl": words("się nie na że jest do to jak oraz dla przez są od po był tym ale może jego które"),
    "cs": words("se že na je to jako pro ale byl jsou podle které také jen při po ve který jsem už"),
    "sk": words("sa že na je to ako pre ale bol sú podľa ktoré aj len pri po vo ktorý som už"),
    "hu": words("a az és hogy nem is egy van volt de meg csak már mint ez azt még el ki lehet"),
    "ro": words("și în de la cu nu pe care din este să au pentru mai fost prin sunt ca lui după"),
    "tr": words("ve bir bu için ile de da olarak daha çok olan gibi kadar sonra ancak ise en olduğu"),
    "id": words("yang dan di dengan untuk ini itu dari pada dalam tidak akan juga ke oleh adalah ada bisa"),
    "vi": words("và của là có không được cho các trong với một người này khi đã những từ cũng"),
    "hr": words("je i u da se na su za od s koji kako što bi nije ali će bio prema nakon"),
    "ca": words("els les amb que per una del és no més als ha seva aquest van com però també són dels"),
    "ru": words("и в не на что с по как это от к из для за но его он до также при"),
    "uk": words("і в не на що з до як це від та за для але його він також про які є"),
    "bg": words("и на да в от се за е не са че по с това като който със има ще беше"),
    "el": words("και το να του της η για με που την από στην είναι ο των σε τα τον στο δεν"),
    "ar": words("في من على إلى أن عن التي مع هذا الذي كما بعد قال هذه بين كان لا ما أو ذلك"),
    "fa": words("در از به که این را با است برای آن یک می های شد خود تا بر هم شده کرد"),
    "he": words("של את על לא הוא כי זה עם אבל גם היא כל אל או יש היה אני הם מה"),
    "hi": words("के में की है को से का और ने पर हैं इस यह कि भी था एक नहीं कर हो"),
}  # fmt: skip
# Scripts that give the language away, or leave it to few.
_SCRIPTS: Final = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e01-\u0e4f]")),
    ("bn", re.compile("[\u0985-\u09e3]")),
    ("ta", re.compile("[\u0b85-\u0bd7]")),
    ("te", re.compile("[\u0c05-\u0c63]")),
    ("ka", re.compile("[\u10d0-\u10ff]")),
    ("hy", re.compile("[\u0531-\u0587]")),
    ("am", re.compile("[\u1200-\u137f]")),
    ("km", re.compile("[\u1780-\u17d2]")),
)
_WORD: Final = re.compile(r"[^\W\d_]+")


def language_of(page: Page, declared: Meta, subjects: Iterable[Thing], text: str) -> str | None:
    """A BCP 47 tag. What is declared is given up only for what the text plainly is."""
    told = language_tag(
        page.tree.get("lang"),
        page.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or page.tree.get("xml:lang"),
        next((found for thing in subjects if (found := first_text(thing, "inLanguage"))), None),
        first(declared, "og:locale", "content-language", "dc.language", "dcterms.language", "language"),
    )
    spoken, surely = _spoken(text[:_LOOKED_AT], told.partition("-")[0].lower() if told else "")
    return spoken if spoken and (told is None or surely) else told


def _spoken(text: str, told: str) -> tuple[str | None, bool]:
    """The language of a text, and whether it cannot be what we are told."""
    letters = sum(map(str.isalpha, text)) or 1
    for tag, script in _SCRIPTS:
        if len(script.findall(text)) > letters * (0.05 if tag == "ja" else 0.3):
            return tag, told != tag and not (tag == "zh" and told in {"yue", "ja", "wuu"}) and letters > 100
    each = Counter(word.lower() for word in _WORD.findall(text))
    counts = {tag: sum(each[word] for word in telling) for tag, telling in _TELLING.items()}
    best = max(counts, key=lambda tag: counts[tag])
    if counts[best] < _ENOUGH:
        return None, False
    own = counts.get("nb" if told in {"no", "nn"} else "hr" if told in {"sr", "bs", "sh"} else told)
    return best, own is not None and counts[best] > 4 * own + _ENOUGH
