"""Do our hub and we as a subscriber understand each other, whatever is lost on the way?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from feedsvc.hub.report import Report
from tests.hub.conftest import Open, Site

MINUTES = timedelta(minutes=1)


def reader(opened: Open, site: Site, **options: object) -> Site:
    """Another installation, which collects the site's feed and has it pushed."""
    source = {"id": "near", "type": "feed", "url": site.topic(), "every": "15m", "push": True, **options}
    return opened(sources=[{**source, "categories": ["world"]}])


def events(site: Site) -> list[str]:
    return [one.event for one in site.work()]


def titles(site: Site) -> set[str]:
    return {one.entry.article.title for one in site.store.articles()}


def agree(near: Site, site: Site) -> None:
    """From the first poll to the first push."""
    assert near.poll() == ["near"]
    assert events(near) == ["hub asked"]
    assert events(site) == ["confirmed"]
    site.clock.advance(seconds=40)
    assert near.poll() == ["near"]  # what came before the hub had agreed
    site.clock.advance(seconds=40)
    site.write("Second")
    assert near.poll() == []
    assert events(site) == ["delivered"]
    assert near.poll() == ["near"]


def next_check(near: Site) -> tuple[timedelta, str]:
    state = near.store.source_state("near")
    assert state.next_due is not None
    return state.next_due - near.clock(), state.next_reason


def _deaf(_environ: Any, start_response: Any) -> Iterable[bytes]:
    """What stands in front of an application that is down."""
    start_response("502 Bad Gateway", [])
    return [b""]


def test_what_is_new_is_there_at_once(opened: Open, site: Site) -> None:
    near = reader(opened, site)
    assert near.poll() == ["near"]
    assert events(near) == ["hub asked"]
    assert events(site) == ["confirmed"]
    site.clock.advance(seconds=40)
    assert near.poll() == ["near"]
    assert next_check(near)[1] == "every 15m: its hub has agreed to push, but did not yet"
    site.clock.advance(seconds=40)
    site.write("Second")
    assert (events(site), near.poll()) == (["delivered"], ["near"])
    assert titles(near) == {"First", "Second"}
    wait, reason = next_check(near)
    assert reason == "its hub pushes, this is only to make sure"
    assert timedelta(hours=21) < wait < timedelta(hours=27)


def test_the_subscription_is_renewed_for_ever(opened: Open, site: Site) -> None:
    near = reader(opened, site)
    agree(near, site)
    for number in range(4):
        site.clock.advance(days=9, hours=2)
        near.poll()
        assert (events(near), events(site)) == (["hub asked"], ["confirmed"])
        site.clock.advance(seconds=40)
        site.write(f"Number {number}")
        assert (events(site), near.poll()) == (["delivered"], ["near"])
    assert "Number 3" in titles(near)


def test_a_push_that_is_lost_is_sent_again(opened: Open, site: Site) -> None:
    near = reader(opened, site)
    agree(near, site)
    app, near.serving.app = near.serving.app, _deaf
    site.clock.advance(hours=2)
    site.write("Third")
    assert (events(site), near.poll()) == (["not delivered"], [])
    near.serving.app = app
    site.clock.advance(minutes=1)
    assert (events(site), near.poll()) == (["delivered"], ["near"])
    assert "Third" in titles(near)


def test_a_question_that_is_lost_is_asked_again(opened: Open, site: Site) -> None:
    """The hub cannot reach the callback, gives up, and is asked once more later."""
    near = reader(opened, site)
    app, near.serving.app = near.serving.app, _deaf
    near.poll()
    assert (events(near), events(site)) == (["hub asked"], ["not confirmed"])
    near.serving.app = app
    assert events(near) == []
    site.clock.advance(minutes=10)
    assert (events(near), events(site)) == (["hub asked"], ["confirmed"])


def test_a_hub_that_falls_silent_is_not_waited_for(opened: Open, site: Site) -> None:
    near = reader(opened, site)
    agree(near, site)
    site.clock.advance(hours=5)
    site.write("Third")  # and nobody delivers it
    site.clock.advance(days=1)
    assert near.poll() == ["near"]
    assert "Third" in titles(near)
    wait, reason = next_check(near)
    assert wait < 17 * MINUTES
    assert reason == "every 15m: its hub did not push what is new"
    assert events(site) == ["delivered"]  # late, but there
    site.clock.advance(seconds=31)
    near.poll()
    site.clock.advance(hours=3)
    near.poll()
    assert next_check(near)[1] == "its hub pushes, this is only to make sure"


def test_without_a_renewal_the_old_pace_returns_when_the_lease_ends(opened: Open, site: Site) -> None:
    near = reader(opened, site)
    agree(near, site)
    site.configure(site={"hub": "none"})
    site.publish()
    site.clock.advance(days=9, hours=12)
    near.poll()
    wait, _ = next_check(near)
    assert wait <= timedelta(hours=12)
    site.clock.advance(hours=12)
    assert near.poll() == ["near"]
    wait, reason = next_check(near)
    assert (reason, wait < 17 * MINUTES) == ("every 15m", True)


def test_a_hub_that_lets_us_go_is_not_waited_for(opened: Open, site: Site) -> None:
    near = reader(opened, site)
    agree(near, site)
    site.configure(site={"hub": "none"})
    site.publish()
    assert events(site) == ["subscription denied"]
    assert near.store.source_state("near").push.until is None
    site.clock.advance(days=1, hours=3)
    assert near.poll() == ["near"]
    assert next_check(near)[1] == "every 15m"


def test_a_push_during_a_poll_is_not_lost(opened: Open, site: Site) -> None:
    near = reader(opened, site)
    agree(near, site)
    site.clock.advance(hours=1)
    near.store.make_due("near", near.clock())
    assert near.store.claim_due(now=near.clock(), lease="slow", lease_for=10 * MINUTES) == ["near"]
    site.clock.advance(seconds=5)
    site.write("Third")
    assert events(site) == ["delivered"]
    record = near.store.polls("near", 1)[0]
    started = near.clock() - timedelta(seconds=7)
    near.store.finish(lease="slow", record=replace(record, started=started), now=near.clock())
    wait, reason = next_check(near)
    assert (reason, wait <= timedelta(seconds=30)) == ("pushed by its hub", True)


def test_a_hub_that_calls_too_often_does_not_have_the_origin_polled_as_often(
    opened: Open, site: Site
) -> None:
    near = reader(opened, site)
    agree(near, site)
    site.clock.advance(minutes=1)
    polls = 0
    for number in range(5):
        site.write(f"Number {number}")
        site.work()
        polls += len(near.poll())
    assert polls == 1  # in ten seconds
    site.clock.advance(seconds=30)
    assert near.poll() == ["near"]
    assert "Number 4" in titles(near)


def test_who_does_not_want_it_any_more_ends_it(opened: Open, site: Site) -> None:
    near = reader(opened, site)
    agree(near, site)
    source = {"id": "near", "type": "feed", "url": site.topic(), "push": False, "categories": ["world"]}
    near.configure(sources=[source])
    site.write("Third")
    assert events(site) == ["subscription ended"]
    near.configure(sources=[])
    site.clock.advance(days=10)
    assert events(near) == ["hub forgotten"]


def test_secrets_stay_secret(opened: Open, site: Site) -> None:
    near = reader(opened, site)
    near.poll()
    told: list[Report] = []
    (wish,) = near.store.take_wishes(now=near.clock(), lease="look", lease_for=MINUTES, most=1)
    near.store.release(["look"])
    told += near.work() + site.work()
    for secret in (wish.secret, wish.token):
        assert len(secret) >= 32
        assert secret not in repr(told)
        assert secret not in repr(wish)
