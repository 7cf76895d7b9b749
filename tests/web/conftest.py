"""A site with two feeds that have something in them, one that has not, and ways to ask it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from feedsvc.web import create_app
from tests.conftest import Clock
from tests.web.site import Site, open_site


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_empty: Path) -> Path:
    """The database of ``site``, made once to be copied."""
    path = Path(shutil.copy(sqlite_empty, tmp_path_factory.mktemp("filled") / "feedsvc.sqlite"))
    made = open_site(path, Clock())
    made.write("times", "First", "Second", "Third")
    made.write("akhbar", "خبر أول", "خبر ثان", language="ar")
    made.publish()
    made.services.close()
    return path


@pytest.fixture
def database(tmp_path: Path, filled: Path) -> Path:
    return Path(shutil.copy(filled, tmp_path / "feedsvc.sqlite"))


@pytest.fixture
def site(database: Path, clock: Clock) -> Iterator[Site]:
    clock.advance(seconds=2)
    opened = open_site(database, clock)
    opened.numbers = {"times": 3, "akhbar": 2}
    yield opened
    opened.services.close()


@pytest.fixture
def app(site: Site) -> Flask:
    made = create_app(site.services)
    made.testing = True
    return made


@pytest.fixture
def client(app: Flask) -> Client:
    """Asks the whole application, the fast path first; redirects are not followed."""
    return app.test_client()
