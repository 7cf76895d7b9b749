"""How do subscribers talk to our hub, and hubs to us (WebSub)?

``/hub`` takes what subscribers ask; ``/websub/<token>`` is where the hubs of our sources reach us, each at an
address that nobody else knows. Both only note what came: the scheduler does what is to be done.
"""

from typing import Final

from flask import Blueprint, Response, current_app, request

from feedsvc.errors import HubRefused, NotFound
from feedsvc.hub import requests, subscriber
from feedsvc.services import Services
from feedsvc.web.errors import RETRY_AFTER

hub = Blueprint("hub", __name__)

LATER: Final = "600"  # seconds; for who asks too much
TEXT: Final = "text/plain; charset=utf-8"
FORM: Final = "application/x-www-form-urlencoded"


@hub.post("/hub")
def ask() -> Response:
    """Taken in (202), or refused with a word for whoever wrote the subscriber (WebSub 5.1.2)."""
    if request.mimetype != FORM:
        return _said(415, f"Send a form ({FORM}).")
    try:
        requests.take(_services(), request.form.to_dict())
    except HubRefused as error:
        return _said(error.status, str(error))
    except NotFound:
        return _said(503, "This feed is being made. Try again in a few seconds.")
    return _said(202, "Taken in: your callback will be asked whether it agrees.")


@hub.get("/websub/<token>")
def hear(token: str) -> Response:
    """The answer to a hub that asks whether we meant it (WebSub 5.3.1)."""
    echo = subscriber.hear(_services(), token, request.args.to_dict())
    if echo is None:
        return _said(404, "We did not ask for that.")
    return _plain(200, echo)


@hub.post("/websub/<token>")
def receive(token: str) -> Response:
    """What is not signed as agreed is answered like all else: who guesses at signatures learns nothing."""
    wish = subscriber.knows(_services(), token)
    if wish is None:
        return _said(410, "This subscription is over.")
    request.max_content_length = _services().config().fetch.max_bytes
    subscriber.receive(
        _services(), wish, request.get_data(cache=False), request.headers.get("X-Hub-Signature")
    )
    return _plain(202, "")


def _said(status: int, text: str) -> Response:
    response = _plain(status, f"{text}\n")
    if status in {429, 503}:
        response.headers["Retry-After"] = LATER if status == 429 else RETRY_AFTER
    return response


def _plain(status: int, text: str) -> Response:
    """Text and nothing but text: an echo must never be read as a page."""
    response = Response(text, status, content_type=TEXT)
    response.headers["Cache-Control"] = "no-store"
    return response


def _services() -> Services:
    services = current_app.extensions["feedsvc.services"]
    assert isinstance(services, Services)
    return services
