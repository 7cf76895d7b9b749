"""When do two texts say the same, whatever their case, punctuation and spacing?"""

import re
from functools import lru_cache
from typing import Final

_LETTERS: Final = re.compile(r"[^\W_]+")
_SEPARATOR: Final = re.compile(r"\s+[-‐–—|:·•»«›‹⋆~/\\>*]+\s+|\s*[|»«›‹•⋆]+\s*|\s+l\s+(?=[A-Z]{2})|:\s+")


@lru_cache(maxsize=4_096)
def key(text: str) -> str:
    """The letters and digits alone, in lower case: what is compared."""
    return "".join(_LETTERS.findall(text)).casefold()


def segments(title: str) -> list[tuple[int, int]]:
    """Where the parts of a title begin and end that separators set apart."""
    found, start = [], 0
    for separator in _SEPARATOR.finditer(title):
        if separator.start() > start:
            found.append((start, separator.start()))
        start = separator.end()
    if start < len(title):
        found.append((start, len(title)))
    return found[:12]
