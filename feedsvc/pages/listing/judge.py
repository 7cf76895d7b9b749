"""Which of the titled links of a page are the articles that it lists?"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from lxml.html import HtmlElement

from feedsvc.pages.listing import titles
from feedsvc.pages.listing.entries import CONTENT, Entry, block_of, is_inline, is_label, sole_owners
from feedsvc.pages.listing.survey import Link, Survey, text_of

ENOUGH: Final = 0.55  # score from which a titled link is an article
ENOUGH_ALONE: Final = 0.62  # the same for repeated blocks without headings
ENOUGH_TOGETHER: Final = 0.48  # mean score from which those that stand alike are articles, short titles too
HOPELESS: Final = 0.25
FEWEST: Final = 3  # links that make a list, if nothing but their likeness speaks for it
_CARD_WORDS: Final = 60
_NUMBERED: Final = re.compile(r"[-_]?\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    entry: Entry
    score: float
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is near a title, each yes or no."""

    dated: bool = False
    pictured: bool = False
    summarised: bool = False


Look = Callable[[Entry], Traits]


def headed(entries: Sequence[Entry], look: Look) -> list[Scored]:
    """Score titles that are headings, each by itself and by those that stand in the same list."""
    own = {id(one): _worth(one, look(one)) for one in entries}
    lists = _lists(entries)
    scored = []
    for alike in lists:
        mean = fmean(own[id(one)] for one in alike)
        share = fmean(own[id(one)] >= ENOUGH for one in alike)
        good = len(alike) >= FEWEST and (share >= 0.6 or mean >= ENOUGH_TOGETHER)
        for one in alike:
            score = 0.6 * own[id(one)] + 0.4 * mean
            if good and own[id(one)] > HOPELESS:
                score = max(score, ENOUGH)  # a short title in a list of good ones
            kind = "article with heading" if one.link.card is not None else "linked heading"
            scored.append(Scored(entry=one, score=min(score, 0.99), evidence=kind))
    return scored


def _lists(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries that stand alike in the same container, or in containers that stand alike."""
    by_link = {id(one.link): one for one in entries}
    return [[by_link[id(link)] for link in links] for links in _alike([one.link for one in entries])]


def _worth(entry: Entry, traits: Traits) -> float:
    score = 0.32 + 0.24 * min(entry.words, 6) / 6 + 0.22 * entry.address.worth
    score += 0.12 * traits.dated + 0.08 * traits.pictured + 0.08 * traits.summarised
    score += 0.08 * (entry.link.card is not None) - 0.08 * (entry.link.rank == 7)
    score -= 0.25 * entry.in_navigation + 0.3 * (entry.is_prefix and entry.words < 5)
    return score - 0.15 * (entry.link.zone == "side") - 0.1 * (entry.words > _CARD_WORDS)


# ---- repeated blocks --------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Group:
    """Links that stand alike, in one part of the page."""

    entries: list[Entry]
    score: float = 0.0
    mass: float = 0.0


def unheaded(survey: Survey, taken: Sequence[Entry]) -> list[Group]:
    """Links that stand alike, outside of the blocks of ``taken``, in groups with blocks, unscored."""
    inside = _spans(survey, taken)
    keys = {one.key for one in taken}
    navigation = {link.address.key for link in survey.links if link.zone in {"nav", "footer", "header"}}
    loose = [
        link
        for link in survey.links
        if link.zone in CONTENT
        and link.address.key not in keys
        and not any(first <= link.order <= last for first, last in inside)
        and not is_label(link)
    ]
    groups = [Group(entries=found) for links in _alike(loose) if (found := _entries(links, navigation))]
    marks = [(one.link.element, one.key) for group in groups for one in group.entries if one.words > 1]
    marks += [(one.link.element, one.key) for one in taken]
    owners = sole_owners(marks)
    for group in groups:
        for one in group.entries:
            one.block = block_of(one.link, one.key, owners, {})
    return groups


def _spans(survey: Survey, taken: Iterable[Entry]) -> list[tuple[int, int]]:
    spans = []
    for one in taken:
        for element in one.block:
            first = survey.order(element)
            last = max((survey.order(inner) for inner in element.iter("*")), default=first)
            spans.append((first, last))
    return spans


def _alike(links: Sequence[Link]) -> list[list[Link]]:
    """By place, by the classes of the link, and by the container in which there are several of them."""
    by_place: dict[tuple[int, str, str], list[Link]] = defaultdict(list)
    for link in links:
        by_place[link.path, _stable(link.element.get("class")), link.zone].append(link)
    groups: dict[tuple[object, ...], list[Link]] = defaultdict(list)
    for place, alike in by_place.items():
        for link, container, ordinal in _contained(alike):
            names = "" if container is None else container.get("class")
            groups[(*place, _stable(names), ordinal)].append(link)
    return list(groups.values())


def _contained(links: list[Link]) -> list[tuple[Link, HtmlElement | None, int]]:
    """Each link with the nearest element in which there are links of other addresses that stand alike.

    Where many containers hold a few each (a title and an author a row), links are told apart by their place
    in it, and the container is that of the containers.
    """
    holders = _holders(links)
    sizes: dict[HtmlElement | None, int] = defaultdict(int)
    for _, holder in holders:
        sizes[holder] += 1
    few = [size for holder, size in sizes.items() if holder is not None]
    if len(few) < FEWEST or max(few) > 4:
        return [(link, holder, 0) for link, holder in holders]
    seen: dict[HtmlElement | None, int] = defaultdict(int)
    result: list[tuple[Link, HtmlElement | None, int]] = []
    for link, holder in holders:
        above = holder.getparent() if holder is not None else None
        result.append((link, above, seen[holder]))
        seen[holder] += 1
    return result


def _holders(links: list[Link]) -> list[tuple[Link, HtmlElement | None]]:
    owners = sole_owners((link.element, link.address.key) for link in links)
    return [
        (link, next((one for one in link.element.iterancestors() if owners.get(one) is None), None))
        for link in links
    ]


def _stable(names: str | None) -> str:
    """Class names without the numbers at their ends."""
    return " ".join(_NUMBERED.sub("#", one) for one in (names or "").split()[:8])


def _entries(links: list[Link], navigation: set[str]) -> list[Entry]:
    """One entry an address. A link without words takes its title from another to the same address."""
    found: dict[str, Entry] = {}
    for link, title in zip(links, titles.of_cards([link.element for link in links]), strict=True):
        if titles.says_more(title) or titles.belongs_to_site(title) or is_inline(link.element):
            continue
        known = found.get(link.address.key)
        if known is None:
            found[link.address.key] = Entry(
                address=link.address, link=link, title=title, in_navigation=link.address.key in navigation
            )
        elif titles.count_words(title) > known.words:
            known.title, known.link = title, link
    return list(found.values())


def weigh(group: Group, look: Look, shapes: set[str]) -> None:
    """Score a group: 0 .. 1. ``shapes``: how the addresses of the articles found so far are built."""
    entries = group.entries
    traits = [look(one) for one in entries]
    length = fmean(min(one.words, 8) / 8 if one.words <= _CARD_WORDS else 0.4 for one in entries)
    score = 0.1 + 0.3 * length + 0.25 * fmean(one.address.worth for one in entries)
    score += 0.25 * fmean(one.dated for one in traits) + 0.08 * fmean(one.pictured for one in traits)
    score += 0.1 * fmean(one.summarised for one in traits)
    score += 0.2 * fmean(one.address.shape in shapes for one in entries)
    score += 0.05 * (len(entries) >= 5)
    score -= 0.25 * fmean(one.in_navigation for one in entries)
    score -= 0.2 * (entries[0].link.zone == "side")
    score -= 0.3 * (len({one.title for one in entries}) < 0.7 * len(entries))
    group.score = max(0.0, min(score, 0.95))
    group.mass = group.score * len(entries) ** 0.5


def listed(groups: Sequence[Group]) -> list[Scored]:
    """The entries of the groups that are lists of articles, each address once."""
    found: dict[str, Scored] = {}
    for group in groups:
        enough = ENOUGH_ALONE if len(group.entries) >= FEWEST else ENOUGH_ALONE + 0.1
        if group.score >= enough:
            for one in group.entries:
                found.setdefault(one.key, Scored(entry=one, score=group.score, evidence="repeated blocks"))
    return list(found.values())


def best_guess(groups: Sequence[Group]) -> list[Scored]:
    """Where nothing is sure: the group with the most to say for it, and those just like it."""
    able = [
        one
        for one in groups
        if len(one.entries) >= FEWEST and one.score >= 0.25 and one.entries[0].link.zone == ""
    ]
    best = max(able, key=lambda one: one.mass, default=None)
    if best is None:
        return []
    return [Scored(entry=one, score=0.8 * best.score, evidence="repeated blocks") for one in best.entries]


def text_length(link: Link) -> int:
    return len(text_of(link.element))
