"""What do the values of a JSON document say: texts, moments, people, pictures, files?

APIs write the same thing as a text, as an object around it or as a list: every reader here takes all three.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from feedsvc.model import Author, Enclosure, Image
from feedsvc.pages.listing.dates import Reading, read_foreign, read_written
from feedsvc.refine.dates import believable, read_date
from feedsvc.refine.text import words

MOST: Final = 200  # values that are taken of a list
_INSIDE: Final = (
    *("rendered", "basic", "html", "value", "text", "plain"),
    *("default", "content", "raw", "name", "title"),
)
_NAMES: Final = ("name", "displayname", "fullname", "title", "label", "text", "byline", "value", "slug")
_ADDRESSES: Final = (
    *("url", "src", "href", "sourceurl", "original", "large"),
    *("full", "permalink", "link", "uri", "path"),
)
_LABELS: Final = ("name", "title", "label", "text", "term", "value", "tag", "slug")
_WRAPPED: Final = words("attributes data node fields image file asset media default original large full")
_ANYHOW: Final = Reading()
_SAYS_ITSELF: Final = words("href name src url")
_UNITS: Final = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3), (10**8, 1))  # ns, us, ms, s since 1970
_DIGITS: Final = re.compile(r"\d{10}|\d{13}|\d{16}|\d{19}|\d{9,10}\.\d{1,9}")
_ASP_DATE: Final = re.compile(r"/Date\((\d{1,16})(?:[+-]\d{4})?\)/")  # as Microsoft's JSON had it
_DEPTH: Final = 4


@lru_cache(maxsize=4_096)
def squeezed(name: str) -> str:
    """``Published_At``, ``published-at`` and ``publishedAt`` are one name."""
    return re.sub(r"[\W_]+", "", name.lower())


def keyed(value: Mapping[str, Any]) -> dict[str, Any]:
    """By squeezed name; the first of each."""
    return {squeezed(name): one for name, one in reversed(list(islice(value.items(), MOST)))}


def text(value: object, *, depth: int = _DEPTH) -> str | None:
    """A text or number, or what is in the object around it."""
    if isinstance(value, Mapping):
        inner = keyed(value)
        found = (text(inner.get(name), depth=depth - 1) for name in _INSIDE) if depth else iter(())
        return next(filter(None, found), None)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def moment(value: object, *, is_utc: bool = False, how: Reading = _ANYHOW) -> datetime | None:
    """ISO 8601 and other written dates; seconds, milliseconds ... since 1970. Naive if no zone is named.

    ``is_utc``: a date that names no zone is in UTC. ``how`` written dates are meant.
    """
    if isinstance(value, Mapping):
        inner = keyed(value)
        names = ("date", "iso", "value", "timestamp", "seconds")
        return next(
            (found for name in names if (found := moment(_flat(inner.get(name)), is_utc=is_utc, how=how))),
            None,
        )
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _since_epoch(value)
    if not isinstance(value, str):
        return None
    written = value.strip()
    if _DIGITS.fullmatch(written):
        return _since_epoch(float(written) if "." in written else int(written))
    if asp := _ASP_DATE.fullmatch(written):
        return _since_epoch(int(asp[1]), unit=1000)
    found = read_date(written) or read_written(written, how) or read_foreign(written, how)
    return found.replace(tzinfo=UTC) if found and is_utc and found.tzinfo is None else found


def _since_epoch(number: float, *, unit: int | None = None) -> datetime | None:
    try:
        unit = unit or next(per_second for least, per_second in _UNITS if number >= least)
        return believable(datetime.fromtimestamp(number / unit, UTC))
    except (StopIteration, ValueError, OverflowError, OSError):
        return None


def authors(value: object) -> tuple[Author, ...]:
    found = dict.fromkeys(author for one in _each(value) if (author := _author(one)))
    return tuple(found)


def _author(value: object) -> Author | None:
    if not isinstance(value, Mapping):
        alone = text(value) if isinstance(value, str) else None
        return Author(name=alone) if alone and not address(alone) else None
    inner = keyed(_unwrapped(value))
    known = next((found for key in _NAMES if (found := text(inner.get(key)))), None)
    parts = (text(inner.get("firstname")), text(inner.get("lastname")))
    name = known or " ".join(filter(None, parts))
    page = next((found for key in ("url", "link", "href") if (found := address(inner.get(key)))), None)
    return Author(name=name, email=text(inner.get("email")), url=page) if name else None


def tags(value: object) -> tuple[str, ...]:
    """Words; numbers are ids of something and no tags."""
    if isinstance(value, str):
        return tuple(filter(None, map(str.strip, value.split(",")[:MOST])))
    return tuple(dict.fromkeys(tag for one in _each(value) if (tag := _tag(one))))


def _tag(value: object) -> str | None:
    if isinstance(value, Mapping):
        inner = keyed(_unwrapped(value))
        return next((found for key in _LABELS if (found := _tag(_flat(inner.get(key))))), None)
    found = text(value) if isinstance(value, str) else None
    return found if found and not found.isdigit() and not address(found) else None


def image(value: object) -> Image | None:
    """The first picture of a list; its size where it is told."""
    for one in _each(value):
        if isinstance(one, Mapping):
            inner = keyed(_unwrapped(one))
            url = _address_in(inner)
            if url:
                return Image(url=url, width=_whole(inner.get("width")), height=_whole(inner.get("height")))
        elif url := address(one):
            return Image(url=url)
    return None


def enclosures(value: object) -> Iterator[Enclosure]:
    for one in _each(value):
        if isinstance(one, Mapping):
            inner = keyed(_unwrapped(one))
            if url := _address_in(inner):
                yield Enclosure(
                    url=url,
                    type=text(inner.get("mimetype"))
                    or text(inner.get("contenttype"))
                    or text(inner.get("type")),
                    length=_whole(inner.get("length", inner.get("size", inner.get("sizeinbytes")))),
                    title=text(inner.get("title")),
                    duration=_whole(inner.get("duration", inner.get("durationinseconds"))),
                )
        elif url := address(one):
            yield Enclosure(url=url)


def address(value: object) -> str | None:
    """An http(s) address or one that begins with a slash."""
    found = value.strip() if isinstance(value, str) else ""
    if found.startswith(("http://", "https://", "/")) and not any(map(str.isspace, found)):
        return found
    return None


def _address_in(inner: Mapping[str, Any], *, depth: int = 2) -> str | None:
    for name in _ADDRESSES:
        value = inner.get(name)
        if found := address(value):
            return found
        if isinstance(value, Mapping) and depth and (found := _address_in(keyed(value), depth=depth - 1)):
            return found
    return None


def _unwrapped(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """``{"data": {"attributes": {...}}}`` -> what is within."""
    for _ in range(_DEPTH):
        inner = [
            one
            for name, one in islice(value.items(), MOST)
            if squeezed(name) in _WRAPPED and isinstance(one, Mapping)
        ]
        if len(inner) != 1 or any(squeezed(name) in {"url", "src", "href", "name"} for name in value):
            break
        value = inner[0]
    return value


def _each(value: object) -> list[Any]:
    if value is None:
        return []
    return value[:MOST] if isinstance(value, list) else [value]


def _flat(value: object) -> object:
    return None if isinstance(value, Mapping | list) else value


def _whole(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\d{1,15}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53:
        return None
    return int(value)
