"""Is a changed file taken up within two seconds, by one process, and an invalid one by none?"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from feedsvc.bootstrap import open_services, open_store, utc_now
from feedsvc.config import Environment, load
from feedsvc.services import Services
from feedsvc.watch import LEASE, ConfigReader

MAIN = 'site: {title: FIRST, url: "https://feeds.example.org"}\ncategories: [{id: world, title: World}]\n'


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir()
    (made / "feedsvc.yaml").write_text(MAIN)
    return made


@pytest.fixture
def services(sqlite_url: str, directory: Path) -> Iterator[Services]:
    store = open_store(sqlite_url)
    opened = open_services(store, load(directory), clock=utc_now)
    yield opened
    opened.close()


@pytest.fixture
def start(services: Services, directory: Path) -> Iterator[Callable[[str], ConfigReader]]:
    started: list[ConfigReader] = []

    def start_(name: str) -> ConfigReader:
        reader = ConfigReader(services, directory, environment=Environment(), name=name)
        started.append(reader)
        reader.start()
        return reader

    yield start_
    for reader in started:
        reader.stop()


def title(services: Services) -> str:
    services.in_force.look_again()
    return services.config().site.title


def wait_until(true: Callable[[], bool], seconds: float) -> float:
    """How long it took, in seconds."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - began


def held(services: Services) -> bool:
    """Does somebody hold the config lease?"""
    taken = services.store.take_lease(LEASE, "probe", now=utc_now(), lasting=utc_now() - utc_now())
    return not taken


def write(directory: Path, text: str) -> None:
    """As editors save: a new file takes the place of the old."""
    new = directory / ".feedsvc.yaml.new"
    new.write_text(text)
    new.replace(directory / "feedsvc.yaml")


def test_a_changed_file_is_taken_up_within_two_seconds(
    services: Services, directory: Path, start: Callable[[str], ConfigReader]
) -> None:
    start("one")
    wait_until(lambda: held(services), 10)
    for words in ("SECOND", "THIRD", "FOURTH"):
        write(directory, MAIN.replace("FIRST", words))
        assert wait_until(lambda: title(services) == words, 10) < 2  # noqa: B023 (used at once)


def test_an_invalid_file_changes_nothing_until_it_is_mended(
    services: Services, directory: Path, start: Callable[[str], ConfigReader]
) -> None:
    reader = start("one")
    wait_until(lambda: held(services), 10)
    before = services.store.revision_number()
    write(directory, MAIN.replace("categories", "categoris"))
    wait_until(lambda: reader.note() == "config: invalid", 10)
    assert (title(services), services.store.revision_number()) == ("FIRST", before)
    write(directory, MAIN.replace("FIRST", "MENDED"))
    wait_until(lambda: title(services) == "MENDED", 10)
    assert reader.note() == ""


def test_one_process_reads_and_the_next_takes_over(
    services: Services, directory: Path, start: Callable[[str], ConfigReader]
) -> None:
    first = start("one")
    wait_until(lambda: held(services), 10)
    second = start("two")
    time.sleep(1.5)  # it has looked, and was refused
    write(directory, MAIN.replace("FIRST", "SECOND"))
    wait_until(lambda: title(services) == "SECOND", 10)
    number = services.store.revision_number()
    write(directory, MAIN.replace("categories", "categoris"))
    wait_until(lambda: first.note() != "", 10)
    assert second.note() == ""
    first.stop()
    wait_until(lambda: second.note() == "config: invalid", 20)
    write(directory, MAIN.replace("FIRST", "THIRD"))
    wait_until(lambda: title(services) == "THIRD", 10)
    assert services.store.revision_number() == (number or 0) + 1
