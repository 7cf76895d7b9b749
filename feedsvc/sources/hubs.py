"""Which hub does a document name, and which address does it give itself (WebSub 4)?"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final, Literal
from urllib.parse import urlsplit

from feedsvc.model import Document
from feedsvc.refine.links import absolute

LONGEST_HEADER: Final = 8_000  # characters that are looked at
LONGEST_URL: Final = 2_000
MOST: Final = 20  # links

_LINK: Final = re.compile(r"<([^<>]*)>([^<]*)")
_REL: Final = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


def named(relation: Literal["hub", "self"], document: Document, inside: Iterable[str]) -> str | None:
    """The first address of that relation that can be used: from the Link header, else from ``inside``.

    Absolute, http or https, without a fragment; None if there is none.
    """
    found = chain(_in_header(relation, document), inside)
    usable = (_usable(url, document.url) for url in islice(found, MOST))
    return next((url for url in usable if url), None)


def _in_header(relation: str, document: Document) -> Iterator[str]:
    """The links of the answer itself (RFC 8288)."""
    for url, parameters in _LINK.findall(document.headers.get("link", "")[:LONGEST_HEADER]):
        rel = _REL.search(parameters)
        if rel and relation in (rel[1] or rel[2]).lower().split():
            yield url


def _usable(url: str, base: str) -> str | None:
    if len(url) > LONGEST_URL:
        return None
    found = absolute(url, base)
    # With a user or a password in it, it is nobody else's business.
    return None if found is None or "@" in urlsplit(found).netloc else found.partition("#")[0]
