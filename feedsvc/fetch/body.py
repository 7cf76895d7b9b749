"""How is a body read whole, unpacked and within bounds, or not at all?

Bytes are counted as they come over the wire and again as they unpack, in pieces of 64 KB, so that neither
an endless answer nor a small one that unpacks to gigabytes takes more memory than ``max_bytes``. What
breaks off early is an error and never a shorter body: a feed cut in half would look like one whose articles
are gone.

urllib3 could unpack too, but tells nothing of a gzip stream that ends early, and knows zstd only with
another package.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import brotli
import urllib3
import zstandard

from feedsvc.errors import TooLarge, Unreachable
from feedsvc.fetch.deadline import Deadline

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_PIECE = 64 * 1024
_MOST_CODINGS = 3
# A block of zstd unpacks to 128 KB at most and may take 4 bytes; this many bytes at a time unpack to 4 MB at
# most. The window is what RFC 9659 allows in HTTP.
_ZSTD_STEP = 128
_ZSTD_WINDOW = 8 * 1024 * 1024
_DAMAGE = (zlib.error, brotli.error, zstandard.ZstdError)


class _CutShortError(Exception):
    """The packed stream ends before its end mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """``data`` is unpacked; ``wire_bytes`` is what it took on the wire."""

    data: bytes
    wire_bytes: int


def read(response: urllib3.BaseHTTPResponse, *, max_bytes: int, deadline: Deadline) -> Body:
    """The whole body of ``response``, whose content has not been read yet.

    Raises TooLarge, DeadlineExceeded, or Unreachable of kind "broken".
    """
    deadline.step = "reading the body"
    announced = response.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and len(announced) < 20 and int(announced) > max_bytes:
        raise _too_large(deadline.url, f"{int(announced):,} bytes announced", max_bytes)
    wire = _Wire(response, max_bytes=max_bytes, deadline=deadline)
    data = bytearray()
    try:
        for piece in _unpack(iter(wire), response.headers.get("content-encoding", "")):
            data += piece
            if len(data) > max_bytes:
                raise _too_large(deadline.url, "unpacked", max_bytes)
            deadline.check()
    except (*_DAMAGE, _CutShortError) as error:
        raise _broken(deadline.url, "its compressed data is cut short or damaged") from error
    deadline.check()
    return Body(data=bytes(data), wire_bytes=wire.count)


def discard(response: urllib3.BaseHTTPResponse, *, deadline: Deadline, most: int = 16 * 1024) -> None:
    """Read a body that nobody needs if it is short, so that its connection can be used again."""
    deadline.step = "reading the body"
    left = response.length_remaining
    if not response.chunked and (left is None or left > most):
        return
    try:
        for piece in response.stream(most, decode_content=False):
            most -= len(piece)
            if most <= 0:
                return
    except (urllib3.exceptions.HTTPError, OSError):
        return  # nothing is lost: the connection is closed, and the status was all that counted


def beginning(response: urllib3.BaseHTTPResponse, *, deadline: Deadline, most: int = 64 * 1024) -> bytes:
    """The first bytes of the body of an error, unpacked as far as that goes: it may say who refused and why.

    A short body is read to its end, so that its connection can be used again. Never fails.
    """
    deadline.step = "reading the body"
    data = bytearray()
    try:
        pieces = response.stream(_PIECE // 4, decode_content=False)
        for piece in _unpack(pieces, response.headers.get("content-encoding", "")):
            data += piece
            if len(data) >= most:
                break
    except (urllib3.exceptions.HTTPError, OSError, ValueError, *_DAMAGE, _CutShortError):
        pass  # the status is what counts; of the body we take what there is
    return bytes(data[:most])


class _Wire:
    """The bytes of a response as they come, counted."""

    def __init__(self, response: urllib3.BaseHTTPResponse, *, max_bytes: int, deadline: Deadline) -> None:
        self.count = 0
        self._response = response
        self._max_bytes = max_bytes
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._response.stream(_PIECE, decode_content=False):
                self.count += len(piece)
                if self.count > self._max_bytes:
                    raise _too_large(self._deadline.url, "transferred", self._max_bytes)
                self._deadline.check()
                yield piece
        except (
            urllib3.exceptions.HTTPError,
            OSError,
            ValueError,
        ) as error:  # ValueError: sizes out of reason
            self._deadline.check()
            raise _broken(self._deadline.url, "the connection broke off in the middle") from error


def _too_large(url: str, what: str, max_bytes: int) -> TooLarge:
    return TooLarge(url, f"Too large: more than {max_bytes:,} bytes (fetch.max_bytes) {what}.")


def _broken(url: str, why: str) -> Unreachable:
    return Unreachable(url, f"Broken transfer: {why}, so nothing of it was used.", kind="broken")


# ---- content codings (RFC 9110 8.4) -----------------------------------------------------------------


def _unpack(chunks: Iterator[bytes], content_encoding: str) -> Iterator[bytes]:
    """``chunks`` with the codings undone, last one first. Names that are no coding ("utf-8") are ignored."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    codings = [name for name in names if name in _CODINGS]
    if len(codings) > _MOST_CODINGS:
        raise _CutShortError("too many codings")
    for name in reversed(codings):
        chunks = _CODINGS[name](chunks)
    return chunks


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Members one after the other (RFC 1952 2.2). What follows the last one and is no member is ignored."""
    member, members = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
    started = False
    for chunk in chunks:
        rest = chunk
        while rest:
            started = True
            try:
                piece = member.decompress(rest, _PIECE)
            except zlib.error:
                if not members:
                    raise
                started = False
                _exhaust(chunks)
                break
            yield piece
            rest = member.unconsumed_tail
            if member.eof:
                rest = member.unused_data
                member, members, started = zlib.decompressobj(zlib.MAX_WBITS | 16), members + 1, False
    if started:
        raise _CutShortError("gzip")


def _exhaust(chunks: Iterable[bytes]) -> None:
    for _ in chunks:
        pass


def _inflate(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """zlib's format as RFC 9110 8.4.1.2 says, or bare deflate as some servers send."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) > 1:
            break
    if not head:
        return
    wrapped = len(head) > 1 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    stream = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
    for chunk in _chain(head, chunks):
        rest, piece = chunk, b""
        # A full piece may leave more inside the stream although all input is consumed.
        while rest or len(piece) == _PIECE:
            piece = stream.decompress(rest, _PIECE)
            yield piece
            rest = stream.unconsumed_tail
    if not stream.eof:
        raise _CutShortError("deflate")


def _chain(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from chunks


def _unbrotli(chunks: Iterator[bytes]) -> Iterator[bytes]:
    stream, started = brotli.Decompressor(), False
    for chunk in chunks:
        started = True
        piece = stream.process(chunk, output_buffer_limit=_PIECE)
        yield piece
        # A full piece may leave more inside the stream although all input is consumed.
        while len(piece) >= _PIECE and not stream.is_finished():
            piece = stream.process(b"", output_buffer_limit=_PIECE)
            yield piece
    if started and not stream.is_finished():
        raise _CutShortError("brotli")


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Frames one after the other (RFC 8878 3.1)."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    frame, started = unpacker.decompressobj(), False
    for chunk in chunks:
        rest = chunk
        while rest:
            started = True
            piece = frame.decompress(rest[:_ZSTD_STEP])
            rest = rest[_ZSTD_STEP:]
            yield piece
            if frame.eof:
                rest = frame.unused_data + rest
                frame, started = unpacker.decompressobj(), False
    if started:
        raise _CutShortError("zstd")


_CODINGS: Mapping[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = MappingProxyType(
    {
        "gzip": _gunzip,
        "x-gzip": _gunzip,
        "deflate": _inflate,
        "br": _unbrotli,
        "zstd": _unzstd,
    }
)
