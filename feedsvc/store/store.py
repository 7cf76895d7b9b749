"""Where does a transaction begin and end? Each method of ``Store`` is one, whole or not at all."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, select

from feedsvc.model import (
    ArchiveHead,
    ArchivePage,
    ArticleRecord,
    Choosable,
    Coding,
    Delivery,
    Entry,
    FeedPlan,
    FeedState,
    Findings,
    Followed,
    Format,
    Harvest,
    Head,
    HubRequest,
    Intent,
    Known,
    Poll,
    ProcessState,
    Query,
    Rendering,
    Revision,
    Source,
    SourceStanding,
    SourceState,
    Token,
    Validators,
    Window,
    Wish,
)
from feedsvc.store import (
    archive,
    claims,
    daily,
    engine,
    errands,
    finding,
    followed,
    hiding,
    hub,
    intake,
    outlet,
    past,
    placing,
    reading,
    revisions,
    tokens,
    upkeep,
    websub,
)
from feedsvc.store.hub import Bounds, Verdict
from feedsvc.store.tables import hub_request, hub_subscription, process
from feedsvc.store.tables import websub as websub_table


class Store:
    """The database. Threads may share one; processes each open their own.

    Every method raises ``StoreError`` where the database refuses.
    """

    def __init__(self, database: engine.Database) -> None:
        self._db = database

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open ``sqlite:///path`` or ``postgresql://...``; nothing is created before ``upgrade``."""
        return cls(engine.Database(url))

    def close(self) -> None:
        self._db.close()

    # ---- schema -------------------------------------------------------------------------------------

    def upgrade(self) -> None:
        """Create or migrate the schema; safe from several processes at once."""
        engine.upgrade(self._db)

    def schema(self) -> tuple[str | None, str]:
        """(revision of the schema there, revision that this version needs)."""
        return engine.current(self._db)

    # ---- config -------------------------------------------------------------------------------------

    def apply_revision(
        self, *, body: str, sources: Sequence[Source], feeds: Sequence[FeedPlan], now: datetime
    ) -> Revision:
        """Make a parsed config the one that everybody follows; the same again changes nothing."""
        with self._db.writing() as connection:
            return revisions.apply(connection, body=body, sources=sources, feeds=feeds, now=now)

    def revision(self) -> Revision | None:
        with self._db.reading() as connection:
            return revisions.newest(connection)

    def revision_number(self) -> int | None:
        """The number of the newest revision, cheaply; None before the first."""
        with self._db.reading() as connection:
            return revisions.newest_number(connection)

    def fix_fact(self, key: str, value: str) -> str:
        """Keep a fact for the life of the store: the first value given stays and is returned."""
        with self._db.writing() as connection:
            return revisions.fix_fact(connection, key, value)

    # ---- the way in ---------------------------------------------------------------------------------

    def claim_due(
        self, *, now: datetime, lease: str, lease_for: timedelta, lane: str = "normal", most: int = 16
    ) -> list[str]:
        """Lease up to ``most`` due sources; no other claim gets them until the lease runs out."""
        with self._db.writing() as connection:
            return claims.claim_due(
                connection, now=now, lease=lease, lease_for=lease_for, lane=lane, most=most
            )

    def due(self, now: datetime) -> list[str]:
        """The ids of the sources that are due, longest due first; nothing is leased."""
        with self._db.reading() as connection:
            return claims.due(connection, now)

    def claim(self, source_id: str, *, now: datetime, lease: str, lease_for: timedelta) -> bool:
        """Lease one source, due or not; False while somebody else polls it."""
        with self._db.writing() as connection:
            return claims.claim(connection, source_id, now=now, lease=lease, lease_for=lease_for)

    def release(self, leases: Sequence[str]) -> None:
        """Give leases back, with the source unpolled or the errand undone."""
        with self._db.writing() as connection:
            claims.release(connection, leases)
            errands.release(connection, leases)

    def make_due(self, source_id: str, now: datetime) -> None:
        """Have a source polled at the next tick ("run now")."""
        with self._db.writing() as connection:
            claims.make_due(connection, source_id, now)

    def known(self, source_id: str, keys: Iterable[str]) -> dict[str, Known]:
        """Which of a source's matching keys lead to an article that we hold, or held?"""
        with self._db.reading() as connection:
            return intake.known(connection, source_id, keys)

    def followed(self, source_id: str, urls: Iterable[str]) -> dict[str, Followed]:
        """Which of the addresses that a source leads to were visited before, and what came of it?"""
        with self._db.reading() as connection:
            return followed.recall(connection, source_id, urls)

    def finish(
        self,
        *,
        lease: str,
        record: Poll,
        now: datetime,
        harvest: Harvest | None = None,
        validators: Validators | None = None,
    ) -> Poll:
        """Save one poll whole; see ``intake.finish``.

        :raises LeaseLost: if somebody else has the source by now; nothing is saved.
        """
        with self._db.writing() as connection:
            return intake.finish(
                connection, lease=lease, record=record, harvest=harvest, validators=validators, now=now
            )

    def retract_source(self, source_id: str, now: datetime) -> int:
        """Take all articles of a source out of every feed; returns how many."""
        with self._db.writing() as connection:
            return intake.retract_source(connection, source_id, now)

    # ---- the way out --------------------------------------------------------------------------------

    def dirty_feeds(self) -> list[str]:
        """Keys of the feeds whose content may differ from their renderings."""
        with self._db.reading() as connection:
            return outlet.dirty(connection)

    def renew(self, now: datetime) -> int:
        """Let in what has waited long enough, and mark the feeds that time alone changes now."""
        with self._db.writing() as connection:
            placing.release(connection, now)
            return outlet.renew(connection, now)

    def window(self, feed_key: str, now: datetime) -> Window | None:
        """What a feed shows now; None if there is no such feed."""
        with self._db.reading() as connection:
            return outlet.window(connection, feed_key, now)

    def publish(
        self,
        *,
        window: Window,
        renderings: Sequence[Rendering],
        pages: Sequence[ArchivePage] = (),
        deltas: bool = False,
    ) -> int | None:
        """Store finished bytes unless something newer is there (None then); how many formats changed."""
        with self._db.writing() as connection:
            return outlet.publish(
                connection, window=window, renderings=renderings, pages=pages, deltas=deltas
            )

    def past(self, feed_key: str, etag: str) -> tuple[datetime, Mapping[str, datetime]] | None:
        """(when an earlier version was published, when each entry in it was last changed), if it is known."""
        with self._db.reading() as connection:
            return past.recall(connection, feed_key, etag)

    def archive_page(self, feed_key: str, number: int, format: Format) -> ArchivePage | None:
        """A page of a feed's history; None if it was not made yet or is not kept any more."""
        with self._db.reading() as connection:
            return archive.get(connection, feed_key, number, format)

    def archive_heads(self) -> list[ArchiveHead]:
        """The pages of all feeds' histories, without their bytes."""
        with self._db.reading() as connection:
            return archive.heads(connection)

    def last_archive(self, feed_key: str) -> int:
        """The number of the newest page of a feed's history, kept or not; 0 while there is none."""
        with self._db.reading() as connection:
            return archive.last(connection, feed_key)

    def hide(self, article_id: str, now: datetime) -> bool:
        """Take an article out of every feed until ``unhide``; False if it is hidden already.

        :raises NotFound: if there is no such article, or none that could be shown.
        """
        with self._db.writing() as connection:
            return hiding.hide(connection, article_id, now)

    def unhide(self, article_id: str, now: datetime) -> bool:
        """Show a hidden article again, as changed now; False if it is not hidden.

        :raises NotFound: if there is no such article.
        """
        with self._db.writing() as connection:
            return hiding.unhide(connection, article_id, now)

    def heads(self, since_version: int = 0) -> list[Head]:
        """Renderings published after a version, without their bodies."""
        with self._db.reading() as connection:
            return outlet.heads(connection, since_version)

    def feed_keys(self) -> frozenset[str]:
        with self._db.reading() as connection:
            return outlet.active_keys(connection)

    def former_feeds(self) -> frozenset[str]:
        """The keys of the feeds that the config has no more."""
        with self._db.reading() as connection:
            return outlet.former_keys(connection)

    def was_active(self, feed_key: str) -> bool:
        """Was there a feed of this key, which the config has no more?"""
        with self._db.reading() as connection:
            return outlet.was_active(connection, feed_key)

    def body(self, feed_key: str, format: Format, coding: Coding, version: int) -> bytes | None:
        """One finished body; None if that version has been replaced."""
        with self._db.reading() as connection:
            return outlet.body(connection, feed_key, format, coding, version)

    def rendering(self, feed_key: str, format: Format) -> Rendering | None:
        with self._db.reading() as connection:
            return outlet.get(connection, feed_key, format)

    # ---- private feeds ------------------------------------------------------------------------------

    def add_token(self, token: Token) -> None:
        """:raises FeedsvcError: if there is one of that name."""
        with self._db.writing() as connection:
            tokens.add(connection, token)

    def tokens(self) -> list[Token]:
        """All tokens, by name."""
        with self._db.reading() as connection:
            return tokens.every(connection)

    def revoke_token(self, name: str) -> None:
        """:raises NotFound: if there is none of that name."""
        with self._db.writing() as connection:
            tokens.revoke(connection, name)

    # ---- looking ------------------------------------------------------------------------------------

    def page(
        self, feed_key: str, *, limit: int = 50, before: tuple[datetime, str] | None = None
    ) -> list[Entry]:
        """A feed's entries, newest first; ``before``: (published, id) of the last entry already seen."""
        with self._db.reading() as connection:
            return reading.page(connection, feed_key, limit=limit, before=before)

    def find(self, query: Query, *, before: int | None = None) -> Findings:
        """What a query finds, newest first; ``before``: the place (``Entry.seq``) of the last one seen."""
        with self._db.reading() as connection:
            return finding.find(connection, query, before=before)

    def choosable(self, query: Query) -> Choosable:
        """What the latest articles that a query finds can be told apart by."""
        with self._db.reading() as connection:
            return finding.choosable(connection, query)

    def count(self, feed_key: str, most: int) -> int:
        """How many entries are in a feed; counting ends at ``most``."""
        with self._db.reading() as connection:
            return reading.count(connection, feed_key, most)

    def feed_states(self) -> dict[str, FeedState]:
        with self._db.reading() as connection:
            return reading.feed_states(connection)

    def source_states(self) -> list[SourceState]:
        with self._db.reading() as connection:
            return reading.source_states(connection)

    def source_state(self, source_id: str) -> SourceState:
        """:raises NotFound: if the store never heard of the source."""
        with self._db.reading() as connection:
            return reading.source_state(connection, source_id)

    def polls(self, source_id: str | None = None, limit: int = 50) -> list[Poll]:
        """The latest polls, newest first."""
        with self._db.reading() as connection:
            return reading.polls(connection, source_id, limit)

    def article(self, article_id: str) -> ArticleRecord:
        """:raises NotFound: if no article has or had this id."""
        with self._db.reading() as connection:
            return reading.article_record(connection, article_id)

    def article_numbered(self, number: int) -> ArticleRecord | None:
        """The article of that number (``Entry.n``), whatever became of it."""
        with self._db.reading() as connection:
            return reading.article_numbered(connection, number)

    def homes(self, source_id: str) -> frozenset[str]:
        """The feeds that a source's articles go to, or went to when it was last configured."""
        with self._db.reading() as connection:
            return daily.homes(connection, source_id)

    def gains(self, days: Sequence[datetime]) -> Mapping[str, tuple[int, ...]]:
        """How many entries of each feed are dated in the day that begins at each of these moments."""
        with self._db.reading() as connection:
            return daily.gains(connection, days)

    def visits(self, day: datetime) -> Mapping[str, tuple[int, int]]:
        """(visits, failed ones) to each source in the day that begins at that moment."""
        with self._db.reading() as connection:
            return daily.visits(connection, day)

    def standings(self) -> Mapping[str, SourceStanding]:
        """How each source that is collected fares now."""
        with self._db.reading() as connection:
            return daily.standings(connection)

    def articles(
        self, *, source_id: str | None = None, feed_key: str | None = None, limit: int = 50
    ) -> list[ArticleRecord]:
        """The latest live articles, newest first by date."""
        with self._db.reading() as connection:
            return reading.article_records(connection, source_id=source_id, feed_key=feed_key, limit=limit)

    def all_articles(self) -> Iterator[ArticleRecord]:
        """Every live article, in the order in which they came."""
        with self._db.reading() as connection:
            yield from reading.all_articles(connection)

    # ---- push (WebSub) ------------------------------------------------------------------------------

    def ask_hub(self, wanted: HubRequest, *, bounds: Bounds, now: datetime) -> Verdict:
        """Take a request to our hub in, to be confirmed by its callback.

        :raises NotFound: if there is no such feed (yet).
        """
        with self._db.writing() as connection:
            return hub.ask(connection, wanted, bounds=bounds, now=now)

    def take_intents(self, *, now: datetime, lease: str, lease_for: timedelta, most: int) -> list[Intent]:
        """Lease requests that are to be confirmed, and denials that are to be told."""
        numbers = self._lease(hub_request, now=now, lease=lease, lease_for=lease_for, most=most)
        with self._db.reading() as connection:
            return hub.intents(connection, numbers) if numbers else []

    def take_deliveries(
        self, *, now: datetime, lease: str, lease_for: timedelta, most: int
    ) -> list[Delivery]:
        """Lease subscriptions to which a version is due."""
        numbers = self._lease(
            hub_subscription, hub.unexpired(now), now=now, lease=lease, lease_for=lease_for, most=most
        )
        with self._db.reading() as connection:
            return hub.deliveries(connection, numbers) if numbers else []

    def take_wishes(self, *, now: datetime, lease: str, lease_for: timedelta, most: int) -> list[Wish]:
        """Lease hubs of our sources that are to be asked, for the first time or again."""
        numbers = self._lease(websub_table, now=now, lease=lease, lease_for=lease_for, most=most)
        with self._db.reading() as connection:
            return websub.wishes(connection, numbers) if numbers else []

    def _lease(
        self,
        table: Table,
        *only: ColumnElement[bool],
        now: datetime,
        lease: str,
        lease_for: timedelta,
        most: int,
    ) -> Sequence[int]:
        with self._db.reading() as connection:
            found = errands.waiting(connection, table, *only, now=now, most=most)
        if not found:
            return ()
        with self._db.writing() as connection:
            return errands.claim(connection, table, found, now=now, lease=lease, lease_for=lease_for)

    def confirm_intent(self, n: int, lease: str, *, asked: datetime) -> bool:
        """A callback has confirmed a request, which it was ``asked`` about then; False if it was replaced."""
        with self._db.writing() as connection:
            return hub.confirm(connection, n, lease, asked=asked)

    def drop_intent(self, n: int, lease: str) -> bool:
        with self._db.writing() as connection:
            return hub.drop(connection, n, lease)

    def postpone_intent(self, n: int, lease: str, *, due: datetime) -> bool:
        with self._db.writing() as connection:
            return errands.finish(connection, hub_request, n, lease, due=due, tries=hub_request.c.tries + 1)

    def newest_body(self, feed_key: str, format: Format) -> tuple[int, bytes] | None:
        """(version, body) of a feed as it is now; None if there is none."""
        with self._db.reading() as connection:
            return hub.newest(connection, feed_key, format)

    def delivered(self, n: int, lease: str, *, version: int, now: datetime) -> bool:
        """A version has arrived; what is newer by now is due at once."""
        with self._db.writing() as connection:
            return hub.delivered(connection, n, lease, version=version, now=now)

    def undelivered(self, n: int, lease: str, *, due: datetime, now: datetime) -> bool:
        """A version did not arrive; it, or a newer one, is due then."""
        with self._db.writing() as connection:
            return hub.undelivered(connection, n, lease, due=due, now=now)

    def nothing_due(self, n: int, lease: str) -> bool:
        """There is nothing to deliver before the next publication."""
        with self._db.writing() as connection:
            return errands.finish(connection, hub_subscription, n, lease, due=None)

    def end_subscription(self, n: int, lease: str) -> bool:
        with self._db.writing() as connection:
            return hub.end(connection, n, lease)

    def settle_hub(
        self, *, topics: Collection[str], outside: Mapping[str, str], reason: str, now: datetime
    ) -> None:
        """Bring subscriptions in line with the config; see ``hub.settle``."""
        with self._db.writing() as connection:
            hub.settle(connection, topics=topics, outside=outside, reason=reason, now=now)

    def wish_of(self, token: str) -> Wish | None:
        """What we asked of the hub that knows this token of a callback."""
        with self._db.reading() as connection:
            return websub.by_token(connection, token)

    def wish_asked(self, n: int, lease: str, *, at: datetime, due: datetime) -> bool:
        """The hub has taken what it was asked ``at`` that time; unconfirmed, it is asked again when due."""
        with self._db.writing() as connection:
            return websub.asked(connection, n, lease, at=at, due=due)

    def wish_refused(self, n: int, lease: str, *, due: datetime, error: str | None) -> bool:
        with self._db.writing() as connection:
            return websub.refused(connection, n, lease, due=due, error=error)

    def drop_wish(self, n: int, lease: str) -> bool:
        with self._db.writing() as connection:
            return websub.drop(connection, n, lease)

    def push_agreed(self, n: int, *, now: datetime, until: datetime, renew: datetime) -> None:
        """A hub has confirmed that it will tell us, until then unless asked again."""
        with self._db.writing() as connection:
            websub.agreed(connection, n, now=now, until=until, renew=renew)

    def push_denied(self, n: int, *, reason: str, due: datetime) -> None:
        with self._db.writing() as connection:
            websub.denied(connection, n, reason=reason, due=due)

    def pushed(self, n: int, now: datetime) -> None:
        """A hub has told us of something new: its source is polled as soon as that is polite."""
        with self._db.writing() as connection:
            websub.pushed(connection, n, now)

    # ---- upkeep -------------------------------------------------------------------------------------

    def prune(self, now: datetime) -> int:
        """Apply retention, a batch at a time; returns how many entries left their feeds."""
        with self._db.writing() as connection:
            upkeep.prune_polls(connection, now)
            followed.forget(connection, now)
            return upkeep.prune(connection, now)

    def take_lease(self, name: str, owner: str, *, now: datetime, lasting: timedelta) -> bool:
        """Hold, or go on holding, something that only one process may do at a time."""
        with self._db.writing() as connection:
            return upkeep.take_lease(connection, name, owner, now=now, lasting=lasting)

    def drop_lease(self, name: str, owner: str) -> None:
        with self._db.writing() as connection:
            upkeep.drop_lease(connection, name, owner)

    def report(self, *, name: str, kind: str, revision: int, now: datetime, note: str = "") -> None:
        """Say that a process is alive, which revision it runs and how it fares."""
        with self._db.writing() as connection:
            upkeep.report(connection, name=name, kind=kind, revision=revision, note=note, now=now)

    def leave(self, name: str) -> None:
        """Say that a process has ended."""
        with self._db.writing() as connection:
            upkeep.leave(connection, name)

    def processes(self) -> list[ProcessState]:
        """The processes that reported within a day, by name."""
        with self._db.reading() as connection:
            rows = connection.execute(select(process).order_by(process.c.name)).mappings()
            return [ProcessState(**row) for row in rows]
