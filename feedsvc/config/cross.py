"""Do the parts of the config fit together: names known, unique and free, zones and languages real?"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from pydantic import BaseModel

from feedsvc.config import checks, secrets
from feedsvc.config.draft import Draft, Found
from feedsvc.config.settings import ALL, Category, View, Wanted
from feedsvc.config.suggest import naming
from feedsvc.errors import Problem
from feedsvc.model import Source

M = TypeVar("M", bound=BaseModel)


def cross_check(draft: Draft) -> Iterator[Problem]:
    """Every problem between values that are each possible by themselves."""
    yield from _twice(draft.categories)
    yield from _twice(draft.sources)
    yield from _twice(draft.views)
    yield from _reserved(draft)
    yield from _renames(draft.sources, "source")
    yield from _renames(draft.categories, "category")
    known = [category.id for category in draft.categories if category.id and category.id != ALL]
    for found in draft.sources:
        if draft.main_is_readable:
            yield from _unknown_categories(found, known)
        if found.value:
            yield from _refused(found, "timezone", found.value.timezone, checks.timezone)
            yield from _refused(found, "language", found.value.language, checks.language_tag)
            yield from _bare_secrets(found)
    for view in draft.views:
        yield from _unknown_parts(view, draft)


def _unknown_parts(found: Found[View], draft: Draft) -> Iterator[Problem]:
    """A saved feed names what there is, and gives away nothing that is private."""
    wanted = found.value.query if found.value else Wanted()
    for what, names, all_ in (
        ("category", wanted.categories, draft.categories),
        ("source", wanted.sources, draft.sources),
    ):
        known = {one.id: one.value for one in all_ if one.id}
        for number, name in enumerate(names):
            part = known.get(name)
            place = ("query", "categories" if what == "category" else "sources", number)
            if name not in known:
                yield found.problem(naming(what, name, known), *place)
            elif isinstance(part, Category) and _leaks(found.value, part):
                yield found.problem(
                    f"category '{name}' is private: write 'access: token' here, too, or leave it out", *place
                )


def _leaks(view: View | None, category: Category) -> bool:
    return view is not None and view.access == "public" and category.access != "public"


def _twice(items: Sequence[Found[M]]) -> Iterator[Problem]:
    first: dict[str, Found[M]] = {}
    for found in items:
        if found.id is None:
            continue
        other = first.setdefault(found.id, found)
        if other is not found:
            place = other.problem("", "id")
            yield found.problem(
                f"this id is already taken at {place.file}:{place.line}:{place.column}: choose another", "id"
            )


def _reserved(draft: Draft) -> Iterator[Problem]:
    for category in draft.categories:
        if category.id == ALL:
            yield category.problem("this id is taken by the feed of everything: choose another", "id")


def _unknown_categories(found: Found[Source], known: Iterable[str]) -> Iterator[Problem]:
    written = found.data.get("categories")
    names: list[object] = written if isinstance(written, list) else []
    for number, name in enumerate(names):
        if name == ALL:
            yield found.problem("every article goes to 'all' by itself: leave it out", "categories", number)
        elif isinstance(name, str) and name not in known:
            yield found.problem(naming("category", name, known), "categories", number)
        elif name in names[:number]:
            yield found.problem(f"category '{name}' is named twice", "categories", number)


def _renames(items: Sequence[Found[Source]] | Sequence[Found[Category]], kind: str) -> Iterator[Problem]:
    """``was`` names ids that are free: nothing has them now, and no two had the same. But a category may
    have its first name back."""
    ids = {found.id for found in items}
    heirs: dict[str, str] = {}
    for found in items:
        for number, old in enumerate(found.value.was if found.value else ()):
            heir = heirs.setdefault(old, str(found.id))
            if kind == "category" and number == 0 and old == found.id:
                continue
            if old in ids:
                yield found.problem(f"'{old}' is a {kind} of today: take it out of 'was'", "was", number)
            elif heir != found.id:
                yield found.problem(f"'{old}' is already in 'was' of {kind} '{heir}'", "was", number)


def _bare_secrets(found: Found[Source]) -> Iterator[Problem]:
    """A secret in the file would be in its history, in backups and in the store."""
    headers = found.data.get("headers")
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if secrets.looks_secret(str(name)) and not secrets.is_reference(str(value)):
            example = f"${{env:{re.sub(r'[^A-Z0-9]+', '_', f'{found.id}_{name}'.upper())}}}"
            yield found.problem(
                f"'{name}' is a secret: write {example} and set that variable", "headers", name
            )


def _refused(
    found: Found[Source], key: str, value: str | None, check: Callable[[str], str]
) -> Iterator[Problem]:
    try:
        if value is not None:
            check(value)
    except ValueError as error:
        yield found.problem(f"'{key}': {error}", key)
