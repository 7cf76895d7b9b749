"""What stood at an address that has no feed: one with another name now, one that has ended, or none?"""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from feedsvc.config import ALL, Config
from feedsvc.errors import NotFound
from feedsvc.ondemand import MOST_PARTS
from feedsvc.services import Services
from feedsvc.web.errors import answer
from feedsvc.web.private import ALLOWED, allows

FOR_GOOD = "public, max-age=86400"
GONE = "This feed has ended and is gone for good."
NOWHERE = "There is no such feed here."


def former(services: Services, key: str) -> AnyResponse | None:
    """The answer for a feed that is not there any more; None if there is one of that key (``c/a+b``, too).

    Of what is private nothing is said: it is as if it were not there, and takes as long.
    """
    config = services.config()
    parts = _parts(key)
    if len(parts) > MOST_PARTS:
        return answer(404, NOWHERE)
    heirs = [config.renamed().get(part, part) for part in parts]
    fates = {_fate(services, heir) for heir in heirs}
    if 404 in fates:
        return answer(404, NOWHERE)
    if heirs != parts:
        return _moved(config, key, _together(heirs))
    return answer(410, GONE) if 410 in fates else None


def _fate(services: Services, key: str) -> int:
    """200, 404 or 410."""
    config = services.config()
    try:
        if allows(config, request.environ.get(ALLOWED), key):
            return 410 if config.ended(key, services.clock()) else 200
        is_there = True
    except NotFound:
        is_there = False
    was_there = _was_there(services, key)  # asked of both
    return 410 if was_there and not is_there else 404


def _was_there(services: Services, key: str) -> bool:
    kind, _, name = key.partition("/")
    if kind == "s":
        return ALL in services.store.homes(name)
    return services.store.was_active(key)


def _parts(key: str) -> list[str]:
    """``c/a+b`` -> ``c/a``, ``c/b``."""
    kind, _, name = key.partition("/")
    return [f"c/{one}" for one in dict.fromkeys(name.split("+"))] if kind == "c" else [key]


def _together(parts: list[str]) -> str:
    first, *rest = dict.fromkeys(parts)
    return "+".join([first, *(part.partition("/")[2] for part in rest)])


def _moved(config: Config, old: str, new: str) -> Response:
    """To the same document under the feed's new name, for good (RFC 9110 15.4.2).

    Who came with a token stays at the server that was asked, and in the address with the token.
    """
    base = request.script_root if ALLOWED in request.environ else config.base_url()
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    rest = request.path.removeprefix(f"/{old}")
    response = redirect(f"{base}/{new}{rest}{query}", 301)
    response.headers["Cache-Control"] = FOR_GOOD
    response.headers["Access-Control-Allow-Origin"] = "*"
    assert isinstance(response, Response)
    return response
