"""History in pages that do not change, and what is left of retracted entries"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tombstone",
        sa.Column("feed_n", NUMBER, nullable=False),
        sa.Column("article_n", NUMBER, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["article_n"], ["article.n"], name=op.f("fk_tombstone_article_n_article")),
        sa.ForeignKeyConstraint(["feed_n"], ["feed.n"], name=op.f("fk_tombstone_feed_n_feed")),
        sa.PrimaryKeyConstraint("feed_n", "article_n", "first_seq", name=op.f("pk_tombstone")),
    )
    op.create_index(op.f("ix_tombstone_feed_n_withdrawn"), "tombstone", ["feed_n", "withdrawn"])
    op.create_table(
        "archive",
        sa.Column("feed_n", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("newest", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feed_n"], ["feed.n"], name=op.f("fk_archive_feed_n_feed")),
        sa.PrimaryKeyConstraint("feed_n", "number", name=op.f("pk_archive")),
    )
    op.create_table(
        "archive_body",
        sa.Column("feed_n", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["feed_n"], ["feed.n"], name=op.f("fk_archive_body_feed_n_feed")),
        sa.PrimaryKeyConstraint("feed_n", "number", "format", name=op.f("pk_archive_body")),
    )
    op.create_index(op.f("ix_entry_feed_n_first_seq"), "entry", ["feed_n", "first_seq"])
