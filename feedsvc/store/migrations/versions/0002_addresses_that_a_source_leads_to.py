"""Addresses that a source leads to: the next pages of its list, the pages of its articles"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "followed",
        sa.Column("source_n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source_n"], ["source.n"], name=op.f("fk_followed_source_n_source")),
        sa.PrimaryKeyConstraint("source_n", "key", name=op.f("pk_followed")),
    )
    op.create_index(op.f("ix_followed_seen"), "followed", ["seen"])
