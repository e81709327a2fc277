"""What a person said in a review is kept apart from what was said at the line; parts can be put on hold.

Everything that was said until now was said at the line.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    # In place, as in 0004.
    op.execute(
        "ALTER TABLE dispute ADD COLUMN said_in TEXT DEFAULT 'line' NOT NULL "
        "CONSTRAINT ck_dispute_said_in_known CHECK (said_in IN ('line', 'review'))"
    )
    op.create_table(
        "hold",
        sa.Column("hold_id", WHOLE, nullable=False),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint("state IN ('held', 'released')", name="state_known"),
        sa.ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"], name="fk_hold_part"),
        sa.PrimaryKeyConstraint("hold_id", name="pk_hold"),
        sqlite_strict=True,
    )
    op.create_index("ix_hold_run_id_number", "hold", ["run_id", "number"])
