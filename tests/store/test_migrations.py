"""Do the migrations make the tables that the code has?"""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from feedsvc.store.tables import metadata


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Each database has its own kind of index for searches, with tables of its own below."""
    return kind != "table" or not str(name).startswith("search_text")


def test_the_schema_is_that_of_the_tables(database_url: str) -> None:
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
