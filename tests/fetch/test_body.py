"""Is a body read whole, unpacked and within bounds, or not at all?"""

import gzip
import hashlib
import random
import socket
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from feedsvc.errors import TooLarge, Unreachable
from feedsvc.fetch import Fetcher
from feedsvc.fetch.body import _CODINGS, _PIECE, _unpack
from feedsvc.model import Document, Request
from tests.fetch.conftest import MakeFetcher, Serve, Server, answering, response, within

TEXT = b"".join(b"<item><title>Article number %d</title></item>\n" % number for number in range(3000))
CUT_SHORT = "Broken transfer: its compressed data is cut short or damaged, so nothing of it was used."
BROKE_OFF = "Broken transfer: the connection broke off in the middle, so nothing of it was used."


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def zstd_without_size(data: bytes) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
    "zstd without size": ("zstd", zstd_without_size),
    "two": ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
    "none": ("identity", bytes),
    "nonsense": ("utf-8", bytes),
}
PACKED = pytest.mark.parametrize(("coding", "pack"), PACKERS.values(), ids=PACKERS)
TRULY_PACKED = pytest.mark.parametrize(
    ("coding", "pack"), [row for name, row in PACKERS.items() if name not in ("none", "nonsense")]
)


def fetch(fetcher: Fetcher, url: str) -> Document:
    document = fetcher.get(Request(url=url))
    assert isinstance(document, Document)
    return document


def broken(fetcher: Fetcher, url: str) -> str:
    with within(10), pytest.raises(Unreachable) as caught:
        fetcher.get(Request(url=url))
    assert caught.value.kind == "broken"
    return str(caught.value)


def chunked(data: bytes, size: int = 1000) -> bytes:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def sending(data: bytes) -> Callable[[Server, socket.socket], None]:
    """Raw bytes, then the end of the connection."""

    def handle(server: Server, sock: socket.socket) -> None:
        server.receive(sock)
        sock.sendall(data)

    return handle


# ---- whole ------------------------------------------------------------------------------------------


@PACKED
def test_every_coding_is_unpacked(
    coding: str, pack: Callable[[bytes], bytes], fetcher: Fetcher, serve: Serve
) -> None:
    packed = pack(TEXT)
    server = serve(answering(response(packed, Content_Encoding=coding)))
    for _ in range(2):
        document = fetch(fetcher, server.url())
        assert document.body == TEXT
        assert document.wire_bytes == len(packed)
        assert document.validators.body_hash == hashlib.sha256(TEXT).hexdigest()
    assert server.connections == 1


@PACKED
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_every_coding_is_unpacked_from_pieces_of_any_size(
    coding: str, pack: Callable[[bytes], bytes], size: int
) -> None:
    packed = pack(TEXT)
    pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert b"".join(_unpack(iter(pieces), coding)) == TEXT


@TRULY_PACKED
def test_nothing_stays_nothing(
    coding: str, pack: Callable[[bytes], bytes], fetcher: Fetcher, serve: Serve
) -> None:
    """Some servers name a coding and send no body at all."""
    server = serve(
        answering(response(b"", Content_Encoding=coding), response(pack(b""), Content_Encoding=coding))
    )
    assert [fetch(fetcher, server.url()).body for _ in range(2)] == [b"", b""]


def test_chunks_and_packing_together(fetcher: Fetcher, serve: Serve) -> None:
    packed = gzip.compress(TEXT)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    server = serve(answering(head + chunked(packed, 77)))
    for _ in range(2):
        document = fetch(fetcher, server.url())
        assert (document.body, document.wire_bytes) == (TEXT, len(packed))
    assert server.connections == 1


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
def test_body_without_a_length_ends_with_the_connection(
    version: bytes, fetcher: Fetcher, serve: Serve
) -> None:
    server = serve(sending(version + b" 200 OK\r\nContent-Type: text/xml\r\n\r\n" + TEXT))
    assert fetch(fetcher, server.url()).body == TEXT


def test_gzip_members_follow_each_other_and_rubbish_after_them_is_ignored(
    fetcher: Fetcher, serve: Serve
) -> None:
    packed = gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:]) + b"\0\0rubbish"
    server = serve(answering(response(packed, Content_Encoding="gzip")))
    for _ in range(2):
        assert fetch(fetcher, server.url()).body == TEXT
    assert server.connections == 1


def test_zstd_frames_follow_each_other(fetcher: Fetcher, serve: Serve) -> None:
    packed = zstandard.compress(TEXT[:1000]) + zstandard.compress(TEXT[1000:])
    assert fetch(fetcher, serve(answering(response(packed, Content_Encoding="zstd"))).url()).body == TEXT


def test_codings_are_what_is_asked_for() -> None:
    from feedsvc.fetch.body import ACCEPT_ENCODING

    assert set(ACCEPT_ENCODING.split(", ")) == set(_CODINGS) - {"x-gzip"}


# ---- or not at all ----------------------------------------------------------------------------------


@TRULY_PACKED
@pytest.mark.parametrize("missing", [1, 9, 500])
def test_packed_body_that_ends_early_is_broken(
    coding: str, pack: Callable[[bytes], bytes], missing: int, fetcher: Fetcher, serve: Serve
) -> None:
    packed = pack(TEXT)[:-missing]
    server = serve(answering(response(packed, Content_Encoding=coding)))
    assert broken(fetcher, server.url()) == CUT_SHORT


@TRULY_PACKED
def test_damaged_body_is_broken(
    coding: str, pack: Callable[[bytes], bytes], fetcher: Fetcher, serve: Serve
) -> None:
    packed = bytearray(pack(random.Random(7).randbytes(5000)))
    packed[2 if coding == "br" else 0] ^= 0xFF
    packed[len(packed) // 2] ^= 0xFF
    packed[-3] ^= 0xFF
    server = serve(answering(response(bytes(packed), Content_Encoding=coding)))
    assert broken(fetcher, server.url()) == CUT_SHORT


def test_plain_body_that_claims_to_be_packed_is_broken(fetcher: Fetcher, serve: Serve) -> None:
    for coding in ("gzip", "br", "zstd", "deflate"):
        server = serve(answering(response(TEXT[:100], Content_Encoding=coding)))
        assert broken(fetcher, server.url()) == CUT_SHORT


def test_body_packed_too_often_is_broken(fetcher: Fetcher, serve: Serve) -> None:
    server = serve(answering(response(TEXT[:100], Content_Encoding=", ".join(["gzip"] * 4))))
    assert broken(fetcher, server.url()) == CUT_SHORT


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + TEXT[:999],
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(TEXT[:999])[:-5],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(TEXT[:999])[:500],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 70_000,
    ],
    ids=["length", "length, nothing", "no last chunk", "half a chunk", "no chunk", "no number", "negative",
         "long line"],
)  # fmt: skip
def test_transfer_that_breaks_off_is_broken(answer: bytes, fetcher: Fetcher, serve: Serve) -> None:
    server = serve(sending(answer))
    for _ in range(2):
        assert broken(fetcher, server.url()) == BROKE_OFF
    assert server.connections == 2


def test_length_that_is_too_short_ends_the_body(fetcher: Fetcher, serve: Serve) -> None:
    """What follows must not be taken for the answer to the next request."""
    evil = response(b"forged")
    server = serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<rss>" + evil))
    assert [fetch(fetcher, server.url()).body for _ in range(3)] == [b"<rss>"] * 3


# ---- within bounds ----------------------------------------------------------------------------------


def too_large(fetcher: Fetcher, url: str) -> str:
    with within(20), pytest.raises(TooLarge) as caught:
        fetcher.get(Request(url=url))
    assert caught.value.kind == "too-large"
    return str(caught.value)


def test_bound_is_exact(make_fetcher: MakeFetcher, serve: Serve) -> None:
    fetcher = make_fetcher(max_bytes=1000)
    fits, does_not = TEXT[:1000], TEXT[:1001]
    server = serve(
        answering(
            response(fits),
            response(does_not),
            response(gzip.compress(fits), Content_Encoding="gzip"),
            response(gzip.compress(does_not), Content_Encoding="gzip"),
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(fits),
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(does_not),
        )
    )
    messages = []
    for _ in range(3):
        assert fetch(fetcher, server.url()).body == fits
        messages.append(too_large(fetcher, server.url()))
    assert messages == [
        "Too large: more than 1,000 bytes (fetch.max_bytes) 1,001 bytes announced.",
        "Too large: more than 1,000 bytes (fetch.max_bytes) unpacked.",
        "Too large: more than 1,000 bytes (fetch.max_bytes) transferred.",
    ]


def test_announced_size_is_refused_before_anything_is_read(fetcher: Fetcher, serve: Serve) -> None:
    def handle(server: Server, sock: socket.socket) -> None:
        server.receive(sock)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        server.stopped.wait()

    assert "99,999,999,999 bytes announced" in too_large(fetcher, serve(handle).url())


def endless_chunks(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not server.stopped.is_set():
        sock.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def endless_stream(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    while not server.stopped.is_set():
        sock.sendall(b"x" * 65536)


def one_huge_chunk(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffff\r\n")
    while not server.stopped.is_set():
        sock.sendall(b"x" * 65536)


def endless_negative_chunk(server: Server, sock: socket.socket) -> None:
    server.receive(sock)
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
    while not server.stopped.is_set():
        sock.sendall(b"x" * 65536)


def test_endless_chunk_of_negative_size_is_not_read(fetcher: Fetcher, serve: Serve) -> None:
    assert broken(fetcher, serve(endless_negative_chunk).url()) == BROKE_OFF


@pytest.mark.parametrize("handle", [endless_chunks, endless_stream, one_huge_chunk])
def test_endless_body_is_cut(
    handle: Callable[[Server, socket.socket], None], fetcher: Fetcher, serve: Serve
) -> None:
    assert too_large(fetcher, serve(handle).url()).endswith(" transferred.")


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", bare_deflate),
        ("br", lambda data: brotli.compress(data, quality=5)),
        ("zstd", zstandard.compress),
        ("zstd", zstd_without_size),
        ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    ],
)  # fmt: skip
def test_bomb_is_stopped_in_bounded_memory(
    coding: str, pack: Callable[[bytes], bytes], make_fetcher: MakeFetcher, serve: Serve
) -> None:
    megabyte = 1024 * 1024
    packed = pack(bytes(64 * megabyte))
    assert len(packed) < megabyte / 4
    server = serve(answering(response(packed, Content_Encoding=coding)))
    fetcher = make_fetcher(max_bytes=megabyte)
    tracemalloc.start()
    try:
        assert too_large(fetcher, server.url()).endswith(" unpacked.")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * megabyte


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_pieces_of_a_bomb_are_small(coding: str) -> None:
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[coding](
        bytes(10_000_000)
    )
    pieces = [len(piece) for piece in _unpack(iter([packed]), coding)]
    assert sum(pieces) == 10_000_000
    assert max(pieces) <= 2 * _PIECE
