"""Accounts, what was done to them, and failed log-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.Column("roles", TEXT, nullable=False),
        sa.Column("pin_hash", TEXT, nullable=True),
        sa.Column("badge_lookup", TEXT, nullable=True),
        sa.Column("badge_hash", TEXT, nullable=True),
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("disabled", WHOLE, server_default="0", nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.CheckConstraint("disabled IN (0, 1)", name="disabled_or_not"),
        sa.CheckConstraint("(badge_lookup IS NULL) = (badge_hash IS NULL)", name="badge_whole"),
        sa.PrimaryKeyConstraint("account_id", name="pk_account"),
        sa.UniqueConstraint("folded", name="uq_account_folded"),
        sa.UniqueConstraint("badge_lookup", name="uq_account_badge_lookup"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "account_step",
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("roles", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name="fk_account_step_account"),
        sa.PrimaryKeyConstraint("step", name="pk_account_step"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "log_in_try",
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("failures", WHOLE, nullable=False),
        sa.Column("last_at", WHOLE, nullable=False),
        sa.CheckConstraint("failures >= 0", name="failures_counted"),
        sa.PrimaryKeyConstraint("subject", name="pk_log_in_try"),
        sqlite_strict=True,
    )
