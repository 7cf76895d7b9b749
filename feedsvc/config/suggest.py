"""Which known name was probably meant?"""

from collections.abc import Iterable
from difflib import get_close_matches
from types import MappingProxyType

SHOWN = 12  # more names than this are no help

# What other programs call the same thing, where difflib cannot see it.
ELSEWHERE = MappingProxyType(
    {
        "interval": "every",
        "schedule": "every",
        "refresh": "every",
        "name": "title",
        "link": "url",
        "href": "url",
        "feed": "url",
        "folder": "path",
        "directory": "path",
        "category": "categories",
        "tags": "categories",
        "kind": "type",
        "lang": "language",
        "tz": "timezone",
        "disabled": "enabled",
        "paused": "enabled",
        "active": "enabled",
        "max_items": "limit",
        "retention": "keep_for",
    }
)


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name``, if one is like it at all."""
    names = {known_name.lower(): known_name for known_name in known}
    names |= {other: here for other, here in ELSEWHERE.items() if here in names and other not in names}
    matches = get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return names[matches[0]] if matches else None


def naming(what: str, name: str, known: Iterable[str]) -> str:
    """``unknown category 'wrold': did you mean 'world'? (about, world)``."""
    names = sorted(set(known))
    near = closest(name, names)
    hint = f": did you mean '{near}'?" if near else ""
    if not names:
        return f"unknown {what} '{name}': there is none"
    shown = names if len(names) <= SHOWN else [*names[:SHOWN], f"and {len(names) - SHOWN} more"]
    return f"unknown {what} '{name}'{hint} ({', '.join(shown)})"
