"""What becomes of each feed in somebody's list of subscriptions: a new source, or nothing, and why?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import ValidationError

from feedsvc.config import ALL, Config
from feedsvc.refine.canonical import canonical_url
from feedsvc.sources import TYPES
from feedsvc.sources.naming import slug, telling
from feedsvc.subscriptions.outlines import Broken, Outline, Outlines

What = Literal["new", "there", "twice", "ours", "broken"]

_FEED_SCHEME: Final = re.compile(r"feed:(?://)?(?=https?://)|feed(?=://)", re.IGNORECASE)
_NO_HOST: Final = "https://category.invalid/"  # what a category is called whose name has no Latin letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of the outline on ``line``. ``source_id`` is the source made of it, or the one that it is
    already; ``note`` says why, or what is lost."""

    line: int
    title: str
    url: str
    what: What
    source_id: str | None = None
    categories: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``sources`` and ``categories`` are blocks for the config; ``unknown`` are folders that are no category,
    so that their feeds go to none."""

    fates: tuple[Fate, ...]
    sources: tuple[Mapping[str, Any], ...]
    categories: tuple[Mapping[str, Any], ...]
    unknown: tuple[str, ...]

    def count(self, what: What) -> int:
        return sum(one.what == what for one in self.fates)


def plan(
    outlines: Outlines,
    config: Config,
    *,
    former: Mapping[str, str] = MappingProxyType({}),
    category: str | None = None,
    create_categories: bool = False,
) -> Plan:
    """Each feed becomes a source in the categories that its folders are called after, by id or by title.

    ``former`` leads from addresses to ids of sources that were configured once: one that comes back has its
    id again, and no other gets it, or their articles would be taken for one another's. ``category`` is where
    all of them go, in place of their folders. ``create_categories`` makes a category of a folder that is
    none; else it is told.
    """
    made = _Made(config, former, category, create=create_categories)
    for outline in outlines.feeds:
        made.take(outline)
    fates = [*made.fates, *map(_broken, outlines.broken)]
    return Plan(
        fates=tuple(sorted(fates, key=lambda one: one.line)),
        sources=tuple(made.sources.values()),
        categories=tuple(made.categories),
        unknown=tuple(made.unknown),
    )


class _Made:
    """What has been made of the outlines so far."""

    def __init__(
        self, config: Config, former: Mapping[str, str], category: str | None, *, create: bool
    ) -> None:
        self.fates: list[Fate] = []
        self.sources: dict[str, dict[str, Any]] = {}  # by canonical address
        self.categories: list[dict[str, Any]] = []
        self.unknown: dict[str, None] = {}  # in their order
        self._category = category
        self._create = create
        self._ours = canonical_url(f"{config.base_url()}/")
        self._there = {
            canonical_url(address): one.id for one in config.sources for address in _addresses(one)
        }
        self._former = {canonical_url(url): source_id for url, source_id in former.items()}
        self._ids = {*former.values(), *(old for one in config.sources for old in (one.id, *one.was))}
        self._ids_of_categories = {ALL, *(old for one in config.categories for old in (one.id, *one.was))}
        self._by_name = {
            name.casefold(): one.id for one in reversed(config.categories) for name in (one.title, one.id)
        }

    def take(self, outline: Outline) -> None:
        url = address(outline.url)
        key = canonical_url(url)
        if key in self._there:
            self._tell(outline, "there", self._there[key], note="it is configured already")
        elif key.startswith(f"{self._ours}/"):
            self._tell(outline, "ours", note="a feed of this site itself")
        elif key in self.sources:
            self._again(outline, self.sources[key])
        else:
            self._new(outline, url, key)

    def _again(self, outline: Outline, first: dict[str, Any]) -> None:
        """The same feed in another folder: one source in both categories."""
        more = [one for one in self._categories(outline) if one not in first.get("categories", ())]
        if more:
            first["categories"] = [*first.get("categories", ()), *more]
        self._tell(outline, "twice", first["id"], tuple(more), "named before in this list")

    def _new(self, outline: Outline, url: str, key: str) -> None:
        wrong = _wrong(url)
        if wrong:
            self._tell(outline, "broken", note=wrong)
            return
        title = telling([outline.title], url)
        name = self._former.get(key) or slug(title, url, self._ids)
        item: dict[str, Any] = {"id": name, "type": "feed", "url": url, "title": title}
        categories = self._categories(outline)
        if categories:
            item["categories"] = list(categories)
        self._ids.add(item["id"])
        self.sources[key] = item
        self._tell(outline, "new", item["id"], categories)

    def _categories(self, outline: Outline) -> tuple[str, ...]:
        """The category of the innermost folder, if there is one or one may be made."""
        if self._category is not None:
            return (self._category,)
        if not outline.folders:
            return ()
        name = outline.folders[-1]
        if name.casefold() not in self._by_name:
            if not self._create:
                self.unknown[name] = None
                return ()
            made = slug(name, _NO_HOST, self._ids_of_categories)
            self._ids_of_categories.add(made)
            self._by_name[name.casefold()] = made
            self.categories.append({"id": made, "title": name})
        return (self._by_name[name.casefold()],)

    def _tell(
        self,
        outline: Outline,
        what: What,
        source_id: str | None = None,
        categories: tuple[str, ...] = (),
        note: str = "",
    ) -> None:
        self.fates.append(
            Fate(
                line=outline.line,
                title=outline.title,
                url=outline.url,
                what=what,
                source_id=source_id,
                categories=categories,
                note=note,
            )
        )


def address(url: str) -> str:
    """Without the scheme that asks a browser for its feed reader: ``feed:https://...``, ``feed://...``."""
    found = _FEED_SCHEME.match(url)
    if found is None:
        return url
    rest = url[found.end() :]
    return f"http{rest}" if rest.startswith("://") else rest


def _addresses(source: Any) -> Iterator[str]:
    yield source.location
    if url := getattr(source, "url", ""):
        yield url


def _wrong(url: str) -> str:
    """Why there cannot be a source at this address; empty if there can."""
    try:
        TYPES["feed"].model.model_validate({"id": "any", "type": "feed", "url": url})
    except ValidationError as error:
        return "; ".join(detail["msg"].removeprefix("Value error, ") for detail in error.errors())
    return ""


def _broken(one: Broken) -> Fate:
    return Fate(line=one.line, title=one.title, url="", what="broken", note=one.reason)
