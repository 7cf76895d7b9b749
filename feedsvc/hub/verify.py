"""Did the one who is to be told really ask for it (WebSub 5.2, 5.3)?"""

import secrets
from collections.abc import Mapping
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit, urlunsplit

from feedsvc.errors import BadStatus, FetchError, Stopped
from feedsvc.hub import pace
from feedsvc.hub.report import Report
from feedsvc.hub.topics import is_known_host
from feedsvc.model import Document, Intent, Request
from feedsvc.services import Services

Facts: TypeAlias = Mapping[str, object]


def verify(services: Services, intent: Intent, lease: str) -> Report:
    """Ask the callback, and do what was requested if it confirms.

    Only a callback that gave no answer at all is asked once more: any answer but the echo is a no.

    :raises Stopped: if the service is shutting down.
    """
    asked = services.clock()
    challenge = secrets.token_urlsafe(24)
    facts: Facts = {"mode": intent.mode, "topic": intent.topic, "host": urlsplit(intent.callback).hostname}
    try:
        answer = _ask(services, intent, challenge)
    except Stopped:
        raise
    except FetchError as error:
        return _no(services, intent, lease, error, facts)
    if answer.body != challenge.encode():
        services.store.drop_intent(intent.n, lease)
        return Report(event="not confirmed", failed=True, facts={**facts, "error": "it sent something else"})
    done = services.store.confirm_intent(intent.n, lease, asked=asked)
    return Report(event="confirmed" if done else "asked otherwise meanwhile", facts=facts)


def deny(services: Services, intent: Intent, lease: str) -> Report:
    """Tell a subscriber that its subscription is over."""
    facts: Facts = {"topic": intent.topic, "host": urlsplit(intent.callback).hostname}
    url = with_parameters(
        intent.callback, {"hub.mode": "denied", "hub.topic": intent.topic, "hub.reason": intent.reason or ""}
    )
    try:
        services.fetcher.get(
            Request(url=url, redirects=False), configured=is_known_host(services.config(), url)
        )
    except Stopped:
        raise
    except FetchError as error:
        if _is_silent(error) and intent.tries + 1 < pace.QUESTIONS:
            return _later(services, intent, lease, error, facts)
    services.store.drop_intent(intent.n, lease)
    return Report(event="subscription denied", facts=facts)


def _ask(services: Services, intent: Intent, challenge: str) -> Document:
    parameters = {"hub.mode": intent.mode, "hub.topic": intent.topic, "hub.challenge": challenge}
    if intent.mode == "subscribe":
        parameters["hub.lease_seconds"] = str(int(intent.lease.total_seconds()))
    url = with_parameters(intent.callback, parameters)
    found = services.fetcher.get(
        Request(url=url, redirects=False), configured=is_known_host(services.config(), url)
    )
    assert isinstance(found, Document), "asked unconditionally"
    return found


def _no(services: Services, intent: Intent, lease: str, error: FetchError, facts: Facts) -> Report:
    if _is_silent(error) and intent.tries + 1 < pace.QUESTIONS:
        return _later(services, intent, lease, error, facts)
    services.store.drop_intent(intent.n, lease)
    return Report(event="not confirmed", failed=True, facts={**facts, "error": _told(error)})


def _later(services: Services, intent: Intent, lease: str, error: FetchError, facts: Facts) -> Report:
    services.store.postpone_intent(intent.n, lease, due=pace.again(services.clock(), intent.tries))
    return Report(event="callback does not answer", failed=True, facts={**facts, "error": _told(error)})


def _is_silent(error: FetchError) -> bool:
    """Was there no answer at all?"""
    return error.kind in {"dns", "connect", "timeout", "broken", "tls"}


def _told(error: FetchError) -> str:
    """Why it failed, without the address: a callback may be a secret."""
    return f"{error.status}" if isinstance(error, BadStatus) else error.kind


def with_parameters(url: str, parameters: dict[str, str]) -> str:
    """``url`` with more parameters behind those that it has, which stay as they are (WebSub 5.1.1)."""
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(parameters))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
