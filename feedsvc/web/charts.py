"""How do numbers of days become small pictures? As path data of SVG, drawn here, styled by the sheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

SPARK_HEIGHT: Final = 24
SPARK_STEP: Final = 6
BAR_HEIGHT: Final = 24
BAR_STEP: Final = 4
BAR_WIDTH: Final = 3
STUB: Final = 2  # a day without visits, or nothing new
LEAST: Final = 3  # of a bar: one failure among a thousand must be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """A column a day. ``path`` is empty where there is nothing at all."""

    path: str
    width: int
    height: int = SPARK_HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A bar a day: what went well (``good``) under what failed (``bad``), or a stub (``none``)."""

    good: str
    bad: str
    none: str
    width: int
    height: int = BAR_HEIGHT


def spark(numbers: Sequence[int]) -> Spark:
    """Columns as high as the numbers, the highest fills the height."""
    most = max(numbers, default=0)
    columns = (
        _box(
            index * SPARK_STEP,
            SPARK_STEP - 2,
            max(STUB, round(SPARK_HEIGHT * number / most)),
            foot=SPARK_HEIGHT,
        )
        for index, number in enumerate(numbers)
    )
    return Spark(path="".join(columns) if most else "", width=len(numbers) * SPARK_STEP - 2)


def strip(days: Iterable[tuple[int, int]]) -> Strip:
    """``days``: (visits, failed ones) of each, oldest first; no visits leave a stub."""
    good, bad, none = [], [], []
    number = 0
    for number, (visits, failed) in enumerate(days, start=1):
        left = (number - 1) * BAR_STEP
        if not visits:
            none.append(_box(left, BAR_WIDTH, STUB, foot=BAR_HEIGHT))
            continue
        high = 0 if not failed else max(LEAST, round(BAR_HEIGHT * failed / visits))
        if high:
            bad.append(_box(left, BAR_WIDTH, high, foot=high))
        if high < BAR_HEIGHT:
            good.append(_box(left, BAR_WIDTH, BAR_HEIGHT - high, foot=BAR_HEIGHT))
    width = max(0, number * BAR_STEP - (BAR_STEP - BAR_WIDTH))
    return Strip(good="".join(good), bad="".join(bad), none="".join(none), width=width)


def _box(left: int, width: int, height: int, *, foot: int) -> str:
    """A rectangle that stands on ``foot``; y grows downwards."""
    return f"M{left} {foot}v-{height}h{width}v{height}z"
