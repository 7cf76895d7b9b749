"""Articles that wait, bounds on what one source may fill, and what earlier versions of feeds had in them"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("article", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_article_held_until"), "article", ["held_until"])
    op.add_column("feed", sa.Column("flood", sa.Integer(), nullable=True))
    op.add_column("feed", sa.Column("max_share", sa.Float(), nullable=True))
    op.create_table(
        "past",
        sa.Column("feed_n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["feed_n"], ["feed.n"], name=op.f("fk_past_feed_n_feed")),
        sa.PrimaryKeyConstraint("feed_n", "etag", name=op.f("pk_past")),
    )
    op.create_index(op.f("ix_past_feed_n_published"), "past", ["feed_n", "published"])
