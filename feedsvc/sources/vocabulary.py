"""Which word of which vocabulary is an element of a feed?"""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml import etree

# By the namespace in lower case, as it is written in many ways; where none is declared, by the prefix.
_VOCABULARIES: Final = {
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.itunes.com/dtds/podcast-1.0.dtd/": "itunes",
    "https://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",  # an early version of the specification
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://podcastindex.org/namespace/1.0/": "podcast",
    "http://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "https://search.yahoo.com/mrss/": "media",
}
_PREFIXES: Final = frozenset(_VOCABULARIES.values())


def name_of(element: "etree._Element") -> tuple[str, str]:
    """(vocabulary, name); of any other vocabulary ("", name)."""
    return _name(str(element.tag))


def text_of(element: "etree._Element") -> str | None:
    """All text in it, None if there is none."""
    return "".join(str(part) for part in element.itertext()).strip() or None


@lru_cache(maxsize=256)
def _name(tag: str) -> tuple[str, str]:
    space, _, local = tag.rpartition("}")
    prefix, _, rest = local.rpartition(":")
    if not space and prefix in _PREFIXES:  # undeclared
        return prefix, rest
    return _VOCABULARIES.get(space.removeprefix("{").lower(), ""), local
