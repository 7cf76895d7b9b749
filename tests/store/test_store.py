"""Does the store keep what a poll brings, alike on SQLite and PostgreSQL?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedsvc.errors import LeaseLost, NotFound, StoreError
from feedsvc.model import (
    Article,
    Author,
    ChangedArticle,
    Enclosure,
    FeedPlan,
    Harvest,
    Image,
    ItemKeys,
    NewArticle,
    NextCheck,
    Person,
    Podcast,
    Poll,
    Rendering,
    SafeHtml,
    Soundbite,
    Source,
    Touched,
    Transcript,
    Validators,
    Window,
)
from feedsvc.store import Store
from tests.conftest import Clock

LEASE_FOR = timedelta(minutes=1)


class Spring(Source):
    """A source type of the tests' own."""

    url: str

    @property
    def location(self) -> str:
        return self.url

    @property
    def public_url(self) -> str:
        return self.url


def spring(id: str = "spring", **options: object) -> Spring:
    fields: dict[str, object] = {
        "type": "feed",
        "url": f"https://{id}.example/feed",
        "categories": ("world",),
    }
    return Spring.model_validate({"id": id, **fields, **options})


def plans(*keys: str, **options: object) -> list[FeedPlan]:
    wanted = keys or ("all", "c/world")
    return [FeedPlan(key=key, limit=5, fingerprint="1", **options) for key in wanted]  # type: ignore[arg-type]


def configure(
    store: Store, clock: Clock, *sources: Source, feeds: Sequence[FeedPlan] = (), body: str | None = None
) -> None:
    text = body or repr([one.model_dump_json() for one in sources])
    store.apply_revision(body=text, sources=sources, feeds=feeds or plans(), now=clock())


def article(title: str, published: datetime, **fields: object) -> Article:
    given: dict[str, object] = {
        "title": title,
        "link": f"https://spring.example/{title}",
        "summary": SafeHtml(""),
        "content": SafeHtml(f"<p>{title}</p>"),
        "published": published,
        "fingerprint": f"print of {title}",
    }
    return Article(**(given | fields))  # type: ignore[arg-type]


def new(title: str, published: datetime, *ids: str, **fields: object) -> NewArticle:
    keys = ItemKeys(primary=f"guid:{title}", aliases=(f"url:{title}",), iri=None, item_hash=f"hash {title}")
    return NewArticle(keys=keys, ids=ids or (f"tag:x:{title}",), article=article(title, published, **fields))


def bring(store: Store, clock: Clock, harvest: Harvest, source_id: str = "spring") -> Poll:
    now = clock()
    assert store.claim(source_id, now=now, lease="mine", lease_for=LEASE_FOR)
    record = Poll(
        source_id=source_id,
        started=now,
        outcome="ok",
        next_check=NextCheck(at=now + timedelta(minutes=15), reason="every 15m"),
    )
    return store.finish(lease="mine", record=record, harvest=harvest, now=now)


def window(store: Store, key: str, clock: Clock) -> Window:
    found = store.window(key, clock())
    assert found is not None
    return found


def titles(store: Store, key: str, clock: Clock) -> list[str]:
    window = store.window(key, clock())
    assert window is not None
    return [entry.article.title for entry in window.entries]


V = Validators(etag='"v1"', last_modified="Sun, 01 Mar 2026 00:00:00 GMT", body_hash="b", fingerprint="f")


def test_a_harvest_comes_back_whole(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(title="The Spring"))
    one = new(
        "full",
        clock() - timedelta(days=1),
        summary=SafeHtml("<p>short</p>"),
        authors=(Author(name="Ann", email="ann@example.org"),),
        tags=("one", "two"),
        enclosures=(Enclosure(url="https://spring.example/a.mp3", type="audio/mpeg", length=3),),
        image=Image(url="https://spring.example/a.png", width=1, height=2, credit="Ada", caption="A spring"),
        podcast=Podcast(
            episode=3,
            explicit=False,
            transcripts=(Transcript(url="https://spring.example/a.vtt", captions=True),),
            soundbites=(Soundbite(start=1.5, duration=2.0),),
            people=(Person(name="Gil", role="host"),),
        ),
        language="en",
        rights="© Ann",
        via="https://via.example/",
        via_title="Via",
        date_flag="zoneless",
    )
    saved = bring(store, clock, Harvest(validators=V, new=(one,), title="Own words"))
    assert (saved.new, saved.updated, saved.retracted) == (1, 0, 0)
    (entry,) = store.page("c/world")
    assert entry.article == one.article
    assert (entry.id, entry.published, entry.updated) == (
        "tag:x:full",
        one.article.published,
        one.article.published,
    )
    assert (entry.origin.id, entry.origin.title) == ("spring", "The Spring")
    assert entry.origin.feed_url == "https://spring.example/feed"
    state = store.source_state("spring")
    assert state.validators == V
    assert (state.title, state.articles, state.last_ok, state.last_new) == ("Own words", 1, clock(), clock())
    assert state.next_due == clock() + timedelta(minutes=15)
    assert store.polls("spring") == [saved]


def test_nothing_is_saved_without_the_lease(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    assert store.claim_due(now=clock(), lease="mine", lease_for=LEASE_FOR) == ["spring"]
    assert store.claim_due(now=clock(), lease="other", lease_for=LEASE_FOR) == []
    late = clock.advance(minutes=2)
    assert store.claim_due(now=late, lease="other", lease_for=LEASE_FOR) == ["spring"]
    record = Poll(source_id="spring", started=late, outcome="ok")
    harvest = Harvest(validators=V, new=(new("late", late),))
    with pytest.raises(LeaseLost, match="spring"):
        store.finish(lease="mine", record=record, harvest=harvest, now=late)
    assert store.articles() == []
    assert store.polls() == []
    store.finish(lease="other", record=record, harvest=harvest, now=late)
    assert len(store.articles()) == 1


def test_a_released_source_is_due_again(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), spring("other"))
    assert store.claim_due(now=clock(), lease="mine", lease_for=LEASE_FOR) == ["spring", "other"]
    store.release(["mine"])
    assert store.claim_due(now=clock(), lease="mine", lease_for=LEASE_FOR, most=1) == ["spring"]


def test_paused_and_removed_sources_are_never_due(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(enabled=False), spring("gone"))
    configure(store, clock, spring(enabled=False))
    assert store.claim_due(now=clock(), lease="mine", lease_for=LEASE_FOR) == []
    configure(store, clock, spring())
    assert store.due(clock()) == ["spring"]


def test_timed_out_sources_have_a_lane_of_their_own(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    store.claim("spring", now=clock(), lease="mine", lease_for=LEASE_FOR)
    failed = Poll(
        source_id="spring",
        started=clock(),
        outcome="failed",
        error_kind="timeout",
        error="took longer than 20s",
        next_check=NextCheck(at=clock(), reason="now"),
    )
    store.finish(lease="mine", record=failed, now=clock())
    assert store.source_state("spring").failures == 1
    assert store.claim_due(now=clock(), lease="mine", lease_for=LEASE_FOR) == []
    assert store.claim_due(now=clock(), lease="mine", lease_for=LEASE_FOR, lane="slow") == ["spring"]


def test_a_failure_keeps_the_validators(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    bring(store, clock, Harvest(validators=V))
    store.claim("spring", now=clock(), lease="mine", lease_for=LEASE_FOR)
    failed = Poll(source_id="spring", started=clock(), outcome="failed", error_kind="dns", error="no address")
    store.finish(lease="mine", record=failed, now=clock())
    state = store.source_state("spring")
    assert state.validators == V
    assert (state.error_kind, state.error, state.failures) == ("dns", "no address", 1)


def test_keys_lead_to_the_article(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), spring("other"))
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()),)))
    known = store.known("spring", ["guid:a", "url:a", "guid:b"])
    assert sorted(known) == ["guid:a", "url:a"]
    assert known["guid:a"] == known["url:a"]
    assert (known["guid:a"].id, known["guid:a"].item_hash, known["guid:a"].state) == (
        "tag:x:a",
        "hash a",
        "live",
    )
    assert store.known("other", ["guid:a"]) == {}
    assert store.known("spring", (f"guid:{number}" for number in range(2000))) == {}


def test_a_new_guid_becomes_another_key(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()),)))
    number = store.known("spring", ["guid:a"])["guid:a"].n
    keys = ItemKeys(primary="guid:flipped", aliases=("url:a",), iri=None, item_hash="second")
    bring(store, clock, Harvest(validators=V, touched=(Touched(n=number, keys=keys),)))
    known = store.known("spring", ["guid:flipped", "guid:a"])
    assert {one.n for one in known.values()} == {number}
    assert known["guid:a"].item_hash == "second"


def test_an_id_taken_by_another_source_is_not_used_again(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), spring("other"))
    bring(store, clock, Harvest(validators=V, new=(new("a", clock(), "https://a.example/1", "tag:x:1"),)))
    theirs = new("a", clock(), "https://a.example/1", "tag:x:2")
    bring(store, clock, Harvest(validators=V, new=(theirs,)), "other")
    assert sorted(entry.id for entry in store.page("all")) == ["https://a.example/1", "tag:x:2"]
    with pytest.raises(StoreError, match="no free id"):
        bring(store, clock, Harvest(validators=V, new=(new("b", clock(), "tag:x:2"),)))


def test_a_change_moves_updated_and_comes_to_the_top(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    start = clock()
    batch = tuple(new(str(number), start - timedelta(hours=number)) for number in range(9))
    bring(store, clock, Harvest(validators=V, new=batch))
    assert titles(store, "c/world", clock) == ["0", "1", "2", "3", "4"]
    known = store.known("spring", ["guid:8"])["guid:8"]
    when = clock.advance(hours=1)
    text = replace(article("8, corrected", when), fingerprint="other")
    change = ChangedArticle(n=known.n, keys=batch[8].keys, article=text, updated=when)
    assert bring(store, clock, Harvest(validators=V, changed=(change,))).updated == 1
    record = store.article("tag:x:8")
    assert (record.entry.updated, record.entry.published) == (when, batch[8].article.published)
    # In the window by its seq, in the document by its date.
    assert titles(store, "c/world", clock) == ["0", "1", "2", "3", "8, corrected"]


def test_what_a_complete_document_no_longer_lists_is_retracted(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()), new("b", clock()))))
    kept = store.known("spring", ["guid:a"])["guid:a"]
    saved = bring(store, clock, Harvest(validators=V, present=frozenset({kept.n}), new=(new("c", clock()),)))
    assert (saved.new, saved.retracted) == (1, 1)
    assert sorted(titles(store, "c/world", clock)) == ["a", "c"]
    gone = store.known("spring", ["guid:b"])["guid:b"]
    assert gone.state == "retracted"
    # There again: the same id, updated now.
    later = clock.advance(hours=1)
    again = new("b", clock())
    change = ChangedArticle(n=gone.n, keys=again.keys, article=again.article, updated=later)
    bring(store, clock, Harvest(validators=V, changed=(change,)))
    assert sorted(titles(store, "c/world", clock)) == ["a", "b", "c"]
    assert store.article("tag:x:b").entry.updated == later


def test_a_latecomer_is_seen_whatever_its_date(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    batch = tuple(new(str(number), clock() - timedelta(hours=number)) for number in range(9))
    bring(store, clock, Harvest(validators=V, new=batch))
    clock.advance(hours=1)
    bring(store, clock, Harvest(validators=V, new=(new("old", clock() - timedelta(days=400)),)))
    assert titles(store, "c/world", clock) == ["0", "1", "2", "3", "old"]


def test_founders_fill_a_fresh_feed_by_date(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), spring("other"))
    start = clock()
    mine = tuple(new(f"mine {n}", start - timedelta(hours=2 * n)) for n in range(9))
    theirs = tuple(new(f"theirs {n}", start - timedelta(hours=2 * n + 1)) for n in range(9))
    bring(store, clock, Harvest(validators=V, new=mine))
    clock.advance(minutes=5)
    bring(store, clock, Harvest(validators=V, new=theirs), "other")
    assert titles(store, "c/world", clock) == ["mine 0", "theirs 0", "mine 1", "theirs 1", "mine 2"]


def test_the_backlog_of_a_joiner_does_not_flood(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    start = clock()
    bring(
        store,
        clock,
        Harvest(validators=V, new=tuple(new(f"mine {n}", start - timedelta(hours=n)) for n in range(3))),
    )
    clock.advance(days=3)
    configure(store, clock, spring(), spring("joiner"))
    theirs = tuple(new(f"theirs {n}", clock() - timedelta(minutes=n)) for n in range(9))
    bring(store, clock, Harvest(validators=V, new=theirs), "joiner")
    # One of five as its share, one for the free room; all that was there before stays.
    assert titles(store, "c/world", clock) == ["theirs 0", "theirs 1", "mine 0", "mine 1", "mine 2"]


def test_a_renamed_source_keeps_its_articles(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()),)))
    configure(store, clock, spring("well", was=("spring",), url="https://well.example/feed"))
    (record,) = store.articles(source_id="well")
    assert (record.entry.id, record.source_id) == ("tag:x:a", "well")
    with pytest.raises(NotFound):
        store.source_state("spring")
    assert store.known("well", ["guid:a"])["guid:a"].id == "tag:x:a"


def test_the_same_address_under_a_new_id_adopts(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()),)))
    configure(store, clock, spring("well", url="https://spring.example/feed"))
    assert [one.source_id for one in store.articles()] == ["well"]
    assert store.source_state("well").validators == V


def test_another_address_forgets_the_validators(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    bring(store, clock, Harvest(validators=V))
    configure(store, clock, spring(url="https://elsewhere.example/feed"))
    state = store.source_state("spring")
    assert state.validators.etag is None
    assert state.next_due == clock()


def test_articles_follow_their_source_into_another_category(store: Store, clock: Clock) -> None:
    feeds = plans("all", "c/world", "c/town")
    configure(store, clock, spring(), feeds=feeds)
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()),)))
    configure(store, clock, spring(categories=("town",)), feeds=feeds)
    assert titles(store, "c/world", clock) == []
    assert titles(store, "c/town", clock) == ["a"]
    assert titles(store, "all", clock) == ["a"]


def test_the_articles_of_a_removed_source_stay_until_they_are_retracted(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), spring("other"))
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()),)))
    configure(store, clock, spring("other"))
    assert titles(store, "c/world", clock) == ["a"]
    assert store.source_state("spring").active is False
    assert store.retract_source("spring", clock()) == 1
    assert titles(store, "c/world", clock) == []


def test_retention_forgets_the_text_and_keeps_the_id(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), feeds=plans(keep_for=timedelta(days=30)))
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()),)))
    window = store.window("c/world", clock())
    assert window is not None
    assert window.renew_at == clock() + timedelta(days=30)
    clock.advance(days=30)
    assert titles(store, "c/world", clock) == []
    assert store.prune(clock()) == 2  # an entry in each of its two feeds
    assert store.prune(clock()) == 0
    known = store.known("spring", ["guid:a"])["guid:a"]
    assert (known.state, known.id) == ("pruned", "tag:x:a")
    assert store.article("tag:x:a").entry.article.content == ""
    assert store.articles() == []


def test_retention_by_count_takes_the_lowest_seq(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), feeds=plans(keep_count=2))
    batch = tuple(new(str(number), clock() - timedelta(hours=number)) for number in range(4))
    bring(store, clock, Harvest(validators=V, new=batch))
    store.prune(clock())
    assert titles(store, "c/world", clock) == ["0", "1"]


def test_pages_follow_one_another(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    start = clock()
    # Two of each date: the cursor must not lose or repeat any.
    batch = tuple(new(str(number), start - timedelta(hours=number // 2)) for number in range(8))
    bring(store, clock, Harvest(validators=V, new=batch))
    seen: list[str] = []
    before = None
    while page := store.page("c/world", limit=3, before=before):
        seen += [entry.id for entry in page]
        before = (page[-1].published, page[-1].id)
    assert len(seen) == 8
    assert set(seen) == {f"tag:x:{number}" for number in range(8)}


def rendering(body: bytes, etag: str, stamp: datetime, key: str = "c/world") -> Rendering:
    bodies = {"identity": body, "gzip": b"gz" + body, "br": b"br" + body, "zstd": b"zs" + body}
    return Rendering(feed_key=key, format="rss", etag=etag, last_modified=stamp, bodies=bodies)  # type: ignore[arg-type]


def test_an_older_render_never_overwrites_a_newer(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    assert store.dirty_feeds() == ["all", "c/world"]
    first = window(store, "c/world", clock)
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()),)))
    second = window(store, "c/world", clock)
    assert second.generation > first.generation
    new_bytes, old_bytes = rendering(b"new", "n", clock()), rendering(b"old", "o", clock())
    assert store.publish(window=second, renderings=[new_bytes]) == 1
    assert store.publish(window=first, renderings=[old_bytes]) is None
    stored = store.rendering("c/world", "rss")
    assert stored is not None
    assert (stored.etag, stored.bodies["identity"]) == ("n", b"new")
    assert store.dirty_feeds() == ["all"]


def test_the_same_bytes_keep_their_version(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    one = rendering(b"body", "e", clock())
    store.publish(window=window(store, "c/world", clock), renderings=[one])
    (head,) = store.heads()
    assert (head.feed_key, head.etag, head.last_modified) == ("c/world", "e", clock())
    assert head.sizes == {"identity": 4, "gzip": 6, "br": 6, "zstd": 6}
    bring(store, clock, Harvest(validators=V, new=(new("a", clock()),)))
    again = replace(one, last_modified=clock.advance(seconds=5))
    assert store.publish(window=window(store, "c/world", clock), renderings=[again]) == 0
    assert store.heads(head.version) == []
    assert store.heads() == [head]
    assert store.body("c/world", "rss", "br", head.version) == b"brbody"
    assert store.body("c/world", "rss", "br", head.version + 1) is None


def test_time_alone_marks_a_feed(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), feeds=plans("c/world", "all"))
    for key in ("c/world", "all"):
        due = clock() + timedelta(hours=1) if key == "all" else None
        seen = replace(window(store, key, clock), renew_at=due)
        store.publish(window=seen, renderings=[rendering(b"x", "x", clock(), key)])
    assert store.renew(clock()) == 0
    clock.advance(hours=1)
    assert store.renew(clock()) == 1
    assert store.dirty_feeds() == ["all"]


def test_a_changed_plan_marks_its_feed_alone(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    for key in ("all", "c/world"):
        store.publish(window=window(store, key, clock), renderings=[])
    assert store.dirty_feeds() == []
    configure(store, clock, spring(), body="the same plans")
    assert store.dirty_feeds() == []
    feeds = [plans()[0], replace(plans()[1], fingerprint="2")]
    configure(store, clock, spring(), feeds=feeds, body="another title")
    assert store.dirty_feeds() == ["c/world"]


def test_revisions_are_numbered_and_equal_ones_are_one(store: Store, clock: Clock) -> None:
    assert store.revision() is None
    assert store.revision_number() is None
    configure(store, clock, spring(), body="one")
    configure(store, clock, spring(), body="one")
    configure(store, clock, spring(), body="two")
    revision = store.revision()
    assert revision is not None
    assert (revision.number, revision.body) == (2, "two")
    assert store.revision_number() == 2


def test_a_lease_has_one_holder(store: Store, clock: Clock) -> None:
    lasting = timedelta(seconds=10)
    assert store.take_lease("config", "a", now=clock(), lasting=lasting)
    assert not store.take_lease("config", "b", now=clock(), lasting=lasting)
    assert store.take_lease("config", "a", now=clock.advance(seconds=5), lasting=lasting)
    assert not store.take_lease("config", "b", now=clock.advance(seconds=9), lasting=lasting)
    assert store.take_lease("config", "b", now=clock.advance(seconds=1), lasting=lasting)
    store.drop_lease("config", "a")
    assert not store.take_lease("config", "a", now=clock(), lasting=lasting)


def test_facts_are_fixed_once(store: Store) -> None:
    assert store.fix_fact("tag", "feeds.example.org,2026") == "feeds.example.org,2026"
    assert store.fix_fact("tag", "other.example,2027") == "feeds.example.org,2026"


def test_processes_report(store: Store, clock: Clock) -> None:
    store.report(name="one", kind="scheduler", revision=3, now=clock(), note="config: invalid")
    store.report(name="one", kind="scheduler", revision=4, now=clock.advance(seconds=1))
    (state,) = store.processes()
    assert (state.name, state.revision, state.seen, state.note) == ("one", 4, clock(), "")
    store.leave("one")
    assert store.processes() == []
