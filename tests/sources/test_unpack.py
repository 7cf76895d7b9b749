"""What is in a gzip file that came as the document itself, and is it no bomb?"""

import contextlib
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import ParseError
from feedsvc.sources.unpack import unpacked

TEXT = b"some text, " * 99


def test_what_is_packed_once_or_twice() -> None:
    assert unpacked(TEXT, 9_999) == TEXT
    assert unpacked(gzip.compress(TEXT), 9_999) == TEXT
    assert unpacked(gzip.compress(gzip.compress(TEXT)), 9_999) == TEXT


def test_members_and_padding() -> None:
    assert unpacked(gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0", 9) == b"ab"


@pytest.mark.parametrize("most", [0, 10, len(TEXT) - 1])
def test_more_than_is_allowed(most: int) -> None:
    with pytest.raises(ParseError, match="more bytes than are allowed"):
        unpacked(gzip.compress(TEXT), most)


def test_just_as_much_as_is_allowed() -> None:
    assert unpacked(gzip.compress(TEXT), len(TEXT)) == TEXT


def test_too_many_members() -> None:
    with pytest.raises(ParseError, match="more than 100 members"):
        unpacked(gzip.compress(b"") * 101, 9_999)


@given(st.integers(2, 40))
def test_what_breaks_off(count: int) -> None:
    with pytest.raises(ParseError, match=r"breaks off|broken"):
        unpacked(gzip.compress(TEXT)[:count], 9_999)


@given(st.binary(max_size=200))
def test_anything_else_is_an_error_or_something(rest: bytes) -> None:
    with contextlib.suppress(ParseError):
        assert len(unpacked(b"\x1f\x8b" + rest, 500)) <= 500
