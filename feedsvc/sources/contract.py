"""What must a source type give to be one?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from feedsvc.model import Document, Parsed, Request, Source

S = TypeVar("S", bound=Source)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceType(Generic[S]):
    """One way to collect articles. Pure: what to fetch, and what the fetched bytes say.

    ``parse`` raises ParseError where the document is not what this type reads, and nothing else.
    ``revision`` is raised when it reads the same bytes differently: every source is then read anew,
    although its document has not changed.
    """

    name: str
    model: type[S]
    start: Callable[[S], Request]
    parse: Callable[[S, Document], Parsed]
    revision: int
