"""What can be done about a poll that failed?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "timeout": "if the origin is just slow, raise fetch.timeout",
        "too-large": "if that size is meant, raise fetch.max_bytes",
        "dns": "check the host name in its url",
        "connect": "it may be down; it is tried again by itself",
        "tls": "ask its owner",
        "redirects": "open the url in a browser and configure the address where that ends",
        "broken": "it is tried again by itself",
        "missing": "check the path in the config",
        "invalid": "check the url: it must be that of a feed",
    }
)
STATUSES: Final[Mapping[int, str]] = MappingProxyType(
    {
        401: "pause it, or ask its owner for an open address",
        403: "ask its owner",
        404: "check the url",
        410: "pause or remove it",
        429: "raise 'every'",
    }
)


def hint(kind: str | None, status: int | None) -> str:
    """One phrase, empty where there is nothing to say."""
    if kind == "status" and status:
        later = "it is tried again by itself" if status >= 500 else ""
        return STATUSES.get(status, later)
    return KINDS.get(kind or "", "")
