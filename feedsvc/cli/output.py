"""How is something shown: as a table for people, as JSON lines for programs, never as terminal codes?

Data goes to stdout, everything else to stderr. What comes from sources is untrusted here as well: control
characters, which a terminal would obey, are taken out.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedsvc.model import Poll
from feedsvc.units import write_duration

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
SHORT: Final = 20  # characters; a column that has no longer ones is never folded
WIDE: Final = 10_000  # columns when nobody watches: nothing is cut

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))

Cell = str | Text | int | None


def plain(text: object) -> str:
    """One line that a terminal only shows: control, direction and surrogate characters become a space."""
    return CONTROL.sub(" ", str(text))


def say(message: str) -> None:
    """Progress and remarks, for people: stderr, unless they asked for quiet."""
    ctx = click.get_current_context(silent=True)
    quiet = ctx is not None and ctx.meta.get("feedsvc.options", {}).get("quiet", 0)
    if not quiet:
        click.echo(message, err=True)


def console(*, stderr: bool = False) -> Console:
    """A rich console on the real stream of this moment; uncut lines where it is no terminal."""
    ctx = click.get_current_context(silent=True)
    no_color = ctx is not None and ctx.color is False
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        file=stream,
        no_color=no_color or None,
        width=None if stream.isatty() else WIDE,
        highlight=False,
        markup=False,
        soft_wrap=False,
    )


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, empty: str) -> None:
    """Print rows under headings, or say why there are none."""
    lines = list(rows)
    if not lines:
        say(empty)
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        numeric = all(isinstance(line[number], int | None) for line in lines)
        whole = numeric or all(len(str(line[number])) <= SHORT for line in lines)
        grid.add_column(name, justify="right" if numeric else "left", overflow="fold", no_wrap=whole)
    for line in lines:
        grid.add_row(*(cell if isinstance(cell, Text) else Text(_cell(cell)) for cell in line))
    show(grid)


def hanging(head: Text | str, body: Text | str) -> Table:
    """``body`` behind ``head``, and where it is too long for the terminal, indented below itself."""
    grid = Table(box=None, pad_edge=False, show_header=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(
        head if isinstance(head, Text) else Text(head), body if isinstance(body, Text) else Text(body)
    )
    return grid


def facts(pairs: Iterable[tuple[str, Cell]]) -> None:
    """Print one thing's properties, a line each; those that are unknown are left out."""
    grid = Table(box=None, pad_edge=False, show_header=False)
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in pairs:
        if value is not None and str(value):
            grid.add_row(Text(name), value if isinstance(value, Text) else Text(_cell(value)))
    show(grid)


def show(grid: Table) -> None:
    """Without the blanks that fill up the last column: they wrap in a narrower window and spoil a copy."""
    out = console()
    with out.capture() as captured:
        out.print(grid)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def json_line(value: object) -> None:
    """One JSON value on one line of stdout."""
    text = json.dumps(jsonable(value), ensure_ascii=False)
    click.echo(text.encode(errors="backslashreplace").decode())  # a lone surrogate, as JSON writes it


def jsonable(value: Any) -> Any:
    """Dataclasses as objects, times as ISO 8601, durations as in the config."""
    if is_dataclass(value) and not isinstance(value, type):
        return jsonable(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return write_duration(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def write(body: bytes, target: Path | None) -> None:
    """Bytes as they are, to a file or (None or ``-``) to stdout."""
    if target is None or str(target) == "-":
        click.echo(body, nl=False)
        return
    try:
        target.write_bytes(body)
    except OSError as error:
        raise click.FileError(str(target), hint=error.strerror) from error
    say(f"{len(body)} bytes to {target}")


def ago(when: datetime | None, now: datetime) -> str:
    """``8 min ago``, ``in 2 h``, ``never``."""
    if when is None:
        return "never"
    seconds = (now - when).total_seconds()
    size = abs(seconds)
    unit, name = next((pair for pair in _UNITS if size >= pair[0]), _UNITS[-1])
    count = f"{int(size / unit)} {name}"
    return f"{count} ago" if seconds >= 0 else f"in {count}"


def counted(number: int, noun: str) -> str:
    """``1 article``, ``2 articles``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def outcome(record: Poll) -> str:
    """What came of a poll, in a few words."""
    if record.outcome == "failed":
        return plain(record.error)
    if record.outcome == "unchanged":
        return "nothing changed"
    gone = f", {record.retracted} gone" if record.retracted else ""
    return f"{record.found} found, {record.new} new, {record.updated} updated{gone}"


def _cell(value: Cell) -> str:
    return "" if value is None else plain(value)
