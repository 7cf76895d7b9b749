"""Which values travel through feedsvc? Each in the order in which it appears on the way in and out.

``Source`` -> ``Request`` -> ``Document`` | ``NotModified`` -> ``Parsed(ParsedItem ...)`` -> ``Article``
-> ``Entry`` -> ``Rendering``. All are frozen. Datetimes are aware and UTC unless a comment says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal, NewType
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from feedsvc.units import Duration, Interval

Format = Literal["rss", "atom", "json"]
FORMATS: tuple[Format, ...] = ("rss", "atom", "json")

# How much of an article is published, most first.
Amount = Literal["full", "summary", "title"]
AMOUNTS: tuple[Amount, ...] = ("full", "summary", "title")

Coding = Literal["identity", "gzip", "br", "zstd"]
CODINGS: tuple[Coding, ...] = ("identity", "gzip", "br", "zstd")

MEDIA_TYPES: Mapping[Format, str] = MappingProxyType(
    {
        "rss": "application/rss+xml; charset=utf-8",
        "atom": "application/atom+xml; charset=utf-8",
        "json": "application/feed+json; charset=utf-8",
    }
)

# Markup that went through refine.clean and may be shown to anybody. Only refine.clean makes one from
# untrusted text, and only the store reads one back.
SafeHtml = NewType("SafeHtml", str)


# ---- in: what is configured -------------------------------------------------------------------------


class Source(BaseModel):
    """Where articles are collected from: what every source type has in common.

    Each type's module derives its own options from this (``sources.feed.FeedSource`` adds ``url``), and
    from that one class come validation, the editor schema, the admin form and the docs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", description="Permanent name of the source.")
    type: str = Field(description="Source type: how its documents are fetched and parsed.")
    title: str | None = Field(None, description="Name shown to readers; default: the source's own title.")
    categories: tuple[str, ...] = Field((), description="Ids of the categories its articles go to.")
    every: Interval = Field(timedelta(0), description="Time between two polls; default: defaults.every.")
    enabled: bool = Field(True, description="false pauses the source; its articles stay.")
    timezone: str = Field("UTC", description="IANA zone of dates that name none, e.g. Europe/Paris.")
    language: str | None = Field(None, description="BCP 47 tag for articles that name none, e.g. en-GB.")
    content: Amount = Field(
        "full", description="How much of its articles is published: full, summary or title."
    )
    rights: str | None = Field(None, description="Who owns its articles, for those that do not say.")
    hold: Duration | None = Field(
        None, description="How long a new article waits before it is published; default: defaults.hold."
    )
    retract: bool = Field(
        False,
        description="true: an article that is missing between others, where it was listed before, is "
        "taken out of the feeds.",
    )
    was: tuple[str, ...] = Field((), description="Earlier ids of this source; its articles come along.")

    @property
    def location(self) -> str:
        """The address that identifies what is collected, whatever the source's id (a URL)."""
        raise NotImplementedError(f"source type {self.type!r} names no location")

    @property
    def documents(self) -> int:
        """How many documents are read in one poll at most: the first one, and those that it leads to."""
        return 50

    @property
    def public_url(self) -> str | None:
        """The address of the source's own feed, fit to be named to readers; None where there is none
        (a folder) or where it would give a secret away."""
        return None


class WebSource(Source):
    """A source at an address on the web. Relative links, redirects and secrets are seen to by all alike."""

    url: str = Field(description="Address, http or https.", examples=["https://example.org/news"])
    full_text: bool = Field(
        False, description="true: take the text of each article from its own page, which is fetched once."
    )
    render: Literal["http", "browser"] = Field(
        "http",
        description="browser: let Chromium draw the pages, where the plain bytes have nothing in them; "
        "needs feedsvc[browser].",
    )

    @field_validator("url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        url = value.strip()
        if urlsplit(url).scheme.lower() not in {"http", "https"} or not urlsplit(url).hostname:
            raise ValueError(
                f"must be an http or https address such as https://example.org/news, not {value!r}"
            )
        return url

    @property
    def location(self) -> str:
        return self.url


# ---- in: bytes --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to fetch: an absolute http(s), file or imap(s) URL.

    ``body`` makes it a POST. ``render``: "browser" asks for the page as Chromium draws it. Without
    ``redirects`` only what stands at just this address is taken. ``forwards`` lets a server send what is
    posted on to another one (307, 308). ``headers`` and ``body`` may hold secrets and are never shown.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    render: Literal["http", "browser"] = "http"
    redirects: bool = True
    forwards: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the next poll needs to learn that nothing changed (RFC 9110 8.8), as the origin sent it.

    ``body_hash`` is the SHA-256 of the decoded body. ``fingerprint`` names the source options and parser
    revision that read it: with another fingerprint the document is fetched unconditionally.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Fetched bytes. ``url`` is where they finally came from; ``hops`` the redirects on the way there."""

    url: str
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    validators: Validators = Validators()
    hops: tuple[tuple[int, str], ...] = ()  # (status, location) of each redirect
    wire_bytes: int = 0  # as transferred, before decompression

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case; empty if none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The document is the one we know: a 304, or a 200 with the same body (``status`` tells which)."""

    url: str
    status: int
    validators: Validators
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[tuple[int, str], ...] = ()
    wire_bytes: int = 0


# ---- in: what a source claims (untrusted) -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    name: str
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """An attached file; ``length`` in bytes, ``duration`` in seconds, None where the source says nothing."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None
    duration: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture; ``credit`` names who made it, ``caption`` says what it shows, both in plain words."""

    url: str
    width: int | None = None
    height: int | None = None
    credit: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who has to do with an episode; ``role`` and ``group`` in the words of the podcast taxonomy."""

    name: str
    role: str | None = None
    group: str | None = None
    url: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The words of an episode as a file; ``captions``: its lines are timed."""

    url: str
    type: str | None = None
    language: str | None = None
    captions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundbite:
    """A part of an episode worth hearing by itself, in seconds."""

    start: float
    duration: float
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Podcast:
    """What makes an article an episode (iTunes and Podcasting 2.0); ``duration`` in seconds.

    ``title``, ``subtitle`` and ``summary`` are what the source says to podcast apps, where that is something
    else than the article's own. ``episode_name`` and ``season_name`` are shown in place of their numbers.
    """

    title: str | None = None
    subtitle: str | None = None
    summary: str | None = None
    author: str | None = None
    duration: int | None = None
    explicit: bool | None = None
    block: bool = False  # podcast directories may not list it
    episode: int | None = None
    episode_name: str | None = None
    season: int | None = None
    season_name: str | None = None
    kind: Literal["full", "trailer", "bonus"] | None = None
    chapters: str | None = None  # the address of a file
    chapters_type: str | None = None
    transcripts: tuple[Transcript, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    people: tuple[Person, ...] = ()
    location: str | None = None
    license: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedItem:
    """One article as its source claims it: nothing here is clean, absolute or to be believed yet.

    ``published`` and ``updated`` are naive where the source named no zone. ``base_url`` resolves the
    relative links of this item. A value that the source does not give is None or empty.
    """

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    title_type: Literal["text", "html"] = "html"
    summary: str | None = None
    summary_type: Literal["text", "html"] = "html"
    content: str | None = None
    content_type: Literal["text", "html"] = "html"
    authors: tuple[Author, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: Image | None = None
    podcast: Podcast | None = None
    language: str | None = None
    rights: str | None = None
    via: str | None = None  # where the source itself took it from: the URL of atom:source or rss:source
    via_title: str | None = None
    base_url: str | None = None
    # How it was found where nothing declares it, for the admin; out of repr, by which items are compared.
    evidence: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a source type reads from one document.

    ``follow`` asks for more documents of the same source (the next page of a list, the sitemaps of an
    index), which the same ``parse`` reads; ``collect`` fetches them, each address once and only so many.
    ``complete`` says that the items are all there is, so that what is no longer among them was retracted
    (folders). ``rejected`` gives a reason for each item that could not be read. ``hub`` tells of what is
    new in the document, which it knows as ``self_url`` (WebSub).
    """

    items: tuple[ParsedItem, ...] = ()
    complete: bool = False
    rejected: tuple[str, ...] = ()
    title: str | None = None
    link: str | None = None
    feed_id: str | None = None
    language: str | None = None
    ttl: timedelta | None = None
    follow: tuple[Request, ...] = ()
    hub: str | None = None
    self_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """One article as its own page gives it: untrusted, like a ParsedItem.

    ``published`` and ``modified`` are aware where the page names a zone, naive where it does not, and a
    ``date`` where it gives only the day. ``authors`` are names of people, agencies or desks. ``html`` is
    the body with its links as the page has them, ``text`` the same without markup, a paragraph a line.
    ``evidence`` says for each field where it was found. ``next_url`` is the next page of an article that
    has several.
    """

    url: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    modified: datetime | date | None = None
    language: str | None = None
    section: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    summary: str | None = None
    image: Image | None = None
    canonical: str | None = None
    html: str = ""
    text: str = ""
    next_url: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


# ---- in: what we vouch for --------------------------------------------------------------------------

DateFlag = Literal["", "undated", "future", "zoneless"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A cleaned article: absolute http(s) links, safe markup, characters that XML 1.0 allows.

    ``title`` is plain text, never empty. ``published`` is the first date that we believed; ``date_flag``
    says what was wrong with the source's own. ``fingerprint`` changes only when a reader would care.
    """

    title: str
    link: str | None
    summary: SafeHtml
    content: SafeHtml
    published: datetime
    fingerprint: str
    updated: datetime | None = None  # the source's own claim, later than published and not in the future
    authors: tuple[Author, ...] = ()
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: Image | None = None
    podcast: Podcast | None = None
    language: str | None = None
    rights: str | None = None
    via: str | None = None
    via_title: str | None = None
    date_flag: DateFlag = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKeys:
    """How a source's item is found again: ``primary`` first, then each of ``aliases``.

    ``iri`` is the source's own id where it is an absolute IRI fit to be published (RFC 4287 4.2.6).
    ``item_hash`` is that of the untrusted item whole: the same hash needs no second look.
    """

    primary: str
    aliases: tuple[str, ...]
    iri: str | None
    item_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store holds of an article that one of a document's keys led to; ``n`` is its number."""

    n: int
    id: str
    item_hash: str
    fingerprint: str
    updated: datetime
    state: Literal["live", "held", "hidden", "retracted", "pruned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article to be stored; ``ids`` are the ids it may be published under, best first. ``evidence``: how
    its source type found it, where nothing declares it."""

    keys: ItemKeys
    ids: tuple[str, ...]
    article: Article
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedArticle:
    """A stored article that a reader would want to see again, with its new text and ``updated``."""

    n: int
    keys: ItemKeys
    article: Article
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A stored article that came again and says nothing new; only how it is found again differs."""

    n: int
    keys: ItemKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """An address that a source led to: a further document of it, or the page of an article.

    ``tries`` counts how often in a row it could not be read; ``validators`` are of the last time it could.
    """

    url: str
    validators: Validators = Validators()
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What one successful poll brings to the store. ``present``: articles that a complete document still
    lists (None: the document does not list everything, nothing is retracted). ``hub``: where to subscribe
    to the document, and under which address."""

    validators: Validators
    followed: tuple[Followed, ...] = ()
    partial: bool = False  # ``present`` speaks only for what is newer than the oldest of them
    hold: timedelta | None = None  # how long new articles wait
    new: tuple[NewArticle, ...] = ()
    changed: tuple[ChangedArticle, ...] = ()
    touched: tuple[Touched, ...] = ()
    present: frozenset[int] | None = None
    title: str | None = None
    link: str | None = None
    feed_id: str | None = None
    language: str | None = None
    hub: "HubLink | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLink:
    """The hub that a document names, and the address under which the hub knows the document (WebSub 4)."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """How far a source's hub can be relied on: ``until`` when it will tell us of what is new (None: it has
    not agreed to), and when it ``last`` did."""

    until: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCheck:
    """When to poll again, and why: ``reason`` is shown to the admin and logged."""

    at: datetime
    reason: str


Outcome = Literal["ok", "unchanged", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the store knows of a source. ``title``, ``link`` and ``language`` are the source's own words."""

    id: str
    type: str
    location: str
    active: bool = True  # False: no longer in the config, its articles stay until retention
    enabled: bool = True
    title: str | None = None
    link: str | None = None
    feed_id: str | None = None
    language: str | None = None
    validators: Validators = Validators()
    next_due: datetime | None = None
    next_reason: str = ""
    last_poll: datetime | None = None
    last_ok: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0  # in a row
    error_kind: str | None = None
    error: str | None = None
    articles: int = 0
    push: Push = Push()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """How a source that is collected fares, in the few words that anybody may see."""

    id: str
    last_poll: datetime | None
    last_ok: datetime | None
    failures: int  # in a row
    error_kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One visit to a source, as history keeps it. ``error_kind`` is one word, ``error`` one sentence."""

    source_id: str
    started: datetime
    outcome: Outcome
    ms: int = 0
    trigger: str = "due"
    status: int | None = None
    wire_bytes: int = 0
    found: int = 0
    new: int = 0
    updated: int = 0
    retracted: int = 0
    rejected: tuple[str, ...] = ()
    error_kind: str | None = None
    error: str | None = None
    next_check: NextCheck | None = None


# ---- out: what is published -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The source of an entry as readers see it; ``feed_url`` only where there is a feed to name.

    ``id`` is our name of it, ``iri`` its own (the id of its Atom feed, else its address), if it has one.
    """

    id: str
    title: str
    iri: str | None = None
    link: str | None = None
    feed_url: str | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article in a feed. ``id`` is permanent; ``updated`` is the last change a reader would care about."""

    id: str
    article: Article
    published: datetime
    updated: datetime
    origin: Origin
    seq: int = 0
    n: int = 0  # the store's number of the article, for ever its own


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """An article as the admin sees it: the entry, where it came from and what became of it."""

    entry: Entry
    source_id: str
    state: Literal["live", "held", "hidden", "retracted", "pruned"]
    state_since: datetime
    first_seen: datetime
    feeds: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlan:
    """What the store must know of a configured feed; ``fingerprint`` changes when it must be rendered anew.

    ``keep_for`` and ``keep_count`` bound what is retained; None keeps for ever. ``was`` are earlier keys.
    ``flood`` bounds what a joining source shows of its past, ``max_share`` (0 to 1) what one source may fill.
    What is in feeds only that are not ``public`` is in no other.
    """

    key: str
    limit: int
    fingerprint: str
    public: bool = True
    was: tuple[str, ...] = ()
    flood: int | None = None
    max_share: float | None = None
    keep_for: timedelta | None = None
    keep_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The entries that a feed shows now, and the feed's generation that they were read at.

    ``renew_at`` is when time alone changes them: retention takes the first one, or a tombstone ends.
    ``archives`` is the number of the newest page of the feed's history, 0 while there is none; ``due`` are
    the entries of the pages that must be made next, ``cuts`` what must be taken out of older ones.
    """

    key: str
    generation: int
    created: datetime
    last_modified: datetime | None
    entries: tuple["Entry", ...]
    renew_at: datetime | None
    tombstones: tuple["Tombstone", ...] = ()
    archives: int = 0
    due: tuple["Chapter", ...] = ()
    cuts: tuple["ArchivePage", ...] = ()
    more_due: bool = False  # history is too long to be made in one step


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is left of a retracted entry: its id, for ever, and when it was withdrawn (RFC 6721)."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The entries of one archive page, in the order in which they first entered the feed.

    ``first`` and ``last`` are the first seqs that bound it, ``newest`` is when its last entry entered.
    """

    number: int
    first: int
    last: int
    newest: datetime
    entries: tuple["Entry", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePage:
    """A finished page of a feed's history in one format (RFC 5005 4): made once, and changed only by taking
    out what is retracted (``without``: ids that still are in it). ``body`` is gzip."""

    feed_key: str
    number: int
    format: Format
    etag: str
    last_modified: datetime
    body: bytes = field(repr=False)
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveHead:
    """A page of a feed's history without its bytes."""

    feed_key: str
    number: int
    format: Format
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A stored rendering without its bodies; ``sizes`` in bytes."""

    feed_key: str
    format: Format
    etag: str
    last_modified: datetime
    version: int
    sizes: Mapping[Coding, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a feed has in it that is made when asked for: what is in one of ``feeds`` and, where a condition
    is given, is of one of ``sources``, has one of ``tags``, is in one of ``languages``, and is found by
    ``text`` (docs/search.md). Equal questions are equal values: all is sorted, folded and without doubles.
    """

    feeds: tuple[str, ...]
    limit: int
    text: str = ""
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a query finds now: entries newest first by place (``Entry.seq``), the latest ``last_modified`` of
    the feeds they are in, and whether all that is in these is published (``settled``)."""

    entries: tuple[Entry, ...]
    created: datetime
    last_modified: datetime | None
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What lets its holder read private feeds: those in ``feeds``, or all where it names none. ``digest`` is
    the SHA-256 of the secret, ``beginning`` enough of it to be told from others."""

    name: str
    beginning: str
    digest: str = field(repr=False)
    feeds: tuple[str, ...]
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosable:
    """What the latest articles of some feeds have, to be chosen from: the titles of their sources by id, all
    tags and all languages, each as often as it is there."""

    titles: Mapping[str, str]
    tags: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The config as one process read it: ``body`` is JSON; web and pollers follow the highest number."""

    number: int
    created: datetime
    digest: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessState:
    """A running process, the config revision that it runs, and how it fares in its own words."""

    name: str
    kind: str
    revision: int
    seen: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the store knows of a feed: how many sources it has and when it last changed."""

    key: str
    sources: int
    last_modified: datetime | None  # of its renderings
    generation: int = 0  # rises whenever its content may differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a document says about itself. All addresses are absolute and built from ``site.url``.

    ``key`` is the feed's path without the format: ``all`` or ``c/<category>``.
    """

    key: str
    id: str
    title: str
    description: str
    language: str | None
    page_url: str
    urls: Mapping[Format, str]
    updated: datetime
    site_title: str
    icon_url: str | None = None
    ttl: timedelta | None = None
    archive: bool = False  # a page of its history, which does not change any more
    tombstones: tuple[Tombstone, ...] = ()
    expired: bool = False  # it has ended, nothing new will come


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed of somebody else, as lists of subscriptions (OPML) name it."""

    title: str
    url: str
    page_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """Finished bytes of one feed in one format, in every content coding, with their validators.

    ``etag`` is the bare opaque tag without quotes; a coding's own tag is ``"<etag>-<coding>"``, that of the
    identity coding ``"<etag>"`` (RFC 9110 8.8.3.3). ``last_modified`` has whole seconds and strictly rises.
    """

    feed_key: str
    format: Format
    etag: str
    last_modified: datetime
    bodies: Mapping[Coding, bytes]
    version: int = 0


# ---- push: WebSub, as a hub and as a subscriber -----------------------------------------------------

HubMode = Literal["subscribe", "unsubscribe", "denied"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRequest:
    """What somebody asks of our hub; nothing of it holds before ``callback`` has confirmed it.

    ``topic`` is the feed's address as they know it, ``lease`` how long the subscription is to last.
    ``secret`` signs what is sent to them.
    """

    mode: HubMode
    feed_key: str
    format: Format
    topic: str
    callback: str
    lease: timedelta
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """An errand: a request to be confirmed, or a denial to be told (``mode``). ``n`` is its number."""

    n: int
    mode: HubMode
    topic: str
    callback: str = field(repr=False)
    lease: timedelta
    tries: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An errand: the newest version of a feed is due at a subscriber, or word of it at an outside ``hub``.

    ``failing`` since when it could not be delivered, ``tries`` how often.
    """

    n: int
    kind: Literal["subscriber", "hub"]
    feed_key: str
    format: Format
    callback: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    tries: int = 0
    failing: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An errand: a source's hub is to be asked to tell us of what is new. Our callback ends in ``token``."""

    n: int
    source_id: str
    hub: str
    topic: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    tries: int = 0
