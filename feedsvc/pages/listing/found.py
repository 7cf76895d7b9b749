"""Which articles do the links of a page and its declared data add up to?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final

from lxml.html import HtmlElement

from feedsvc.model import ParsedItem
from feedsvc.pages.listing import dates, entries, fields, judge
from feedsvc.pages.listing.claims import Claim, claims, merged, of_program
from feedsvc.pages.listing.dates import Reading
from feedsvc.pages.listing.entries import Entry
from feedsvc.pages.listing.judge import Scored, Traits
from feedsvc.pages.listing.survey import CONTENT, Survey
from feedsvc.pages.page import Page

MOST: Final = 1_000
FEW: Final = 3
_DECLARED: Final = 0.9
_FROM_PROGRAM: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article: ``place`` orders it on the page, ``score`` says how sure it is (0 .. 1), ``block`` is its
    part of the page; empty where only data declares it."""

    place: float
    score: float
    evidence: str
    item: ParsedItem
    block: tuple[HtmlElement, ...] = ()


def articles(page: Page, seen: Survey, how: Reading) -> list[Found]:
    """In the order of the page, each address once; none where nothing looks like a list."""
    reader = _Reader(page, seen, how)
    found = _joined(seen, reader, reader.scored(), list(claims(page)))
    if len(found) < FEW:
        program = _of_program(page, seen)
        found = program if len(program) > len(found) else found
    else:
        found = _completed(page, seen, found)
    return found[:MOST]


class _Reader:
    """What each entry's block says, read once."""

    def __init__(self, page: Page, seen: Survey, how: Reading) -> None:
        self._page = page
        self._seen = seen
        self._how = how
        self._known: dict[int, fields.Fields] = {}

    def fields(self, entry: Entry) -> fields.Fields:
        known = self._known.get(id(entry))
        if known is None:
            known = self._known[id(entry)] = fields.read(self._page, entry.block, entry.title, self._how)
        return known

    def traits(self, entry: Entry) -> Traits:
        told = self.fields(entry)
        return Traits(
            sold=told.sold,
            dated=told.published is not None or told.timed,
            pictured=told.image is not None,
            summarised=told.summary is not None,
        )

    def item(self, entry: Entry) -> ParsedItem:
        told = self.fields(entry)
        return ParsedItem(
            link=entry.address.url,
            title=entry.title,
            title_type="text",
            summary=told.summary,
            summary_type="text",
            published=told.published or dates.read_path(entry.address.path),
            authors=told.authors,
            tags=told.tags,
            image=told.image,
            base_url=self._page.base,
        )

    def scored(self) -> list[Scored]:
        """Each address once, in the order of the page."""
        able = [one for one in entries.headed(self._seen) if not self.traits(one).sold]
        titled = judge.headed(able, self.traits)
        sure = [one for one in titled if one.score >= judge.ENOUGH]
        groups = judge.unsold(judge.unheaded(self._seen, [one.entry for one in sure]), self.traits)
        judge.weigh(groups, self.traits, [one.entry for one in sure])
        found = sure + judge.listed(groups)
        if len(found) < FEW:
            found += judge.best_guess(groups)
        best: dict[str, Scored] = {}
        for one in sorted(found, key=lambda one: one.entry.link.order):
            best.setdefault(one.entry.key, one)
        return list(best.values())


# ---- what is declared -------------------------------------------------------------------------------


def _joined(
    seen: Survey, reader: _Reader, scored: Sequence[Scored], declared: Sequence[Claim]
) -> list[Found]:
    """The links found on the page, told more of by what is declared; and what is only declared.

    Both are one where their addresses are, or their titles: data may name another host, or the page a detour.
    """
    by_key: dict[str, Claim] = {}
    for claim in declared:
        known = by_key.get(claim.key)
        by_key[claim.key] = claim if known is None else replace(known, item=merged(known.item, claim.item))
    by_title = {_folded(one.item.title): one for one in by_key.values()}
    found: list[Found] = []
    used: set[str] = set()
    for one in scored:
        said = by_key.get(one.entry.key) or by_title.get(_folded(one.entry.title))
        used |= {said.key} if said is not None else set()
        found.append(_told(reader.item(one.entry), one, said))
    found += _only_declared(seen, [one for key, one in by_key.items() if key not in used])
    return sorted(found, key=lambda one: one.place)


def _folded(title: str | None) -> str:
    return (title or "").casefold().strip()


def _told(item: ParsedItem, one: Scored, claim: Claim | None) -> Found:
    """Dates and people as declared; the title, too, where the page's has it in it with something else."""
    found = Found(
        place=one.entry.link.order,
        score=one.score,
        evidence=one.evidence,
        item=item,
        block=tuple(one.entry.block),
    )
    if claim is None:
        return found
    said = claim.item
    better = replace(
        item,
        title=said.title if said.title and _folded(said.title) in _folded(item.title) else item.title,
        published=said.published or item.published,
        updated=said.updated,
        authors=said.authors or item.authors,
        content=said.content,
        content_type=said.content_type,
    )
    return replace(
        found,
        score=max(one.score, _DECLARED),
        evidence=f"{claim.source}, {one.evidence}",
        item=merged(better, said),
    )


def _only_declared(seen: Survey, unknown: Sequence[Claim]) -> list[Found]:
    """What the page links in its content; and lists of several that it does not link at all."""
    zones: dict[str, set[str]] = {}
    places: dict[str, int] = {}
    for link in seen.links:
        zones.setdefault(link.address.key, set()).add(link.zone)
        places.setdefault(link.address.key, link.order)
    linked = [one for one in unknown if CONTENT & zones.get(one.key, set())]
    absent = [one for one in unknown if one.key not in zones and one.listed and one.item.title]
    kept = linked + (absent if len(absent) >= FEW else [])
    end = len(seen.orders)
    return [
        Found(place=places.get(one.key, end + number), score=_DECLARED, evidence=one.source, item=one.item)
        for number, one in enumerate(kept)
        if one.item.title or one.item.content
    ]


# ---- the JSON of the page's program -----------------------------------------------------------------


def _of_program(page: Page, seen: Survey) -> list[Found]:
    """The list in the page's JSON that says most of its members, where the markup shows no list."""
    lists = list(of_program(page, (link.address.url for link in seen.links)))
    best = max(lists, key=_worth, default=[])
    if len(best) < FEW or (not any(one.item.published for one in best) and _worth(best) < 4):
        return []
    known: dict[str, Claim] = {}
    for one in best:
        known.setdefault(one.key, one)
    return [
        Found(place=number, score=_FROM_PROGRAM, evidence=one.source, item=one.item)
        for number, one in enumerate(known.values())
    ]


def _worth(members: Sequence[Claim]) -> float:
    dated = fmean(one.item.published is not None for one in members)
    told = fmean(bool(one.item.summary or one.item.image or one.item.authors) for one in members)
    return float(len(members) ** 0.5) * (0.5 + 2 * dated + told)


def _completed(page: Page, seen: Survey, found: list[Found]) -> list[Found]:
    """Dates and people from the page's JSON for the articles that have none."""
    if all(one.item.published for one in found):
        return found
    said: dict[str, ParsedItem] = {}
    for members in of_program(page, (link.address.url for link in seen.links)):
        for claim in members:
            known = said.get(claim.key)
            said[claim.key] = claim.item if known is None else merged(known, claim.item)
    keys = entries.keys_of(one.item.link or "" for one in found)
    return [
        replace(one, item=merged(one.item, said[key])) if key in said else one
        for one, key in zip(found, keys, strict=True)
    ]
