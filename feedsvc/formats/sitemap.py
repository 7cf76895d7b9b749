"""How does a list of pages become a sitemap?

https://www.sitemaps.org/protocol.html . The same pages always give the same bytes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from lxml import etree

MOST: Final = 50_000  # addresses, by the protocol
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """``pages`` are absolute addresses, and when what is there last changed, if that is known."""
    root = etree.Element("urlset", {"xmlns": _NAMESPACE})
    for url, changed in list(pages)[:MOST]:
        one = etree.SubElement(root, "url")
        etree.SubElement(one, "loc").text = url
        if changed is not None:
            written = changed.astimezone(UTC).isoformat(timespec="seconds")
            etree.SubElement(one, "lastmod").text = written.replace("+00:00", "Z")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
