"""How do we get the hubs of our sources to tell us, and what do we make of what they say (WebSub 5, 7)?

A push is only a sign that there is something new: the source is polled at once, as always. So there is one
story of how articles come in, the origin's validators stay true, and what a hub sends need not be believed.
"""

import ipaddress
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

from feedsvc.config import Config
from feedsvc.errors import BadStatus, FetchError, NotFound, Stopped
from feedsvc.follow.answers import is_own
from feedsvc.hub import pace
from feedsvc.hub.report import Report
from feedsvc.hub.signature import is_signed
from feedsvc.model import Request, Source, Wish
from feedsvc.services import Services
from feedsvc.sources.feed import FeedSource

CALLBACK_PATH: Final = "/websub/"
LEASE: Final = timedelta(days=10)  # that we ask for; the hub decides
FORM: Final = "application/x-www-form-urlencoded"
UNWANTED_FOR: Final = timedelta(days=1)
DENIED_FOR: Final = timedelta(days=7)
# Last parts of names that the internet does not know (RFC 6761, 6762, 8375, and what networks use at home).
_LOCAL: Final = frozenset(
    {"localhost", "local", "internal", "lan", "home", "arpa", "test", "example", "invalid"}
)


# ---- asking -----------------------------------------------------------------------------------------


def ask(services: Services, wish: Wish, lease: str) -> Report:
    """Ask a hub to tell us, or to go on. It is ours only when it has come back to our callback.

    :raises Stopped: if the service is shutting down.
    """
    now, config = services.clock(), services.config()
    facts: dict[str, object] = {"source": wish.source_id, "hub": urlsplit(wish.hub).hostname}
    try:
        source = config.source(wish.source_id)
    except NotFound:
        services.store.drop_wish(wish.n, lease)
        return Report(event="hub forgotten", facts=facts)
    if not is_wanted(config, source):
        services.store.wish_refused(wish.n, lease, due=now + UNWANTED_FOR, error=None)
        return Report(event="hub not asked", facts=facts)
    try:
        _post(services, wish, source)
    except Stopped:
        raise
    except FetchError as error:
        due = pace.ask_again(services.clock(), wish.tries)
        services.store.wish_refused(wish.n, lease, due=due, error=str(error))
        return Report(event="hub refuses", failed=True, facts={**facts, "error": str(error)})
    services.store.wish_asked(wish.n, lease, at=now, due=pace.ask_again(now, wish.tries))
    return Report(event="hub asked", facts=facts)


def is_wanted(config: Config, source: Source) -> bool:
    """Is the source to be subscribed to? Unless it says so itself: if hubs can reach us."""
    if not isinstance(source, FeedSource) or source.push is False:
        return False
    return source.push is True or is_reachable(config.site.url)


def is_reachable(url: str | None) -> bool:
    """Is it, by its looks, an address that others on the internet can call?"""
    host = (urlsplit(url or "").hostname or "").rstrip(".").lower()
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and host.rpartition(".")[2] not in _LOCAL


def _post(services: Services, wish: Wish, source: Source) -> None:
    """Raises FetchError. The secret goes over http, too, where a hub has nothing better: who can read it
    there can read the callback as well, and others at least cannot push."""
    form = {
        "hub.mode": "subscribe",
        "hub.topic": wish.topic,
        "hub.callback": f"{services.config().base_url()}{CALLBACK_PATH}{wish.token}",
        "hub.secret": wish.secret,
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
    }
    request = Request(
        url=wish.hub, headers={"Content-Type": FORM}, body=urlencode(form).encode(), forwards=True
    )
    try:
        services.fetcher.get(request, configured=is_own(source, wish.hub))
    except BadStatus as error:
        if not 200 <= error.status < 300:  # 204, as older hubs have it, brings no document
            raise


# ---- hearing ----------------------------------------------------------------------------------------


def hear(services: Services, token: str, said: Mapping[str, str]) -> str | None:
    """Answer a hub that asks whether we meant it: with the challenge to be echoed, ``""`` where it only
    tells us something, None if we did not."""
    wish = services.store.wish_of(token)
    if wish is None or said.get("hub.topic") != wish.topic:
        return None
    now, mode = services.clock(), said.get("hub.mode")
    if mode == "denied":
        reason = " ".join(said.get("hub.reason", "").split())[:200] or "no reason given"
        services.store.push_denied(wish.n, reason=f"denied: {reason}", due=now + DENIED_FOR)
        return ""
    challenge = said.get("hub.challenge", "")
    if mode != "subscribe" or not challenge or not _is_still_wanted(services, wish):
        return None
    lease = pace.agreed_lease(said.get("hub.lease_seconds"))
    services.store.push_agreed(wish.n, now=now, until=now + lease, renew=pace.renewal(now, lease))
    return challenge


def _is_still_wanted(services: Services, wish: Wish) -> bool:
    try:
        return is_wanted(services.config(), services.config().source(wish.source_id))
    except NotFound:
        return False


def knows(services: Services, token: str) -> Wish | None:
    """What we asked of the hub that has this token; None if that is over, or never was."""
    wish = services.store.wish_of(token)
    return wish if wish is not None and _is_still_wanted(services, wish) else None


def receive(services: Services, wish: Wish, body: bytes, signature: str | None) -> bool:
    """Take in what a hub sends; False, and nothing done, if it is not signed as we agreed (WebSub 7.1.2)."""
    if not is_signed(wish.secret, body, signature):
        return False
    services.store.pushed(wish.n, services.clock())
    return True
