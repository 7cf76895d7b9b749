"""Articles that wait before they are published, and bounds on what one source may fill"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("article", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_article_held_until"), "article", ["held_until"])
    op.add_column("feed", sa.Column("flood", sa.Integer(), nullable=True))
    op.add_column("feed", sa.Column("max_share", sa.Float(), nullable=True))
