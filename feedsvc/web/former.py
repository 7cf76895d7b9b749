"""What stood at an address that has no feed: one with another name now, one that has ended, or none?"""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from feedsvc.services import Services
from feedsvc.web.errors import answer

FOR_GOOD = "public, max-age=86400"
GONE = "This feed has ended and is gone for good."


def former(services: Services, key: str) -> AnyResponse | None:
    """The answer for a feed that is not there any more; None if there is one of that key."""
    config = services.config()
    if key in config.feed_keys():
        return answer(410, GONE) if config.ended(key, services.clock()) else None
    heir = config.renamed().get(key)
    if heir is not None:
        return _moved(config.base_url(), key, heir)
    return answer(410, GONE) if services.store.was_active(key) else answer(404, "There is no such feed here.")


def _moved(base: str, old: str, new: str) -> Response:
    """To the same document under the feed's new name, for good (RFC 9110 15.4.2)."""
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    rest = request.path.removeprefix(f"/{old}")
    response = redirect(f"{base}/{new}{rest}{query}", 301)
    response.headers["Cache-Control"] = FOR_GOOD
    response.headers["Access-Control-Allow-Origin"] = "*"
    assert isinstance(response, Response)
    return response
