"""What can be configured, and what does it say about each feed?

Every field's description here is what the editor schema and the docs show.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    model_validator,
)

from feedsvc.config.checks import hub_choice, language_tag, network, site_address, tag_authority
from feedsvc.config.suggest import naming
from feedsvc.errors import NotFound
from feedsvc.model import AMOUNTS, FORMATS, Amount, Feed, FeedPlan, Format, Source
from feedsvc.sources import TYPES
from feedsvc.units import Duration, Interval, Size

ALL: Final = "all"  # the key of the feed that has everything; no category may be called so
CATEGORY_PATTERN: Final = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
TAG_YEAR: Final = 2026  # of all default tags: a date on which the host was ours, fixed for ever
SAID_FOR: Final = timedelta(days=30)  # how long a retired feed says that it has ended
DEFAULT_LISTENING: Final = "http://127.0.0.1:8000"
# Made when first asked for.
LOOKUPS: Final = ("_sources_by_id", "_categories_by_id", "_views_by_id", "_sources_by_feed")

Language = Annotated[str, AfterValidator(language_tag)]
Limit = Annotated[int, Field(ge=1, le=100_000)]
Count = Annotated[int, Field(ge=1)]
Access = Literal["public", "token"]
ACCESS: Final = "Who may read it: public, or token for those only who have a token ('feedsvc token create')."
MOST_AT_ONCE: Final = 200  # entries of a feed that is made when asked for


class Settings(BaseModel):
    """What the sections of the config have in common: fixed once read, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Site(Settings):
    """Who publishes the feeds, and where."""

    title: str = Field(
        "Feeds", min_length=1, description="Name of the whole, shown on the pages and in feeds."
    )
    description: str = Field("", description="One or two sentences about it, for the start page.")
    url: Annotated[str, AfterValidator(site_address)] | None = Field(
        None,
        description="Public address of the site, such as https://feeds.example.org; every published link is "
        "built from it. Unset: the address that the web process listens on.",
    )
    language: Language | None = Field(
        "en", description="BCP 47 tag of feeds whose category names no language."
    )
    contact: str | None = Field(
        None,
        description="Address or page where origins can reach you; sent in the User-Agent when collecting.",
    )
    tag: Annotated[str, AfterValidator(tag_authority)] | None = Field(
        None,
        description='"authority,date" of the tag: URIs (RFC 4151) given to articles that bring no id '
        "of their own. Read when the database is new, and fixed from then on. Unset: the host of site.url.",
    )

    index_articles: bool = Field(
        False,
        description="true: search engines may list our pages of single articles, not only their originals.",
    )
    pictures: bool = Field(
        True,
        description="false: the page of an article loads no pictures and players, which stay where they are "
        "and so tell their hosts who reads.",
    )
    status: bool = Field(
        True, description="false: no public page says how the sources of each category fare."
    )
    hub: Annotated[str, AfterValidator(hub_choice)] = Field(
        "own",
        description="Who tells subscribers of new articles at once (WebSub): own, none, or the address of a "
        "hub elsewhere.",
    )
    callbacks: tuple[str, ...] = Field(
        (),
        description="Hosts in networks of fetch.allow where subscribers may be told although they are not "
        "public, such as reader.lan.",
    )
    deltas: bool = Field(
        False,
        description="true: readers that ask for it (A-IM: feed, RFC 3229) get only what is new to them. Not "
        "behind a shared cache that does not know it.",
    )


class Defaults(Settings):
    """What holds for every source and category that says nothing else."""

    every: Interval = Field(timedelta(minutes=15), description="Time between two polls of a source.")
    limit: Limit = Field(50, description="How many entries a feed carries.")
    ttl: Interval | None = Field(
        None,
        description="The <ttl> of RSS: how long readers may keep a feed unasked. Unset: no <ttl>.",
    )
    keep_for: Duration | None = Field(
        timedelta(days=730),
        description="How long articles are kept after their date; null: for ever.",
    )
    keep_count: Count | None = Field(
        100_000, description="How many articles a category keeps at most; null: no bound."
    )

    hold: Duration | None = Field(
        None, description="How long a new article waits before it is published, so that it can be stopped."
    )


class Fetch(Settings):
    """How documents are fetched from their origins."""

    allow: tuple[Annotated[str, AfterValidator(network)], ...] = Field(
        (),
        description="Networks that may be fetched from although they are private or special, such as "
        "127.0.0.0/8 or 10.1.0.0/16. Holds for the hosts of configured sources only, never for redirects.",
    )
    timeout: Interval = Field(
        timedelta(seconds=20), description="Deadline of one fetch: DNS, TLS, headers and body together."
    )
    max_bytes: Size = Field(10_000_000, description="Largest document, before and after decompression.")
    threads: int = Field(16, ge=1, le=256, description="How many sources are polled at the same time.")
    redirects: int = Field(5, ge=0, le=20, description="How many redirects are followed in a row.")


class Category(Settings):
    """One topic: one feed in three formats, and one page."""

    id: str = Field(
        pattern=CATEGORY_PATTERN,
        description="Permanent name, part of the feed's address: lower-case letters, digits and hyphens. "
        "'all' is taken by the feed of everything.",
    )
    title: str = Field(min_length=1, description="Name shown to readers.")
    description: str = Field("", description="One or two sentences about what is in it.")
    language: Language | None = Field(None, description="BCP 47 tag of the feed; default: site.language.")
    limit: Limit | None = Field(
        None, description="How many entries the feed carries; default: defaults.limit."
    )
    ttl: Interval | None = Field(None, description="The <ttl> of RSS; default: defaults.ttl.")
    keep_for: Duration | None = Field(
        None, description="How long articles are kept; default: defaults.keep_for; null: for ever."
    )
    keep_count: Count | None = Field(
        None, description="How many articles are kept at most; default: defaults.keep_count; null: no bound."
    )
    content: Amount = Field(
        "full", description="How much of each article is published here: full, summary or title."
    )
    rights: str | None = Field(None, description="Who owns the articles that do not say.")
    max_share: float | None = Field(
        None,
        gt=0,
        le=1,
        description="Largest share of the feed that one source may fill, such as 0.5.",
    )
    flood: int | None = Field(
        None,
        ge=0,
        description="How many older articles a source shows at most that joins the feed later. "
        "Unset: a tenth of the limit, and more where there is room.",
    )
    was: tuple[str, ...] = Field(
        (),
        description="Earlier ids of the category, the oldest first (its own, if it has that back): their "
        "addresses lead here for good.",
    )
    retired: date | None = Field(
        None,
        description="Day on which the feed ends, such as 2026-11-24: it says so for 30 days, and is gone "
        "then (410).",
    )

    access: Access = Field("public", description=ACCESS)


class Wanted(Settings):
    """Which articles a saved feed has. What is left out is no condition."""

    categories: tuple[str, ...] = Field((), description="Ids of categories: in any of them. Default: all.")
    sources: tuple[str, ...] = Field((), description="Ids of sources: from any of them.")
    q: str = Field("", description="Words to be found, as in a search: climate OR warming -sport.")
    tags: tuple[str, ...] = Field((), description="Tags, in whatever case: any of them.")
    lang: tuple[Language, ...] = Field((), description="Languages of articles, such as en: any of them.")


class View(Settings):
    """A saved feed: what a query finds, under an address and a title of its own."""

    id: str = Field(
        pattern=CATEGORY_PATTERN,
        description="Permanent name, part of the address /v/ID: lower-case letters, digits and hyphens.",
    )
    title: str = Field(min_length=1, description="Name shown to readers.")
    description: str = Field("", description="One or two sentences about what is in it.")
    language: Language | None = Field(None, description="BCP 47 tag of the feed; default: site.language.")
    limit: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] | None = Field(
        None, description="How many entries the feed carries; default: defaults.limit."
    )
    query: Wanted = Field(Wanted(), description="Which articles it has.")
    access: Access = Field("public", description=ACCESS)


def _of_its_type(value: object) -> object:
    if not isinstance(value, dict):
        return value
    kind = TYPES.get(str(value.get("type")))
    if kind is None:
        raise ValueError(naming("source type", str(value.get("type")), TYPES))
    return kind.model.model_validate(value)


AnySource = Annotated[SerializeAsAny[Source], BeforeValidator(_of_its_type)]


class Config(Settings):
    """Everything that the YAML files say, in one value that can travel through the store."""

    site: Site = Site()
    defaults: Defaults = Defaults()
    fetch: Fetch = Fetch()
    categories: tuple[Category, ...] = ()
    sources: tuple[AnySource, ...] = ()
    views: tuple[View, ...] = ()  # under "feeds" in the files
    listening: str = DEFAULT_LISTENING  # not from the files: what site.url stands for while it is unset

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        """What sources and categories leave unset is filled in here, so that nobody has to look it up."""
        object.__setattr__(self, "sources", tuple(map(self._completed, self.sources)))
        object.__setattr__(self, "categories", tuple(map(self._filled, self.categories)))
        return self

    def _completed(self, source: Source) -> Source:
        unset: dict[str, Any] = {} if source.every else {"every": self.defaults.every}
        if "hold" not in source.model_fields_set and self.defaults.hold is not None:
            unset["hold"] = self.defaults.hold
        return source.model_copy(update=unset) if unset else source

    def _filled(self, category: Category) -> Category:
        inherited = {
            name: getattr(self.defaults, name) for name in ("limit", "ttl", "keep_for", "keep_count")
        }
        inherited["language"] = self.site.language
        unset = {name: inherited[name] for name in inherited if name not in category.model_fields_set}
        return category.model_copy(update=unset)

    def source(self, source_id: str) -> Source:
        """The configured source of that id. Raises NotFound."""
        if source_id not in self._sources_by_id:
            raise NotFound(naming("source", source_id, self._sources_by_id))
        return self._sources_by_id[source_id]

    def has_source(self, source_id: str) -> bool:
        return source_id in self._sources_by_id

    def category(self, category_id: str) -> Category:
        """The configured category of that id. Raises NotFound."""
        if category_id not in self._categories_by_id:
            raise NotFound(naming("category", category_id, self._categories_by_id))
        return self._categories_by_id[category_id]

    @cached_property
    def _sources_by_id(self) -> Mapping[str, Source]:
        return {source.id: source for source in self.sources}

    @cached_property
    def _categories_by_id(self) -> Mapping[str, Category]:
        return {category.id: category for category in self.categories}

    def view(self, view_id: str) -> View:
        """The saved feed of that id. Raises NotFound."""
        if view_id not in self._views_by_id:
            raise NotFound(naming("saved feed", view_id, self._views_by_id))
        return self._views_by_id[view_id]

    @cached_property
    def _views_by_id(self) -> Mapping[str, View]:
        return {view.id: view for view in self.views}

    @cached_property
    def _sources_by_feed(self) -> Mapping[str, Sequence[Source]]:
        found: dict[str, list[Source]] = {ALL: [one for one in self.sources if self.shares(one)]}
        for source in self.sources:
            for name in dict.fromkeys(source.categories):
                found.setdefault(f"c/{name}", []).append(source)
        return found

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic has it, but the copy makes its own lookup tables: it may have other sources."""
        copy = super().model_copy(update=update, deep=deep)
        for name in LOOKUPS:
            copy.__dict__.pop(name, None)
        return copy

    def base_url(self) -> str:
        """What every published address starts with, without a slash at the end."""
        return (self.site.url or self.listening).rstrip("/")

    def to_json(self) -> str:
        """One line that ``from_json`` reads back; the same config gives the same text."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls.model_validate_json(text)

    def feed_keys(self) -> tuple[str, ...]:
        """``all``, then ``c/<id>`` of each category in the order of the file."""
        return (ALL, *(f"c/{category.id}" for category in self.categories))

    def feeds(self) -> tuple[FeedPlan, ...]:
        """What the store must know of each feed."""
        return tuple(map(self._plan, self.feed_keys()))

    def feed(self, key: str, *, updated: datetime, tag: str) -> Feed:
        """What the documents of a feed say about themselves. Raises NotFound.

        ``tag`` is the "authority,date" that the store has fixed: so the id stays when site.url changes. A
        private feed names no address of its own: readers that follow it would lose the token.
        """
        about = self._about(key)
        base = self.base_url()
        public = about.access == "public"
        return Feed(
            key=key,
            id=f"tag:{tag}:feed:{self._first_key(key)}",
            title=about.title,
            description=about.description,
            language=about.language,
            page_url=f"{base}/{key}/" if public and key != ALL else f"{base}/",
            urls={format_: f"{base}/{key}.{format_}" for format_ in FORMATS} if public else {},
            updated=updated,
            site_title=self.site.title,
            icon_url=f"{base}/favicon.ico",
            ttl=about.ttl,
        )

    def _first_key(self, key: str) -> str:
        """What the feed was called at first: its id must outlive its names (RFC 4287 4.2.6)."""
        about = self._about(key)
        return f"c/{about.was[0]}" if about.was else key

    def renamed(self) -> Mapping[str, str]:
        """Earlier feed keys, and what they are now."""
        named = (("c", self.categories), ("s", self.sources))
        heirs = ((kind, old, one.id) for kind, all_ in named for one in all_ for old in one.was)
        return {f"{kind}/{old}": f"{kind}/{new}" for kind, old, new in heirs if old != new}

    def open_feeds(self, now: datetime) -> tuple[str, ...]:
        """``feed_keys`` without those that have ended."""
        return tuple(key for key in self.feed_keys() if not self.ended(key, now))

    def listed(self, now: datetime) -> tuple[str, ...]:
        """The keys of all that anybody may subscribe to and that has not ended: ``all``, the categories, the
        saved feeds."""
        keys = (*self.open_feeds(now), *(f"v/{view.id}" for view in self.views))
        return tuple(key for key in keys if self.is_public(key))

    def is_public(self, key: str) -> bool:
        """May anybody read the feed, and learn that it is there? Lists, maps and exports ask this."""
        return self._about(key).access == "public"

    def private(self) -> tuple[str, ...]:
        """The keys of the feeds that need a token."""
        keys = (*self.feed_keys(), *(f"v/{view.id}" for view in self.views))
        return tuple(key for key in keys if not self.is_public(key))

    def shares(self, source: Source) -> bool:
        """Are the articles of a source public? Those are that are in no category, or in one that is."""
        known = [self._categories_by_id[name] for name in source.categories if name in self._categories_by_id]
        return not known or any(one.access == "public" for one in known)

    def homes(self, source: Source) -> tuple[str, ...]:
        """The keys of the feeds that a source's articles go to."""
        own = tuple(f"c/{name}" for name in source.categories)
        return (ALL, *own) if self.shares(source) else own

    def usual_limit(self, key: str) -> int:
        """How many entries a feed that is made when asked for carries, unless it is told."""
        return min(self._about(key).limit or self.defaults.limit, MOST_AT_ONCE)

    def ends(self, key: str) -> date | None:
        """The day on which a feed is retired, if it is."""
        return self._about(key).retired

    def ended(self, key: str, now: datetime) -> bool:
        """Has the feed been retired for so long that it is gone?"""
        day = self.ends(key)
        return day is not None and now.date() >= day + SAID_FOR

    def amount(self, key: str, source_id: str) -> Amount:
        """How much of the articles of a source may be published in a feed: the less of what both say."""
        source = self._sources_by_id.get(source_id)
        said = (self._about(key).content, source.content if source else "full")
        return max(said, key=AMOUNTS.index)

    def rights(self, key: str, source_id: str) -> str | None:
        """Who owns the articles of a source that do not say."""
        source = self._sources_by_id.get(source_id)
        return (source.rights if source else None) or self._about(key).rights

    def hub_url(self, key: str) -> str | None:
        """The hub that tells of what is new in a feed, if it has one; what is private is told to nobody."""
        if self.site.hub == "none" or not self.is_public(key):
            return None
        return f"{self.base_url()}/hub" if self.site.hub == "own" else self.site.hub

    def archive_url(self, key: str, number: int, form: Format) -> str:
        """The address of a page of a feed's history."""
        return f"{self.base_url()}/{key}/archive/{number}.{form}"

    def sources_of(self, key: str) -> tuple[Source, ...]:
        """The configured sources whose articles go into a feed."""
        return tuple(self._sources_by_feed.get(key, ()))

    def _about(self, key: str) -> Category:
        """The category of a feed, or what stands for one: the feed of everything is described by site and
        defaults, others that are made when asked for by what they are made of."""
        kind, _, name = key.partition("/")
        if key == ALL:
            about = {"id": ALL, "title": self.site.title, "description": self.site.description}
        elif kind == "s":
            source = self.source(name)
            access = "public" if self.shares(source) else "token"
            about = {"id": ALL, "title": source.title or source.id, "access": access}
        elif kind == "v":
            view = self.view(name)
            about = view.model_dump(exclude={"query"}, exclude_none=True)
        elif kind == "c":
            return self._together([self.category(one) for one in name.split("+")])
        else:
            raise NotFound(naming("feed", key, self.feed_keys()))
        return self._filled(Category.model_validate(about))

    def _together(self, parts: Sequence[Category]) -> Category:
        """Several categories as if they were one."""
        if len(parts) == 1:
            return parts[0]
        languages = {one.language for one in parts}
        return Category(
            id=ALL,
            title=" + ".join(one.title for one in parts),
            language=languages.pop() if len(languages) == 1 else self.site.language,
            limit=min(max(one.limit or 1 for one in parts), MOST_AT_ONCE),
            content=max((one.content for one in parts), key=AMOUNTS.index),
            access="token" if any(one.access == "token" for one in parts) else "public",
        )

    def _plan(self, key: str) -> FeedPlan:
        about = self._about(key)
        return FeedPlan(
            key=key,
            limit=about.limit or self.defaults.limit,
            fingerprint=self._fingerprint(key),
            keep_for=about.keep_for,
            keep_count=about.keep_count,
            was=tuple(f"c/{old}" for old in about.was),
            flood=about.flood,
            max_share=about.max_share,
            public=about.access == "public",
        )

    def _fingerprint(self, key: str) -> str:
        """Of all in the config that can change the bytes of the feed: its own words, and its sources'."""
        said = asdict(self.feed(key, updated=datetime.min.replace(tzinfo=UTC), tag=""))
        told = sorted(
            (
                s.id,
                s.location,
                s.public_url or "",
                s.title or "",
                self.amount(key, s.id),
                self.rights(key, s.id),
            )
            for s in self.sources_of(key)
        )
        about = self._about(key)
        rest = (about.limit, about.flood, about.max_share, about.retired, self.site.deltas, self.hub_url(key))
        text = json.dumps([said, rest, told], default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def default_tag(config: Config) -> str:
    """The "authority,date" that a new store fixes for its tag: URIs (RFC 4151)."""
    host = urlsplit(config.site.url or "").hostname or ""
    named = "." in host and ":" not in host  # an IPv6 address or bare local name is nobody's for ever
    return config.site.tag or f"{host if named else 'feedsvc.invalid'},{TAG_YEAR}"
