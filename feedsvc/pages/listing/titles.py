"""What is the title that a link or a heading gives, without labels and doubles?"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from feedsvc.pages.listing import words
from feedsvc.pages.listing.kinds import HEADINGS, UNSEEN, class_words
from feedsvc.refine.text import one_line

LONGEST_TITLE: Final = 400  # characters
_MORE: Final = frozenset(words.MORE_LABELS.split("|"))
_SITE: Final = frozenset(words.SITE_LABELS.split("|"))
_ENDS: Final = " \t\n:：…»›>→➔➜▸⟶|·•-–—.»«‹←↗"
# Scripts that put no spaces between words: two characters count as one.
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+")
_HOST: Final = re.compile(r"[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}\.[a-z]{2,12}")
_COUNT: Final = re.compile(r"\W*\d[\d.,]*\W*(?:[^\W\d_]+\W*)?")
_DATE_LIKE: Final = re.compile(r"\d{4}|\d[/.:]\d|^\d+ \w+( \w+)?$")
_INLINE: Final = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
    }
    | {"s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr"}
)


@lru_cache(maxsize=8_192)
def count_words(text: str) -> float:
    """How many words a text has, in whatever script."""
    unspaced = len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text) if unspaced else text
    return len(_WORD.findall(spaced)) + unspaced / 2


def says_more(text: str) -> bool:
    """Does a link say no more than that there is more, or nothing at all?"""
    said = text.lower().strip(_ENDS)
    return not said or said in _MORE or not any(char.isalnum() for char in said)


def belongs_to_site(text: str) -> bool:
    """Home, contact, "12 comments", example.org: no title of an article."""
    said = text.lower().strip(_ENDS)
    is_count = _COUNT.fullmatch(text) is not None and count_words(text) <= 3
    return said in _SITE or is_count or _HOST.fullmatch(said) is not None


def read(element: HtmlElement) -> str:
    """The text of an element as one reads it: blocks set apart, labels within left out if more is there."""
    whole: list[str] = []
    kept: list[str] = []
    _collect(element, whole, kept, labelled=False)
    title = one_line("".join(kept)).strip("|·•–—- ") or one_line("".join(whole))
    return _undoubled(title or one_line(element.get("aria-label") or ""))[:LONGEST_TITLE]


def of_cards(elements: Sequence[HtmlElement]) -> list[str]:
    """The titles of links that stand alike. Of cards with several lines, the same line of each:

    the first that is written differently on each and is no date, no label of one word.
    """
    if not any(len(one) for one in elements):
        return [read(one) for one in elements]
    lines = [dict(_lines(one)) for one in elements]
    best = next((place for place in _common(lines) if _titles(lines, place)), None)
    return [
        _undoubled(own[best])[:LONGEST_TITLE] if best is not None and best in own else read(element)
        for element, own in zip(elements, lines, strict=True)
    ]


def _lines(card: HtmlElement) -> Iterator[tuple[str, str]]:
    """The texts of the innermost blocks, by their place in the card."""
    stack = [(card, "")]
    while stack:
        element, place = stack.pop()
        blocks = [one for one in element if isinstance(one.tag, str) and one.tag not in UNSEEN]
        if (blocks and any(one.tag not in _INLINE for one in blocks)) or (place == "" and len(blocks) > 1):
            for number, one in reversed(list(enumerate(blocks))):
                stack.append((one, f"{place}/{one.tag}.{one.get('class') or number}"))
            if text := one_line("".join((element.text or "", *(one.tail or "" for one in element)))):
                yield f"{place}/", text
        elif text := one_line(
            "".join(element.itertext("*", with_tail=True)) if len(element) else element.text or ""
        ):
            yield place, text


def _common(lines: Sequence[Mapping[str, str]]) -> list[str]:
    """The places that most cards have, in the order of the first that has them."""
    counts = Counter(place for own in lines for place in own)
    return [place for place, count in counts.items() if count >= 0.6 * len(lines)]


def _titles(lines: Sequence[Mapping[str, str]], place: str) -> bool:
    texts = [own[place] for own in lines if place in own]
    dated = sum(_DATE_LIKE.search(one) is not None and count_words(one) <= 7 for one in texts)
    different = len(set(texts)) >= 0.7 * len(texts)
    return different and dated < 0.5 * len(texts) and sum(map(count_words, texts)) >= 1.7 * len(texts)


def _collect(
    element: HtmlElement, whole: list[str], kept: list[str], *, labelled: bool, depth: int = 0
) -> None:
    if depth > 30 or sum(map(len, whole)) > 2 * LONGEST_TITLE:
        return
    _say(element.text, whole, kept, labelled=labelled)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in UNSEEN:
            edge = "" if child.tag in _INLINE else " "
            _say(edge, whole, kept, labelled=labelled)
            aside = labelled or _is_label(child)
            _collect(child, whole, kept, labelled=aside, depth=depth + 1)
            _say(edge, whole, kept, labelled=labelled)
        _say(child.tail, whole, kept, labelled=labelled)


def _say(text: str | None, whole: list[str], kept: list[str], *, labelled: bool) -> None:
    if text:
        whole.append(text)
        if not labelled:
            kept.append(text)


def _is_label(element: HtmlElement) -> bool:
    if element.tag in HEADINGS:
        return False
    if element.tag in {"time", "button"} or element.get("aria-hidden") == "true":
        return True
    names = element.get("class")
    if not names:
        return False
    found = class_words(names)
    if not words.HEADLINES.isdisjoint(found):
        return False
    return not words.KICKERS.isdisjoint(found) or not words.HIDDEN.isdisjoint(found)


def _undoubled(title: str) -> str:
    """``A fine day A fine day`` (once for eyes, once for screen readers) is ``A fine day``."""
    half = len(title) // 2
    if len(title) % 2 and title[:half] == title[half + 1 :] and title[half] == " " and half > 3:
        return title[:half]
    return title
