"""How does a new version of a feed get to a subscriber, or word of it to a hub elsewhere (WebSub 6, 7)?"""

from urllib.parse import urlencode, urlsplit

from feedsvc.errors import BadStatus, FetchError, Stopped, TooLarge
from feedsvc.hub import pace
from feedsvc.hub.report import Report
from feedsvc.hub.signature import sign
from feedsvc.hub.topics import is_known_host, outside, own
from feedsvc.model import MEDIA_TYPES, Delivery, Request
from feedsvc.services import Services

FORM = "application/x-www-form-urlencoded"
GONE = 410


def deliver(services: Services, one: Delivery, lease: str) -> Report:
    """Send the newest version, whichever was due; what fails is tried again, for about a day.

    :raises Stopped: if the service is shutting down.
    """
    facts: dict[str, object] = {"feed": f"{one.feed_key}.{one.format}"}
    facts["host"] = urlsplit(one.callback).hostname
    newest = services.store.newest_body(one.feed_key, one.format)
    if newest is None or not _is_due(services, one):
        services.store.nothing_due(one.n, lease)
        return Report(event="nothing to deliver", facts=facts)
    version, body = newest
    error = _send(services, one, body)
    now = services.clock()
    if error is None:
        services.store.delivered(one.n, lease, version=version, now=now)
        return Report(event="delivered" if one.kind == "subscriber" else "hub told", facts=facts)
    facts["error"] = f"{error.status}" if isinstance(error, BadStatus) else error.kind
    if one.kind == "subscriber" and (_is_gone(error) or pace.is_given_up(one.failing, now)):
        services.store.end_subscription(one.n, lease)
        return Report(event="subscription ended", failed=True, facts=facts)
    asked_for = error.retry_after if isinstance(error, BadStatus) else None
    services.store.undelivered(one.n, lease, due=pace.again(now, one.tries, asked_for=asked_for), now=now)
    return Report(event="not delivered", failed=True, facts=facts)


def _is_due(services: Services, one: Delivery) -> bool:
    """Does the feed still have the hub for which this is?"""
    config, now = services.config(), services.clock()
    if one.kind == "subscriber":
        return one.feed_key in own(config, now)
    return outside(config, now).get(one.feed_key) == one.callback


def _send(services: Services, one: Delivery, body: bytes) -> FetchError | None:
    """What went wrong, if anything did. Any 2xx is a success, whatever comes with it."""
    request = _content(services, one, body) if one.kind == "subscriber" else _word(services, one)
    named = one.kind == "hub" or is_known_host(services.config(), one.callback)
    try:
        services.fetcher.get(request, configured=named)
    except Stopped:
        raise
    except TooLarge:
        return None
    except BadStatus as error:
        return None if 200 <= error.status < 300 else error
    except FetchError as error:
        return error
    return None


def _content(services: Services, one: Delivery, body: bytes) -> Request:
    """The feed whole, with its type, its hub and its address."""
    config = services.config()
    topic = f"{config.base_url()}/{one.feed_key}.{one.format}"
    headers = {
        "Content-Type": MEDIA_TYPES[one.format],
        "Link": f'<{config.hub_url(one.feed_key)}>; rel="hub", <{topic}>; rel="self"',
    }
    if one.secret is not None:
        headers["X-Hub-Signature"] = sign(one.secret, body)
    return Request(url=one.callback, headers=headers, body=body, redirects=False)


def _word(services: Services, one: Delivery) -> Request:
    """As public hubs want to be told: WebSub leaves it open."""
    topic = f"{services.config().base_url()}/{one.feed_key}.{one.format}"
    form = {"hub.mode": "publish", "hub.topic": topic, "hub.url": topic}
    return Request(
        url=one.callback, headers={"Content-Type": FORM}, body=urlencode(form).encode(), redirects=False
    )


def _is_gone(error: FetchError) -> bool:
    return isinstance(error, BadStatus) and error.status == GONE
