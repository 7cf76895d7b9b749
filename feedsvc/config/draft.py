"""What does each file say, and which of its values are wrong in themselves?"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError

from feedsvc.config.explain import explain, shown
from feedsvc.config.positions import Located
from feedsvc.config.positions import Path as Where
from feedsvc.config.settings import Category, Defaults, Fetch, Site, View
from feedsvc.config.suggest import naming
from feedsvc.errors import Problem
from feedsvc.model import Source
from feedsvc.sources import TYPES

MAIN: Final = "feedsvc.yaml"
SECTIONS: Final = ("site", "defaults", "fetch", "categories", "feeds", "sources")
KINDS: Final = {"categories": "category", "feeds": "feed", "sources": "source"}

Item = dict[str, Any]
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[M]):
    """A category, feed or source, and where it stands; ``value`` is None where it is wrong in itself."""

    located: Located
    where: Where
    data: Item
    value: M | None

    @property
    def id(self) -> str | None:
        """As written, so that one wrong key does not make a name unknown elsewhere."""
        name = self.data.get("id")
        return name if isinstance(name, str) else None

    def problem(self, message: str, *below: str | int) -> Problem:
        kind = KINDS[str(self.where[0])]
        return self.located.problem((*self.where, *below), f"{kind} '{self.id}': {message}")


class Draft:
    """What the files say so far; gathers problems instead of stopping at the first."""

    def __init__(self) -> None:
        self.sections: dict[str, Any] = {}
        self.categories: list[Found[Category]] = []
        self.views: list[Found[View]] = []
        self.sources: list[Found[Source]] = []
        self.problems: list[Problem] = []
        self.main_is_readable = True

    def take(self, path: Path, located: Located, *, main: bool) -> None:
        """Read one file. ``main``: it is feedsvc.yaml, the only one that may hold more than sources."""
        self.problems += located.problems
        if located.data is None:
            self.main_is_readable &= not main
        elif not isinstance(located.data, dict):
            self.problems.append(located.problem((), "put the list under a key: 'sources:' or 'categories:'"))
        else:
            self._sections(path, located, SECTIONS if main else ("sources",))

    def _sections(self, path: Path, located: Located, allowed: Sequence[str]) -> None:
        data = cast("dict[str, object]", located.data)
        for key in data:
            if key not in allowed:
                self.problems.append(located.problem((key,), _misplaced(key, allowed), at_key=True))
        for name, model in (("site", Site), ("defaults", Defaults), ("fetch", Fetch)):
            if name in allowed and data.get(name) is not None:
                self.sections[name] = self._validate(model, located, (name,), name)
        for item, where in self._items(located, "categories", allowed):
            category = self._validate(Category, located, where, _who("category", item, where))
            self.categories.append(Found(located=located, where=where, data=item, value=category))
        for item, where in self._items(located, "feeds", allowed):
            view = self._validate(View, located, where, _who("feed", item, where))
            self.views.append(Found(located=located, where=where, data=item, value=view))
        for item, where in self._items(located, "sources", allowed):
            source = self._source(path, item, located, where)
            self.sources.append(Found(located=located, where=where, data=item, value=source))

    def _items(self, located: Located, name: str, allowed: Sequence[str]) -> Iterator[tuple[Item, Where]]:
        items = cast("dict[str, object]", located.data).get(name)
        if items is None or name not in allowed:
            return
        if not isinstance(items, list):
            self.problems.append(
                located.problem((name,), f"'{name}' must be a list: start each item with '- '")
            )
            return
        for number, item in enumerate(items):
            if isinstance(item, dict):
                yield item, (name, number)
            else:
                message = f"{name}: an item must be a mapping such as {{id: ...}}, not {shown(item)}"
                self.problems.append(located.problem((name, number), message))

    def _source(self, path: Path, item: Item, located: Located, where: Where) -> Source | None:
        who = _who("source", item, where)
        if "type" not in item:
            message = f"{who}: 'type' is missing: one of {', '.join(TYPES)}"
            self.problems.append(located.problem(where, message))
            return None
        kind = TYPES.get(item["type"]) if isinstance(item["type"], str) else None
        if kind is None:
            message = naming("source type", str(item["type"]), TYPES)
            self.problems.append(located.problem((*where, "type"), f"{who}: {message}"))
            return None
        if isinstance(item.get("path"), str) and "path" in kind.model.model_fields:
            item["path"] = str((path.parent / item["path"]).resolve())
        return self._validate(kind.model, located, where, who)

    def _validate(self, model: type[M], located: Located, where: Where, who: str) -> M | None:
        data: Any = located.data
        for part in where:
            data = data[part]
        try:
            # As JSON and strict, so that text is not taken for a number nor "no" for false.
            return model.model_validate_json(json.dumps(data), strict=True)
        except ValidationError as error:
            for detail in error.errors():
                place = (*where, *detail["loc"])
                at_key = detail["type"] == "extra_forbidden"
                message = f"{who}: {explain(detail, model)}"
                self.problems.append(located.problem(place, message, at_key=at_key))
        return None


def _misplaced(key: str, allowed: Sequence[str]) -> str:
    if key in SECTIONS:
        return f"'{key}' belongs in {MAIN}: a file in sources/ holds only 'sources'"
    return naming("key", key, allowed)


def _who(kind: str, item: Item, where: Where) -> str:
    name = item.get("id")
    return f"{kind} '{name}'" if isinstance(name, str) else f"{kind} {int(where[-1]) + 1}"
