"""Are days counted from midnight to midnight, for each feed and each source by itself?"""

from datetime import datetime, timedelta

from feedsvc.model import Harvest, NextCheck, Poll, SourceStanding
from feedsvc.store import Store
from tests.conftest import Clock
from tests.store.test_store import V, bring, configure, new, plans, spring

A_DAY = timedelta(days=1)


def midnight(clock: Clock) -> datetime:
    return clock().replace(hour=0, minute=0, second=0)


def fail(store: Store, clock: Clock, source_id: str = "spring") -> None:
    now = clock()
    assert store.claim(source_id, now=now, lease="mine", lease_for=timedelta(minutes=1))
    record = Poll(
        source_id=source_id,
        started=now,
        outcome="failed",
        error_kind="dns",
        error="no such name",
        next_check=NextCheck(at=now, reason="now"),
    )
    store.finish(lease="mine", record=record, harvest=None, now=now)


def test_what_each_feed_gained(store: Store, clock: Clock) -> None:
    configure(
        store,
        clock,
        spring(),
        spring("other", categories=("calm",)),
        feeds=plans("all", "c/world", "c/calm", "c/empty"),
    )
    today = midnight(clock)
    second = timedelta(seconds=1)
    dates = {"a": today, "b": today - second, "c": today - A_DAY, "d": today - A_DAY - second}
    bring(store, clock, Harvest(validators=V, new=tuple(new(name, when) for name, when in dates.items())))
    bring(store, clock, Harvest(validators=V, new=(new("e", today),)), "other")
    assert store.gains([today - A_DAY, today]) == {
        "all": (2, 2),
        "c/world": (2, 1),
        "c/calm": (0, 1),
        "c/empty": (0, 0),
    }
    assert store.count("all", 10) == 5
    assert store.count("c/world", 10) == 4
    assert store.count("c/world", 3) == 3
    assert store.count("c/nothing", 3) == 0


def test_visits_of_a_day(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), spring("other"))
    clock.now = midnight(clock) - timedelta(seconds=1)
    fail(store, clock)
    clock.advance(seconds=1)
    fail(store, clock)
    bring(store, clock, Harvest(validators=V))
    bring(store, clock, Harvest(validators=V), "other")
    assert store.visits(clock() - A_DAY) == {"spring": (1, 1)}
    assert store.visits(clock()) == {"spring": (2, 1), "other": (1, 0)}
    assert store.visits(clock() + A_DAY) == {}


def test_how_sources_fare(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), spring("off", enabled=False), spring("other"))
    bring(store, clock, Harvest(validators=V), "other")
    fail(store, clock)
    fail(store, clock)
    now = clock()
    assert store.standings() == {
        "spring": SourceStanding(id="spring", last_poll=now, last_ok=None, failures=2, error_kind="dns"),
        "other": SourceStanding(id="other", last_poll=now, last_ok=now, failures=0, error_kind=None),
    }


def test_an_article_is_found_by_its_number_and_its_source_has_homes(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    bring(store, clock, Harvest(validators=V, new=(new("one", clock()),)))
    (entry,) = store.page("c/world")
    found = store.article_numbered(entry.n)
    assert found is not None
    assert found.entry.id == entry.id
    assert store.article_numbered(entry.n + 1) is None
    assert store.homes("spring") == {"all", "c/world"}
    configure(store, clock)
    assert store.homes("spring") == {"all", "c/world"}
    assert store.homes("nothing") == frozenset()
