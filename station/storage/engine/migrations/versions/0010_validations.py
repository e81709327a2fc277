"""Validations: labelled sets judged by a revision, with each verdict."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "recipe_validation",
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("view", TEXT, nullable=False),
        sa.Column("folder", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("pictures", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["name", "revision"], ["recipe.name", "recipe.revision"], name="fk_recipe_validation_recipe"
        ),
        sa.PrimaryKeyConstraint("step", name="pk_recipe_validation"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_recipe_validation_name_revision", "recipe_validation", ["name", "revision"])
