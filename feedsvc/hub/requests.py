"""What does somebody ask of our hub, and is it something that can be done (WebSub 5.1)?"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from feedsvc.errors import HubRefused
from feedsvc.hub.topics import topics
from feedsvc.model import Format, HubRequest
from feedsvc.services import Services
from feedsvc.store.hub import Bounds

USUAL_LEASE: Final = timedelta(days=10)
SHORTEST_LEASE: Final = timedelta(minutes=5)
LONGEST_LEASE: Final = timedelta(days=30)
LONGEST_CALLBACK: Final = 2_048  # characters
LONGEST_SECRET: Final = 199  # bytes
BOUNDS: Final = Bounds(requests=5_000, requests_a_host=500, subscriptions=50_000, subscriptions_a_host=5_000)

_UNFIT: Final = re.compile(r"[\x00-\x20\x7f\\]")


def take(services: Services, form: Mapping[str, str]) -> HubRequest:
    """Take in what a form asks; it is confirmed, and done, later. Parameters that we do not know are ignored.

    :raises HubRefused: if it cannot be done, or not now.
    """
    config, now = services.config(), services.clock()
    wanted = read(form, topics(config, now))
    verdict = services.store.ask_hub(wanted, bounds=BOUNDS, now=now)
    if verdict == "full":
        raise HubRefused(503, "Too many subscriptions here just now: try again later.")
    if verdict == "host":
        raise HubRefused(429, "Too many subscriptions of this callback's host: try again later.")
    return wanted


def read(form: Mapping[str, str], known: Mapping[str, tuple[str, Format]]) -> HubRequest:
    """What a form asks; ``known`` are the addresses of our topics.

    :raises HubRefused: if something in it is missing or impossible.
    """
    mode = _mode(form)
    callback, topic = _callback(form), _topic(form, known)
    feed_key, format = known[topic]
    wants_more = mode == "subscribe"  # of the other mode these must be ignored
    return HubRequest(
        mode=mode,
        feed_key=feed_key,
        format=format,
        topic=topic,
        callback=callback,
        lease=_lease(form) if wants_more else timedelta(0),
        secret=_secret(form) if wants_more else None,
    )


def _mode(form: Mapping[str, str]) -> Literal["subscribe", "unsubscribe"]:
    mode = form.get("hub.mode", "")
    if mode == "subscribe":
        return "subscribe"
    if mode == "unsubscribe":
        return "unsubscribe"
    raise HubRefused(400, f"hub.mode must be subscribe or unsubscribe, not {mode[:40]!r}.")


def _topic(form: Mapping[str, str], known: Mapping[str, tuple[str, Format]]) -> str:
    topic = form.get("hub.topic", "").strip()
    if not topic:
        raise HubRefused(400, "hub.topic is missing: the address of a feed, as its rel=self has it.")
    if topic not in known:
        raise HubRefused(
            404, "hub.topic is not a feed that is announced here: give the address that its rel=self has."
        )
    return topic


def _callback(form: Mapping[str, str]) -> str:
    callback = form.get("hub.callback", "").strip()
    if not callback:
        raise HubRefused(400, "hub.callback is missing: the address that is to be told.")
    problem = _problem(callback)
    if problem is not None:
        raise HubRefused(400, f"hub.callback {problem}.")
    return callback


def _problem(callback: str) -> str | None:
    """What is wrong with an address. Whether it may be connected to is seen when that is tried."""
    if len(callback) > LONGEST_CALLBACK:
        return f"is longer than {LONGEST_CALLBACK} characters"
    if _UNFIT.search(callback):
        return "has spaces, backslashes or control characters in it"
    try:
        parts = urlsplit(callback)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no web address"
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return "must be an absolute http or https address"
    if parts.username is not None or parts.fragment:
        return "must have neither a user nor a fragment"
    return None


def _lease(form: Mapping[str, str]) -> timedelta:
    """How long the subscription is to last: as asked, within our bounds."""
    text = form.get("hub.lease_seconds", "").strip()
    if not text:
        return USUAL_LEASE
    if not re.fullmatch("[0-9]+", text, re.ASCII):
        raise HubRefused(400, "hub.lease_seconds must be a whole number of seconds.")
    digits = text.lstrip("0") or "0"
    if len(digits) > 9:  # more than thirty years, and more than some databases can add up
        return LONGEST_LEASE
    return min(max(timedelta(seconds=int(digits)), SHORTEST_LEASE), LONGEST_LEASE)


def _secret(form: Mapping[str, str]) -> str | None:
    secret = form.get("hub.secret") or None
    if secret is None:
        return None
    if "\0" in secret or len(secret.encode("utf-8", "replace")) > LONGEST_SECRET:
        raise HubRefused(400, "hub.secret must be less than 200 bytes of text.")
    return secret
