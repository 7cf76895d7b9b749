"""Which items of a document are new, which do we know, and what may a new one be called?"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedsvc.model import Article, ItemKeys, Known, ParsedItem

SPARE_IDS = 9  # a source id may be used again for another source that has equal guids


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An item, how it is found again, and the stored article that it is (None: it is new)."""

    item: ParsedItem
    keys: ItemKeys
    known: Known | None


def recognise(
    items: Sequence[ParsedItem], keys: Sequence[ItemKeys | None], known: Mapping[str, Known]
) -> tuple[Sighting, ...]:
    """Match items with stored articles: by primary key, else by an alias that no other item claims.

    ``keys`` is parallel to ``items``; None marks a duplicate within the document, which is left out. An
    alias finds the article again whose guid the source changed. ``known`` maps keys to articles.
    """
    pairs = [(item, one) for item, one in zip(items, keys, strict=True) if one is not None]
    claimed = {known[one.primary].n for _, one in pairs if one.primary in known}
    sightings = []
    for item, one in pairs:
        found = known.get(one.primary)
        if found is None:
            by_alias = (known[alias] for alias in one.aliases if alias in known)
            found = next((other for other in by_alias if other.n not in claimed), None)
            if found is not None:
                claimed.add(found.n)
        sightings.append(Sighting(item=item, keys=one, known=found))
    return tuple(sightings)


def is_unchanged(one: Sighting) -> bool:
    """Is there nothing to look at: the same item as last time, or one that we let go for good?"""
    if one.known is None or one.known.state == "retracted":
        return False
    return one.known.state == "pruned" or one.known.item_hash == one.keys.item_hash


def is_change(known: Known, article: Article) -> bool:
    """Would a reader care? What had been retracted and is there again counts as changed."""
    return known.state == "retracted" or known.fingerprint != article.fingerprint


def updated_at(known: Known, article: Article, now: datetime) -> datetime:
    """When the change happened: what the source claims if that is later than what we had, else now."""
    claim = article.updated
    if known.state != "retracted" and claim is not None and known.updated < claim <= now:
        return claim
    return max(now, known.updated)


def ids(tag: str, source_id: str, keys: ItemKeys) -> tuple[str, ...]:
    """The ids that a new article may be published under, best first: the source's own IRI, else a tag
    URI (RFC 4151) that the same source and item give in every store. ``tag`` is ``authority,date``."""
    name = hashlib.sha256(f"{source_id}\0{keys.primary}".encode()).hexdigest()[:32]
    ours = f"tag:{tag}:{name}"
    spare = tuple(f"{ours}-{number}" for number in range(2, SPARE_IDS + 1))
    return ((keys.iri,) if keys.iri else ()) + (ours, *spare)
