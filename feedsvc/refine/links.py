"""Which absolute http(s) address does a link mean?"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

LONGEST: Final = 8_192  # characters; nothing serves longer ones, and a data: URL is no link

# What needs no second look: plain host, only characters that RFC 3986 allows, every % an escape.
_PLAIN: Final = re.compile(
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,4})?"
    r"(?:[/?#](?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?"
)
_HOST: Final = re.compile(r"[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\]")
_SLASHES: Final = re.compile(r"^(https?):[/\\]*", re.IGNORECASE)
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INVISIBLE: Final = re.compile(r"[\x00-\x1f\x7f]")
_ALLOWED: Final = "/?:@!$&'()*+,;=%~"


@lru_cache(maxsize=8_192)
def absolute(url: str, base: str = "") -> str | None:
    """The http(s) address that ``url`` means on a page at ``base``, in ASCII; None if it means none.

    Read as browsers do (WHATWG URL): white space around is dropped, backslashes are slashes, spaces and
    other characters that a URI may not have are percent-encoded, hosts are in their ASCII form.
    """
    if _PLAIN.fullmatch(url) and len(url) <= LONGEST:
        return url
    url = _INVISIBLE.sub("", url.strip())
    if len(url) > LONGEST:
        return None
    try:
        return _ascii(_joined(url, base))
    except ValueError:  # urllib's word for hosts and ports that are none (UnicodeError is one)
        return None


def without_secrets(base: str) -> str:
    """A base for relative links: the address without user, password and query, which are not for readers."""
    try:
        parts = urlsplit(base)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _joined(url: str, base: str) -> str:
    start, mark, rest = _cut(url)
    url = _SLASHES.sub(r"\1://", start.replace("\\", "/")) + mark + rest
    if start.endswith(":"):
        raise ValueError("a scheme alone leads nowhere")
    if url.startswith("//") and not base.startswith(("http:", "https:")):
        return f"https:{url}"
    return urljoin(base, url)


def _cut(url: str) -> tuple[str, str, str]:
    """Before the query or fragment, its mark, and the rest."""
    found = re.search(r"[?#]", url)
    at = found.start() if found else len(url)
    return url[:at], url[at : at + 1], url[at + 1 :]


def _ascii(url: str) -> str | None:
    parts = urlsplit(url)
    host = (parts.hostname or "").strip()
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
        return None
    user, at, _ = parts.netloc.rpartition("@")
    port = "" if parts.port is None else f":{parts.port}"
    netloc = f"{_quoted(user)}{at}[{host}]{port}" if ":" in host else f"{_quoted(user)}{at}{host}{port}"
    return urlunsplit((parts.scheme, netloc, *map(_quoted, (parts.path, parts.query, parts.fragment))))


def _quoted(part: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_ALLOWED, errors="ignore")
