"""Signatures of revisions."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "recipe_signature",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("after_step", WHOLE, nullable=False),
        sa.Column("meaning", TEXT, nullable=False),
        sa.Column("account_id", WHOLE, nullable=True),
        sa.Column("account_step", WHOLE, nullable=True),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("roles", TEXT, nullable=False),
        sa.Column("known_by", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint("meaning IN ('released by', 'checked by', 'retired by')", name="meaning_known"),
        sa.ForeignKeyConstraint(
            ["name", "revision"], ["recipe.name", "recipe.revision"], name="fk_recipe_signature_recipe"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name="fk_recipe_signature_account"),
        sa.PrimaryKeyConstraint("number", name="pk_recipe_signature"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_recipe_signature_name_revision", "recipe_signature", ["name", "revision"])
