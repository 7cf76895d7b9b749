"""How is the database opened, migrated and written to, alike on SQLite and PostgreSQL?"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from feedsvc.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7_305_021_145  # any number that is ours alone among advisory locks of the database
LOOKUP_BATCH = 500  # keys in one IN (...): SQLite and PostgreSQL both take it in one go
BUSY_MS = 30_000  # how long a SQLite writer waits for another process's transaction


class Database:
    """One engine and the two ways to use it: ``reading()`` and ``writing()``, each one transaction."""

    def __init__(self, url: str) -> None:
        """:raises StoreError: for a URL that names no database we can open."""
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # SQLite has one writer; threads that queue here need not poll for its lock.
        self._writer: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction for reading (one snapshot on SQLite, one a statement on PostgreSQL)."""
        with _wrapped(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits whole at the end of the block, or not at all."""
        with (
            _wrapped(),
            self._writer,
            self.engine.connect().execution_options(feedsvc_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _wrapped() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(_sentence(error)) from error


def _sentence(error: SQLAlchemyError) -> str:
    """The driver's own words, without the statement and its parameters (which hold articles)."""
    origin = getattr(error, "orig", None)
    return f"database: {origin or error}".strip().splitlines()[0]


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(url, parsed.database)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
            return create_engine(
                parsed,
                pool_size=20,
                max_overflow=20,
                pool_pre_ping=True,
                isolation_level="READ COMMITTED",
                connect_args={"options": "-c timezone=utc", "connect_timeout": 10},
            )
    except (ArgumentError, ImportError, OSError) as error:
        raise StoreError(f"cannot open the database {_shown(url)}: {error}") from error
    raise StoreError(
        f"cannot open the database {_shown(url)}: give sqlite:///path/to/file.sqlite "
        "or postgresql://user@host/name"
    )


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not a database URL)"


def _sqlite(url: str, path: str | None) -> Engine:
    if not path or path == ":memory:":
        raise ArgumentError(
            "feedsvc runs as several processes and needs a file: sqlite:///data/feedsvc.sqlite"
        )
    Path(path).resolve().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=20, max_overflow=20, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """WAL lets the web read while the collector writes. NORMAL: a killed process loses nothing committed."""
    dbapi.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = dbapi.cursor()
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: upgrading a reader's snapshot later fails without waiting."""
    write = connection.get_execution_options().get("feedsvc_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows whose primary or unique key is not there yet."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).on_conflict_do_nothing(), [dict(row) for row in rows])


def batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The items in runs of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def upgrade(database: Database) -> None:
    """Bring the schema to this version's, one process at a time (an advisory lock, SQLite's write lock).

    :raises StoreError: if the schema is newer than this version knows.
    """
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK})
        _refuse_newer(connection)
        config = _alembic()
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")


def current(database: Database) -> tuple[str | None, str]:
    """(the schema's revision or None, the newest that this version knows)."""
    with database.reading() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at, _newest()


def _newest() -> str:
    head = ScriptDirectory.from_config(_alembic()).get_current_head()
    assert head is not None, "there are migrations"
    return head


def _refuse_newer(connection: Connection) -> None:
    at = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}
    if at is not None and at not in known:
        raise StoreError(
            f"the database is at revision {at}, which this version of feedsvc does not know: "
            "run the newer version, or restore a backup made before the upgrade"
        )


def _alembic() -> alembic.config.Config:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
