"""How are durations and sizes written in the config: ``1h30m``, ``10MB``?"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

DURATION_PATTERN: Final = r"^(?=.)([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$"
SIZE_PATTERN: Final = r"^[1-9][0-9]{0,11}(B|KB|MB|GB)$"
_UNITS: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_SIZES: Final = (("GB", 10**9), ("MB", 10**6), ("KB", 10**3), ("B", 1))


def read_duration(value: object) -> timedelta:
    """``"1h30m"`` -> 90 minutes; units d, h, m, s, largest first. ValueError shows the form."""
    if isinstance(value, timedelta):
        return value
    found = re.match(DURATION_PATTERN, value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"a duration is written like 20s, 15m, 1h30m or 730d, not {_shown(value)}")
    counts = [int(part[:-1]) if part else 0 for part in found.groups()]
    return timedelta(seconds=sum(count * unit for count, (_, unit) in zip(counts, _UNITS, strict=True)))


def write_duration(value: timedelta) -> str:
    """90 minutes -> ``"1h30m"``: what ``read_duration`` reads. Parts of a second are dropped."""
    rest = int(value.total_seconds())
    parts = []
    for name, unit in _UNITS:
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count}{name}")
    return "".join(parts) or "0s"


def read_size(value: object) -> int:
    """``"10MB"`` -> 10,000,000 bytes; units B, KB, MB, GB (powers of 1000), or a plain number of bytes."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str) and re.match(SIZE_PATTERN, value):
        count, unit = re.findall(r"[0-9]+|[A-Z]+", value)
        return int(count) * dict(_SIZES)[unit]
    raise ValueError(f"a size is written like 512KB or 10MB, not {_shown(value)}")


def write_size(value: int) -> str:
    """10,000,000 -> ``"10MB"``: the largest unit that keeps it exact."""
    unit, size = next(pair for pair in _SIZES if value % pair[1] == 0)
    return f"{value // size}{unit}"


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)


def at_least(low: timedelta) -> Callable[[timedelta], timedelta]:
    """A validator that refuses shorter durations."""

    def check(value: timedelta) -> timedelta:
        if value < low:
            raise ValueError(f"must be at least {write_duration(low)}, not {write_duration(value)}")
        return value

    return check


Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    PlainSerializer(write_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["15m", "1h30m", "730d"]}),
]
Interval = Annotated[Duration, AfterValidator(at_least(timedelta(seconds=1)))]
Size = Annotated[
    int,
    BeforeValidator(read_size),
    PlainSerializer(write_size, return_type=str),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": SIZE_PATTERN}, {"type": "integer", "minimum": 1}]}
    ),
]
