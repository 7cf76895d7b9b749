"""What becomes of an item of a feed or a list when its own page was read, too?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Final, Literal

from feedsvc.model import Author, Extracted, ParsedItem
from feedsvc.pages.article.names import is_name
from feedsvc.pages.article.naming import key, segments
from feedsvc.refine.text import visible

Kind = Literal["text", "html"]

_SHORT: Final = 9  # letters; what is shorter stands in a title by chance
_CUT: Final = ("…", "...", "[…]", "[...]")


def merge(item: ParsedItem, found: Extracted) -> ParsedItem:
    """One item of both. What it is known by, guid and link, stays; the page fills up and makes whole."""
    is_kept = _keeps_title(item, found)
    fuller = _is_fuller(item, found)
    summary, summary_type = _summary(item, found, fuller=fuller)
    return replace(
        item,
        title=item.title if is_kept else found.title,
        title_type=item.title_type if is_kept else "text",
        content=found.html if fuller else item.content,
        content_type="html" if fuller else item.content_type,
        summary=summary,
        summary_type=summary_type,
        authors=_authors(item, found),
        published=_when(item.published, found.published),
        updated=item.updated or _when(None, found.modified),
        tags=_each((*item.tags, *found.section, *found.tags)),
        image=item.image or found.image,
        language=item.language or found.language,
    )


def _keeps_title(item: ParsedItem, found: Extracted) -> bool:
    """Not where it is missing or cut off, nor where it is the headline with the site's name around it."""
    told = visible(item.title or "") if item.title_type == "html" else item.title or ""
    if not found.title:
        return True
    if not told.strip():
        return False
    mine, theirs = key(told), key(found.title)
    if told.rstrip().endswith(_CUT):
        return not (theirs.startswith(mine) and len(theirs) > len(mine))
    around = mine != theirs and theirs in {key(told[start:]) for start, _ in segments(told)} | {
        key(told[:end]) for _, end in segments(told)
    }
    return not (around and len(theirs) > 8)


def _is_fuller(item: ParsedItem, found: Extracted) -> bool:
    told = visible(item.content or "") if item.content_type == "html" else item.content or ""
    return len(visible(found.html)) > len(told)


def _summary(item: ParsedItem, found: Extracted, *, fuller: bool) -> tuple[str | None, Kind]:
    """What was the whole text until now is a summary of what has become it."""
    if item.summary:
        return item.summary, item.summary_type
    if fuller and item.content:
        return item.content, item.content_type
    return found.summary, "text" if found.summary else item.summary_type


def _authors(item: ParsedItem, found: Extracted) -> tuple[Author, ...]:
    if any(is_name(one.name, strict=False) for one in item.authors):
        return item.authors
    return tuple(Author(name=name) for name in found.authors) or item.authors


def _when(told: datetime | None, found: datetime | date | None) -> datetime | None:
    """A moment beats a bare day, which is written as midnight; a day is better than nothing."""
    if isinstance(found, datetime):
        return found if told is None or _is_bare(told) else told
    return datetime.combine(found, time()) if told is None and found is not None else told


def _is_bare(when: datetime) -> bool:
    return when.time() == time() and (when.tzinfo is None or not when.utcoffset())


def _each(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())
