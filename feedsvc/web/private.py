"""Who may read a private feed? Whoever has a token for it, in the address (``/t/TOKEN/c/x.rss``) or as the
password of HTTP Basic. To all others it is as if it were not there.
"""

import base64
import binascii
import hashlib
import hmac
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from feedsvc.addresses import show_url
from feedsvc.config import Config
from feedsvc.errors import NotFound, RenderError, StoreError
from feedsvc.model import Token
from feedsvc.ondemand import Asked, asked
from feedsvc.services import Services
from feedsvc.telemetry import logger
from feedsvc.web.fastpath import REASONS, Answer, Environ, unavailable
from feedsvc.web.http import Header
from feedsvc.web.ondemand import PATH, OnDemand, ended, given

ALLOWED: Final = "feedsvc.allowed"  # under which a request carries the token that it came with
LOOK_EVERY: Final = timedelta(seconds=1)  # for new and revoked tokens
FAILURES: Final = 20  # of an address within ...
WINDOW: Final = timedelta(
    minutes=1
)  # ... this time; then even the right token has to wait, if it is new here
MOST_ADDRESSES: Final = 10_000  # whose failures are remembered
MOST_TRUSTED: Final = 10_000  # tokens that were used, and so are not guessed

_IN_PATH: Final = re.compile(r"/t/([^/]{1,200})(/.*)")
_PLACE: Final = re.compile(r"/([cv]/[^/.]+)(?:/|\.[a-z]+)")
_HIDDEN: Final = "/t/-"  # what is told on of a wrong token: errors and logs must not have it
_SLOW_DOWN: Final[Answer] = (
    429,
    [
        ("Retry-After", "60"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Content-Length", "26"),
    ],
    b"Too many wrong addresses.\n",
)


class Doors:
    """The tokens there are, and who guesses. Threads share it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._looked: datetime | None = None
        self._tokens: Mapping[str, Token] = {}
        self._trusted: OrderedDict[str, None] = OrderedDict()
        self._failures: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def token(self, secret: str, address: str) -> Token | None:
        """The token that this is. Raises PermissionError where too much was guessed from ``address``."""
        digest = digest_of(secret)
        with self._lock:
            self._look()
            if self._guesses(address) >= FAILURES and digest not in self._trusted:
                raise PermissionError
            found = self._tokens.get(digest)
            if found is None or not hmac.compare_digest(found.digest, digest):
                self._failed(address)
                return None
            self._trusted[digest] = None
            while len(self._trusted) > MOST_TRUSTED:
                self._trusted.popitem(last=False)
            return found

    def _look(self) -> None:
        now = self._services.clock()
        if self._looked is None or not timedelta(0) <= now - self._looked < LOOK_EVERY:
            self._tokens = {one.digest: one for one in self._services.store.tokens()}
            self._looked = now

    def _guesses(self, address: str) -> int:
        since, number = self._failures.get(address, (self._services.clock(), 0))
        return number if timedelta(0) <= self._services.clock() - since < WINDOW else 0

    def _failed(self, address: str) -> None:
        number = self._guesses(address)
        since = self._failures[address][0] if number else self._services.clock()
        self._failures[address] = since, number + 1
        self._failures.move_to_end(address)
        while len(self._failures) > MOST_ADDRESSES:
            self._failures.popitem(last=False)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()


def allows(config: Config, token: Token | None, key: str) -> bool:
    """May who has ``token`` read the feed ``key`` (``c/a+b``, too)? Raises NotFound if there is none."""
    if config.is_public(key):
        return True
    kind, _, name = key.partition("/")
    if token is None or kind == "s":  # of a private source its categories are read
        return False
    parts = [f"c/{one}" for one in name.split("+")] if kind == "c" else [key]
    heirs = config.renamed()
    given = {heirs.get(one, one) for one in token.feeds}  # under their names of today
    return all(config.is_public(part) or not given or part in given for part in parts)


class Private:
    """Answers private feeds, and lets what has a token through to their pages."""

    def __init__(self, services: Services, made: OnDemand) -> None:
        self._services = services
        self._made = made
        self._doors = Doors(services)

    def answer(self, environ: dict[str, Any]) -> Answer | dict[str, Any]:
        """The answer, or the request as it is to be handed on: without its token, as one that has it."""
        inside = _IN_PATH.fullmatch(environ["PATH_INFO"])
        path = inside[2] if inside else environ["PATH_INFO"]
        try:
            secret = inside[1] if inside else self._given(environ)
            if secret is None:
                return environ
            token = self._doors.token(secret, _network(environ.get("REMOTE_ADDR", "")))
            if token is None:
                return {**environ, "PATH_INFO": _HIDDEN + path} if inside else environ
            if inside:
                start = f"{environ.get('SCRIPT_NAME', '')}/t/{secret}"
                environ = {**environ, "PATH_INFO": path, "SCRIPT_NAME": start}
            environ[ALLOWED] = token
            return self._feed(environ, token) or environ
        except PermissionError:
            return _SLOW_DOWN
        except (StoreError, RenderError) as error:
            logger().error("private feed not made", path=show_url(path), error=str(error))
            return unavailable(environ["REQUEST_METHOD"])

    def _given(self, environ: Environ) -> str | None:
        """The password that came with the request of a feed or its page that is not public, also if there is
        none: whether there is must not be told by how guesses are counted. Others are not for us."""
        found = _PLACE.fullmatch(environ["PATH_INFO"])
        if found is None or "HTTP_AUTHORIZATION" not in environ:
            return None
        config = self._services.config()
        try:
            if config.is_public(config.renamed().get(found[1], found[1])):
                return None
        except NotFound:
            pass
        return _password(environ["HTTP_AUTHORIZATION"])

    def _feed(self, environ: dict[str, Any], token: Token) -> Answer | None:
        found = PATH.fullmatch(environ["PATH_INFO"])
        wanted = self._wanted(found[1], environ, token) if found else None
        if found is None or wanted is None:
            return None
        if environ.get("HTTP_SEC_FETCH_DEST") == "document" and "raw=1" not in environ.get(
            "QUERY_STRING", ""
        ):
            filters = f"?{wanted.filters}" if wanted.filters else ""
            where = f"{environ.get('SCRIPT_NAME', '')}/{wanted.key}/{filters}"
            return 303, private([("Location", where), ("Content-Length", "0")]), b""
        plain = {name: value for name, value in environ.items() if name != "HTTP_SEC_FETCH_DEST"}
        try:
            status, headers, body = self._made.reply(wanted, found[2], plain)  # type: ignore[arg-type]  # a format
        except NotFound:
            return None  # not published yet; the pages say so
        return status, private(headers), body

    def _wanted(self, key: str, environ: Environ, token: Token) -> Asked | None:
        config = self._services.config()
        try:
            wanted = asked(config, key, given(environ.get("QUERY_STRING", "")))
            fits = allows(config, token, wanted.key) and not config.is_public(wanted.key)
        except NotFound:
            return None
        return wanted if fits and not ended(config, wanted, self._services.clock()) else None


def private(headers: Iterable[Header]) -> list[Header]:
    """Headers of what only some may read: kept by nobody between, told to nobody, open to no other site."""
    kept = [one for one in headers if not one[0].startswith("Access-Control-")]
    if not any(name == "Cache-Control" and value.startswith("private") for name, value in kept):
        kept = [one for one in kept if one[0] != "Cache-Control"] + [("Cache-Control", "private, no-store")]
    kept = [(name, f"{value}, Authorization" if name == "Vary" else value) for name, value in kept]
    return [
        *(one for one in kept if one[0] not in {"Referrer-Policy", "X-Robots-Tag"}),
        ("Referrer-Policy", "no-referrer"),
        ("X-Robots-Tag", "noindex"),
    ]


def _password(authorization: str) -> str | None:
    """The password of HTTP Basic (RFC 7617); the user may be anybody."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(value.strip(), validate=True).decode().partition(":")[2] or None
    except (ValueError, binascii.Error):
        return None


def _network(address: str) -> str:
    """Of IPv6 the half that one customer has."""
    return ":".join(address.split(":")[:4]) if ":" in address else address


def guarded(door: Private, behind: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """A WSGI callable that answers private feeds itself, and hands everything else on."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = door.answer(environ)
        if isinstance(found, tuple):
            status, headers, body = found
            start_response(REASONS[status], list(headers))
            return [body]

        def start(status: str, headers: list[Header], *error: Any) -> Any:
            return start_response(status, private(headers) if ALLOWED in found else headers, *error)

        return behind(found, start)

    return application
