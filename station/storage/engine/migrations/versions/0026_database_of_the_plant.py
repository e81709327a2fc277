"""What still has to be sent to the database of the plant, and how far it is."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "unsent",
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("table_name", TEXT, nullable=False),
        sa.Column("row_key", TEXT, nullable=False),
        sa.Column("is_new", WHOLE, nullable=False),
        sa.CheckConstraint("is_new IN (0, 1)", name="new_or_not"),
        sa.PrimaryKeyConstraint("step", name="pk_unsent"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "sent_batch",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("token", TEXT, nullable=False),
        sa.Column("step", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_sent_batch"),
        sa.UniqueConstraint("token", name="uq_sent_batch_token"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "sending",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("sent_step", WHOLE, nullable=False),
        sa.Column("forgotten_step", WHOLE, nullable=False),
        sa.Column("sent_at", WHOLE, nullable=True),
        sa.Column("copied", WHOLE, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("advice", TEXT, nullable=False),
        sa.Column("problem_since", WHOLE, nullable=True),
        sa.CheckConstraint("number = 1", name="one_row"),
        sa.PrimaryKeyConstraint("number", name="pk_sending"),
        sqlite_strict=True,
    )
    op.create_table(
        "received",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("token", TEXT, nullable=False),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("copying", TEXT, nullable=False),
        sa.Column("copied_key", TEXT, nullable=False),
        sa.Column("station", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint("number = 1", name="one_row"),
        sa.PrimaryKeyConstraint("number", name="pk_received"),
        sqlite_strict=True,
    )
