"""What is in a gzip file that came as the document itself, and is it no bomb?"""

import zlib
from typing import Final

from feedsvc.errors import ParseError

_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = 16 + zlib.MAX_WBITS  # how zlib calls the format (RFC 1952)
_LAYERS: Final = 2  # some servers pack what is packed
_MEMBERS: Final = 100  # of one file, each of which costs a copy of the rest


def unpacked(body: bytes, most: int) -> bytes:
    """``body``, or what is packed in it: at most ``most`` bytes.

    :raises ParseError: if it is broken, breaks off or is larger.
    """
    for _ in range(_LAYERS):
        if not body.startswith(_MAGIC):
            break
        body = _members(body, most)
    return body


def _members(body: bytes, most: int) -> bytes:
    """All members of a gzip file (RFC 1952 2.2); what follows them is padding."""
    found = bytearray()
    for _ in range(_MEMBERS):
        data, body = _member(body, most - len(found))
        found += data
        if not body.startswith(_MAGIC):
            return bytes(found)
    raise ParseError(f"the gzip file has more than {_MEMBERS} members; refused")


def _member(body: bytes, most: int) -> tuple[bytes, bytes]:
    packed = zlib.decompressobj(_GZIP)
    try:
        data = packed.decompress(body, most + 1)
    except zlib.error as error:
        raise ParseError(f"the gzip file is broken: {error}") from error
    if len(data) > most:
        raise ParseError("the gzip file unpacks to more bytes than are allowed; refused")
    if not packed.eof:
        raise ParseError(f"the gzip file breaks off after {len(data):,} bytes of content")
    return data, packed.unused_data
