"""Which tables does the store have, and what does a row of each mean?

Rows refer to each other by small integers (``n``); the names that people use (source ids, article ids,
feed keys) stand in one column each, so that renaming a source is one update.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes in and out: SQLite keeps no zone, PostgreSQL answers in its session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value} reached the store")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows itself only in a column of exactly this type; PostgreSQL wants room for a long life.
Number = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Facts fixed once for the store (the authority of tag: ids) and rising counters (publication).
meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# The parsed config as one process read it; web and pollers follow the highest number.
revision = Table(
    "revision",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("created", UtcDateTime, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
)

# Who runs, on which revision, and what it last said.
process = Table(
    "process",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("revision", Number, nullable=False),
    Column("seen", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False, default=""),
)

# Things that only one process may do at a time (reading the config files, maintenance).
lease = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("type", String(32), nullable=False),
    Column("location", Text, nullable=False),
    Column("public_url", Text),  # named to readers as the origin's own feed
    Column("name", Text),  # configured title; wins over the source's own
    Column("active", Boolean, nullable=False, default=True),  # in the config
    Column("enabled", Boolean, nullable=False, default=True),
    Column("title", Text),
    Column("link", Text),
    Column("feed_id", Text),
    Column("language", String(64)),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("fingerprint", String(64)),
    Column("next_due", UtcDateTime),
    Column("next_reason", Text, nullable=False, default=""),
    Column("lane", String(10), nullable=False, default="normal"),  # slow: its last poll timed out
    Column("lease", String(64)),
    Column("lease_until", UtcDateTime),
    Column("last_poll", UtcDateTime),
    Column("last_ok", UtcDateTime),
    Column("last_new", UtcDateTime),
    Column("failures", Integer, nullable=False, default=0),
    Column("error_kind", String(32)),
    Column("error", Text),
    Index(None, "lane", "next_due"),
)

article = Table(
    "article",
    metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),  # what we publish: decided once, then permanent
    Column("source_n", Number, ForeignKey("source.n"), nullable=False),
    Column("state", String(10), nullable=False),  # live, hidden, retracted, pruned
    Column("state_since", UtcDateTime, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("published", UtcDateTime, nullable=False),
    Column("updated", UtcDateTime, nullable=False),
    Column("item_hash", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("link", Text),
    Column("summary", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("enclosures", JSON, nullable=False),
    Column("image", JSON),
    Column("podcast", JSON(none_as_null=True)),
    Column("language", String(64)),
    Column("rights", Text),
    Column("via", Text),
    Column("via_title", Text),
    Column("date_flag", String(10), nullable=False, default=""),
    Column("held_until", UtcDateTime, index=True),  # while its state is "held"
    Index(None, "source_n", "published"),
)

# How a source's item is found again. Rows outlive the article's text, so that nothing comes back as new.
article_key = Table(
    "article_key",
    metadata,
    Column("source_n", Number, ForeignKey("source.n"), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("article_n", Number, ForeignKey("article.n"), nullable=False, index=True),
)

# Where an article stands in the order of searches, newest highest. Its words are under that number in
# search_text, which is of another kind in each database (see store/indexing.py).
search = Table(
    "search",
    metadata,
    Column("article_n", Number, ForeignKey("article.n"), primary_key=True, autoincrement=False),
    Column("place", BigInteger, nullable=False, unique=True),
)

# Addresses that a source led to: what the next visit to each needs, and how often it failed in a row.
followed = Table(
    "followed",
    metadata,
    Column("source_n", Number, ForeignKey("source.n"), primary_key=True),
    Column("key", String(64), primary_key=True),  # SHA-256 of the address, which may be of any length
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("fingerprint", String(64)),
    Column("tries", Integer, nullable=False, default=0),
    Column("seen", UtcDateTime, nullable=False, index=True),
)

feed = Table(
    "feed",
    metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("active", Boolean, nullable=False, default=True),
    Column("public", Boolean, nullable=False, default=True),
    Column("limit", Integer, nullable=False),
    Column("keep_for", BigInteger),  # seconds
    Column("keep_count", BigInteger),
    Column("flood", Integer),
    Column("max_share", Float),
    Column("plan", String(64), nullable=False),  # fingerprint of the settings and of the renderer
    Column("created", UtcDateTime, nullable=False),
    Column("first_entry", UtcDateTime),
    Column("next_seq", BigInteger, nullable=False, default=1),
    Column("generation", BigInteger, nullable=False, default=1),  # rises whenever the content may differ
    Column("published_generation", BigInteger, nullable=False, default=0),
    Column("renew_at", UtcDateTime),  # when time alone changes it
    Column("last_modified", UtcDateTime),
)

# Who may read private feeds.
token = Table(
    "token",
    metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("beginning", String(20), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("feeds", JSON, nullable=False),  # keys; none: all that are private
    Column("created", UtcDateTime, nullable=False),
)

# Which source feeds which feed, since when (a source that joins later must not flood).
feed_source = Table(
    "feed_source",
    metadata,
    Column("feed_n", Number, ForeignKey("feed.n"), primary_key=True),
    Column("source_n", Number, ForeignKey("source.n"), primary_key=True),
    Column("joined", UtcDateTime, nullable=False),
)

# An article's place in a feed. ``seq`` cuts the live window, ``first_seq`` never changes (RFC 5005).
entry = Table(
    "entry",
    metadata,
    Column("feed_n", Number, ForeignKey("feed.n"), primary_key=True),
    Column("article_n", Number, ForeignKey("article.n"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("entered", UtcDateTime, nullable=False),
    Column("published", UtcDateTime, nullable=False),  # here too, so that a page needs one index
    Index(None, "feed_n", "first_seq"),
    Index(None, "feed_n", "seq", "article_n"),
    Index(None, "feed_n", "published", "article_n"),
    Index(None, "feed_n", "entered"),
    Index(None, "article_n"),
)

# What is left of entries that were withdrawn. Readers are told for a while, archive pages once.
tombstone = Table(
    "tombstone",
    metadata,
    Column("feed_n", Number, ForeignKey("feed.n"), primary_key=True),
    Column("article_n", Number, ForeignKey("article.n"), primary_key=True),
    Column("first_seq", BigInteger, primary_key=True),  # an article may come back, and go once more
    Column("withdrawn", UtcDateTime, nullable=False),
    Column("cut", Boolean, nullable=False, default=False),  # out of its archive page, if it was in one
    Index(None, "feed_n", "withdrawn"),
)

# A feed's history in pages that do not change (RFC 5005 4): the entries that first entered it from
# first_seq to last_seq.
archive = Table(
    "archive",
    metadata,
    Column("feed_n", Number, ForeignKey("feed.n"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("newest", UtcDateTime, nullable=False),  # when its last entry entered; retention takes it then
)

archive_body = Table(
    "archive_body",
    metadata,
    Column("feed_n", Number, ForeignKey("feed.n"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("format", String(10), primary_key=True),
    Column("etag", String(64), nullable=False),
    Column("last_modified", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),  # gzip; other codings are made when asked for
)

rendering = Table(
    "rendering",
    metadata,
    Column("feed_n", Number, ForeignKey("feed.n"), primary_key=True),
    Column("format", String(10), primary_key=True),
    Column("etag", String(64), nullable=False),
    Column("last_modified", UtcDateTime, nullable=False),
    Column("version", BigInteger, nullable=False, index=True),  # one counter over all renderings
)

rendering_body = Table(
    "rendering_body",
    metadata,
    Column("feed_n", Number, ForeignKey("feed.n"), primary_key=True),
    Column("format", String(10), primary_key=True),
    Column("coding", String(10), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# What earlier versions of a feed had in them, for readers that ask only for what is new (RFC 3229).
past = Table(
    "past",
    metadata,
    Column("feed_n", Number, ForeignKey("feed.n"), primary_key=True),
    Column("etag", String(64), primary_key=True),
    Column("published", UtcDateTime, nullable=False),
    Column("entries", JSON, nullable=False),  # id -> updated
    Index(None, "feed_n", "published"),
)

poll = Table(
    "poll",
    metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("source_n", Number, ForeignKey("source.n"), nullable=False),
    Column("started", UtcDateTime, nullable=False, index=True),
    Column("ms", Integer, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("trigger", String(20), nullable=False),
    Column("status", Integer),
    Column("wire_bytes", BigInteger, nullable=False),
    Column("found", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("retracted", Integer, nullable=False),
    Column("rejected", JSON, nullable=False),
    Column("error_kind", String(32)),
    Column("error", Text),
    Column("next_due", UtcDateTime),
    Column("next_reason", Text, nullable=False, default=""),
    Index(None, "source_n", "n"),
)

# What was asked of our hub and is not confirmed by its callback yet; denials that are to be told.
hub_request = Table(
    "hub_request",
    metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("feed_n", Number, ForeignKey("feed.n"), nullable=False),
    Column("format", String(10), nullable=False),
    Column("key", String(64), nullable=False),  # SHA-256 of the callback, which may be long
    Column("callback", Text, nullable=False),
    Column("host", String(255), nullable=False, index=True),
    Column("topic", Text, nullable=False),
    Column("mode", String(12), nullable=False),
    Column("lease_seconds", Integer, nullable=False),
    Column("secret", Text),
    Column("reason", Text),
    Column("due", UtcDateTime, index=True),
    Column("tries", Integer, nullable=False, default=0),
    Column("lease", String(64), index=True),
    Column("lease_until", UtcDateTime),
    UniqueConstraint("feed_n", "format", "key"),
)

# Who is sent which feed: subscribers of our hub until their lease ends, and an outside hub that is told.
hub_subscription = Table(
    "hub_subscription",
    metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("kind", String(10), nullable=False),  # subscriber, hub
    Column("feed_n", Number, ForeignKey("feed.n"), nullable=False),
    Column("format", String(10), nullable=False),
    Column("key", String(64), nullable=False),
    Column("callback", Text, nullable=False),
    Column("host", String(255), nullable=False, index=True),
    Column("topic", Text, nullable=False),
    Column("secret", Text),
    Column("since", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, index=True),
    Column("version", BigInteger, nullable=False),  # of the rendering that they have
    Column("due", UtcDateTime, index=True),
    Column("failing", UtcDateTime),
    Column("tries", Integer, nullable=False, default=0),
    Column("lease", String(64), index=True),
    Column("lease_until", UtcDateTime),
    UniqueConstraint("feed_n", "format", "key"),
)

# The hubs that our sources name: what we asked of each, until when it agreed, and when it last told us.
websub = Table(
    "websub",
    metadata,
    Column("n", Number, ForeignKey("source.n"), primary_key=True, autoincrement=False),
    Column("hub", Text, nullable=False),
    Column("host", String(255), nullable=False),
    Column("topic", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("secret", String(64), nullable=False),
    Column("confirmed", UtcDateTime),
    Column("until", UtcDateTime),
    Column("pushed", UtcDateTime),
    Column("error", Text),
    Column("due", UtcDateTime, index=True),
    Column("tries", Integer, nullable=False, default=0),
    Column("lease", String(64), index=True),
    Column("lease_until", UtcDateTime),
)
