"""A part keeps its lot and its order, and the station knows which are made now."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    # In place: a table that is made again would lose the rows that refer to it.
    op.execute("ALTER TABLE part ADD COLUMN lot TEXT DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE part ADD COLUMN \"order\" TEXT DEFAULT '' NOT NULL")
    op.create_table(
        "lot_change",
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("lot", TEXT, nullable=False),
        sa.Column("order", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("step", name="pk_lot_change"),
        sqlite_strict=True,
    )
