"""Where is the list of articles in a JSON value, and which expression finds which part of each?

As the config says; what it does not say is guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from feedsvc.errors import ParseError
from feedsvc.refine.text import one_line, shortened, xml_text
from feedsvc.sources import jmes
from feedsvc.sources.json_guess import Guess, guess, guess_fields

_SHOWN: Final = 12  # names of an object's keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The items, and which expression finds which field in each; ``evidence`` says what of it was guessed."""

    items: Sequence[object]
    fields: Mapping[str, str]
    evidence: str


def find(value: object, *, path: str | None, given: Mapping[str, str], may_be_empty: bool = False) -> Found:
    """``path`` leads to the list, None where it is to be guessed; ``given`` are the fields that are not, ""
    for one that is not wanted.

    :raises ParseError: of kind "list-gone" or "list-empty".
    """
    guessed = guess(value) if path is None else None
    items = _items(value, path, guessed)
    if not items:
        if may_be_empty:
            return Found(items=(), fields={}, evidence="")
        raise ParseError(f"the list of articles is there (`{path or '@'}`), but empty", kind="list-empty")
    found = {name: text for name, text in guess_fields(items).items() if name not in given}
    told = [f"items: {guessed.items}"] if guessed else []
    told += [f"{name}: {text}" for name, text in found.items()]
    return Found(
        items=items,
        fields={name: text for name, text in {**found, **given}.items() if text},
        evidence=f"JSON, guessed {', '.join(told)}" if told else "JSON",
    )


def _items(value: object, path: str | None, guessed: Guess | None) -> list[object]:
    if path is None and guessed is None:
        if value == []:
            return []
        raise ParseError(f"there is no list of articles in the document, {outline(value)}", kind="list-gone")
    where = path or (guessed.items if guessed else "@")
    found = jmes.search(where, value)
    if not isinstance(found, list):
        raise _gone(where, value, found)
    return [one for one in found if one is not None]


def _gone(path: str, value: object, found: object) -> ParseError:
    what = "finds nothing" if found is None else f"finds no list, but {outline(found)}"
    better = guess(value)
    hint = f"; did you mean items: {better.items}?" if better else ""
    return ParseError(f"items: `{path}` {what}; the document is {outline(value)}{hint}", kind="list-gone")


def outline(value: object) -> str:
    """What a document has at its top, for the admin; only the names of keys."""
    if isinstance(value, Mapping):
        names = [shortened(one_line(xml_text(str(key))), 40) for key in islice(value, _SHOWN)]
        more = f" and {len(value) - _SHOWN} more" if len(value) > _SHOWN else ""
        return f"an object that has: {', '.join(names)}{more}" if names else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    return "null" if value is None else f"a {'text' if isinstance(value, str) else 'number'}"
