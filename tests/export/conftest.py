"""A site with enough in it to have a history, and where it is exported to."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedsvc.export import export_site
from tests.conftest import Clock
from tests.web.site import Site, open_site

ARTICLES = 130  # two pages of history, three of older articles


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, sqlite_empty: Path) -> Path:
    """The database of ``site``, made once to be copied."""
    path = Path(shutil.copy(sqlite_empty, tmp_path_factory.mktemp("published") / "feedsvc.sqlite"))
    made = open_site(path, Clock())
    made.write("times", *(f"Article {number}" for number in range(1, ARTICLES + 1)))
    made.write("akhbar", "خبر أول", "خبر ثان", language="ar")
    made.publish()
    made.publish()
    made.services.close()
    return path


@pytest.fixture
def site(tmp_path: Path, published: Path, clock: Clock) -> Iterator[Site]:
    clock.advance(seconds=10)
    opened = open_site(Path(shutil.copy(published, tmp_path / "feedsvc.sqlite")), clock)
    opened.numbers = {"times": ARTICLES, "akhbar": 2}
    yield opened
    opened.services.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "www"


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Iterator[tuple[Site, Path]]:
    """A site and its export, to be looked at only."""
    here = tmp_path_factory.mktemp("exported")
    clock = Clock()
    clock.advance(seconds=10)
    opened = open_site(Path(shutil.copy(published, here / "feedsvc.sqlite")), clock)
    export_site(opened.services, here / "www")
    yield opened, here / "www"
    opened.services.close()
