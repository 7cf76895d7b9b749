"""Which text is the headline: what stands over the article, and what the page calls itself elsewhere?

Headings, ``<title>``, Open Graph and schema.org name the article each in its own way, with the site's name,
the section or a teaser line added here and there. What several agree on is the headline; of the ways to
write it, that of the page's own heading is taken.
"""

import html as entities
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from feedsvc.pages.article.naming import is_front_page, key, segments
from feedsvc.pages.article.surroundings import HEADLINE, Headline, Line, Spot, Surroundings
from feedsvc.pages.meta import Meta
from feedsvc.pages.page import Page
from feedsvc.pages.structured import Thing, first_text
from feedsvc.refine.text import one_line

LONGEST: Final = 400  # characters
_DECLARED: Final = (
    "og:title",
    "twitter:title",
    "citation_title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "title",
)
_HEADINGS: Final = {"h1": 3.0, "h2": 2.0, "h3": 0.6, "h4": 0.2}
_FIRST: Final = 2.9  # a first-order heading near the top that is no link home
_SURE: Final = 3.2  # a first-order heading that shares a word with what the page calls itself
_BARS: Final = ("|", "»", "«", "›", "·", "•", "⋆", "::")  # hardly ever within a headline


class Claim(NamedTuple):
    """A name that the page gives the article, and where it was found."""

    text: str
    key: str
    source: str


class Heading(NamedTuple):
    text: str
    key: str
    rating: float
    spot: Spot


def head_titles(page: Page, declared: Meta) -> tuple[str, ...]:
    """What the page's head calls it, ``<title>`` last: with the site's name and all."""
    told = [value for name in _DECLARED for value in declared.get(name, ())[:1]]
    told += [page.tree.findtext("head/title") or page.tree.findtext(".//title") or ""]
    return tuple(dict.fromkeys(filter(None, map(_text, told))))


def title(
    heads: Iterable[str], subjects: Iterable[Thing], around: Surroundings, site: frozenset[str]
) -> tuple[str | None, str, Headline | None]:
    """The headline, where it was found, and what stands for it on the page."""
    claims = [Claim(text, key(text), "head") for text in heads]
    claims += [
        Claim(text, key(text), thing["@source"])
        for thing in subjects
        if (text := _text(first_text(thing, "headline", "name") or "")) and key(text) not in site
    ]
    headings = sorted(_headings(around, claims, site), key=lambda one: -one.rating)
    best = headings[0] if headings else None
    if best and (best.rating >= _SURE or not claims):
        return _written(best, claims, site), f"{best.spot.element.tag}", best.spot
    if line := _standing(claims, around, site):
        return line.text, "line", line
    if best and best.rating >= _FIRST and len({claim.key for claim in claims}) == 1:
        # What a page calls itself in one way only is often the site's name, or a slogan.
        return best.text, f"{best.spot.element.tag}", best.spot
    told = _best_claim(claims, site)
    return (told.text, told.source, None) if told else (None, "", None)


def _text(value: str) -> str:
    text = one_line(value[: 2 * LONGEST])
    return one_line(entities.unescape(text)) if "&" in text else text


# ---- headings ---------------------------------------------------------------------------------------


def _headings(around: Surroundings, claims: list[Claim], site: frozenset[str]) -> Iterator[Heading]:
    for number, spot in enumerate(around.of(HEADLINE)):
        text = one_line(spot.text)
        name = key(text)
        if not name or len(text) > LONGEST:
            continue
        rating = _HEADINGS.get(spot.element.tag, 0.0) + _agreement(name, text, claims)
        rating -= (
            0.02 * min(number, 50)
            + 2.5 * bool(spot.asides)
            + 5 * (name in site)
            + 4 * _leads_home(spot.element)
        )
        yield Heading(text, name, rating, spot)


def _leads_home(heading: HtmlElement) -> bool:
    """The site's name is often a heading, and a link to its front page."""
    inside = heading.find(".//a[@href]")
    around = islice(heading.iterancestors("a"), 1)
    links = [one.get("href", "") for one in (*around, *(() if inside is None else (inside,)))]
    return any("#" not in link and is_front_page(link) for link in links)


def _agreement(name: str, text: str, claims: list[Claim]) -> float:
    """How many of the claims say the same, wholly or in one of their parts."""
    words = _words(text)
    alike = sum(_likeness(name, claim) for claim in claims[:6])
    return alike + max((_shared(words, claim.text) for claim in claims[:6]), default=0.0)


def _likeness(name: str, claim: Claim) -> float:
    if name == claim.key:
        return 2.5
    if name in _runs(claim.text):
        share = len(name) / len(claim.key)  # the site's name is mostly the smaller part
        return 0.5 + 2.5 * share if len(name) > 8 else 1.0
    if len(claim.key) > 8 and claim.key in name:
        return 1.5
    return 1.0 if len(name) > 12 and name in claim.key else 0.0


@lru_cache(maxsize=1_024)
def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in text.casefold().split() if len(word) > 3)


def _shared(words: frozenset[str], text: str) -> float:
    shared = len(words & _words(text))
    return 0.3 + shared / len(words) if shared else 0.0


@lru_cache(maxsize=256)
def _runs(text: str) -> frozenset[str]:
    """The keys of the parts of a title, and of every run of neighbouring parts."""
    parts = segments(text)
    return frozenset(key(text[start:end]) for i, (start, _) in enumerate(parts) for _, end in parts[i:])


def _written(best: Heading, claims: list[Claim], site: frozenset[str]) -> str:
    """The heading's text. It may hold a teaser line above the headline proper, or a date below it."""
    heads = [claim for claim in claims if claim.source == "head"]
    for claim in heads:
        for text in (claim.text, _without_site(claim.text, site)):
            if text.replace(" ", "") == best.text.replace(" ", ""):
                return text  # elements within a heading part words and commas
    if any(best.key == claim.key or best.key in _runs(claim.text) for claim in heads):
        return best.text
    inner = (key(_without_site(claim.text, site)) for claim in claims)
    inside = [one for one in inner if len(one) > 8 and (best.key.endswith(one) or best.key.startswith(one))]
    return _part(best.text, max(inside, key=len)) if inside else best.text


def _part(text: str, name: str) -> str:
    """The words at the beginning or end of a text that have this key."""
    words = text.split(" ")
    cuts = range(1, len(words))
    ends = (" ".join(words[cut:]) for cut in cuts)
    starts = (" ".join(words[:cut]) for cut in reversed(cuts))
    return next(
        (
            part
            for part in (*ends, *starts)
            if key(part) == name and part[0].isalnum() | (part[0] in "\"'„“«»‚‘")
        ),
        text,
    )


# ---- what is only declared ----------------------------------------------------------------------------


def _standing(claims: list[Claim], around: Surroundings, site: frozenset[str]) -> Line | None:
    """The line of the page that is a whole title, or the longest part of one that stands alone."""
    lines = {key(line.text): line for line in reversed(around.lines) if not line.asides}
    runs = {run for claim in claims for run in _runs(claim.text)}
    named = (run for run in sorted(runs, key=len, reverse=True) if run in lines and run not in site)
    return next((lines[run] for run in named if len(run) > 8), None)


def _best_claim(claims: list[Claim], site: frozenset[str]) -> Claim | None:
    """What most of them say."""
    cleaned = [
        Claim(text, key(text), one.source) for one in claims if (text := _without_site(one.text, site))
    ]
    if not cleaned:
        return claims[0] if claims else None
    best = max(cleaned, key=lambda one: sum(one.key == other.key for other in cleaned))
    return best._replace(text=_before_bar(best.text))


def _before_bar(text: str) -> str:
    """What comes first before a bar, where that is long enough for a headline."""
    at = min((found for bar in _BARS if (found := text.find(f" {bar} ")) > 0), default=len(text))
    return text[:at] if len(text[:at].split()) > 2 else text


def _without_site(text: str, site: frozenset[str]) -> str:
    """Without the parts at its ends that name the site."""
    parts = segments(text)
    while len(parts) > 1 and _names_site(text[slice(*parts[-1])], site):
        parts.pop()
    while len(parts) > 1 and _names_site(text[slice(*parts[0])], site):
        parts.pop(0)
    return text[parts[0][0] : parts[-1][1]] if parts else text


def _names_site(part: str, site: frozenset[str]) -> bool:
    name = key(part)
    return (
        name in site
        or not name
        or any(len(one) > 4 and one in name and len(name) < 2 * len(one) for one in site)
    )
