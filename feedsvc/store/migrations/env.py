"""How does Alembic reach the database? Through the connection that feedsvc.store.engine hands in."""

from alembic import context

from feedsvc.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction is the one that counts
)
context.run_migrations()
