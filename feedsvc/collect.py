"""How does a source become stored articles? Fetched, parsed, recognised, cleaned and saved as one."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedsvc import schedule
from feedsvc.errors import BadStatus, FetchError, ParseError, Stopped
from feedsvc.model import (
    ChangedArticle,
    Document,
    Harvest,
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
from feedsvc.refine.recognise import ids, is_change, is_unchanged, recognise, updated_at
from feedsvc.services import Services
from feedsvc.sources import TYPES


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
        fetched = _fetch(services, source, None if force else _validators(source, state))
        if isinstance(fetched, NotModified):
            mine = replace(fetched.validators, fingerprint=fingerprint(source))
            visit = Visit(record=_unchanged(source, fetched, started), validators=mine)
        else:
            parsed = TYPES[source.type].parse(source, fetched)
            harvest = _harvest(services, source, fetched, parsed, started)
            visit = Visit(record=_collected(source, fetched, parsed, harvest, started), harvest=harvest)
    except Stopped:
        raise
    except (FetchError, ParseError) as error:
        visit = Visit(record=_failed(source, state, error, started))
    took = round((services.clock() - started) / timedelta(milliseconds=1))
    return replace(visit, record=replace(visit.record, trigger=trigger, ms=took))


def preview(services: Services, source: Source, document: Document | None = None) -> list[NewArticle]:
    """What a source would give if nothing of it were known yet, in its own order; stores nothing.

    ``document`` is used in place of a fetch.

    :raises FetchError: :raises ParseError: as the source has it.
    """
    fetched = document or _fetch(services, source, None)
    assert isinstance(fetched, Document), "asked unconditionally"
    parsed = TYPES[source.type].parse(source, fetched)
    now = services.clock()
    return [
        NewArticle(
            keys=one.keys,
            ids=ids(services.tag, source.id, one.keys),
            article=clean(one.item, source=source, base_url=fetched.url, now=now, language=parsed.language),
        )
        for one in recognise(parsed.items, keys(parsed.items), {})
    ]


def fingerprint(source: Source) -> str:
    """Names what decides how a document is read: the source's options and its parser's revision.

    Validators earned under another fingerprint are not sent: the same bytes may now read differently.
    """
    options = source.model_dump_json(exclude={"id", "title", "categories", "every", "enabled", "was"})
    return hashlib.sha256(f"{TYPES[source.type].revision}\0{options}".encode()).hexdigest()


def _validators(source: Source, state: SourceState) -> Validators | None:
    return state.validators if state.validators.fingerprint == fingerprint(source) else None


def _fetch(services: Services, source: Source, validators: Validators | None) -> Document | NotModified:
    request = TYPES[source.type].start(source)
    return services.fetcher.get(request, validators=validators, configured=True)


def _harvest(
    services: Services, source: Source, document: Document, parsed: Parsed, now: datetime
) -> Harvest:
    """Sort a document's items into new, changed and touched articles."""
    item_keys = keys(parsed.items)
    known = services.store.known(
        source.id, (key for one in item_keys if one is not None for key in (one.primary, *one.aliases))
    )
    new: list[NewArticle] = []
    changed: list[ChangedArticle] = []
    touched: list[Touched] = []
    present: set[int] = set()
    for sighting in recognise(parsed.items, item_keys, known):
        if sighting.known is not None:
            present.add(sighting.known.n)
        if is_unchanged(sighting):
            continue
        article = clean(
            sighting.item, source=source, base_url=document.url, now=now, language=parsed.language
        )
        if sighting.known is None:
            names = ids(services.tag, source.id, sighting.keys)
            new.append(NewArticle(keys=sighting.keys, ids=names, article=article))
        elif is_change(sighting.known, article):
            when = updated_at(sighting.known, article, now)
            changed.append(
                ChangedArticle(n=sighting.known.n, keys=sighting.keys, article=article, updated=when)
            )
        else:
            touched.append(Touched(n=sighting.known.n, keys=sighting.keys))
    return Harvest(
        validators=replace(document.validators, fingerprint=fingerprint(source)),
        new=tuple(new),
        changed=tuple(changed),
        touched=tuple(touched),
        present=frozenset(present) if parsed.complete else None,
        title=parsed.title,
        link=parsed.link,
        feed_id=parsed.feed_id,
        language=parsed.language,
    )


def _collected(source: Source, document: Document, parsed: Parsed, harvest: Harvest, now: datetime) -> Poll:
    return Poll(
        source_id=source.id,
        started=now,
        outcome="ok",
        status=document.status,
        wire_bytes=document.wire_bytes,
        found=len(parsed.items),
        new=len(harvest.new),
        updated=len(harvest.changed),
        rejected=parsed.rejected,
        next_check=schedule.after_success(source.id, source.every, now),
    )


def _unchanged(source: Source, answer: NotModified, now: datetime) -> Poll:
    return Poll(
        source_id=source.id,
        started=now,
        outcome="unchanged",
        status=answer.status,
        wire_bytes=answer.wire_bytes,
        next_check=schedule.after_success(source.id, source.every, now),
    )


def _failed(source: Source, state: SourceState, error: FetchError | ParseError, now: datetime) -> Poll:
    bad = error if isinstance(error, BadStatus) else None
    return Poll(
        source_id=source.id,
        started=now,
        outcome="failed",
        status=bad.status if bad else None,
        error_kind=error.kind if isinstance(error, FetchError) else "invalid",
        error=str(error),
        next_check=schedule.after_failure(
            source.id,
            source.every,
            now,
            failures=state.failures + 1,
            retry_after=bad.retry_after if bad else None,
        ),
    )
