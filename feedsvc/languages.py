"""Is a text the tag of a language, and how is it written today (BCP 47)?"""

import re
from types import MappingProxyType
from typing import Final

_TAG: Final = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{1,8})*)")
# By the first letter the second of all languages with two, in the registry of BCP 47: what else has two is a
# country (jp, cz) or nothing. Of three letters there are eight thousand, and who writes one means it.
_SECOND: Final = MappingProxyType(
    {
        "a": "abefkmnrsvyz",
        "b": "aeghimnors",
        "c": "aehorsuvy",
        "d": "aevz",
        "e": "elnostu",
        "f": "afijory",
        "g": "adlnuv",
        "h": "aeiortuyz",
        "i": "adegikostu",
        "j": "av",
        "k": "agijklmnorsuvwy",
        "l": "abginotuv",
        "m": "ghiklnrsty",
        "n": "abdeglnorvy",
        "o": "cjmrs",
        "p": "ailst",
        "q": "u",
        "r": "mnouw",
        "s": "acdeghiklmnoqrstuvw",
        "t": "aeghiklnorstwy",
        "u": "gkrz",
        "v": "eio",
        "w": "ao",
        "x": "h",
        "y": "io",
        "z": "ahu",
    }
)
_TODAY: Final = MappingProxyType({"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro"})


def language_tag(text: str) -> str | None:
    """``text`` where it is a tag, its language under its name of today: ``iw-IL`` -> ``he-IL``."""
    found = _TAG.fullmatch(text)
    if found is None:
        return None
    language = found[1].lower()
    if language in _TODAY:
        return f"{_TODAY[language]}{found[2]}"
    return text if len(language) == 3 or language[1] in _SECOND.get(language[0], "") else None
