"""Does the store remember the addresses that a source leads to?"""

from datetime import timedelta

from feedsvc.model import Followed, Harvest, Validators
from feedsvc.store import Store
from feedsvc.store.followed import KEEP_FOR
from tests.conftest import Clock
from tests.store.test_store import bring, configure, spring

PAGE = "https://spring.example/2026/a-fine-day"
LONG = f"https://spring.example/?{'x' * 5_000}é\ud800"


def test_an_address_is_remembered_for_its_source(store: Store, clock: Clock) -> None:
    configure(store, clock, spring(), spring("brook"))
    read = Followed(url=PAGE, validators=Validators(etag='"1"', body_hash="b", fingerprint="f"))
    failed = Followed(url=LONG, tries=2)
    bring(store, clock, Harvest(validators=Validators(), followed=(read, failed)))
    assert store.followed("spring", [PAGE, LONG, "https://spring.example/other"]) == {
        PAGE: read,
        LONG: failed,
    }
    assert store.followed("brook", [PAGE]) == {}
    assert store.followed("spring", []) == {}


def test_the_last_visit_counts(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    for tries in (1, 2, 0):
        bring(store, clock, Harvest(validators=Validators(), followed=(Followed(url=PAGE, tries=tries),)))
        assert store.followed("spring", [PAGE])[PAGE].tries == tries


def test_what_is_not_visited_for_long_is_forgotten(store: Store, clock: Clock) -> None:
    configure(store, clock, spring())
    bring(store, clock, Harvest(validators=Validators(), followed=(Followed(url=PAGE),)))
    clock.now += KEEP_FOR
    store.prune(clock())
    assert PAGE in store.followed("spring", [PAGE])
    clock.now += timedelta(seconds=1)
    store.prune(clock())
    assert store.followed("spring", [PAGE]) == {}
