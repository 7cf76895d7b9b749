"""How does a source become stored articles? Fetched, parsed, recognised, cleaned and saved as one."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from feedsvc import schedule
from feedsvc.config.secrets import reveal
from feedsvc.errors import BadStatus, FetchError, ParseError, Stopped
from feedsvc.follow import Gathered, Texts, explained, gather, read_pages, until, wants_pages
from feedsvc.model import (
    Article,
    ChangedArticle,
    Document,
    Followed,
    Harvest,
    HubLink,
    NewArticle,
    NotModified,
    Parsed,
    Poll,
    Source,
    SourceState,
    Touched,
    Validators,
)
from feedsvc.refine.clean import clean
from feedsvc.refine.identity import keys
from feedsvc.refine.recognise import Sighting, ids, is_change, is_unchanged, recognise, updated_at
from feedsvc.services import Services
from feedsvc.sources import TYPES

# Options that have no say in how a document is read.
NOT_READ_BY = {"id", "title", "categories", "every", "enabled", "was", "content", "rights", "hold"}
NOT_READ_BY |= {"retract", "push"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one look at a source brought; nothing of it is stored yet."""

    record: Poll
    harvest: Harvest | None = None
    validators: Validators | None = None


def collect_source(
    services: Services, source_id: str, *, lease: str, trigger: str = "due", force: bool = False
) -> Poll:
    """Poll one source, which the caller has leased, and save what it brings; returns the poll as saved.

    A source that fails is a poll that failed, not an exception. ``force`` asks unconditionally.

    :raises NotFound: if the config in force has no such source.
    :raises LeaseLost: if somebody else took the source over; nothing was saved.
    :raises Stopped: if the service is shutting down; nothing was saved.
    :raises StoreError: if the database refuses; nothing was saved.
    """
    source = services.config().source(source_id)
    state = services.store.source_state(source_id)
    visit = visit_source(services, source, state, trigger=trigger, force=force)
    return services.store.finish(
        lease=lease,
        record=visit.record,
        harvest=visit.harvest,
        validators=visit.validators,
        now=services.clock(),
    )


def visit_source(
    services: Services, source: Source, state: SourceState, *, trigger: str = "due", force: bool = False
) -> Visit:
    """Fetch, parse, recognise and clean; stores nothing. ``force`` asks unconditionally."""
    started = services.clock()
    try:
        visit = _visit(services, source, state, None if force else _validators(source, state), started)
    except Stopped:
        raise
    except (FetchError, ParseError) as error:
        visit = Visit(record=_failed(source, state, error, started))
    took = round((services.clock() - started) / timedelta(milliseconds=1))
    return replace(visit, record=replace(visit.record, trigger=trigger, ms=took))


def preview(
    services: Services, source: Source, document: Document | None = None, *, pages: int = 0
) -> list[NewArticle]:
    """What a source would give if nothing of it were known yet, in its own order; stores nothing.

    ``document`` is used in place of a fetch, and then nothing else is fetched. ``pages``: of how many
    articles the pages are read, where the source wants that.

    :raises FetchError: :raises ParseError: as the source has it.
    """
    now = services.clock()
    limit = until(services, now)
    mine = reveal(source, services.environment)
    fetched = document or _fetch(services, mine, None)
    assert isinstance(fetched, Document), "asked unconditionally"
    if document is None:
        parsed = gather(services, mine, fetched, recall=_nothing, fingerprint="", until=limit).parsed
    else:
        parsed = TYPES[source.type].parse(mine, fetched)
    found = recognise(parsed.items, keys(parsed.items), {})
    if pages and document is None and wants_pages(source):
        texts = read_pages(services, mine, found, recall=_nothing, most=pages, until=limit)
        read = {one.keys: one for one in texts.sightings}
        found = tuple(read.get(one.keys, one) for one in found)
    return [_new(services, source, one, _cleaned(source, fetched, parsed, one, now)) for one in found]


def fingerprint(source: Source) -> str:
    """Names what decides how a document is read: the source's options and its parser's revision.

    Validators earned under another fingerprint are not sent: the same bytes may now read differently.
    """
    options = source.model_dump_json(exclude=NOT_READ_BY)
    return hashlib.sha256(f"{TYPES[source.type].revision}\0{options}".encode()).hexdigest()


def _validators(source: Source, state: SourceState) -> Validators | None:
    return state.validators if state.validators.fingerprint == fingerprint(source) else None


def _visit(
    services: Services, source: Source, state: SourceState, known: Validators | None, started: datetime
) -> Visit:
    """:raises FetchError: :raises ParseError:"""
    mine = reveal(source, services.environment)
    fetched = _fetch(services, mine, known)
    if isinstance(fetched, NotModified):
        validators = replace(fetched.validators, fingerprint=fingerprint(source))
        return Visit(record=_unchanged(source, state, fetched, started), validators=validators)
    limit = until(services, started)
    recall = partial(services.store.followed, source.id)
    gathered = gather(services, mine, fetched, recall=recall, fingerprint=fingerprint(source), until=limit)
    sightings = _recognised(services, source, gathered.parsed)
    worth_it = tuple(one for one in sightings if not is_unchanged(one))
    texts = Texts(sightings=worth_it)
    if wants_pages(source):
        texts = read_pages(services, mine, worth_it, recall=recall, until=limit)
    harvest = _harvest(services, source, fetched, gathered, texts, started)
    if gathered.parsed.complete or _tells_retractions(source, gathered):
        present = frozenset(one.known.n for one in sightings if one.known is not None)
        harvest = replace(harvest, present=present, partial=not gathered.parsed.complete)
    record = _collected(source, state, fetched, gathered, texts, harvest, started)
    return Visit(record=record, harvest=harvest)


def _tells_retractions(source: Source, gathered: Gathered) -> bool:
    """Was the whole list read, of a source whose gaps mean something?"""
    return source.retract and not (gathered.again or gathered.unread or gathered.parsed.rejected)


def _nothing(_: Iterable[str]) -> Mapping[str, Followed]:
    """What a look that stores nothing remembers."""
    return {}


def _fetch(services: Services, source: Source, validators: Validators | None) -> Document | NotModified:
    request = TYPES[source.type].start(source)
    try:
        return services.fetcher.get(request, validators=validators, configured=True)
    except BadStatus as error:
        raise explained(error) from error


def _recognised(services: Services, source: Source, parsed: Parsed) -> tuple[Sighting, ...]:
    """The items of a source, each with the article that it is, if we have it."""
    found = keys(parsed.items)
    wanted = (key for one in found if one is not None for key in (one.primary, *one.aliases))
    return recognise(parsed.items, found, services.store.known(source.id, wanted))


def _harvest(
    services: Services, source: Source, document: Document, gathered: Gathered, texts: Texts, now: datetime
) -> Harvest:
    """Sort what was seen into new, changed and touched articles."""
    new: list[NewArticle] = []
    changed: list[ChangedArticle] = []
    touched = [Touched(n=one.known.n, keys=one.keys) for one in texts.unchanged if one.known is not None]
    for one in texts.sightings:
        article = _cleaned(source, document, gathered.parsed, one, now)
        if one.known is None:
            new.append(_new(services, source, one, article))
        elif is_change(one.known, article):
            when = updated_at(one.known, article, now)
            changed.append(ChangedArticle(n=one.known.n, keys=one.keys, article=article, updated=when))
        else:
            touched.append(Touched(n=one.known.n, keys=one.keys))
    again = gathered.points or gathered.again or gathered.unread or texts.again or texts.unread
    validators = Validators() if again else replace(document.validators, fingerprint=fingerprint(source))
    parsed = gathered.parsed
    return Harvest(
        validators=validators,  # none while something is left to read: the next poll must see it all again
        followed=(*gathered.followed, *texts.followed),
        new=tuple(new),
        changed=tuple(changed),
        touched=tuple(touched),
        hold=source.hold,
        title=parsed.title,
        link=parsed.link,
        feed_id=parsed.feed_id,
        language=parsed.language,
        hub=_hub(parsed),
    )


def _hub(parsed: Parsed) -> HubLink | None:
    return HubLink(hub=parsed.hub, topic=parsed.self_url) if parsed.hub and parsed.self_url else None


def _cleaned(source: Source, document: Document, parsed: Parsed, one: Sighting, now: datetime) -> Article:
    return clean(one.item, source=source, base_url=document.url, now=now, language=parsed.language)


def _new(services: Services, source: Source, one: Sighting, article: Article) -> NewArticle:
    return NewArticle(
        keys=one.keys,
        ids=ids(services.tag, source.id, one.keys),
        article=article,
        evidence=one.item.evidence,
    )


def _collected(
    source: Source,
    state: SourceState,
    document: Document,
    gathered: Gathered,
    texts: Texts,
    harvest: Harvest,
    now: datetime,
) -> Poll:
    unread = gathered.unread + texts.unread
    last_new = now if harvest.new else state.last_new
    return Poll(
        source_id=source.id,
        started=now,
        outcome="ok",
        status=document.status,
        wire_bytes=document.wire_bytes + gathered.wire_bytes + texts.wire_bytes,
        found=len(gathered.parsed.items),
        new=len(harvest.new),
        updated=len(harvest.changed),
        rejected=(*gathered.parsed.rejected, *texts.rejected),
        next_check=schedule.after_success(
            source.id, source.every, now, unread=unread, push=state.push, last_new=last_new
        ),
    )


def _unchanged(source: Source, state: SourceState, answer: NotModified, now: datetime) -> Poll:
    return Poll(
        source_id=source.id,
        started=now,
        outcome="unchanged",
        status=answer.status,
        wire_bytes=answer.wire_bytes,
        next_check=schedule.after_success(
            source.id, source.every, now, push=state.push, last_new=state.last_new
        ),
    )


def _failed(source: Source, state: SourceState, error: FetchError | ParseError, now: datetime) -> Poll:
    bad = error if isinstance(error, BadStatus) else None
    return Poll(
        source_id=source.id,
        started=now,
        outcome="failed",
        status=bad.status if bad else None,
        error_kind=error.kind,
        error=str(error),
        next_check=schedule.after_failure(
            source.id,
            source.every,
            now,
            failures=state.failures + 1,
            retry_after=bad.retry_after if bad else None,
        ),
    )
