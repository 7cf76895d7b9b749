"""What does an address give as a source: fetched, parsed by its type and cleaned like any other?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from feedsvc.collect import preview
from feedsvc.discover import have
from feedsvc.errors import ParseError
from feedsvc.model import Document, NewArticle, Parsed, Source
from feedsvc.pages.alternates import Candidate
from feedsvc.services import Services
from feedsvc.sources import TYPES, json_feed
from feedsvc.sources.defuse import root_name
from feedsvc.sources.discover import Have, Proposal, judged
from feedsvc.sources.doubts import Asked

ID: Final = "new"  # of a source that has no name yet
_FORMATS: Final = {"feed": "Atom", "rss": "RSS", "rdf": "RSS", "channel": "RSS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """What all trials of one discovery share."""

    services: Services
    asked: Asked
    now: datetime

    def feed(self, candidate: Candidate, document: Document) -> Proposal | None:
        """A document as a feed; None if it is none."""
        source = source_of("feed", url=_lasting_address(candidate, document))
        return self.proposal(candidate, source, document, format=_format(document))

    def proposal(
        self,
        candidate: Candidate,
        source: Source,
        document: Document,
        *,
        format: str = "",
        trust: float = 1.0,
        title: str | None = None,
    ) -> Proposal | None:
        """A document as what ``source`` reads; None if it is something else."""
        try:
            parsed: Parsed = TYPES[source.type].parse(source, document)
            found = preview(self.services, source, document)
        except ParseError:
            return None
        made = judged(
            candidate,
            source,
            [one.article for one in found],
            asked=self.asked,
            now=self.now,
            title=title or parsed.title,
            format=format,
            trust=trust,
        )
        return replace(made, have=self._have(source, document, found))

    def _have(self, source: Source, document: Document, found: Sequence[NewArticle]) -> Have | None:
        urls = [source.location, document.url, *(url for _, url in document.hops)]
        same = have.by_address(self.services, urls)
        return same or have.by_articles(self.services, found, [*urls, self.asked.url])


def source_of(kind: str, **values: object) -> Source:
    source: Source = TYPES[kind].model.model_validate({"id": ID, "type": kind, **values})
    return source


def _lasting_address(candidate: Candidate, document: Document) -> str:
    """Where the document is now, if it moved there for good; a login that is in the address stays in it."""
    for_good = bool(document.hops) and all(status in {301, 308} for status, _ in document.hops)
    return document.url if for_good and "@" not in candidate.url else candidate.url


def _format(document: Document) -> str:
    if json_feed.looks_like_one(document.body):
        return "JSON Feed"
    return _FORMATS.get(root_name(document.body).rpartition(":")[2].lower(), "")
