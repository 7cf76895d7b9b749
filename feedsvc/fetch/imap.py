"""Which mails are new in a folder of a mailbox, as one document?

The document's body is canonical JSON, in the order of the UIDs:
``{"mails": [{"uid", "received", "mail"}, ...], "skipped": [{"uid", "reason"}, ...]}``; ``received`` is the
INTERNALDATE as the server writes it, ``mail`` the message as it came, each byte as the character of that
number (Latin-1), so that a mail of any encoding travels unharmed and an English one can be read.

Its ETag is ``UIDVALIDITY:UID`` (RFC 9051 2.3.1.1) of the last mail that was looked at, so that each is taken
once: with it only later ones are asked for, at most so many at a time; without it, or when the server
numbered its mails anew, the latest. Nothing is changed in the mailbox: folders are opened with EXAMINE, mails
are read with BODY.PEEK, and so stay unread. ``imap_session`` talks to the server.
"""

import contextlib
import json
import re
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from feedsvc.addresses import show_url
from feedsvc.errors import AddressRefused, FetchError, Unreachable
from feedsvc.fetch import answer, imap_address
from feedsvc.fetch.deadline import Deadline, Watchdog
from feedsvc.fetch.guard import Guard, connect
from feedsvc.fetch.imap_address import SCHEMES, Ask
from feedsvc.fetch.names import Address, Resolver
from feedsvc.model import Document, NotModified, Request, Validators

if TYPE_CHECKING:
    from feedsvc.fetch.imap_session import Session

MAILBOX_TYPE: Final = "application/vnd.feedsvc.mailbox+json"

_MOST_MAILS: Final = 200  # of one visit; the rest is for the next one
_TALK: Final = 1_000_000  # bytes that the server may send beside the mails
_ETAG: Final = re.compile(r"([0-9]{1,20}):([0-9]{1,20})")

__all__ = ["MAILBOX_TYPE", "SCHEMES", "Client"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the last visit came to: UIDs mean something only under the same ``validity``."""

    validity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}"


class Client:
    """Fetches imap and imaps addresses; shared by all threads. ``timeout`` in seconds covers a visit whole.

    ``tls`` makes the context, once it is needed: not the one of http, for urllib3 has that one tell every
    server that http is to be spoken (ALPN), and a mail server may hang up on it.
    """

    def __init__(
        self,
        *,
        timeout: float,
        max_bytes: int,
        guard: Guard,
        resolver: Resolver,
        tls: Callable[[], ssl.SSLContext],
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._guard = guard
        self._resolver = resolver
        self._make_tls = tls
        self._tls: ssl.SSLContext | None = None
        self._watchdog = Watchdog()

    def get(
        self, request: Request, *, validators: Validators | None, configured: bool
    ) -> Document | NotModified:
        """The mails that came since ``validators``. Raises FetchError.

        ``configured`` says that the address is a source's own; no other is fetched.
        """
        if not configured:
            shown = show_url(request.url)
            raise AddressRefused(
                shown, f"Address refused: {shown} is a mailbox, only a source itself may name one."
            )
        ask = imap_address.read(request)
        deadline = self._watchdog.start(ask.url, self._timeout)
        try:
            with self._session(ask, deadline) as session:
                return _visit(session, ask, validators, self._max_bytes)
        finally:
            deadline.finish()

    def close(self) -> None:
        """Cut short what is running."""
        self._watchdog.close()

    @contextlib.contextmanager
    def _session(self, ask: Ask, deadline: Deadline) -> "Iterator[Session]":
        """A conversation after login; what goes wrong in it is told as an error of our tree."""
        from feedsvc.fetch.imap_session import explain, greet  # noqa: PLC0415 slow to import

        sock, address = connect(
            ask.host, ask.port, guard=self._guard, exempt=True, resolver=self._resolver, deadline=deadline
        )
        try:
            _expect_privacy(ask, address, self._guard)
            # The watchdog always comes first; this is for the case that it died.
            sock.settimeout(deadline.seconds + 1)
            deadline.watch(sock)
            session = greet(sock, ask, deadline, tls=self._context, most=2 * self._max_bytes + _TALK)
            try:
                yield session
                session.leave()
            finally:
                session.close()
        except FetchError:
            raise
        except Exception as error:  # whatever the library trips over, the server is to blame
            deadline.check()
            raise explain(error, ask, deadline) from error
        finally:
            sock.close()

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = self._make_tls()
        return self._tls


def _expect_privacy(ask: Ask, address: Address, guard: Guard) -> None:
    """Without TLS everybody on the way can read the password: that is for networks of one's own alone."""
    if ask.tls == "none" and guard.refusal(address, exempt=False) is None:
        raise Unreachable(
            ask.url,
            f"TLS: {ask.host} is on the public internet, where no password is sent without TLS; "
            "set tls to ssl or starttls.",
            kind="tls",
        )


# ---- which mails ------------------------------------------------------------------------------------


def _visit(
    session: "Session", ask: Ask, validators: Validators | None, max_bytes: int
) -> Document | NotModified:
    opened = session.open()
    known = _known(validators, opened.validity)
    if known is not None and opened.next_uid == known.uid + 1:
        return _nothing_new(ask, validators, known, session.bytes_read)
    found = session.search(after=known.uid if known else 0)
    batch = (found if known else found[-ask.limit :])[:_MOST_MAILS]
    taken, skipped = _that_fit(session.sizes(batch), batch, max_bytes)
    looked_at = [*taken, *skipped]
    # All that was found is looked at: then also at the mails before the next UID, which are not asked for.
    whole = len(looked_at) == len(batch) and batch[-1:] == found[-1:]
    last = max((known.uid if known else 0), (opened.next_uid or 0) - 1 if whole else 0, *looked_at, 0)
    place = _Place(validity=opened.validity, uid=last)
    if known is not None and not looked_at:
        return _nothing_new(ask, validators, place, session.bytes_read)
    return _document(session, ask, place, taken=taken, skipped=skipped, max_bytes=max_bytes)


def _known(validators: Validators | None, validity: int) -> _Place | None:
    """Where the last visit came to, if that still means anything."""
    found = _ETAG.fullmatch(validators.etag or "") if validators else None
    if found is None or int(found[1]) != validity:
        return None
    return _Place(validity=validity, uid=int(found[2]))


def _that_fit(sizes: Mapping[int, int], uids: Sequence[int], max_bytes: int) -> tuple[list[int], list[int]]:
    """The first of these that are together no larger than that, and those among them that never will be.

    Where the server tells no size the mail is gone, and is left out when it is asked for.
    """
    taken: list[int] = []
    skipped: list[int] = []
    total = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if size > max_bytes:
            skipped.append(uid)
            continue
        total += size
        if total > max_bytes:
            break
        taken.append(uid)
    return taken, skipped


def _nothing_new(ask: Ask, validators: Validators | None, place: _Place, wire_bytes: int) -> NotModified:
    known = replace(validators or Validators(), etag=str(place))
    return NotModified(url=ask.url, status=304, validators=known, wire_bytes=wire_bytes)


def _document(
    session: "Session",
    ask: Ask,
    place: _Place,
    *,
    taken: Sequence[int],
    skipped: Sequence[int],
    max_bytes: int,
) -> Document | NotModified:
    reason = f"larger than {max_bytes:,} bytes (fetch.max_bytes)"
    content = {
        "mails": [
            {"uid": one.uid, "received": one.received, "mail": one.mail.decode("latin-1")}
            for one in session.mails(taken)
        ],
        "skipped": [{"uid": uid, "reason": reason} for uid in skipped],
    }
    body = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return answer.document(
        url=ask.url,
        status=200,
        headers={"content-type": MAILBOX_TYPE, "etag": str(place)},
        body=body,
        wire_bytes=session.bytes_read,
        hops=(),
        known=None,
    )
