"""How is a source's item found again, whatever its source changes about it?"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from feedsvc.model import ItemKeys, ParsedItem
from feedsvc.refine.canonical import canonical_url, is_front_page
from feedsvc.refine.fingerprint import fingerprint
from feedsvc.refine.links import absolute
from feedsvc.refine.text import one_line, visible, xml_text

__all__ = ["canonical_url", "fingerprint", "item_hash", "keys", "publishable"]

LONGEST_KEY: Final = 300  # characters; longer ones are hashed, so that every database can index them
LONGEST_IRI: Final = 500
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

# An absolute IRI (RFC 3987 2.2): a scheme, then nothing that no IRI may have (white space, controls,
# delimiters, private use).
_IRI: Final = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]+):[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f\ud800-\uf8ff\ufff0-\uffff]+"
)
_NO_IDS: Final = frozenset({"about", "blob", "data", "file", "javascript", "vbscript"})
_BEGINNING: Final = 1_000  # characters of markup that tell a text from others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What of an item matters here: as keys may hold it, the link in canonical form, None of it None."""

    guid: str
    spelling: str  # of the guid, alike for http and https
    link: str
    title: str
    text: str
    when: datetime

    @property
    def sameness(self) -> tuple[str, ...]:
        """Equal for items that are one article."""
        return (self.guid, self.link, self.title) if self.guid else ("", self.link, self.title, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """How many items of the document have each guid, spelling of a guid, and link."""

    guids: Mapping[str, int]
    spellings: Mapping[str, int]
    links: Mapping[str, int]


def keys(items: Sequence[ParsedItem]) -> tuple[ItemKeys | None, ...]:
    """The keys of each item of one document, in order; None for a duplicate of a better one.

    - A guid that only one item has is its primary key. Where items that differ in link or title share
      a guid, it names none of them: their keys are made of guid, link and title together.
    - Without a guid: the link if only this item has it and it is not that of a whole site, else the text.
    - Same guid, link and title (without a guid: same link and text) is one article: the item that was
      updated last stays, else the first.
    """
    seen = [_seen(item) for item in items]
    kept = _without_duplicates(seen)
    counts = _Counts(
        guids=Counter(seen[index].guid for index in kept),
        spellings=Counter(seen[index].spelling for index in kept),
        links=Counter(seen[index].link for index in kept),
    )
    return tuple(
        _keys(item, one, counts) if index in kept else None
        for index, (item, one) in enumerate(zip(items, seen, strict=True))
    )


def item_hash(item: ParsedItem) -> str:
    """SHA-256 over every field of the untrusted item: the same hash needs no second look."""
    return hashlib.sha256(repr(item).encode("utf-8", "backslashreplace")).hexdigest()


def _seen(item: ParsedItem) -> _Seen:
    guid = xml_text(item.guid or "").strip()
    link = one_line(xml_text(item.link or ""))
    return _Seen(
        guid=guid,
        spelling=canonical_url(guid, fragment=True),
        link=canonical_url(absolute(link, item.base_url or "") or link),
        title=one_line(xml_text(item.title or "")),
        text=_text(item),
        when=_moment(item.updated or item.published),
    )


def _text(item: ParsedItem) -> str:
    """The first words of an item that has no guid to be known by, else what is attached to it, else the
    little that it says (an author, a date)."""
    if item.guid:
        return ""
    words = visible(xml_text((item.content or item.summary or "")[:_BEGINNING]))
    attached = " ".join(one.url for one in item.enclosures)
    return words or attached or repr((item.authors, item.published, item.updated, item.tags, item.image))


def _moment(when: datetime | None) -> datetime:
    """For comparing only: zone-less dates count as UTC, no date as the first of all."""
    if when is None:
        return datetime.min.replace(tzinfo=UTC)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _without_duplicates(seen: Sequence[_Seen]) -> frozenset[int]:
    """The places of the items that stay: of those that are one article, the one updated last."""
    best: dict[tuple[str, ...], int] = {}
    for index, one in enumerate(seen):
        other = best.get(one.sameness)
        if other is None or one.when > seen[other].when:
            best[one.sameness] = index
    return frozenset(best.values())


def _keys(item: ParsedItem, one: _Seen, counts: _Counts) -> ItemKeys:
    own_link = one.link and counts.links[one.link] == 1 and not is_front_page(one.link)
    by_link = [_key("url", one.link)] if own_link else []
    iri = None
    if not one.guid:
        found_by = [*by_link, _key("text", _digest(*one.sameness))]
    elif counts.guids[one.guid] > 1:
        found_by = [_key("guid+", _digest(*one.sameness)), *by_link]
    else:
        own_spelling = one.spelling != one.guid and counts.spellings[one.spelling] == 1
        by_spelling = [_key("guid~", one.spelling)] if own_spelling else []
        found_by = [_key("guid", one.guid), *by_spelling, *by_link]
        iri = publishable(one.guid)
    return ItemKeys(primary=found_by[0], aliases=tuple(found_by[1:]), iri=iri, item_hash=item_hash(item))


def _key(kind: str, value: str) -> str:
    return f"{kind}:{value}" if len(value) <= LONGEST_KEY else f"{kind}:sha256:{_digest(value)}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def publishable(guid: str) -> str | None:
    """The guid if it may be published as an id, else None.

    ASCII only, though RFC 4287 lets an id be any IRI: readers' libraries and validators take it for a URI.
    """
    found = _IRI.fullmatch(guid) if guid.isascii() and len(guid) <= LONGEST_IRI else None
    if found is None or found[1].lower() in _NO_IDS:
        return None
    if guid.lower().startswith("urn:uuid:") and not _UUID.fullmatch(guid[9:]):
        return None
    if found[1].lower() in {"http", "https"} and not canonical_url(guid).startswith("//"):
        return None  # no host
    return guid
