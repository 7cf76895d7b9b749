"""Which of the titled links of a page are the articles that it lists?"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean
from typing import Final

from feedsvc.pages.listing import alike, titles
from feedsvc.pages.listing.blocks import block_of, sole_owners
from feedsvc.pages.listing.entries import Entry, is_label
from feedsvc.pages.listing.sentences import is_inline
from feedsvc.pages.listing.survey import CONTENT, Link, Survey

ENOUGH: Final = 0.55  # score from which a titled link is an article
ENOUGH_ALONE: Final = 0.62  # the same for repeated blocks without headings
ENOUGH_TOGETHER: Final = 0.48  # mean score from which those that stand alike are articles, short titles too
HOPELESS: Final = 0.25
FEWEST: Final = 3  # links that make a list, if nothing but their likeness speaks for it
_CARD_WORDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    entry: Entry
    score: float
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is near a title, each yes or no."""

    sold: bool = False  # said to be an advertisement
    dated: bool = False
    pictured: bool = False
    summarised: bool = False


Look = Callable[[Entry], Traits]


def headed(entries: Sequence[Entry], look: Look) -> list[Scored]:
    """Score titles that are headings, each by itself and by those that stand in the same list."""
    own = {id(one): _worth(one, look(one)) for one in entries}
    lists = _lists(entries)
    scored = []
    for kin in lists:
        mean = fmean(own[id(one)] for one in kin)
        share = fmean(own[id(one)] >= ENOUGH for one in kin)
        good = len(kin) >= FEWEST and (share >= 0.6 or mean >= ENOUGH_TOGETHER)
        for one in kin:
            score = 0.6 * own[id(one)] + 0.4 * mean
            if len(kin) == 1 and one.words < FEWEST and one.address.worth < 0.5:
                score -= 0.2  # a short name by itself is mostly that of a part of the site
            if good and own[id(one)] > HOPELESS:
                score = max(score, ENOUGH)  # a short title in a list of good ones
            kind = "article with heading" if one.link.card is not None else "linked heading"
            scored.append(Scored(entry=one, score=min(score, 0.99), evidence=kind))
    return scored


def _lists(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries that stand alike in the same container, or in containers that stand alike."""
    by_link = {id(one.link): one for one in entries}
    return [[by_link[id(link)] for link in links] for links in alike.lists([one.link for one in entries])]


def _worth(entry: Entry, traits: Traits) -> float:
    score = 0.32 + 0.24 * min(entry.words, 6) / 6 + 0.22 * entry.address.worth
    score += 0.12 * traits.dated + 0.08 * traits.pictured + 0.08 * traits.summarised
    score += 0.08 * (entry.link.card is not None) - 0.08 * (entry.link.rank == 7)
    score -= 0.25 * entry.in_navigation + 0.3 * (entry.is_prefix and entry.words < 5)
    return score - 0.15 * (entry.link.zone == "side") - 0.1 * (entry.words > _CARD_WORDS)


# ---- repeated blocks --------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """Links that stand alike, in one part of the page. ``vouched``: another list stands just like it."""

    entries: list[Entry]
    score: float = 0.0
    vouched: bool = False


def unheaded(survey: Survey, taken: Sequence[Entry]) -> list[Group]:
    """Links that stand alike, outside of the blocks of ``taken``, in groups with blocks, unscored."""
    inside = _Spans(survey, taken)
    keys = {one.key for one in taken}
    navigation = {link.address.key for link in survey.links if link.zone in {"nav", "footer", "header"}}
    loose = [
        link
        for link in survey.links
        if link.zone in CONTENT
        and link.address.key not in keys
        and not inside.covers(link.order)
        and not is_label(link)
    ]
    groups = [Group(entries=found) for links in alike.lists(loose) if (found := _entries(links, navigation))]
    # Authors and tags are titles of one word: they do not part the blocks of others.
    wordy = [group for group in groups if fmean(one.words for one in group.entries) > 1.5]
    marks = [(one.link.element, one.key) for group in wordy for one in group.entries]
    marks += [(one.link.element, one.key) for one in taken]
    owners = sole_owners(marks)
    for group in groups:
        own = [] if group in wordy else [(one.link.element, one.key) for one in group.entries]
        theirs = sole_owners([*marks, *own]) if own else owners
        for one in group.entries:
            one.block = block_of(one.link, one.key, theirs)
    return groups


def unsold(groups: Sequence[Group], look: Look) -> list[Group]:
    """The groups without the cards that say that they are advertisements."""
    for group in groups:
        group.entries = [one for one in group.entries if not look(one).sold]
    return [group for group in groups if group.entries]


class _Spans:
    """The parts of a page that blocks cover, by the numbers of their elements."""

    def __init__(self, survey: Survey, taken: Iterable[Entry]) -> None:
        spans = sorted(survey.span(element) for one in taken for element in one.block)
        self._firsts = [first for first, _ in spans]
        self._lasts = list(accumulate((last for _, last in spans), max))

    def covers(self, order: int) -> bool:
        number = bisect_right(self._firsts, order)
        return number > 0 and order <= self._lasts[number - 1]


def _entries(links: list[Link], navigation: set[str]) -> list[Entry]:
    """One entry an address. A link without words takes its title from another to the same address."""
    found: dict[str, Entry] = {}
    for link, text in zip(links, titles.of_cards([link.element for link in links]), strict=True):
        title = text or link.text[: titles.LONGEST_TITLE]
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


def weigh(groups: Sequence[Group], look: Look, sure: Sequence[Entry]) -> None:
    """Score each group, 0 .. 1, by what is in it and by what was found so far; twice, as they vouch for each
    other."""
    known = Known.of(sure)
    for group in groups:
        group.score = _score(group, look, known)
    lists = [group for group in groups if _is_list(group)]
    found = [one for group in lists for one in group.entries]
    if found:
        known = Known.of([*sure, *found], between=known.between)
        sisters = {alike.place_of(group.entries[0].link) for group in lists}
        for group in groups:
            group.score = max(group.score, _score(group, look, known))
            group.vouched = len(group.entries) > 1 and alike.place_of(group.entries[0].link) in sisters


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Of the articles found so far: how their addresses are built, where they stand."""

    shapes: frozenset[str]
    places: frozenset[alike.Place]
    between: tuple[int, int] | None

    @staticmethod
    def of(found: Sequence[Entry], between: tuple[int, int] | None = None) -> "Known":
        orders = [one.link.order for one in found]
        return Known(
            shapes=frozenset(one.address.shape for one in found if one.address.is_particular),
            places=frozenset(alike.place_of(one.link) for one in found),
            between=between or ((min(orders), max(orders)) if len(orders) >= FEWEST else None),
        )


def _score(group: Group, look: Look, known: Known) -> float:
    entries = group.entries
    traits = [look(one) for one in entries]
    dated = fmean(one.dated for one in traits)
    score = 0.1 + 0.3 * _length(entries) + 0.25 * fmean(one.address.worth for one in entries)
    score += 0.25 * dated + 0.08 * fmean(one.pictured for one in traits)
    score += 0.1 * fmean(one.summarised for one in traits)
    kin = fmean(_is_kin(one, known) for one in entries)
    score += 0.2 * kin
    score += 0.05 * (len(entries) >= 5)
    score -= 0.25 * fmean(one.in_navigation for one in entries)
    score -= 0.2 * (entries[0].link.zone == "side")
    score -= 0.3 * (len({one.title for one in entries}) < 0.7 * len(entries))
    if known.between is not None and dated < 0.5:
        score -= 0.15 * (entries[-1].link.order < known.between[0])  # a menu above the articles
        score -= 0.1 * (entries[0].link.order > known.between[1] and not entries[0].link.is_main)  # or below
    most = 0.95 if kin or len(entries) >= FEWEST else ENOUGH_ALONE - 0.01  # one or two alone are no list
    return max(0.0, min(score, most))


def _length(entries: Sequence[Entry]) -> float:
    return fmean(min(one.words, 8) / 8 if one.words <= _CARD_WORDS else 0.4 for one in entries)


def _is_kin(entry: Entry, known: Known) -> bool:
    return entry.address.shape in known.shapes or alike.place_of(entry.link) in known.places


def _is_list(group: Group) -> bool:
    return group.score >= (ENOUGH_ALONE if len(group.entries) >= FEWEST else ENOUGH_ALONE + 0.1)


def listed(groups: Sequence[Group]) -> list[Scored]:
    """The entries of the groups that are lists of articles, each address once.

    A list vouches for those that stand as it does, such as the boxes of the other sections of a front page.
    """
    nests = {alike.nest_of(group.entries[0].link) for group in groups if _is_list(group)}
    found: dict[str, Scored] = {}
    for group in groups:
        is_sister = group.score >= ENOUGH and alike.nest_of(group.entries[0].link) in nests
        if is_sister or _is_list(group):
            for one in group.entries:
                found.setdefault(one.key, Scored(entry=one, score=group.score, evidence="repeated blocks"))
    return list(found.values())


def best_guess(groups: Sequence[Group]) -> list[Scored]:
    """Where nothing is sure: the lists that stand alike and have the most to say for them."""
    kin: dict[alike.Place, list[Group]] = defaultdict(list)
    for group in groups:
        if group.score >= HOPELESS and group.entries[0].link.zone == "":
            kin[alike.place_of(group.entries[0].link)].append(group)
    best = max(kin.values(), key=_mass, default=[])
    lead = max(best, key=lambda one: one.score * len(one.entries), default=None)
    if lead is None:
        return []
    shapes = {one.address.shape for one in lead.entries}
    similar = [one for one in best if any(entry.address.shape in shapes for entry in one.entries)]
    found = {one.key: (one, group.score) for group in similar for one in group.entries}
    if len(found) < FEWEST:
        return []
    return [Scored(entry=one, score=0.8 * score, evidence="repeated blocks") for one, score in found.values()]


def _mass(groups: Sequence[Group]) -> float:
    """Sure, or many: both weigh."""
    many = sum(len(one.entries) for one in groups)
    return max(one.score for one in groups) * float(many**0.5)
