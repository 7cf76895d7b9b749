"""What does the status and head of an answer mean: a new document, the one we know, or an error?"""

import hashlib
import http
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from feedsvc.errors import BadStatus
from feedsvc.model import Document, NotModified, Validators

# A year is as good as for ever; larger numbers do not fit into every timedelta sum.
_LONGEST_WAIT = timedelta(days=365)
_LONGEST_VALIDATOR = 2048
# Successes that by their meaning are not the whole document (RFC 9110 15.3).
_WITHOUT_DOCUMENT = (204, 205, 206)

_ADVICE = {
    304: " although nothing was asked on condition",
    401: ": it wants a login",
    403: ": it does not want to be fetched like this",
    404: ": the address may have changed",
    410: ": the address is gone for good",
    429: ": it is asked too often",
}

Hops = tuple[tuple[int, str], ...]


def conditional_headers(validators: Validators | None) -> dict[str, str]:
    """The request headers that ask "only if it changed" (RFC 9110 13.1), validators verbatim."""
    if validators is None:
        return {}
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in headers.items() if value is not None}


def has_document(status: int) -> bool:
    return 200 <= status < 300 and status not in _WITHOUT_DOCUMENT


def not_modified(
    *, url: str, headers: Mapping[str, str], known: Validators, hops: Hops, wire_bytes: int = 0
) -> NotModified:
    """From a 304: its validators replace those we know (RFC 9111 4.3.4), one that it omits stays."""
    merged = Validators(
        etag=_validator(headers.get("etag")) or known.etag,
        last_modified=_validator(headers.get("last-modified")) or known.last_modified,
        body_hash=known.body_hash,
        fingerprint=known.fingerprint,
    )
    return NotModified(
        url=url, status=304, validators=merged, headers=headers, hops=hops, wire_bytes=wire_bytes
    )


def document(
    *,
    url: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    wire_bytes: int,
    hops: Hops,
    known: Validators | None,
) -> Document | NotModified:
    """From a body; NotModified if it is the one whose hash we know."""
    body_hash = hashlib.sha256(body).hexdigest()
    same = known is not None and known.body_hash == body_hash
    validators = Validators(
        etag=_validator(headers.get("etag")),
        last_modified=_validator(headers.get("last-modified")),
        body_hash=body_hash,
        fingerprint=known.fingerprint if known is not None and same else None,
    )
    if same:
        return NotModified(
            url=url, status=status, validators=validators, headers=headers, hops=hops, wire_bytes=wire_bytes
        )
    return Document(
        url=url,
        body=body,
        status=status,
        headers=headers,
        validators=validators,
        hops=hops,
        wire_bytes=wire_bytes,
    )


def bad_status(
    *, url: str, status: int, headers: Mapping[str, str], now: datetime, body: bytes = b""
) -> BadStatus:
    """The error for a status that brings no document. ``url`` is one that may be shown."""
    try:
        words = f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        words = f"{status}"
    wait = retry_after(headers.get("retry-after", ""), now=now)
    message = f"The server answered {words}{_advice(status)}."
    if wait:
        message = f"{message} It asks to wait {wait}."
    return BadStatus(url, message, status=status, retry_after=wait, headers=headers, body=body)


def retry_after(value: str, *, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for, seconds or an HTTP date (RFC 9110 10.2.3); None if it says nothing.

    Not negative, and a year at most.
    """
    value = value.strip()
    if re.fullmatch("[0-9]+", value):
        seconds = int(value[:10]) if len(value) <= 10 else _LONGEST_WAIT.total_seconds()
        return min(timedelta(seconds=seconds), _LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), _LONGEST_WAIT)


def _validator(value: str | None) -> str | None:
    """A validator as it came, None if it could not be sent back."""
    if not value or len(value) > _LONGEST_VALIDATOR:
        return None
    sendable = all(" " <= char <= "\xff" and char != "\x7f" for char in value)
    return value.strip() if sendable else None


def _advice(status: int) -> str:
    return _ADVICE.get(status, ": the fault is on its side" if status >= 500 else "")
