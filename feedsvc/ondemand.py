"""Which feed is made when somebody asks for it, and how: one source, several categories, what a search finds?

An address says it all: ``/c/world+science.atom?q=climate&lang=en``. It is read into one normal form, so that
equal feeds are one, whatever was written.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from feedsvc import finish
from feedsvc.config import ALL, MOST_AT_ONCE, Config, View
from feedsvc.config.checks import LANGUAGE
from feedsvc.errors import NotFound
from feedsvc.formats import render
from feedsvc.model import FORMATS, Entry, Feed, Findings, Format, Query, Rendering
from feedsvc.refine import search
from feedsvc.refine.tokens import folded
from feedsvc.services import Services

FILTERS: Final = ("lang", "limit", "q", "source", "tag")  # what may be asked, in the order of addresses
MOST_PARTS: Final = 30  # categories of one feed
MOST_VALUES: Final = 30  # of one filter
LONGEST_TAG: Final = 100  # characters

Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A feed that is made when asked for. ``key`` is the address without filters (``all``, ``c/a+b``,
    ``s/x``, ``v/x``), ``filters`` the rest of it, ``q=climate``; both in the normal form."""

    key: str
    filters: str
    query: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished feed. ``digest`` is that of all that it was made of: the same again need not be rendered."""

    feed: Feed
    rendering: Rendering
    digest: bytes


def asked(config: Config, key: str, given: Given) -> Asked:
    """What is asked for by the address ``key`` and its parameters; those that mean nothing are passed over.

    :raises NotFound: if there is no such feed, or a source that is named.
    """
    key = normal(key)
    config.is_public(key)  # NotFound
    kind, _, name = key.partition("/")
    if kind == "v":
        return Asked(key=key, filters="", query=_of_view(config, config.view(name)))
    standard = config.usual_limit(key)
    query = Query(
        feeds=tuple(f"c/{one}" for one in name.split("+")) if kind == "c" else (ALL,),
        limit=_limit(given.get("limit", ()), standard),
        text=str(search.read(" ".join(given.get("q", ())))),
        sources=(name,) if kind == "s" else _sources(config, given.get("source", ())),
        tags=_tags(given.get("tag", ())),
        languages=_languages(given.get("lang", ())),
    )
    return Asked(key=key, filters=_filters(query, standard, own_source=kind == "s"), query=query)


def normal(key: str) -> str:
    """``c/b+a+b`` -> ``c/a+b``. Raises NotFound where too much is asked at once."""
    kind, _, name = key.partition("/")
    parts = sorted(set(name.split("+")))
    if len(parts) > MOST_PARTS:
        raise NotFound(f"no feed has more than {MOST_PARTS} categories")
    return f"c/{'+'.join(parts)}" if kind == "c" else key


def is_kept(config: Config, wanted: Asked) -> bool:
    """Is it one of the feeds that stand finished (``publish.py``), and need not be made?"""
    return not wanted.filters and wanted.key in config.feed_keys()


def find(
    services: Services, wanted: Asked, *, before: int | None = None, most: int | None = None
) -> Findings:
    """Its entries now, as they may be shown; ``before``: those below that place, ``most`` in all."""
    query = replace(wanted.query, limit=most or wanted.query.limit)
    found = services.store.find(query, before=before)
    return replace(found, entries=tuple(_shown(services, wanted, found.entries)))


def make(services: Services, wanted: Asked, form: Format, last: Made | None = None) -> Made:
    """The finished feed; ``last``, what was made before, where nothing changed.

    :raises NotFound: if it is to stand finished, and does not yet.
    :raises RenderError: if it cannot be written.
    """
    if is_kept(services.config(), wanted):
        return _kept(services, wanted, form)
    found = find(services, wanted)
    feed = describe(services, wanted, found.entries, found.created)
    digest = hashlib.sha256(repr((feed, found.entries)).encode(errors="backslashreplace")).digest()
    if last is not None and last.digest == digest:
        return last
    body = render(form, feed, found.entries).body
    tag = finish.etag(body)
    if last is not None and last.rendering.etag == tag:
        return replace(last, digest=digest)
    rendering = Rendering(
        feed_key=feed.key,
        format=form,
        etag=tag,
        last_modified=_stamp(services, found, last),
        bodies=finish.codings(body),
    )
    return Made(feed=feed, rendering=rendering, digest=digest)


def _kept(services: Services, wanted: Asked, form: Format) -> Made:
    """A private category, as it was published like any other."""
    rendering = services.store.rendering(wanted.key, form)
    if rendering is None:
        raise NotFound(f"{wanted.key} is not published yet")
    feed = services.config().feed(wanted.key, updated=rendering.last_modified, tag=services.tag)
    return Made(feed=feed, rendering=rendering, digest=b"")


def describe(services: Services, wanted: Asked, entries: Sequence[Entry], created: datetime) -> Feed:
    """What the feed says about itself. A private one names no address of its own."""
    config = services.config()
    feed = config.feed(wanted.key, updated=finish.updated(entries, created), tag=services.tag)
    name, filters = f"{wanted.key}?{wanted.filters}".rstrip("?"), f"?{wanted.filters}".rstrip("?")
    public = bool(feed.urls)
    return replace(
        feed,
        key=name,
        id=f"{feed.id}{filters}",
        title=_title(config, wanted, feed.title, entries),
        page_url=f"{config.base_url()}/{wanted.key}/{filters}" if public else feed.page_url,
        urls={form: f"{feed.urls[form]}{filters}" for form in FORMATS} if public else {},
    )


# ---- the normal form --------------------------------------------------------------------------------


def _of_view(config: Config, view: View) -> Query:
    wanted = view.query
    private = view.access != "public"
    homes = {f"c/{name}" for name in wanted.categories}
    if not homes and wanted.sources and private:
        homes = {home for name in wanted.sources for home in config.homes(config.source(name))}
    return Query(
        feeds=tuple(sorted(homes)) or (ALL,),
        limit=view.limit or min(config.defaults.limit, MOST_AT_ONCE),
        text=str(search.read(wanted.q)),
        sources=tuple(sorted(set(wanted.sources))),
        tags=_tags(wanted.tags),
        languages=_languages(wanted.lang),
    )


def _limit(given: Sequence[str], standard: int) -> int:
    numbers = [int(one) for one in given[:1] if one.isascii() and one.isdigit() and len(one) < 9]
    return min(max(numbers[0], 1), MOST_AT_ONCE) if numbers else standard


def _sources(config: Config, given: Sequence[str]) -> tuple[str, ...]:
    """The sources named, under their names of today. Raises NotFound."""
    heirs = config.renamed()
    names = {heirs.get(f"s/{name}", f"s/{name}")[2:] for name in given[:MOST_VALUES]}
    for name in names:
        if not config.shares(config.source(name)):
            raise NotFound(f"no source {name!r}")
    return tuple(sorted(names))


def _tags(given: Iterable[str]) -> tuple[str, ...]:
    tags = {" ".join(folded(tag[:LONGEST_TAG]).split()) for tag in [*given][:MOST_VALUES]}
    return tuple(sorted(tags - {""}))


def _languages(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one.lower() for one in [*given][:MOST_VALUES] if LANGUAGE.fullmatch(one)}))


def _filters(query: Query, standard: int, *, own_source: bool) -> str:
    values: Mapping[str, Sequence[str]] = {
        "lang": query.languages,
        "limit": (str(query.limit),) if query.limit != standard else (),
        "q": (query.text,) if query.text else (),
        "source": () if own_source else query.sources,
        "tag": query.tags,
    }
    return urlencode([(name, one) for name in FILTERS for one in values[name]], quote_via=quote)


# ---- making it --------------------------------------------------------------------------------------


def _shown(services: Services, wanted: Asked, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Under the policies of those of its categories that an article's source is in."""
    config, feeds = services.config(), wanted.query.feeds
    homes: dict[str, Sequence[str]] = {}
    for entry in entries:
        origin = entry.origin.id
        if origin not in homes:
            known = config.has_source(origin)
            mine = set(config.homes(config.source(origin))) if known else set()
            homes[origin] = [key for key in feeds if key in mine] or feeds
        yield finish.shown(services, homes[origin], entry)


def _title(config: Config, wanted: Asked, title: str, entries: Sequence[Entry]) -> str:
    """``World: “climate”, The Times``; a source is called what it calls itself where it may."""
    query, kind = wanted.query, wanted.key.partition("/")[0]
    if kind == "v":
        return title
    names = {entry.origin.id: entry.origin.title for entry in entries}
    sources = [names.get(one) or config.source(one).title or one for one in query.sources]
    if kind == "s":
        title, sources = sources[0], []
    told = [f"“{query.text}”"] if query.text else []
    told += [*sources, *query.tags, *query.languages]
    return f"{title}: {', '.join(told)}" if told else title


def _stamp(services: Services, found: Findings, last: Made | None) -> datetime:
    """The Last-Modified of new bytes: that of the feeds which they come from, so that it outlives this
    process; later than anything published where these are not up to date themselves."""
    now = services.clock().replace(microsecond=0)
    base = (found.last_modified or found.created.replace(microsecond=0)) if found.settled else now
    return base if last is None else max(base, last.rendering.last_modified + timedelta(seconds=1))
