"""The audit trail: entries that are only ever added, which the table itself sees to."""

import sqlalchemy as sa
from alembic import op

from station.storage.engine.both_dialects import append_only

revision = "0011"
down_revision = "0010"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("number", WHOLE, nullable=False, autoincrement=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("station", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("old", TEXT, nullable=False),
        sa.Column("new", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("previous_hash", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_log"),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_person", "audit_log", ["person"])
    op.create_index("ix_audit_log_action", "audit_log", ["action"])
    for statement in append_only(op.get_bind().dialect.name, "audit_log", "number"):
        op.execute(statement)
