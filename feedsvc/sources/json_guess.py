"""Where in a JSON document is the list of articles, and which keys say what of each?

Found by what programmers call things and by whether the values are of that kind. What is found is JMESPath,
so that an admin can read it, correct it and fix it in the config.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import sqrt
from typing import Any, Final

from feedsvc.sources import json_values as values
from feedsvc.sources.json_keys import ITEM_WRAPPERS, LINK_WRAPPERS, RANKS, TEXT_WRAPPERS
from feedsvc.sources.json_values import squeezed

Path = tuple[str, ...]  # keys; "[]" is every member of a list, "*" every value of an object
Row = Mapping[str, Any]
_STEPS: Final = ("[]", "*")  # a key of that name is passed over: no path could tell it from the step

_DEEPEST: Final = 16
_MOST_VALUES: Final = 50_000  # of a document that are looked at
_MEMBERS: Final = 100  # of one list or object that are looked into
_MOST_LISTS: Final = 200  # that are held against each other
_MOST_KEYS: Final = 150  # of an item, within _ITEM_DEPTH
_ITEM_DEPTH: Final = 4
_SAMPLE: Final = 30  # items that are looked at

_MEDIA_FILE: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|mp[34]|m3u8|json|xml|pdf)(?:[?#]|$)", re.IGNORECASE
)
_SLUG: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """``items`` and ``fields`` are JMESPath, of the document and of an item; ``confidence`` is 0 to 1."""

    items: str
    fields: Mapping[str, str]
    confidence: float
    score: float = field(repr=False)


def guess(document: object) -> Guess | None:
    """The list that is most like one of articles: long, its members titled, linked or numbered, and dated."""
    best: Guess | None = None
    longest = sorted(_lists(document).items(), key=lambda one: len(one[1]), reverse=True)
    for path, rows in longest[:_MOST_LISTS]:
        fields = guess_fields(rows)
        if "title" not in fields or not {"guid", "link"} & set(fields):
            continue
        score = _score(rows, fields)
        if best is None or score > best.score:
            best = Guess(
                items=_expression(path),
                fields=fields,
                confidence=_confidence(len(rows), fields),
                score=score,
            )
    return best


def guess_fields(rows: Sequence[object]) -> Mapping[str, str]:
    """Which expression finds which field in these items."""
    sample = [one for one in rows[:_SAMPLE] if isinstance(one, Mapping)]
    columns = _columns(sample)
    found: dict[str, str] = {}
    taken: set[Path] = set()
    for name in RANKS:
        path = _best(
            name, {path: column for path, column in columns.items() if path not in taken}, len(sample)
        )
        if path is not None:
            taken.add(path)
            found[name] = _expression(path)
    return found


# ---- lists ------------------------------------------------------------------------------------------


def _lists(document: object) -> Mapping[Path, list[Row]]:
    """All objects that are members of a list, by the path that finds them all; so are those one below
    (``edges[].node``)."""
    found: dict[Path, list[Row]] = {}
    waiting: list[tuple[Path, object]] = [((), document)]
    seen = 0
    while waiting and seen < _MOST_VALUES:
        path, value = waiting.pop()
        seen += 1
        if isinstance(value, Mapping) and set(_STEPS) & set(path[-2:]):
            found.setdefault(path, []).append(value)
        if len(path) < _DEEPEST:
            waiting.extend(reversed([((*path, step), inner) for step, inner in _steps(value)]))
    return found


def _steps(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, list):
        yield from (("[]", one) for one in value[:_MEMBERS] if isinstance(one, Mapping | list))
    elif isinstance(value, Mapping):
        alike = _are_alike(value)
        for key, one in islice(value.items(), _MEMBERS if alike else _MOST_VALUES):
            if isinstance(one, Mapping | list) and (alike or key not in _STEPS):
                yield "*" if alike else key, one


def _are_alike(value: Row) -> bool:
    """Is this object a list, its keys the ids of its members?"""
    members = list(islice(value.values(), 10))
    if len(members) < 4 or not all(isinstance(one, Mapping) for one in members):
        return False
    first = set(members[0])
    return len(first) > 1 and all(len(first & set(one)) * 2 > len(first | set(one)) for one in members)


# ---- fields -----------------------------------------------------------------------------------------


def _columns(rows: Sequence[Row]) -> Mapping[Path, list[object]]:
    """The values of each path within the items, as many as items have it."""
    found: dict[Path, list[object]] = {}
    for row in rows:
        for path, value in _within(row):
            found.setdefault(path, []).append(value)
    return found


def _within(row: Row) -> Iterator[tuple[Path, object]]:
    waiting: list[tuple[Path, object]] = [((), row)]
    for count, (path, value) in enumerate(waiting):
        if path and value is not None:
            yield path, value
        if count < _MOST_KEYS and len(path) < _ITEM_DEPTH and isinstance(value, Mapping):
            members = islice(value.items(), _MOST_KEYS)
            waiting.extend(((*path, str(key)), one) for key, one in members if key not in _STEPS)


def _best(name: str, columns: Mapping[Path, list[object]], count: int) -> Path | None:
    ranked = [
        (rank, len(path), path)
        for path, column in columns.items()
        if (rank := _rank(name, path)) is not None and _IS[name](column, count)
    ]
    return min(ranked)[2] if ranked else None


def _rank(name: str, path: Path) -> int | None:
    """How well a path is called what it should be; None if it is not."""
    names = [squeezed(key) for key in path]
    inner = LINK_WRAPPERS if name == "link" else TEXT_WRAPPERS
    for at, one in enumerate(names):
        if one in RANKS[name] and all(later in inner for later in names[at + 1 :]):
            return RANKS[name][one]
        if one not in ITEM_WRAPPERS:
            return None
    return None


def _is_title(column: Sequence[object], count: int) -> bool:
    found = [one.strip() for one in column if isinstance(one, str) and 1 < len(one.strip()) <= 500]
    named = [one for one in found if _LETTERS.search(one) and not values.address(one)]
    slugs = sum("-" in one and _SLUG.fullmatch(one) is not None for one in named)
    return _enough(named, count, 0.7) and len(set(named)) * 2 > len(named) and slugs * 2 <= len(named)


def _is_link(column: Sequence[object], count: int) -> bool:
    found = [url for one in column if (url := values.address(one)) and not _MEDIA_FILE.search(url)]
    return _enough(found, count, 0.6) and len(set(found)) * 10 > len(found) * 7


def _is_guid(column: Sequence[object], count: int) -> bool:
    found = [one for one in column if isinstance(one, str | int) and not isinstance(one, bool) and one != ""]
    return _enough(found, count, 0.6) and len(set(found)) == len(found)


def _is_moment(column: Sequence[object], count: int) -> bool:
    return _enough([one for one in column if values.moment(one)], count, 0.5)


def _is_text(column: Sequence[object], count: int) -> bool:
    found = [one for one in column if isinstance(one, str) and len(one) > 20 and not values.address(one)]
    return _enough(found, count, 0.3)


def _is_content(column: Sequence[object], count: int) -> bool:
    return _enough([one for one in column if isinstance(one, str) and len(one) > 80], count, 0.3)


def _is_author(column: Sequence[object], count: int) -> bool:
    found = [one for one in column if any(len(author.name) < 200 for author in values.authors(one))]
    return _enough(found, count, 0.2)


def _is_language(column: Sequence[object], count: int) -> bool:
    found = [one for one in column if isinstance(one, str) and re.fullmatch(r"[a-z]{2,3}([-_]\w{2,8})?", one)]
    return _enough(found, count, 0.5)


def _enough(found: Sequence[object], count: int, share: float) -> bool:
    return bool(found) and len(found) >= share * count


_IS: Final = {
    "title": _is_title,
    "link": _is_link,
    "guid": _is_guid,
    "date": _is_moment,
    "updated": _is_moment,
    "summary": _is_text,
    "content": _is_content,
    "author": _is_author,
    "image": lambda column, count: _enough([one for one in column if values.image(one)], count, 0.2),
    "tags": lambda column, count: _enough([one for one in column if values.tags(one)], count, 0.2),
    "language": _is_language,
}


# ---- how sure ---------------------------------------------------------------------------------------


def _score(rows: Sequence[Row], fields: Mapping[str, str]) -> float:
    """Menus have titles and links, too, but no dates; and titles of a word."""
    worth = {"link": 1.0, "date": 0.8, "summary": 0.3, "content": 0.3, "image": 0.3, "author": 0.2}
    sample = rows[:_SAMPLE]
    columns = {_expression(path): column for path, column in _columns(sample).items()}
    titles = columns[fields["title"]]
    said = sum(len(str(one).split()) > 2 or len(str(one)) > 25 or not str(one).isascii() for one in titles)
    wordy = 0.3 + said / max(1, len(titles))
    return sqrt(min(len(rows), 40)) * wordy * (0.4 + sum(worth.get(name, 0) for name in fields))


def _confidence(count: int, fields: Mapping[str, str]) -> float:
    sure = 0.5 if "link" in fields else 0.3
    sure += 0.25 * ("date" in fields) + 0.1 * bool({"summary", "content"} & set(fields))
    return round(sure + 0.05 * ("image" in fields) + 0.1 * (count >= 5), 2)


def _expression(path: Path) -> str:
    """JMESPath: ``data.posts``, ``edges[].node``, ``"my key"[]``, ``@``."""
    if path and path[-1] == "[]" and "[]" not in path[:-1]:
        path = path[:-1]
    text = ""
    for step in path:
        if step == "[]":
            text += "[]"
        else:
            name = step if step == "*" or _IDENTIFIER.fullmatch(step) else json.dumps(step)
            text += f".{name}" if text else name
    return text or "@"
