"""Subscribers of our hub, what they ask, and the hubs that our sources name (WebSub)"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hub_request",
        sa.Column("n", NUMBER, autoincrement=True, nullable=False),
        sa.Column("feed_n", NUMBER, nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("lease_seconds", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_errand(),
        sa.ForeignKeyConstraint(["feed_n"], ["feed.n"], name=op.f("fk_hub_request_feed_n_feed")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_hub_request")),
        sa.UniqueConstraint("feed_n", "format", "key", name=op.f("uq_hub_request_feed_n_format_key")),
    )
    op.create_table(
        "hub_subscription",
        sa.Column("n", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("feed_n", NUMBER, nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("failing", sa.DateTime(timezone=True), nullable=True),
        *_errand(),
        sa.ForeignKeyConstraint(["feed_n"], ["feed.n"], name=op.f("fk_hub_subscription_feed_n_feed")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_hub_subscription")),
        sa.UniqueConstraint("feed_n", "format", "key", name=op.f("uq_hub_subscription_feed_n_format_key")),
    )
    op.create_index(op.f("ix_hub_subscription_expires"), "hub_subscription", ["expires"])
    for table in ("hub_request", "hub_subscription"):
        op.create_index(op.f(f"ix_{table}_host"), table, ["host"])
    op.create_table(
        "websub",
        sa.Column("n", NUMBER, autoincrement=False, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("confirmed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pushed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        *_errand(),
        sa.ForeignKeyConstraint(["n"], ["source.n"], name=op.f("fk_websub_n_source")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_websub")),
        sa.UniqueConstraint("token", name=op.f("uq_websub_token")),
    )
    for table in ("hub_request", "hub_subscription", "websub"):
        op.create_index(op.f(f"ix_{table}_due"), table, ["due"])
        op.create_index(op.f(f"ix_{table}_lease"), table, ["lease"])


def _errand() -> list[sa.Column[object]]:
    """When something is to be done, how often that failed, and who is doing it."""
    return [
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
    ]
