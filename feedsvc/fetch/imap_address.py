"""What does an imap or imaps address ask for, and with which login?

After RFC 5092: ``imaps://user@host:port/Folder``, and what we add to it: ``?from=...&list=...&subject=...``,
each any number of times, bounds which mails are meant. What must not be seen stands in the request's
headers: ``Authorization`` (Basic, RFC 7617), and beside it ``TLS`` (starttls or none, for imap), ``Limit``
and ``Since`` (a day).
"""

import base64
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from feedsvc.addresses import show_url
from feedsvc.errors import AddressRefused, Unreachable
from feedsvc.fetch.guard import plain_host
from feedsvc.model import Request

Tls = Literal["ssl", "starttls", "none"]

SCHEMES: Final = ("imap:", "imaps:")
_PORTS: Final = {"imap": 143, "imaps": 993}
_DEFAULT_LIMIT: Final = 50
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Which mails of which folder: one of ``senders`` is in From, one of ``lists`` in List-Id, and so on.

    ``limit`` bounds a first look: so many of the latest. ``url`` is one that may be shown.
    """

    url: str
    host: str
    port: int
    tls: Tls
    user: str = field(repr=False)
    password: str = field(repr=False)
    folder: str
    senders: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    since: date | None = None
    limit: int = _DEFAULT_LIMIT


def read(request: Request) -> Ask:
    """:raises AddressRefused: if the address cannot be read.
    :raises Unreachable: if the login cannot be sent.
    """
    shown = show_url(request.url)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        parts = urlsplit(request.url.strip())
        host, port = plain_host(parts.hostname or ""), parts.port or _PORTS[parts.scheme]
        query = parse_qs(parts.query, max_num_fields=100)
        since = date.fromisoformat(headers["since"]) if "since" in headers else None
        limit = int(headers.get("limit", _DEFAULT_LIMIT))
    except (KeyError, ValueError) as error:
        raise AddressRefused(shown, f"Address refused: {shown} names no mailbox that can be read.") from error
    user = unquote(parts.username or "")
    ask = Ask(
        url=shown,
        host=host,
        port=port,
        tls=_tls(parts.scheme, headers.get("tls", "")),
        user=user,
        password=_password(headers.get("authorization", ""), user),
        folder=unquote(parts.path.removeprefix("/")) or "INBOX",
        senders=tuple(query.get("from", ())),
        lists=tuple(query.get("list", ())),
        subjects=tuple(query.get("subject", ())),
        since=since,
        limit=limit,
    )
    _check(ask)
    return ask


def _password(authorization: str, user: str) -> str:
    """Empty where there is none for this user."""
    try:
        login = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        return ""
    return login.removeprefix(f"{user}:") if login.startswith(f"{user}:") else ""


def _tls(scheme: str, wanted: str) -> Tls:
    if scheme == "imaps":
        return "ssl"
    return "none" if wanted == "none" else "starttls"


def _check(ask: Ask) -> None:
    """Nothing that would end a line of the conversation and begin another command."""
    asked = (ask.host, ask.folder, *ask.senders, *ask.lists, *ask.subjects)
    if not ask.host or " " in ask.host or any(map(_CONTROL.search, asked)):
        raise AddressRefused(ask.url, f"Address refused: {ask.url} names no mailbox that can be read.")
    if not ask.user or not ask.password:
        raise Unreachable(ask.url, "Login not possible: user or password is missing.", kind="auth")
    if _CONTROL.search(ask.user + ask.password):
        raise Unreachable(
            ask.url, "Login not possible: user or password has a line break in it, or the like.", kind="auth"
        )
