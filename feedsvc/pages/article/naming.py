"""When do two texts say the same, and of which parts is a title made?"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

_SHORT: Final = 300  # characters; longer texts are not asked for twice
_LETTERS: Final = re.compile(r"[^\W_]+")
_SEPARATOR: Final = re.compile(r"\s+[-‐–—|:·•»«›‹⋆~/\\>*]+\s+|\s*[|»«›‹•⋆]+\s*|\s+l\s+(?=[A-Z]{2})|:\s+")


def key(text: str) -> str:
    """The letters and digits alone, in lower case: what is compared."""
    return _short_key(text) if len(text) <= _SHORT else "".join(_LETTERS.findall(text)).casefold()


@lru_cache(maxsize=4_096)
def _short_key(text: str) -> str:
    return "".join(_LETTERS.findall(text)).casefold()


def is_front_page(address: str) -> bool:
    """Does an address lead to the root of a site, or nowhere?"""
    try:
        return urlsplit(address).path in {"", "/"}
    except ValueError:
        return False


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
