"""What does an e-mail say: its headers decoded, its text as HTML and as plain text?

Mails are what anybody cares to send: every header is cut to a length, the number of parts and lines is
bounded before a mail is parsed, and whatever the standard library trips over is the mail's fault, not ours.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses, parseaddr
from typing import Final

from w3lib.encoding import html_to_unicode

from feedsvc.errors import ParseError
from feedsvc.refine.dates import read_date
from feedsvc.refine.markup import LONGEST
from feedsvc.refine.text import one_line, xml_text

_LONGEST_HEADER: Final = 8_000  # characters
_MOST_LINES: Final = 200_000
_MOST_BOUNDARIES: Final = 50  # each may nest parts one deeper, and every line is held against all of them
_BOUNDARY: Final = re.compile(rb"boundary\s{0,9}(?:\*[0-9*]{0,9})?\s{0,9}=", re.IGNORECASE)
_FOLD: Final = re.compile(r"\r?\n(?=[ \t])")
_ANGLED: Final = re.compile(r"<([^<>]{1,2000})>")
_LIST_ID: Final = re.compile(r"^(.*?)<([^<>]+)>\s*$", re.DOTALL)
_COMMENT: Final = re.compile(r"\s*\([^()]*\)\s*$")
_NO_CHARSET: Final = re.compile(r"escape|idna|punycode|undefined", re.IGNORECASE)  # codecs of another kind
_HEXADECIMAL: Final = re.compile(r"[0-9a-fA-F]{12,}")
# To whom it went, as the sender and the servers on the way wrote it down.
_TO: Final = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")


class _Bounded(Compat32):
    """Headers are kept as they came, but for their length; we decode them ourselves.

    The policy of the standard library that decodes them takes time by the square of their length, and falls
    over some that are broken.
    """

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:_LONGEST_HEADER]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail. ``sender`` is a name, ``address`` where it came from; ``archived`` the page of this mail,
    ``archive`` that of its list; ``unsubscribe`` the addresses that leave the list; ``recipients`` are mail
    addresses in lower case. ``date`` is aware. ``html`` and ``text`` are its body in either form, if it has
    it. ``report`` says that it is a mail server speaking, not a person or list.
    """

    subject: str = ""
    sender: str = ""
    address: str = ""
    list_name: str = ""
    message_id: str = ""
    date: datetime | None = None
    archived: str | None = None
    archive: str | None = None
    unsubscribe: tuple[str, ...] = ()
    recipients: frozenset[str] = frozenset()
    keywords: tuple[str, ...] = ()
    language: str | None = None
    html: str | None = None
    text: str | None = None
    report: bool = False


def read(raw: bytes) -> Mail:
    """:raises ParseError: if it is no mail that could be read; the message says why, in a few words."""
    if raw.count(b"\n") > _MOST_LINES or len(_BOUNDARY.findall(raw)) > _MOST_BOUNDARIES:
        raise ParseError(f"it has more than {_MOST_LINES:,} lines or {_MOST_BOUNDARIES} nested parts")
    try:
        message = message_from_bytes(raw, policy=_Bounded())
        return _mail(message)
    except Exception as error:  # whatever the library trips over, the mail is to blame
        raise ParseError(f"it is broken in a way that cannot be read: {error!r:.200}") from error


def _mail(message: Message) -> Mail:
    headers = _Headers(message)
    name, address = headers.mailbox("from")
    own = {headers.mailbox(field)[1] for field in ("from", "sender", "reply-to")}
    own |= {url.removeprefix("mailto:").partition("?")[0].lower() for url in headers.angled("list-post")}
    html, text = _bodies(message)
    return Mail(
        subject=one_line(headers.words("subject")),
        sender=name,
        address=address,
        list_name=headers.list_name(),
        message_id=headers.message_id(),
        date=_date(headers.raw("date")),
        archived=_web(headers.angled("archived-at")),
        archive=_web(headers.angled("list-archive")),
        unsubscribe=headers.angled("list-unsubscribe"),
        recipients=frozenset(headers.addresses(*_TO)) - own - {""},
        keywords=tuple(filter(None, (one_line(word) for word in headers.words("keywords").split(","))))[:20],
        language=headers.raw("content-language").partition(",")[0].strip() or None,
        html=html,
        text=text,
        report=message.get_content_type() == "multipart/report",
    )


# ---- headers ----------------------------------------------------------------------------------------


class _Headers:
    """The headers of a mail, by name in lower case; of several with one name the first, unless said else."""

    def __init__(self, message: Message) -> None:
        self._all: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._all.setdefault(name.lower(), []).append(_FOLD.sub("", _readable(str(value))))

    def raw(self, name: str) -> str:
        return self._all.get(name, [""])[0].strip()

    def words(self, name: str) -> str:
        return xml_text(_decoded(self.raw(name)))

    def mailbox(self, name: str) -> tuple[str, str]:
        """(name, address in lower case) of the first one that is named."""
        called, address = parseaddr(self.raw(name))
        return one_line(xml_text(_decoded(called))).strip("\"' "), address.strip().lower()

    def addresses(self, *names: str) -> Iterator[str]:
        for name in names:
            for _, address in getaddresses(self._all.get(name, [])[:20])[:200]:
                yield address.strip().lower()

    def angled(self, name: str) -> tuple[str, ...]:
        """The URLs between < and > (RFC 2369), white space of folded lines taken out."""
        found = _ANGLED.findall(self.raw(name)) or [self.raw(name)]
        return tuple(filter(None, ("".join(url.split()) for url in found)))

    def message_id(self) -> str:
        """Without < and >; empty where there is none that could be one."""
        found = _ANGLED.search(self.raw("message-id"))
        text = "".join((found[1] if found else self.raw("message-id")).split())
        return text if "@" in text else ""

    def list_name(self) -> str:
        """What the list is called, where List-Id has words for it (RFC 2919) and not just a number."""
        found = _LIST_ID.match(self.raw("list-id"))
        name = one_line(xml_text(_decoded(found[1]))).strip("\"' ") if found else ""
        return "" if _HEXADECIMAL.search(name) or not any(map(str.isalpha, name)) else name


def _readable(value: str) -> str:
    """Bytes beyond ASCII, which the standard library hides in surrogates: UTF-8, or Windows-1252."""
    if value.isascii():
        return value
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _decoded(value: str) -> str:
    """Encoded words (RFC 2047) as text, however wrong their encoding."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        piece if isinstance(piece, str) else _text(piece, charset) if charset else _unencoded(piece)
        for piece, charset in pieces
    )


def _unencoded(piece: bytes) -> str:
    """What stands between encoded words, in the way that ``decode_header`` makes bytes of it."""
    return piece.decode("raw-unicode-escape", "replace")


def _date(value: str) -> datetime | None:
    """RFC 5322 3.3, comments at its end left out; a date without a zone is in UTC."""
    found = read_date(value) or read_date(_COMMENT.sub("", value))
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def _web(urls: Sequence[str]) -> str | None:
    return next((url for url in urls if url.lower().startswith(("http://", "https://"))), None)


# ---- body -------------------------------------------------------------------------------------------


def _bodies(message: Message) -> tuple[str | None, str | None]:
    """The first part of each kind that is not attached; mails within the mail are attachments."""
    found: dict[str, str] = {}
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        kind = part.get_content_type()
        if part.get_content_maintype() == "multipart":
            parts = part.get_payload()
            waiting[:0] = (
                [one for one in parts if isinstance(one, Message)] if isinstance(parts, list) else []
            )
        elif kind in {"text/html", "text/plain"} and kind not in found and not _is_attached(part):
            text = _content(part, kind)
            if text.strip():
                found[kind] = text
    return found.get("text/html"), found.get("text/plain")


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _content(part: Message, kind: str) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    data, charset = data[: 4 * LONGEST], str(part.get_param("charset", "") or "")
    if kind == "text/plain":
        text = _text(data, charset or "utf-8")
        return _unflowed(text, part) if part.get_param("format") == "flowed" else text
    try:
        return html_to_unicode(f"text/html; charset={charset}" if charset else None, data)[1][:LONGEST]
    except (LookupError, ValueError):  # the name of a codec that is none for texts
        return _text(data, "utf-8")[:LONGEST]


def _text(data: bytes, charset: str) -> str:
    """Decoded as it says, else as UTF-8, else as Windows-1252."""
    named = "" if _NO_CHARSET.search(charset) else charset
    for name, errors in ((named, "strict"), ("utf-8", "strict"), ("cp1252", "replace")):
        try:
            return data.decode(name, errors)[:LONGEST]
        except (LookupError, ValueError):
            continue
    return ""


def _unflowed(text: str, part: Message) -> str:
    """RFC 3676: a line that ends with a space goes on in the next one."""
    gone = str(part.get_param("delsp", "")).lower() == "yes"
    lines: list[str] = []
    flows = False
    for line in text.replace("\r\n", "\n").split("\n"):
        own = line.removeprefix(" ")  # "space-stuffed"
        if flows:
            lines[-1] += own
        else:
            lines.append(own)
        flows = own.endswith(" ") and own != "-- "
        if flows and gone:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
