"""How is a conversation with an IMAP server held: greeted, logged in, asked, taken leave of?

The only importer of imap-tools (and of imaplib below it). The socket comes from the guard, already connected;
what the server may send is bounded over the whole conversation.
"""

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, UnexpectedCommandStatusError
from imap_tools.mailbox import BaseMailBox
from imap_tools.query import AND, OR, Header, UidRange

from feedsvc.errors import FetchError, LoginRefused, TooLarge, Unreachable
from feedsvc.fetch.connection import tls_failure
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.imap_address import Ask

_MOST_TOLD: Final = 12  # folders in a message
_LONGEST_SAID: Final = 200  # characters of the server's own words
_LONGEST_UID: Final = 10  # digits: a UID has 32 bits
# What RFC 5530 calls a passing trouble: it says nothing about user and password.
_PASSING: Final = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\b", re.IGNORECASE)
_ROW: Final = re.compile(rb"\d+ \(")
_UID: Final = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b")
_RECEIVED: Final = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')


class _Connection(imaplib.IMAP4):
    """imaplib over a socket that is there already; reads no more than ``most`` bytes in all.

    imaplib makes room for a literal of any size that the server announces, and keeps every line that nobody
    asked for.
    """

    def __init__(self, sock: socket.socket, ask: Ask, *, most: int) -> None:
        self._given = sock
        self._ask = ask
        self._left = most
        super().__init__(ask.host, ask.port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return self._given

    def read(self, size: int) -> bytes:
        self._take(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._take(len(line))
        return line

    @property
    def left(self) -> int:
        return self._left

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise TooLarge(self._ask.url, "Too large: the server sends more than it was asked for.")


class _MailBox(BaseMailBox):
    """imap-tools' mailbox over that connection."""

    client: _Connection

    def __init__(self, connection: _Connection) -> None:
        self._given = connection
        super().__init__()

    def _get_mailbox_client(self) -> _Connection:
        return self._given


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A folder as it is now; ``next_uid`` is the one that the next mail will have, None if not told."""

    validity: int
    next_uid: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A mail as it came; ``received`` is the INTERNALDATE as the server writes it, empty if it tells none."""

    uid: int
    received: str
    mail: bytes


def greet(
    sock: socket.socket, ask: Ask, deadline: Deadline, *, tls: Callable[[], ssl.SSLContext], most: int
) -> "Session":
    """A conversation after login. Raises FetchError, or what ``explain`` explains."""
    if ask.tls == "ssl":
        sock = _secured(sock, ask, deadline, tls())
    deadline.step = f"waiting for the greeting of {ask.host}"
    session = Session(_MailBox(_Connection(sock, ask, most=most)), ask, deadline, most)
    try:
        if ask.tls == "starttls":
            session.secure(tls())
        session.login()
    except BaseException:
        session.close()
        raise
    return session


def _secured(sock: socket.socket, ask: Ask, deadline: Deadline, tls: ssl.SSLContext) -> socket.socket:
    deadline.step = f"agreeing on TLS with {ask.host}"
    try:
        return tls.wrap_socket(sock, server_hostname=ask.host)
    except (OSError, ValueError) as error:
        deadline.check()
        raise tls_failure(ask.host, error, ask.url) from error


class Session:
    """What we ask of the server. Every method may raise FetchError, or what ``explain`` explains."""

    def __init__(self, box: _MailBox, ask: Ask, deadline: Deadline, most: int) -> None:
        self._box = box
        self._ask = ask
        self._deadline = deadline
        self._most = most

    @property
    def bytes_read(self) -> int:
        return self._most - self._box.client.left

    def secure(self, tls: ssl.SSLContext) -> None:
        """STARTTLS (RFC 9051 6.2.1); there is no going on without."""
        ask, client = self._ask, self._box.client
        self._deadline.step = f"agreeing on TLS with {ask.host}"
        if "STARTTLS" not in client.capabilities:
            raise Unreachable(ask.url, f"TLS: {ask.host} does not offer STARTTLS.", kind="tls")
        try:
            client.starttls(tls)
        except (OSError, ValueError) as error:
            self._deadline.check()
            raise tls_failure(ask.host, error, ask.url) from error

    def login(self) -> None:
        self._deadline.step = f"logging in at {self._ask.host}"
        if "LOGINDISABLED" in self._box.client.capabilities:
            words = f"TLS: {self._ask.host} takes no password without TLS; set tls to ssl or starttls."
            raise Unreachable(self._ask.url, words, kind="tls")
        try:
            self._log_in()
        except imaplib.IMAP4.abort:
            raise  # the connection broke, which says nothing about user and password
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            raise _refusal(error, self._ask) from error

    def _log_in(self) -> None:
        user, password = self._ask.user, self._ask.password
        if "AUTH=PLAIN" in self._box.client.capabilities:
            self._box.login_utf8(user, password, None)
        elif (user + password).isascii():
            self._box.login(user, password, None)
        else:
            words = "Login not possible: the server knows no way for characters beyond ASCII in a password."
            raise Unreachable(self._ask.url, words, kind="auth")

    def open(self) -> Opened:
        """The folder, for reading only (EXAMINE)."""
        self._deadline.step = "opening the folder"
        try:
            self._box.folder.set(self._ask.folder, readonly=True)
        except MailboxFolderSelectError as error:
            raise self._missing(error) from error
        return Opened(validity=self._number("UIDVALIDITY") or 0, next_uid=self._number("UIDNEXT"))

    def _number(self, code: str) -> int | None:
        told = self._box.client.response(code)[1][-1]
        return int(told) if isinstance(told, bytes) and told.isdigit() and len(told) <= 20 else None

    def _missing(self, error: MailboxFolderSelectError) -> Unreachable:
        self._deadline.step = "listing the folders"
        found = [one.name for one in self._box.folder.list() if r"\Noselect" not in one.flags]
        names = ", ".join(_printable(name)[:60] for name in sorted(found)[:_MOST_TOLD])
        more = f" and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else ""
        words = f"Missing: folder {self._ask.folder!r} cannot be opened ({_said(error, self._ask)})"
        return Unreachable(
            self._ask.url, f"{words}; there are {names}{more}." if names else f"{words}.", kind="missing"
        )

    def search(self, *, after: int) -> list[int]:
        """The UIDs of the mails that are asked for, above ``after``, in rising order."""
        self._deadline.step = "searching the folder"
        wanted = str(_criteria(self._ask, after))
        found = self._box.uids(wanted, None if wanted.isascii() else "UTF-8")
        # "n:*" always means the last mail too, even where its UID is below n (RFC 9051 6.4.8).
        uids = {int(uid) for uid in found if uid.isdigit() and len(uid) <= _LONGEST_UID}
        return sorted(uid for uid in uids if uid > after)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Bytes of each mail, as the server counts them."""
        self._deadline.step = "asking for the sizes of the mails"
        return {
            int(uid[1]): int(size[1])
            for told, _ in self._fetched(uids, "(UID RFC822.SIZE)")
            if (uid := _UID.search(told)) and (size := _SIZE.search(told))
        }

    def mails(self, uids: Sequence[int]) -> list[Received]:
        """The mails themselves, which stay unread; one that was deleted meanwhile is not among them."""
        self._deadline.step = "reading the mails"
        found = []
        for told, mail in self._fetched(uids, "(UID INTERNALDATE BODY.PEEK[])"):
            uid, received = _UID.search(told), _RECEIVED.search(told)
            if uid and mail is not None:
                date = received[1].decode("ascii", "replace").strip() if received else ""
                found.append(Received(uid=int(uid[1]), received=date, mail=mail))
        return sorted(found, key=lambda one: one.uid)

    def _fetched(self, uids: Sequence[int], parts: str) -> Iterator[tuple[bytes, bytes | None]]:
        """What the server tells of each mail, and the literal in it if there is one."""
        if not uids:
            return
        status, data = self._box.client.uid("fetch", ",".join(map(str, uids)), parts)
        if status != "OK":
            raise imaplib.IMAP4.error(f"{data[-1]!r}")
        yield from _rows(data)

    def leave(self) -> None:
        """Say good-bye, and close; all that we wanted has been had, so failing to say it is no failure."""
        self._deadline.step = "logging out"
        with contextlib.suppress(OSError, FetchError, ImapToolsError, imaplib.IMAP4.error):
            self._box.logout()
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # it may be closed already
            self._box.client.shutdown()


def _criteria(ask: Ask, after: int) -> AND:
    """RFC 9051 6.4.4: what comes after a UID, and from one of these senders, lists ..."""
    terms: list[str] = [str(AND(uid=UidRange(str(after + 1), "*")))] if after else ["ALL"]
    if ask.since:
        terms.append(str(AND(date_gte=ask.since)))
    asked = (
        [AND(from_=name) for name in ask.senders],
        [AND(header=Header("List-Id", name)) for name in ask.lists],
        [AND(subject=words) for words in ask.subjects],
    )
    return AND(*terms, *(OR(*map(str, alternatives)) for alternatives in asked if alternatives))


def _rows(data: Sequence[Any]) -> Iterator[tuple[bytes, bytes | None]]:
    """imaplib gives a mail as (words before, literal), words after: in any order and number of pieces."""
    told, literal = b"", None
    for piece in data:
        words = piece[0] if isinstance(piece, tuple) else piece or b""
        if _ROW.match(words) and told:
            yield told, literal
            told, literal = b"", None
        told += b" " + words
        literal = piece[1] if isinstance(piece, tuple) else literal
    if told:
        yield told, literal


# ---- what went wrong --------------------------------------------------------------------------------


def explain(error: Exception, ask: Ask, deadline: Deadline) -> FetchError:
    """The error of our tree for one of the library, of the socket or of the server."""
    if isinstance(error, TimeoutError):
        return deadline.error()
    said = _said(error, ask)
    if isinstance(error, UnexpectedCommandStatusError | imaplib.IMAP4.error) and said:
        return Unreachable(ask.url, f"Broken conversation with {ask.host}: {said}.", kind="broken")
    words = f"{ask.host} closed the connection, or answered something that is not IMAP"
    return Unreachable(ask.url, f"Broken conversation: {words}.", kind="broken")


def _refusal(error: Exception, ask: Ask) -> FetchError:
    said = _said(error, ask)
    if _PASSING.search(said):
        return Unreachable(ask.url, f"Login not possible at {ask.host} just now: {said}.", kind="broken")
    return LoginRefused(ask.url, f"Login refused: {ask.host} does not take this user and password ({said}).")


def _said(error: Exception, ask: Ask) -> str:
    """The server's own words, on one line, without what must not be seen."""
    words = str(error)
    if isinstance(error, UnexpectedCommandStatusError):
        told = error.command_result[1]
        words = " ".join(one.decode("utf-8", "replace") for one in told if isinstance(one, bytes))
    for secret in (ask.password, ask.user):
        words = words.replace(secret, "…")
    return _printable(words).strip(" .")[:_LONGEST_SAID]


def _printable(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
