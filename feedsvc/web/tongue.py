"""Which language and direction do we say that a text has?

What is known comes from an article's source, or only from its category, and may be wrong of this one: a
Hebrew title in an English feed. The letters themselves decide, and a language that they contradict is not
said: a screen reader would read nonsense.
"""

from typing import Final, Literal
from unicodedata import bidirectional

from markupsafe import Markup

from feedsvc.refine.text import words

Direction = Literal["ltr", "rtl", "auto"]

LOOKED_AT: Final = 600  # characters: what comes later hardly tells more
# Of text in a language that runs from the right, at least so many letters do: names, brands and quotations
# in Latin may be the greater part of a title.
ENOUGH: Final = 0.2
_FROM_THE_RIGHT: Final = words("ar arc ckb dv fa he iw ji khw ks lrc mzn nqo ps rhg sd sdh skr syr ug ur yi")
_SCRIPTS_FROM_THE_RIGHT: Final = words("adlm arab hebr mand mend nkoo rohg samr syrc thaa")


def direction(text: str, language: str | None = None) -> Direction:
    """Of the text as a whole; ``auto`` where it has no letters. Better than the first letter, which is all
    that ``dir="auto"`` looks at: "BBC" begins many an Arabic title."""
    kinds = ["L" if char.isalpha() else "" for char in text[:LOOKED_AT]] if text.isascii() else None
    kinds = kinds or [bidirectional(char) for char in text[:LOOKED_AT]]
    left = kinds.count("L")
    right = kinds.count("R") + kinds.count("AL")
    if not left and not right:
        return "auto"
    least = ENOUGH if language and from_the_right(language) else 0.5
    return "rtl" if right >= least * (left + right) else "ltr"


def from_the_right(language: str) -> bool:
    """Is a language, given as BCP 47 tag, written from right to left? A script that it names decides."""
    primary, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    return primary in _FROM_THE_RIGHT if script is None else script in _SCRIPTS_FROM_THE_RIGHT


def tongue(text: str, *languages: str | None) -> Markup:
    """The ``dir`` and ``lang`` of an element that holds ``text``: the first of the languages, given best
    first, that can be true of it; ``lang=""`` says that nobody knows (HTML 3.2.6.2)."""
    known = [one for one in languages if one]
    runs = direction(text, known[0] if known else None)
    fits = (one for one in known if runs == "auto" or from_the_right(one) == (runs == "rtl"))
    return Markup(' dir="{}" lang="{}"').format(runs, next(fits, ""))
