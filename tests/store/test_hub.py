"""Are errands of WebSub shared, finished and fenced, alike on SQLite and PostgreSQL?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.errors import NotFound
from feedsvc.model import Delivery, Harvest, HubLink, HubRequest, Push, Rendering, Wish
from feedsvc.store import Store
from feedsvc.store.hub import Bounds
from tests.conftest import Clock
from tests.store.test_store import V, bring, configure, new, spring

WIDE = Bounds(requests=99, requests_a_host=99, subscriptions=99, subscriptions_a_host=99)
MINUTE = timedelta(minutes=1)
ASKED = HubRequest(
    mode="subscribe",
    feed_key="c/world",
    format="atom",
    topic="https://f.example/c/world.atom",
    callback="https://reader.example/cb",
    lease=timedelta(hours=1),
    secret="é",
)


@pytest.fixture(autouse=True)
def configured(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())


def subscribe(store: Store, clock: Clock, *wanted: HubRequest) -> None:
    for one in wanted or (ASKED,):
        assert store.ask_hub(one, bounds=WIDE, now=clock()) == "taken"
    for intent in store.take_intents(now=clock(), lease="sub", lease_for=MINUTE, most=99):
        assert store.confirm_intent(intent.n, "sub", asked=clock())


def publish(store: Store, clock: Clock, name: str) -> None:
    bring(store, clock, Harvest(validators=V, new=(new(name, clock()),)))
    for key in store.dirty_feeds():
        window = store.window(key, clock())
        assert window is not None
        rendering = Rendering(
            feed_key=key,
            format="atom",
            etag=name,
            last_modified=clock(),
            bodies={"identity": name.encode(), "gzip": b"z"},
        )
        store.publish(window=window, renderings=[rendering])


def take(store: Store, clock: Clock, lease: str = "mine") -> Sequence[Delivery]:
    return store.take_deliveries(now=clock(), lease=lease, lease_for=MINUTE, most=8)


def test_a_version_is_due_once(store: Store, clock: Clock) -> None:
    subscribe(store, clock)
    assert take(store, clock) == []
    publish(store, clock, "one")
    (one,) = take(store, clock)
    assert (one.feed_key, one.format, one.callback, one.secret) == ("c/world", "atom", ASKED.callback, "é")
    assert take(store, clock, "other") == []
    newest = store.newest_body("c/world", "atom")
    assert newest is not None
    assert newest[1] == b"one"
    assert store.delivered(one.n, "mine", version=newest[0], now=clock())
    assert take(store, clock) == []
    assert not store.delivered(one.n, "mine", version=newest[0], now=clock())


def test_who_lost_the_lease_changes_nothing(store: Store, clock: Clock) -> None:
    subscribe(store, clock)
    publish(store, clock, "one")
    (one,) = take(store, clock, "slow")
    clock.advance(seconds=61)
    (again,) = take(store, clock, "other")
    assert again.n == one.n
    assert not store.delivered(one.n, "slow", version=99, now=clock())
    assert not store.undelivered(one.n, "slow", due=clock(), now=clock())
    assert not store.end_subscription(one.n, "slow")
    store.release(["other"])
    assert len(take(store, clock)) == 1


def test_failures_are_counted_and_forgotten(store: Store, clock: Clock) -> None:
    subscribe(store, clock)
    publish(store, clock, "one")
    began = clock()
    for tries in range(3):
        (one,) = take(store, clock)
        assert (one.tries, one.failing) == (tries, began if tries else None)
        store.undelivered(one.n, "mine", due=clock() + MINUTE, now=clock())
        assert take(store, clock) == []
        clock.advance(minutes=1)
    (one,) = take(store, clock)
    store.delivered(one.n, "mine", version=10**15, now=clock())
    clock.advance(seconds=1)
    publish(store, clock, "two")
    assert [(one.tries, one.failing) for one in take(store, clock)] == [(0, None)]


def test_those_that_fail_do_not_stand_before_others(store: Store, clock: Clock) -> None:
    hosts = [f"https://reader{number}.example/cb" for number in range(4)]
    subscribe(store, clock, *(replace(ASKED, callback=host) for host in hosts))
    publish(store, clock, "one")
    for one in take(store, clock):
        if one.callback in hosts[:2]:
            store.undelivered(one.n, "mine", due=clock(), now=clock())
    store.release(["mine"])
    clock.advance(seconds=1)
    some = store.take_deliveries(now=clock(), lease="mine", lease_for=MINUTE, most=2)
    assert {one.callback for one in some} == set(hosts[2:])


def test_a_request_that_was_replaced_is_not_confirmed(store: Store, clock: Clock) -> None:
    store.ask_hub(ASKED, bounds=WIDE, now=clock())
    (first,) = store.take_intents(now=clock(), lease="a", lease_for=MINUTE, most=9)
    store.ask_hub(replace(ASKED, secret="new"), bounds=WIDE, now=clock())
    assert not store.confirm_intent(first.n, "a", asked=clock())
    (second,) = store.take_intents(now=clock(), lease="b", lease_for=MINUTE, most=9)
    assert store.confirm_intent(second.n, "b", asked=clock())
    publish(store, clock, "one")
    assert [one.secret for one in take(store, clock)] == ["new"]


def test_subscriptions_are_bounded_but_can_always_be_renewed(store: Store, clock: Clock) -> None:
    tight = Bounds(requests=99, requests_a_host=99, subscriptions=2, subscriptions_a_host=1)
    subscribe(store, clock)
    second = replace(ASKED, callback="https://reader.example/2")
    assert store.ask_hub(second, bounds=tight, now=clock()) == "host"
    other = replace(ASKED, callback="https://other.example/")
    subscribe(store, clock, other)
    assert (
        store.ask_hub(replace(ASKED, callback="https://third.example/"), bounds=tight, now=clock()) == "full"
    )
    for one in (ASKED, other, replace(ASKED, mode="unsubscribe")):
        assert store.ask_hub(one, bounds=tight, now=clock()) == "taken"
    with pytest.raises(NotFound):
        store.ask_hub(replace(ASKED, feed_key="c/none"), bounds=WIDE, now=clock())


def test_settling_ends_what_has_no_feed_and_what_has_run_out(store: Store, clock: Clock) -> None:
    everything = replace(ASKED, feed_key="all", lease=timedelta(days=1))
    subscribe(store, clock, ASKED, everything)
    store.settle_hub(topics={"all", "c/world"}, outside={}, reason="over", now=clock())
    assert store.take_intents(now=clock(), lease="x", lease_for=MINUTE, most=9) == []
    clock.advance(hours=1)
    store.settle_hub(topics=set(), outside={}, reason="over", now=clock())
    (denial,) = store.take_intents(now=clock(), lease="x", lease_for=MINUTE, most=9)
    assert (denial.mode, denial.reason, denial.callback) == ("denied", "over", ASKED.callback)
    assert store.drop_intent(denial.n, "x")
    publish(store, clock, "one")
    assert take(store, clock) == []


def test_a_hub_elsewhere_is_due_every_version(store: Store, clock: Clock) -> None:
    outside = {"c/world": "https://hub.example/", "all": "https://hub.example/"}
    for _ in range(2):
        store.settle_hub(topics=set(), outside=outside, reason="", now=clock())
    first = take(store, clock)
    assert [one.kind for one in first] == ["hub", "hub"]  # two at a time of six
    store.settle_hub(topics=set(), outside={}, reason="", now=clock())
    assert not store.delivered(first[0].n, "mine", version=1, now=clock())


# ---- our own subscriptions --------------------------------------------------------------------------


def found(store: Store, clock: Clock, hub: str | None = "https://hub.example/") -> list[Wish]:
    link = None if hub is None else HubLink(hub=hub, topic="https://spring.example/self")
    bring(store, clock, Harvest(validators=V, hub=link))
    return store.take_wishes(now=clock(), lease="w", lease_for=MINUTE, most=9)


def test_a_hub_is_wished_for_once(store: Store, clock: Clock) -> None:
    (wish,) = found(store, clock)
    assert found(store, clock) == []
    assert store.wish_asked(wish.n, "w", at=clock(), due=clock() + MINUTE)
    store.push_agreed(wish.n, now=clock(), until=clock() + 9 * MINUTE, renew=clock() + 8 * MINUTE)
    assert store.source_state("spring").push == Push(until=clock() + 9 * MINUTE)
    assert store.wish_of(wish.token) == replace(wish, tries=0)
    clock.advance(minutes=8)
    (again,) = found(store, clock)
    assert again.token == wish.token
    assert found(store, clock, None) == []
    assert store.wish_of(wish.token) is None
    assert store.source_states()[0].push == Push()


def test_a_push_makes_its_source_due_but_not_too_soon(store: Store, clock: Clock) -> None:
    (wish,) = found(store, clock)
    polled = clock()
    clock.advance(seconds=5)
    store.pushed(wish.n, clock())
    state = store.source_state("spring")
    assert (state.next_due, state.next_reason) == (polled + timedelta(seconds=30), "pushed by its hub")
    assert state.push.last == clock()
