"""Which words does a text have, as search sees them?

One tokeniser for what is stored and for what is asked, so that SQLite and PostgreSQL, which only compare
tokens, give the same answers: case and accents folded, scripts without spaces in pairs of characters.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 40  # characters of a token; what is longer is cut, here and in a question alike
OFTEN: Final = 190  # places of one token in a text: PostgreSQL keeps 256, of title and text together
FILLER: Final = "·"  # stands where a token was left out, so that its neighbours do not meet

# Points and accents that are written or left out at will: Latin, Greek, Cyrillic, Hebrew, Arabic.
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]"
)
_ALIKE: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŧ": "t", "ħ": "h"}
)
# Written without spaces, or with endings that run on: Thai, Lao, Myanmar, Khmer, kana, Han, Hangul.
_UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u1049\u1780-\u17d3\u3005\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_INDIC: Final = "\u0900-\u0963\u0966-\u0df3\u0f18-\u0fbc"  # whose vowel signs are no letters to Unicode
_ASCII_WORD: Final = re.compile("[a-z0-9]+")
_SPACED_WORD: Final = re.compile(r"[^\W_]+")
_WORD: Final = re.compile(f"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])[^\\W_]|[{_INDIC}])+")
_BEYOND: Final = re.compile(f"[{_UNSPACED}{_INDIC}]")  # what the pattern for other scripts would break up
_FIRST_UNSPACED: Final = re.compile(f"[{_UNSPACED}]")


def folded(text: str) -> str:
    """Without case, accents and variants of writing: ``Ｃafé`` is ``cafe``, ``Straße`` is ``strasse``."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _MARKS.sub("", plain)).translate(_ALIKE)


def tokens(text: str, *, most: int) -> list[str]:
    """The tokens of a text in their order. A run of Han and the like gives every pair of neighbours in it,
    and its last character."""
    found = words(text)
    if not text.isascii() and any(map(runs_on, found)):
        found = [token for word in found[:most] for token in _parts(word)]
    return [token if len(token) <= LONGEST else token[:LONGEST] for token in found[:most]]


def words(text: str) -> list[str]:
    """The words of a text, folded; a run of a script without spaces is one."""
    plain = folded(text)
    if plain.isascii():
        return _ASCII_WORD.findall(plain)
    return (_WORD if _BEYOND.search(plain) else _SPACED_WORD).findall(plain)


def asked(text: str, *, most: int) -> tuple[list[str], bool]:
    """(the tokens that a text of these words has in this order, whether the last one may go on)."""
    found, last = tokens(text, most=most), words(text)[-1:]
    if not last or not runs_on(last[0]):
        return found, False
    # Whether the last character ends its run is not asked: within "日本語" "日本" is found as well.
    return (found, True) if len(last[0]) == 1 else (found[:-1], False)


def spread(found: list[str]) -> list[str]:
    """The tokens with a filler for those that come too often to be kept."""
    if len(found) <= OFTEN or max(Counter(found).values()) <= OFTEN:
        return found
    seen: dict[str, int] = {}
    kept = []
    for token in found:
        seen[token] = seen.get(token, 0) + 1
        kept.append(token if seen[token] <= OFTEN else FILLER)
    return kept


def facet(kind: str, value: str = "") -> str:
    """The token of a property that an article has (its source, a tag, a language): none of its words."""
    return "f" + hashlib.blake2s(f"{kind}\0{value}".encode(), digest_size=8).hexdigest()


def _parts(word: str) -> Iterator[str]:
    if not runs_on(word):
        yield word
        return
    for at in range(len(word) - 1):
        yield word[at : at + 2]
    yield word[-1]


def runs_on(word: str) -> bool:
    """Is it of a script without spaces, where a word has no end to be seen?"""
    return word[0] > "\u0e00" and _FIRST_UNSPACED.match(word) is not None
