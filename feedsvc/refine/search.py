"""What does a search text ask for? (docs/search.md has the language)

``climate summit`` both words · ``"climate summit"`` side by side · ``-storm`` without · ``rain OR snow``
either · ``clim*`` beginning · ``title:climate`` in the title.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from feedsvc.refine.tokens import asked, runs_on, words

LONGEST: Final = 300  # characters that are read
MOST: Final = 16  # terms
MOST_WORDS: Final = 12  # in a phrase
MOST_TOKENS: Final = 40
SHORTEST_BEGINNING: Final = 3  # letters before "*": shorter ones begin every other word

_PART: Final = re.compile(r'\s*(-?)(title:)?(?:"([^"]*)"?|([^\s"]+))(\*?)', re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """Words side by side, folded, with a space between; ``open``: the last one may go on; ``title``: in the
    title."""

    text: str
    open: bool = False
    title: bool = False

    def tokens(self) -> tuple[list[str], bool]:
        """As they stand in a text that has the term, and whether the last one may go on."""
        found, more = asked(self.text, most=MOST_TOKENS)
        return found, more or self.open

    def __str__(self) -> str:
        text = f'"{self.text}"' if " " in self.text else self.text
        return f"{'title:' if self.title else ''}{text}{'*' if self.open else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One of each group in ``groups``, and nothing of ``without``."""

    groups: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups or self.without)

    def __str__(self) -> str:
        """The same question in the one way of writing that equal questions have in common."""
        wanted = [" OR ".join(map(str, group)) for group in self.groups]
        return " ".join([*wanted, *(f"-{term}" for term in self.without)])


def read(text: str) -> Search:
    """What is asked for; whatever is typed is read somehow, nothing is an error."""
    groups: list[list[Term]] = []
    without: set[Term] = set()
    either = False
    for negated, term in list(_terms(text[:LONGEST]))[:MOST]:
        if term is None:
            either = bool(groups)
            continue
        if negated:
            without.add(term)
        elif either:
            groups[-1].append(term)
        else:
            groups.append([term])
        either = False
    tidy = {tuple(sorted(set(group))) for group in groups}
    return Search(groups=tuple(sorted(tidy)), without=tuple(sorted(without)))


def _terms(text: str) -> Iterator[tuple[bool, Term | None]]:
    """(negated, term) of each part; a term of None is OR."""
    for part in _PART.finditer(text):
        minus, title, phrase, word, star = part.groups()
        if word == "OR" and not minus and not title:
            yield False, None
            continue
        star = star or (word is not None and word.endswith("*"))
        found = words(phrase if word is None else word)[:MOST_WORDS]
        if found:
            last = found[-1]
            beginning = bool(star) and len(last) >= SHORTEST_BEGINNING and not runs_on(last)
            yield bool(minus), Term(" ".join(found), open=beginning, title=bool(title))
