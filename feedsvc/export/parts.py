"""What is a site made of, before it is written? Parts, each with a key that tells whether it changed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

GZ: Final = ".gz"
BR: Final = ".br"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of the site. ``path`` is below the directory, with slashes; ``packed`` are the same bytes
    compressed, by the ending that their names get. ``modified`` is what the application sends as
    Last-Modified, where it sends one."""

    path: str
    body: bytes = field(repr=False)
    packed: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Files that are made together. While ``key`` is the same they would be too, and are not made."""

    name: str
    key: str
    make: Callable[[], Iterable[File]]


def worth_it(body: bytes, *, gz: bytes | None, br: bytes | None) -> Mapping[str, bytes]:
    """The compressed forms that a server should choose wherever a reader takes them: each smaller than the
    one before it, since servers take br before gz before none."""
    packed = {}
    size = len(body)
    for ending, one in ((GZ, gz), (BR, br)):
        if one is not None and len(one) < size:
            packed[ending], size = one, len(one)
    return packed
