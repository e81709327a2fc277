"""Signers of recipe files."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "signer_step",
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("public_key", TEXT, nullable=False),
        sa.Column("station", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint("what IN ('own key', 'trusted', 'removed')", name="what_known"),
        sa.PrimaryKeyConstraint("step", name="pk_signer_step"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
