"""Which views lack a place of the region that moved with their part: other limits must not make PASS of them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("part_view", sa.Column("leaves_picture", WHOLE, server_default="0", nullable=False))
