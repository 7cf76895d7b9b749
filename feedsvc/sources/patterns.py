"""Does an address match a pattern, written as in robots.txt?

RFC 9309 2.2.3: a pattern is the beginning of a path, ``*`` is any run of characters, ``$`` at the end is the
end of the address. Beyond it, a pattern that begins with http:// or https:// is held against the whole
address, and one that begins with ``*`` against any part of it.
"""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator


def matches(pattern: str, url: str) -> bool:
    """In time that grows with the length of both, whatever is in them. Escapes count as what they mean."""
    pattern, place = unquote(pattern), unquote(url if _is_whole(pattern) else _path(url))
    ends, pattern = pattern.endswith("$"), pattern.removesuffix("$")
    first, *others = pattern.split("*")
    if not place.startswith(first):
        return False
    if not others:
        return not ends or len(place) == len(first)
    at = len(first)
    for part in others[:-1] if ends else others:
        found = place.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not ends or (place.endswith(others[-1]) and len(place) - len(others[-1]) >= at)


def match_any(patterns: Iterable[str], url: str) -> bool:
    return any(matches(pattern, url) for pattern in patterns)


def _is_whole(pattern: str) -> bool:
    return pattern.startswith(("http://", "https://"))


def _path(url: str) -> str:
    """Path and query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _pattern(text: str) -> str:
    if not text.startswith(("/", "*", "http://", "https://")):
        raise ValueError(
            f"a pattern begins with /, * or https:// as in robots.txt: /{text}* or */{text}*, not {text!r}"
        )
    return text


UrlPattern = Annotated[str, AfterValidator(_pattern)]
