"""Which views lay so near a limit that they were judged a second time."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("part_view", sa.Column("judged_again", WHOLE, server_default="0", nullable=False))
