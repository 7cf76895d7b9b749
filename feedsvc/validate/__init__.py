"""Is a document a good feed: by its format's specification, and by what readers and caches need?

Pure: bytes in, findings out. ``rules`` is the table of all rules; ``rss``, ``atom`` and ``json_feed`` know
the formats, ``vocabularies`` what they borrow, ``links``, ``markup`` and ``values`` what is alike in all of
them, ``http`` how they are served.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Final

from feedsvc.model import Document, NotModified
from feedsvc.validate import atom, http, json_feed, rss, tree
from feedsvc.validate.rules import RULES, Finding, Level, found

__all__ = ["RULES", "Finding", "Level", "Report", "validate"]

MOST: Final = 5_000  # findings that are told of one document
_DRAFT: Final = "{http://purl.org/atom/ns#}feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a document is (``RSS 2.0``; empty: no feed), its number of entries, and what is wrong, by line."""

    kind: str
    entries: int
    findings: tuple[Finding, ...]

    def count(self, level: Level) -> int:
        return sum(finding.level == level for finding in self.findings)


def validate(
    document: Document, *, now: datetime, again: Document | NotModified | None = None, fetched: bool = False
) -> Report:
    """``fetched``: ``document.url`` is where it is served, with these headers; ``again`` is the answer to
    asking there once more with its own validators."""
    url = document.url if fetched else None
    kind, entries, of_document = _judged(document.body, now=now, url=url)
    served = http.check(document, kind, again) if fetched and kind else ()
    findings = list(islice(chain(served, of_document), MOST + 1))
    if len(findings) > MOST:
        findings[MOST:] = [found("too-many", most=MOST)]
    in_order = sorted(findings, key=lambda one: one.line or 0)
    return Report(kind=kind, entries=entries, findings=tuple(dict.fromkeys(in_order)))


def _judged(body: bytes, *, now: datetime, url: str | None) -> tuple[str, int, Iterable[Finding]]:
    """(kind, number of entries, findings as they are found)."""
    if json_feed.looks_like_one(body):
        return json_feed.check(body, now=now, url=url)
    root, problems = tree.parsed(body)
    if root is None:
        return "", 0, problems
    if atom.is_atom(root):
        findings = atom.check(root, now=now, url=url)
        return "Atom 1.0", len(atom.entries(root)), chain(problems, findings)
    if (read := rss.read(root)) is not None:
        findings = rss.check(read, now=now, url=url)
        return read.name, len(read.items), chain(problems, findings)
    if root.tag == _DRAFT:
        return "", 0, [found("version-draft", line=tree.line(root), version="Atom 0.3")]
    return "", 0, [found("no-feed", line=1, what=f"<{tree.name(root)}>")]
