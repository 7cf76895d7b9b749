"""What came of an errand, in one line for the log?"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``event`` in a word or three; ``facts`` never hold a callback or a secret, only hosts and feeds."""

    event: str
    failed: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)
