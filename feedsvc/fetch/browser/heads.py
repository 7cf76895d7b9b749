"""How is the head of an HTTP message read from a socket, and what of it may go past a proxy?

Only as much of HTTP/1.1 (RFC 9112) as a proxy needs whose connections each carry one request.
"""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 256 * 1024
_PIECE = 16 * 1024
_INTERIM = 10
# What concerns one connection only (RFC 9110 7.6.1); "Connection" may name more.
_BETWEEN_TWO = {
    b"connection",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"proxy-connection",
    b"te",
    b"upgrade",
}
# A lone LF ends a line, too, and a line that begins with a space goes on (RFC 9112 2.2, 5.2).
_END = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(rb"\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_ORIGIN = re.compile(rb"^http://[^/?#]*", re.IGNORECASE)


class HeadError(Exception):
    """What came is not the head of an HTTP message, or not one that is passed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """First line and fields of a message, as bytes; ``fields`` are whole lines. ``rest`` came after it."""

    start: bytes
    fields: tuple[bytes, ...]
    rest: bytes = b""

    def values(self, name: bytes) -> tuple[bytes, ...]:
        return tuple(line.partition(b":")[2].strip() for line in self.fields if _name(line) == name)


def read_head(sock: socket.socket, data: bytes = b"") -> Head:
    """The next head on ``sock``, of which ``data`` has come already. Raises HeadError, OSError."""
    while (end := _END.search(data)) is None:
        more = sock.recv(_PIECE)
        data += more
        if not more or len(data) > _LONGEST:
            raise HeadError("no head")
    start, *fields = _LINE.split(_FOLD.sub(b" ", data[: end.start()]))
    # What is no field is left out, as browsers do.
    named = tuple(line for line in fields if b":" in line)
    return Head(start=start, fields=named, rest=data[end.end() :])


def read_answer(sock: socket.socket) -> Head:
    """The head of the final answer (RFC 9110 15.2: others may come first). Raises HeadError, OSError."""
    head = read_head(sock)
    for _ in range(_INTERIM):
        status = _status_of(head)
        if status >= 200:
            break
        head = read_head(sock, head.rest)
    if status < 200 or status == 407:  # 407 is for proxies to say; the browser would log in to us again
        raise HeadError("no final answer")
    return head


def request_line(head: Head) -> tuple[str, str]:
    """(method, target). Raises HeadError."""
    words = head.start.decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise HeadError("no request")
    return words[0], words[1]


def _status_of(head: Head) -> int:
    """The status of an answer. Raises HeadError."""
    match = re.match(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: |$)", head.start)
    if match is None:
        raise HeadError("no answer")
    return int(match[1])


def body_length(head: Head) -> int:
    """How many bytes of body a request has. Raises HeadError for one that does not say so beforehand."""
    lengths = set(head.values(b"content-length"))
    if head.values(b"transfer-encoding") or len(lengths) > 1:
        raise HeadError("a body of unknown length")
    length = lengths.pop() if lengths else b"0"
    if not length.isdigit() or len(length) > 12:
        raise HeadError("a body of unknown length")
    return int(length)


def for_origin(head: Head) -> bytes:
    """A request to a proxy as its origin wants it, for a connection that ends with the answer."""
    method, target, version = head.start.split(b" ")
    path = _ORIGIN.sub(b"", target)
    path = path if path.startswith(b"/") else b"/" + path
    return _joined(b" ".join((method, path, version)), head)


def for_browser(head: Head) -> bytes:
    """An answer as the browser gets it, on a connection that ends with it."""
    return _joined(head.start, head)


def _joined(start: bytes, head: Head) -> bytes:
    return b"\r\n".join((start, *_passed_on(head), b"Connection: close", b"", b""))


def _passed_on(head: Head) -> Iterator[bytes]:
    listed = b",".join(head.values(b"connection")).split(b",")
    dropped = _BETWEEN_TWO | {name.strip().lower() for name in listed}
    return (line for line in head.fields if _name(line) not in dropped)


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()
