"""What does a fetch take along its redirects, and what does it leave behind?"""

import base64
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.parse import unquote, urljoin, urlsplit

from feedsvc.addresses import without_credentials
from feedsvc.fetch import answer, body
from feedsvc.fetch.guard import Target, target
from feedsvc.model import Request, Validators

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.6, */*;q=0.5"
)
_POSTED_AGAIN = (307, 308)
# What another host may be told, too. All other headers may be secret (Authorization, Cookie, X-Api-Key).
_HARMLESS = (
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "If-Modified-Since",
    "If-None-Match",
    "User-Agent",
)


@dataclass(slots=True, kw_only=True)
class Trip:
    """One fetch under way: where it is now, what it carries, where it has been.

    Header names are in Title-Case. ``seen`` holds address and cookies of each step. Cookies live no longer
    than this.
    """

    url: str
    headers: dict[str, str]
    body: bytes | None = None
    redirects: bool = True
    forwards: bool = False
    hops: list[tuple[int, str]] = field(default_factory=list)
    cookies: CookieJar = field(default_factory=CookieJar)
    seen: set[tuple[str, str]] = field(default_factory=set)


def set_out(request: Request, *, user_agent: str, validators: Validators | None) -> Trip:
    """The first step. The headers of ``request`` go before our own, validators before both."""
    url = request.url.strip()
    headers = {"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": body.ACCEPT_ENCODING}
    headers |= _login(url)
    headers |= {name.title(): value for name, value in request.headers.items()}
    headers |= answer.conditional_headers(validators)
    return Trip(
        url=without_credentials(url),
        headers=headers,
        body=request.body,
        redirects=request.redirects,
        forwards=request.forwards,
    )


def turn(trip: Trip, *, status: int, location: str) -> None:
    """Go on to ``location``, an absolute address. Another server is told nothing that may be secret.

    What was posted is posted again only where the server says so, and to none but itself (RFC 9110 15.4)
    unless the request may be forwarded.
    """
    elsewhere = not _same_place(target(trip.url), target(location))
    posted = trip.headers.get("Content-Type")
    if elsewhere:
        trip.headers = {name: value for name, value in trip.headers.items() if name in _HARMLESS}
    if (elsewhere and not trip.forwards) or status not in _POSTED_AGAIN:
        trip.body = None
        trip.headers.pop("Content-Type", None)
    elif posted is not None:
        trip.headers["Content-Type"] = posted
    trip.hops.append((status, location))
    trip.url = location


def location_of(headers: Mapping[str, str], *, base: str) -> str | None:
    """Where a redirect points, absolute; None if it does not say. Raises AddressRefused."""
    location = headers.get("location")
    if not location:
        return None
    # Header bytes are read as Latin-1; what servers send beyond ASCII is UTF-8.
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        absolute = urljoin(base, location.strip())
    except ValueError:
        absolute = location
    target(absolute)
    return without_credentials(absolute)


def _login(url: str) -> dict[str, str]:
    """User and password of ``url`` as a header, which unlike a part of the address is left behind in time."""
    parts = urlsplit(url)
    if parts.username is None:
        return {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}


def _same_place(here: Target, there: Target) -> bool:
    """The same server, or its http address moved to https."""
    if here.host != there.host:
        return False
    upgraded = (here.scheme, here.port, there.scheme, there.port) == ("http", 80, "https", 443)
    return upgraded or (here.scheme, here.port) == (there.scheme, there.port)
