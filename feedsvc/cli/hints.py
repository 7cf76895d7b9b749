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
        "invalid": "'feedsvc discover URL' finds what there is",
        "not-html": "'feedsvc discover URL' finds what there is",
        "blocked": "ask its owner, or look for a feed or another page: 'feedsvc discover URL'",
        "needs-browser": "set 'render: browser'",
        "moved": "open the url in a browser and configure the address where that ends",
        "list-gone": "the page was redesigned: 'feedsvc preview URL' shows what is found now",
        "list-empty": "it is tried again by itself",
        "no-links": "check 'fields.link'",
        "auth": "check user and password",
        "secret": "set it in the environment or in .env",
        "browser": "see docs/browser.md",
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
