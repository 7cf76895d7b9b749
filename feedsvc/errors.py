"""What can go wrong, as one tree?

FeedsvcError
├── ConfigError           the YAML is wrong; carries every problem at once (exit code 3)
├── NotFound              no such source, category or article
├── FetchError            the bytes could not be had; ``kind`` says how
│   ├── AddressRefused    the guard: a private, special or not allowed address
│   ├── DeadlineExceeded  DNS, TLS, headers and body together took too long
│   ├── TooLarge          more bytes than ``fetch.max_bytes``, packed or unpacked
│   ├── Unreachable       DNS, refused, reset, TLS, broken transfer
│   ├── LoginRefused      a mailbox does not take the user or the password
│   ├── BadStatus         the server answered with an error status
│   └── Stopped           we cut it short ourselves, to shut down: says nothing about the source
├── ParseError            the bytes came, but are not what the source type reads; ``kind`` says how
├── RenderError           one article could not be rendered (it is left out and told)
├── HubRefused            our hub cannot do what somebody asks of it; ``status`` is the answer
└── StoreError            the database refused
    └── LeaseLost         another process took this poll over; nothing was saved

Library exceptions are wrapped at the door with ``raise ... from``; a use case
catches ``FeedsvcError`` once. Anything else is a bug and crashes the job loudly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType


class FeedsvcError(Exception):
    """Root of every error that feedsvc raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a config file; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ConfigError(FeedsvcError):
    """The config cannot be used; ``problems`` names all that is wrong, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class NotFound(FeedsvcError):
    """The id that was asked for names nothing; the message says what and what there is."""


class FetchError(FeedsvcError):
    """The bytes of ``url`` could not be had. ``kind`` is one stable word for history and metrics."""

    kind = "failed"

    def __init__(self, url: str, message: str, *, kind: str | None = None) -> None:
        self.url = url
        if kind is not None:
            self.kind = kind
        super().__init__(message)


class AddressRefused(FetchError):
    """The address really connected to is private, special or not allowed (SSRF guard)."""

    kind = "refused-address"


class DeadlineExceeded(FetchError):
    """The whole fetch took longer than ``fetch.timeout``."""

    kind = "timeout"


class TooLarge(FetchError):
    """The body is larger than ``fetch.max_bytes``, before or after decompression."""

    kind = "too-large"


class Unreachable(FetchError):
    """No usable answer. ``kind`` is one of dns, connect, tls, redirects, broken."""

    kind = "connect"


class LoginRefused(FetchError):
    """The server does not know the user, or not with this password."""

    kind = "auth"


class Stopped(FetchError):
    """The fetch was cut short because the service stops."""

    kind = "stopped"


class BadStatus(FetchError):
    """The server answered with an error status; ``retry_after`` is what it asked for, if anything.

    ``headers`` (names in lower case) and the beginning of the ``body`` tell who refused, and why.
    """

    kind = "status"

    def __init__(
        self,
        url: str,
        message: str,
        *,
        status: int,
        retry_after: timedelta | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        body: bytes = b"",
        kind: str | None = None,
    ) -> None:
        self.status = status
        self.retry_after = retry_after
        self.headers = headers
        self.body = body
        super().__init__(url, message, kind=kind)


class ParseError(FeedsvcError):
    """The document is not what the source type reads; the message says what was found instead.

    ``kind`` is one stable word for history and metrics:

    - ``invalid``: of another kind, or broken
    - ``blocked``: a robot check, a consent wall or a login wall stands before it
    - ``needs-browser``: drawn by JavaScript, there is nothing in the bytes
    - ``moved``: a notice that it is elsewhere now
    - ``not-html``: no page at all
    - ``list-gone``: the list of articles is not where it was
    - ``list-empty``: the list is there and nothing in it
    - ``no-links``: what is in the list leads nowhere
    """

    def __init__(self, message: str, *, kind: str = "invalid") -> None:
        self.kind = kind
        super().__init__(message)


class RenderError(FeedsvcError):
    """An article (``article_id``) cannot be put into a document of this format."""

    def __init__(self, article_id: str, message: str) -> None:
        self.article_id = article_id
        super().__init__(message)


class HubRefused(FeedsvcError):
    """Nothing is done; ``status`` is the answer to who asked (4xx, 503), the message tells them why."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class StoreError(FeedsvcError):
    """The database refused or is not as this version needs it."""


class LeaseLost(StoreError):
    """The poll's lease ran out and another process took it over: its result is dropped whole."""
