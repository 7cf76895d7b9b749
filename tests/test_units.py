from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from feedsvc.units import Interval, Size, read_duration, read_size, write_duration, write_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20s", 20), ("15m", 900), ("1h", 3600), ("1h30m", 5400), ("730d", 63_072_000), ("1d1h1m1s", 90_061)],
)
def test_a_duration_reads_and_writes_the_same(text: str, seconds: int) -> None:
    assert read_duration(text) == timedelta(seconds=seconds)
    assert write_duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    "text", ["", "15", "m", "15 m", "1m1h", "-1m", "1.5h", "PT15M", "2w", "15min", "1h ", "１m"]
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"written like 20s, 15m, 1h30m or 730d, not '"):
        read_duration(text)


@pytest.mark.parametrize("value", [15, 1.5, None, True, []])
def test_a_number_without_a_unit_is_no_duration(value: object) -> None:
    with pytest.raises(ValueError, match="written like"):
        read_duration(value)


@given(st.integers(0, 10**9))
def test_every_duration_survives(seconds: int) -> None:
    assert read_duration(write_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "size"), [("512KB", 512_000), ("10MB", 10_000_000), ("1GB", 10**9), ("7B", 7)]
)
def test_a_size_reads_and_writes_the_same(text: str, size: int) -> None:
    assert read_size(text) == size
    assert write_size(size) == text


def test_a_plain_number_is_a_size_in_bytes() -> None:
    assert read_size(1234) == 1234


@pytest.mark.parametrize(
    "value", ["10", "10 MB", "10mb", "0MB", "-1KB", "1.5MB", "1MiB", 0, -1, True, None, 1.5]
)
def test_anything_else_is_no_size(value: object) -> None:
    with pytest.raises(ValueError, match="written like 512KB or 10MB"):
        read_size(value)


class Model(BaseModel):
    every: Interval
    most: Size


def test_models_read_and_write_them() -> None:
    model = Model.model_validate_json('{"every": "90s", "most": "10MB"}', strict=True)
    assert model.every == timedelta(seconds=90)
    assert model.model_dump_json() == '{"every":"1m30s","most":"10MB"}'


def test_an_interval_has_at_least_a_second() -> None:
    with pytest.raises(ValidationError, match="must be at least 1s, not 0s"):
        Model.model_validate({"every": "0s", "most": 1})
