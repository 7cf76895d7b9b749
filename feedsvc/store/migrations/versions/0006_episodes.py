"""What makes an article an episode of a podcast"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("article", sa.Column("podcast", sa.JSON(), nullable=True))
