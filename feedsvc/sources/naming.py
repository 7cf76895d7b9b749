"""What is a new source called, and which id does it get?"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final
from urllib.parse import urlsplit

from feedsvc.refine.text import words

_NO_TITLES: Final = words("atom feed feeds home index main news page rss untitled xml")
_WORDS: Final = re.compile(r"[^\W_]+")


def telling(names: Iterable[str], url: str) -> str:
    """The first of the names at hand that says more than "RSS"; else the host."""
    return next(filter(_tells, names), urlsplit(url).hostname or url)


def _tells(name: str) -> bool:
    return any(word not in _NO_TITLES and not word.isdigit() for word in _WORDS.findall(name.lower()))


def slug(title: str, url: str, taken: Collection[str]) -> str:
    """An id for a source, made of its title, else of its host, that is not taken."""
    letters = [char for char in title if char.isalnum()]
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    kept = sum(char.isalnum() for char in plain)
    text = plain if kept >= 2 and kept * 2 > len(letters) else _host_name(url)
    base = _cut(re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "")).strip("-")) or "source"
    numbers = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(name for name in numbers if name not in taken)


def _host_name(url: str) -> str:
    labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return " ".join(labels[:-1] or labels)


def _cut(name: str, most: int = 40) -> str:
    if len(name) <= most:
        return name
    head = name[: most + 1].rpartition("-")[0]
    return (head if len(head) > most // 2 else name[:most]).strip("-")
