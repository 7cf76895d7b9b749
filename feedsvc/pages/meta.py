"""What does a page say in ``<meta>`` (Open Graph, Twitter, Dublin Core, citation ...) and ``<link rel>``?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from feedsvc.pages.page import Page

Meta = Mapping[str, tuple[str, ...]]

MOST: Final = 1_000  # elements
_LONGEST: Final = 10_000  # characters of a value


def meta(page: Page) -> Meta:
    """All values of each name, in lower case, in the order of the page.

    ``<meta name|property|http-equiv>`` under its name ("og:title", "dc.date"), ``<link rel>`` under
    "link:" and the relation ("link:canonical") with its address as written.
    """
    found: dict[str, list[str]] = {}
    for element in page.tree.xpath("//meta[@content or @value] | //link[@rel and @href]")[:MOST]:
        if element.tag == "meta":
            names = {element.get(key, "").strip().lower() for key in ("name", "property", "http-equiv")}
            value = element.get("content") or element.get("value", "")  # a common mistake
        else:
            names = {f"link:{rel}" for rel in element.get("rel").lower().split()}
            value = element.get("href")
        value = value.strip()[:_LONGEST]
        for name in filter(None, names) if value else ():
            found.setdefault(name, []).append(value)
    return MappingProxyType({name: tuple(dict.fromkeys(values)) for name, values in found.items()})


def first(declared: Meta, *names: str) -> str | None:
    """The first value that one of these names has."""
    return next((values[0] for name in names if (values := declared.get(name))), None)
