"""What do the mails in a folder of a mailbox say: newsletters as articles?

The document is what the fetcher makes of new mails: JSON with each as it came, and what was skipped and why.
Nothing of whose mailbox it is gets into an article: neither an address of the reader's nor what would let
others leave the list, or change the subscription, in the reader's name.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import quote, urlencode

from pydantic import Field, ValidationInfo, WithJsonSchema, field_validator, model_validator

from feedsvc.errors import ParseError
from feedsvc.model import Author, Document, Parsed, ParsedItem, Request, Source
from feedsvc.refine.dates import read_date
from feedsvc.sources import clicks, mail, newsletter, plain_text
from feedsvc.sources.contract import SourceType
from feedsvc.sources.mail import Mail

_PORTS: Final = {"ssl": 993, "starttls": 143, "none": 143}
_REFERENCE: Final = re.compile(r"\$\{env:[A-Za-z_][A-Za-z0-9_]*\}")
_HOST: Final = re.compile(r"[^\s/@?#:\[\]\\]+|\[[0-9A-Fa-f:.]+\]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_AHEAD: Final = timedelta(days=1)  # a mail that says to be sent later than that after it came is wrong
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_~@-]+")


Day = Annotated[date, WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})]


class MailboxSource(Source):
    """A folder of a mailbox, each mail an article."""

    type: Literal["mailbox"] = Field(description="mailbox: newsletters from a folder of an IMAP mailbox.")
    server: str = Field(description="Name of the IMAP server.", examples=["imap.example.org"])
    port: int | None = Field(None, ge=1, le=65_535, description="Default: 993 with tls: ssl, else 143.")
    tls: Literal["ssl", "starttls", "none"] = Field(
        "ssl", description="How the connection is secured; none: only to a server in fetch.allow."
    )
    user: str = Field(min_length=1, description="Name to log in with, often the mail address.")
    password: str = Field(
        repr=False,
        description='Where the password is to be found: "${env:NAME}", never the password itself.',
        examples=["${env:NEWSLETTER_PASSWORD}"],
    )
    folder: str = Field("INBOX", min_length=1, description="The folder; those within it do not belong to it.")
    senders: tuple[str, ...] = Field(
        (), description="Only mails with one of these in From: addresses, or parts of them."
    )
    lists: tuple[str, ...] = Field((), description="Only mails with one of these in List-Id.")
    subjects: tuple[str, ...] = Field((), description="Only mails with one of these in their subject.")
    since: Day | None = Field(None, description="Only mails that came on this day or later.")
    limit: int = Field(50, ge=1, le=1_000, description="How many of the latest mails the first look takes.")
    images: Literal["keep", "drop"] = Field(
        "keep", description="drop: articles without pictures; their descriptions stay."
    )

    @field_validator("password")
    @classmethod
    def _reference(cls, value: str, info: ValidationInfo) -> str:
        revealed = bool(info.context and info.context.get("revealed"))  # in memory, just before it is used
        if not revealed and not _REFERENCE.fullmatch(value):
            raise ValueError(
                "a password does not belong into the config: put it into an environment variable, and write "
                '"${env:NAME}" here'
            )
        return value

    @field_validator("server")
    @classmethod
    def _host(cls, value: str) -> str:
        if not _HOST.fullmatch(value.strip()):
            raise ValueError(f"must be the name of a server such as imap.example.org, not {value!r}")
        return value.strip()

    @field_validator("senders", "lists", "subjects")
    @classmethod
    def _words(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not one.strip() for one in value):
            raise ValueError("an empty text is in every mail: leave it out")
        return value

    @model_validator(mode="after")
    def _one_line(self) -> Self:
        if any(map(_CONTROL.search, (self.user, self.folder, *self.senders, *self.lists, *self.subjects))):
            raise ValueError("a line break, or another control character, has no place in these options")
        return self

    @property
    def location(self) -> str:
        scheme = "imaps" if self.tls == "ssl" else "imap"
        place = f"{quote(self.user, safe='')}@{self.server}:{self.port or _PORTS[self.tls]}"
        asked = (("from", self.senders), ("list", self.lists), ("subject", self.subjects))
        query = urlencode([(name, text) for name, texts in asked for text in texts])
        return f"{scheme}://{place}/{quote(self.folder)}" + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Received:
    """A mail as the document holds it; ``at`` is when it came, if the server tells."""

    uid: int
    at: datetime | None
    raw: bytes


def start(source: MailboxSource) -> Request:
    """``password`` is the password itself by now. It goes where it is never shown."""
    login = base64.b64encode(f"{source.user}:{source.password}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "TLS": source.tls, "Limit": str(source.limit)}
    if source.since is not None:
        headers["Since"] = source.since.isoformat()
    return Request(url=source.location, headers=headers)


def parse(source: MailboxSource, document: Document) -> Parsed:
    """An item a mail; no mails is no failure, for the fetcher names only new ones.

    :raises ParseError: if the document is none of the fetcher's.
    """
    content = _content(document)
    items: list[ParsedItem] = []
    rejected = [f"mail {one.get('uid')}: {one.get('reason')}" for one in _entries(content, "skipped")]
    for received in map(_received, _entries(content, "mails")):
        try:
            items.append(_item(source, received))
        except ParseError as error:
            rejected.append(f"mail {received.uid}: {error}")
    return Parsed(items=tuple(items), rejected=tuple(rejected))


# ---- the document -----------------------------------------------------------------------------------


def _content(document: Document) -> Mapping[str, Any]:
    try:
        found = json.loads(document.body)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"the mails are not in the form that they are fetched in: {error}") from error
    if not isinstance(found, dict):
        raise ParseError("the document does not hold the mails of a mailbox")
    return found


def _entries(content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = content.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ParseError(f"the document does not hold the mails of a mailbox: it has no list {name!r}")
    return found


def _received(entry: Mapping[str, Any]) -> _Received:
    try:
        raw = str(entry["mail"]).encode("latin-1")
        return _Received(uid=int(entry["uid"]), at=read_date(str(entry["received"])), raw=raw)
    except (KeyError, TypeError, ValueError) as error:
        raise ParseError(f"the document does not hold the mails of a mailbox: {error!r:.200}") from error


# ---- a mail -----------------------------------------------------------------------------------------


def _item(source: MailboxSource, received: _Received) -> ParsedItem:
    """The article of a mail. Raises ParseError with the reason if it is none."""
    read = mail.read(received.raw)
    if read.report:
        raise ParseError("it is a report of a mail server")
    private = clicks.Private(addresses=_of_the_reader(source, read))
    letter = _letter(
        read, newsletter.Reader(private=private, unsubscribe=frozenset(read.unsubscribe)), source
    )
    title = private.without(read.subject)
    return ParsedItem(
        guid=_guid(read, received, private),
        link=_link(read, letter, title, private),
        title=title or None,
        title_type="text",
        content=letter.content or None,
        authors=_authors(read, private),
        published=_published(read, received),
        tags=tuple(map(private.without, dict.fromkeys(filter(None, (read.list_name, *read.keywords))))),
        language=read.language or letter.language,
        via=clicks.target(read.archive, private) if read.archive else None,
        via_title=private.without(read.list_name) or None,
    )


def _of_the_reader(source: MailboxSource, read: Mail) -> frozenset[str]:
    user = source.user.lower()
    return read.recipients | ({user} if "@" in user else set())


def _letter(read: Mail, reader: newsletter.Reader, source: MailboxSource) -> newsletter.Letter:
    """The HTML if there is something in it, else the plain text."""
    if read.html is not None:
        letter = newsletter.read(read.html, reader, images=source.images)
        if letter.content or read.text is None:
            return letter
    return newsletter.read(plain_text.as_html(read.text or ""), reader, images=source.images)


def _guid(read: Mail, received: _Received, private: clicks.Private) -> str:
    """``mid:`` and the Message-ID (RFC 2392), by which the mail is known wherever a copy of it lies.

    One that names the reader is not for others to see, one that is no URL in any reading neither: they are
    hashed, and what has no scheme is never published. So is what a mail without one says.
    """
    known = read.message_id
    if known and _PLAIN_ID.fullmatch(known) and not private.names(known):
        return f"mid:{quote(known, safe='@')}"
    said = (known,) if known else (read.subject, read.address, str(read.date), read.html or read.text or "")
    return hashlib.sha256("\0".join(said).encode("utf-8", "backslashreplace")).hexdigest()


def _link(read: Mail, letter: newsletter.Letter, title: str, private: clicks.Private) -> str | None:
    """The page of this mail. Never that of its list: all its mails would have the same."""
    for url in filter(None, (read.archived, letter.online)):
        found = clicks.target(url, private)
        if clicks.is_page_of_this_mail(found, title):
            return found
    return None


def _authors(read: Mail, private: clicks.Private) -> tuple[Author, ...]:
    """The sender by name; mail addresses are not published."""
    name = read.sender if "@" not in read.sender else ""
    name = name or read.list_name or read.address.rpartition("@")[2]
    return (Author(name=private.without(name)),) if name else ()


def _published(read: Mail, received: _Received) -> datetime | None:
    """When it was sent, unless it came before that, or does not say; then when it came."""
    if read.date is None or received.at is None:
        return read.date or received.at
    at = received.at if received.at.tzinfo else received.at.replace(tzinfo=UTC)
    return at if read.date > at + _AHEAD else read.date


TYPE: Final = SourceType(name="mailbox", model=MailboxSource, start=start, parse=parse, revision=1)
