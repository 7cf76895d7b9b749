"""The words of articles, to be searched"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store import indexing, tables

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 500


def upgrade() -> None:
    op.create_table(
        "search",
        sa.Column("article_n", NUMBER, autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article_n"], ["article.n"], name=op.f("fk_search_article_n_article")),
        sa.PrimaryKeyConstraint("article_n", name=op.f("pk_search")),
        sa.UniqueConstraint("place", name=op.f("uq_search_place")),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # "ascii": what is no ASCII letter or digit but beyond ASCII is part of a token. Ours have been cut
        # and folded already; all there is between them is a space.
        op.execute("CREATE VIRTUAL TABLE search_text USING fts5(title, body, facets, tokenize = 'ascii')")
    else:
        op.execute("CREATE TABLE search_text (place BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
    _fill(connection)
    if connection.dialect.name != "sqlite":
        op.execute("CREATE INDEX ix_search_text_words ON search_text USING gin (words)")


def _fill(connection: sa.Connection) -> None:
    """Index what is there, a batch at a time: as news of when it entered, or of its date if it came as a
    source's past."""
    article, entry = tables.article, tables.entry
    entered = (
        sa.select(sa.func.max(entry.c.entered))
        .where(entry.c.article_n == article.c.n, entry.c.seq > 0)
        .scalar_subquery()
    )
    columns = [
        *(article.c[name] for name in ("n", "source_n", "published", "title", "summary", "content")),
        *(article.c[name] for name in ("authors", "tags", "language")),
        entered.label("entered"),
    ]
    last = 0
    while True:
        rows = (
            connection.execute(
                sa.select(*columns)
                .where(article.c.n > last, article.c.state == "live")
                .order_by(article.c.n)
                .limit(BATCH)
            )
            .mappings()
            .all()
        )
        if not rows:
            return
        last = rows[-1]["n"]
        indexing.add(
            connection, [(row, indexing.place(row["entered"] or row["published"], row["n"])) for row in rows]
        )
