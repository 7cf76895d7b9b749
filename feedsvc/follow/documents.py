"""What do a source's further documents say: the next pages of its list, the sitemaps of its index?"""

import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from feedsvc.addresses import show_url
from feedsvc.errors import FetchError, ParseError, Stopped
from feedsvc.follow.answers import Recall, is_own, is_passing
from feedsvc.model import Document, Followed, NotModified, Parsed, ParsedItem, Request, Source, Validators
from feedsvc.services import Services
from feedsvc.sources import TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All documents of a source as one.

    ``unread``: how many there was no time for. ``again``: one could not be had, but perhaps next time.
    ``points``: the first one says nothing itself, it may stay the same while those that it names change.
    """

    parsed: Parsed
    followed: tuple[Followed, ...] = ()
    unread: int = 0
    again: bool = False
    points: bool = False
    wire_bytes: int = 0


def gather(
    services: Services, source: Source, first: Document, *, recall: Recall, fingerprint: str, until: datetime
) -> Gathered:
    """What the first document of a source says, and those that it asks for, each address once.

    ``recall`` knows the addresses that were visited before, ``fingerprint`` names how they are read now.

    A document that cannot be had or read costs only itself, and is told; but one that says nothing by
    itself and leads to nothing readable is an error.

    :raises ParseError: :raises FetchError: as the first document, or all that it leads to, have it.
    """
    gathering = _Gathering(
        services=services, source=source, recall=recall, fingerprint=fingerprint, until=until
    )
    return gathering.run(first)


@dataclass(slots=True, kw_only=True)
class _Gathering:
    services: Services
    source: Source
    recall: Recall
    fingerprint: str
    until: datetime
    found: list[Parsed] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)
    errors: list[tuple[str, FetchError | ParseError]] = field(default_factory=list)
    unchanged: int = 0
    wire_bytes: int = 0

    def run(self, first: Document) -> Gathered:
        parse = TYPES[self.source.type].parse
        self.found.append(parse(self.source, first))
        waiting, seen = deque(self.found[0].follow), {_name(Request(url=first.url))}
        known = self._known(waiting)
        unread = 0
        while waiting:
            request = waiting.popleft()
            if _name(request) in seen:
                continue
            if len(seen) >= self.source.documents:
                break  # as many as are wanted
            if self.services.clock() >= self.until:
                unread += 1
                continue
            seen.add(_name(request))
            more = self._read(request, known.get(_name(request)))
            known |= self._known(more)
            waiting.extendleft(reversed(more))  # what a document leads to follows it
        return self._all(unread)

    def _known(self, requests: Iterable[Request]) -> dict[str, Followed]:
        names = [_name(request) for request in requests]
        return dict(self.recall(names)) if names else {}

    def _read(self, request: Request, known: Followed | None) -> Sequence[Request]:
        try:
            answer = self.services.fetcher.get(
                request, validators=self._validators(known), configured=is_own(self.source, request.url)
            )
            self.wire_bytes += answer.wire_bytes
            if isinstance(answer, NotModified):
                self.unchanged += 1
                return ()
            parsed = TYPES[self.source.type].parse(self.source, answer)
        except Stopped:
            raise
        except (FetchError, ParseError) as error:
            self.errors.append((show_url(request.url), error))
            return ()
        self.found.append(replace(parsed, items=tuple(_based(one, answer.url) for one in parsed.items)))
        if parsed.items:  # what only points to others may stay the same while they change
            mine = replace(answer.validators, fingerprint=self.fingerprint)
            self.followed.append(Followed(url=_name(request), validators=mine))
        return parsed.follow

    def _validators(self, known: Followed | None) -> Validators | None:
        fits = known is not None and known.validators.fingerprint == self.fingerprint
        return known.validators if fits and known is not None else None

    def _all(self, unread: int) -> Gathered:
        first, rest = self.found[0], self.found[1:]
        readable = self.unchanged or any(one.items for one in self.found)
        if self.errors and not readable:
            raise self.errors[0][1]
        told = tuple(f"{url}: {error}" for url, error in self.errors)
        return Gathered(
            parsed=replace(
                first,
                items=tuple(item for one in self.found for item in one.items),
                rejected=(*(reason for one in self.found for reason in one.rejected), *told),
                complete=all(one.complete for one in self.found) and not self.errors,
                title=first.title or next((one.title for one in rest if one.title), None),
                link=first.link or next((one.link for one in rest if one.link), None),
                language=first.language or next((one.language for one in rest if one.language), None),
            ),
            followed=tuple(self.followed),
            unread=unread,
            again=any(is_passing(error) for _, error in self.errors),
            points=bool(first.follow and not first.items),
            wire_bytes=self.wire_bytes,
        )


def _based(item: ParsedItem, url: str) -> ParsedItem:
    """The item on its own document's address, where the first document's would be taken."""
    return item if item.base_url else replace(item, base_url=url)


def _name(request: Request) -> str:
    """What tells one request from another."""
    if request.body is None:
        return request.url
    return f"{request.url}#{hashlib.sha256(request.body).hexdigest()}"
