"""Does a feed show what its settings allow, when they allow it, under the name that it has?"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any

import pytest
from lxml import etree

from feedsvc.bootstrap import open_services, publish_config
from feedsvc.config import Config
from feedsvc.model import Format, Harvest, NewArticle, SafeHtml
from feedsvc.publish import publish_due
from feedsvc.services import Services
from feedsvc.store import Store
from tests.conftest import Clock
from tests.store.test_store import V, bring, new

Open = Callable[..., Services]


def source(name: str, **options: Any) -> dict[str, Any]:
    return {
        "id": name,
        "type": "feed",
        "url": f"https://{name}.example/f",
        "categories": ["world"],
        **options,
    }


def config(*sources: dict[str, Any], limit: int = 10, **category: Any) -> Config:
    return Config.model_validate(
        {
            "site": {"title": "Tests", "url": "https://feeds.example.org"},
            "defaults": {"limit": limit},
            "categories": [{"id": "world", "title": "World", **category}],
            "sources": sources or [source("spring")],
        }
    )


@pytest.fixture
def opened(store: Store, clock: Clock) -> Iterator[Open]:
    with ExitStack() as stack:

        def make(*sources: dict[str, Any], **category: Any) -> Services:
            services = open_services(store, config(*sources, **category), clock=clock)
            stack.callback(services.fetcher.close)
            return services

        yield make


def reconfigure(services: Services, clock: Clock, changed: Config) -> None:
    publish_config(services.store, changed, now=clock())
    services.in_force.look_again()


def publish(services: Services, clock: Clock) -> None:
    clock.advance(seconds=2)
    publish_due(services)


def bytes_of(services: Services, form: Format = "json", key: str = "c/world") -> bytes:
    found = services.store.rendering(key, form)
    assert found is not None
    return found.bodies["identity"]


def items(services: Services, key: str = "c/world") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bytes_of(services, "json", key))["items"]
    return found


def titles(services: Services) -> set[str]:
    return {one["title"] for one in items(services)}


def some(source_id: str, count: int, clock: Clock) -> tuple[NewArticle, ...]:
    return tuple(new(f"{source_id} {n}", clock() - timedelta(minutes=n)) for n in range(count))


def first_poll(services: Services, clock: Clock, *ids: str) -> None:
    for one in ids or ("spring",):
        bring(services.store, clock, Harvest(validators=V), one)
    clock.advance(minutes=15)


# ---- waiting ----------------------------------------------------------------------------------------


def test_an_article_waits_as_long_as_it_should(opened: Open, clock: Clock) -> None:
    services = opened()
    first_poll(services, clock)
    held = Harvest(validators=V, new=some("spring", 2, clock), hold=timedelta(minutes=10))
    assert bring(services.store, clock, held).new == 2
    publish(services, clock)
    assert items(services) == []
    assert services.store.article("tag:x:spring 0").state == "held"
    assert services.store.hide("tag:x:spring 1", clock())
    clock.advance(minutes=9, seconds=57)
    publish_due(services)
    assert items(services) == []
    publish(services, clock)
    assert titles(services) == {"spring 0"}
    assert services.store.article("tag:x:spring 0").state == "live"
    assert services.store.article("tag:x:spring 1").state == "hidden"


def test_what_a_source_had_before_it_was_known_does_not_wait(opened: Open, clock: Clock) -> None:
    services = opened()
    bring(services.store, clock, Harvest(validators=V, new=some("spring", 2, clock), hold=timedelta(hours=1)))
    publish(services, clock)
    assert len(items(services)) == 2


def test_the_time_of_waiting_is_configured(opened: Open) -> None:
    made = config(source("spring"), source("brook", hold="1h"), source("lake", hold=None))
    held = Config.model_validate({**made.model_dump(), "defaults": {"hold": "10m"}})
    waits = {one.id: one.hold for one in held.sources}
    assert waits["brook"] == timedelta(hours=1)
    assert made.source("spring").hold is None


# ---- retraction -------------------------------------------------------------------------------------


def test_a_gap_in_a_list_is_a_retraction_where_it_means_that(opened: Open, clock: Clock) -> None:
    services = opened()
    bring(services.store, clock, Harvest(validators=V, new=some("spring", 4, clock)))
    known = services.store.known("spring", [f"guid:spring {n}" for n in range(4)])
    still = frozenset(known[f"guid:spring {n}"].n for n in (0, 2))  # 1 is gone, 3 is older than all
    clock.advance(minutes=15)
    gone = bring(services.store, clock, Harvest(validators=V, present=still, partial=True))
    assert gone.retracted == 1
    publish(services, clock)
    assert titles(services) == {"spring 0", "spring 2", "spring 3"}
    assert b'deleted-entry ref="tag:x:spring 1"' in bytes_of(services, "atom")
    nothing = Harvest(validators=V, present=frozenset(), partial=True)
    assert bring(services.store, clock, nothing).retracted == 0


# ---- shares -----------------------------------------------------------------------------------------


def test_one_source_cannot_fill_the_feed(opened: Open, clock: Clock) -> None:
    services = opened(source("chatty"), source("quiet"), limit=10, max_share=0.5)
    first_poll(services, clock, "chatty", "quiet")
    bring(services.store, clock, Harvest(validators=V, new=some("quiet", 7, clock)), "quiet")
    bring(services.store, clock, Harvest(validators=V, new=some("chatty", 40, clock)), "chatty")
    publish(services, clock)
    found = [one["title"].split()[0] for one in items(services)]
    assert (found.count("chatty"), found.count("quiet")) == (5, 5)


@pytest.mark.parametrize(("flood", "shown"), [(0, 0), (3, 3), (None, 7)])
def test_a_joining_source_does_not_flood(flood: int | None, shown: int, opened: Open, clock: Clock) -> None:
    services = opened(source("spring"), limit=10, flood=flood)
    bring(services.store, clock, Harvest(validators=V, new=some("spring", 3, clock)))
    clock.advance(days=3)
    reconfigure(services, clock, config(source("spring"), source("late"), limit=10, flood=flood))
    bring(services.store, clock, Harvest(validators=V, new=some("late", 20, clock)), "late")
    publish(services, clock)
    found = [one["title"].split()[0] for one in items(services)]
    assert (found.count("spring"), found.count("late")) == (3, shown)


# ---- how much ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_source", "of_category", "amount"),
    [
        ("full", "full", "full"),
        ("summary", "full", "summary"),
        ("full", "title", "title"),
        ("title", "summary", "title"),
    ],
)
def test_the_less_counts(of_source: str, of_category: str, amount: str, opened: Open, clock: Clock) -> None:
    services = opened(source("spring", content=of_source, rights="© Spring"), content=of_category)
    text = SafeHtml(f"<p>{'word ' * 200}</p><p>and <b>end</b></p>")
    bring(services.store, clock, Harvest(validators=V, new=(new("one", clock(), content=text),)))
    publish(services, clock)
    (item,) = items(services)
    shown = item["content_html"]
    assert item["_rights"] == "© Spring"
    assert ("<b>end</b>" in shown) == (amount == "full")
    assert shown.startswith("word word" if amount == "summary" else "<p>" if amount == "full" else "one")
    assert (len(shown) <= 400) == (amount != "full")
    everything = items(services, "all")[0]["content_html"]
    assert ("<b>end</b>" in everything) == (of_source == "full")


def test_less_takes_hold_at_once(opened: Open, clock: Clock) -> None:
    services = opened(source("spring"))
    bring(services.store, clock, Harvest(validators=V, new=some("spring", 1, clock)))
    publish(services, clock)
    reconfigure(services, clock, config(source("spring", content="title")))
    publish(services, clock)
    assert "<p>" not in items(services)[0]["content_html"]


def test_what_a_newer_config_says_is_not_lost(opened: Open, store: Store, clock: Clock) -> None:
    """Another process has published it, and this one does not know it yet."""
    services = opened(source("spring"))
    bring(services.store, clock, Harvest(validators=V, new=some("spring", 1, clock)))
    publish(services, clock)
    clock.advance(seconds=5)
    services.config()  # is looked up once a second
    publish_config(store, config(source("spring", content="title")), now=clock())
    assert services.config().source("spring").content == "full"
    assert [one.feed_key for one in publish_due(services)] == ["c/world"]  # the first one has seen it
    publish(services, clock)
    for key in services.config().feed_keys():
        assert "<p>" not in items(services, key)[0]["content_html"]


# ---- names and ends ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names", [[("planet", ["world"])], [("planet", ["world"]), ("world", ["world", "planet"])]]
)
def test_a_renamed_category_is_the_same_feed(
    opened: Open, clock: Clock, names: list[tuple[str, list[str]]]
) -> None:
    services = opened()
    bring(services.store, clock, Harvest(validators=V, new=some("spring", 70, clock)))
    publish(services, clock)
    before = etree.fromstring(bytes_of(services, "atom"))
    for name, was in names:
        renamed = Config.model_validate(
            {
                **config().model_dump(exclude={"categories", "sources"}),
                "categories": [{"id": name, "title": "World", "was": was}],
                "sources": [source("spring", categories=[name])],
            }
        )
        reconfigure(services, clock, renamed)
        publish(services, clock)
        after = etree.fromstring(bytes_of(services, "atom", f"c/{name}"))
        ids = "{http://www.w3.org/2005/Atom}id"
        assert [one.text for one in after.iter(ids)] == [one.text for one in before.iter(ids)]
        assert services.store.archive_page(f"c/{name}", 1, "atom") is not None
        assert renamed.renamed() == {f"c/{old}": f"c/{name}" for old in was if old != name}


def test_a_retired_feed_says_so_for_a_month(opened: Open, clock: Clock) -> None:
    day = clock().date() + timedelta(days=2)
    services = opened(retired=day)
    bring(services.store, clock, Harvest(validators=V, new=some("spring", 2, clock)))
    publish(services, clock)
    assert "expired" not in json.loads(bytes_of(services))
    assert len(items(services)) == 2
    clock.advance(days=2)
    publish(services, clock)
    assert json.loads(bytes_of(services))["expired"] is True
    first = items(services)[0]
    assert first["title"] == "World: this feed has ended"
    assert first["date_published"] == f"{day}T00:00:00Z"
    for form in ("rss", "atom"):
        assert b"this feed has ended" in bytes_of(services, form)
    made = services.config()
    assert [made.ended("c/world", clock() + timedelta(days=n)) for n in (0, 29, 30)] == [False, False, True]
    assert made.open_feeds(clock() + timedelta(days=31)) == ("all",)
    assert isinstance(made.ends("c/world"), date)
