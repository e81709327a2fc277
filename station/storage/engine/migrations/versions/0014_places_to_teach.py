"""Where a product is inspected, drawn before it has a recipe."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "place_to_teach",
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("product", TEXT, nullable=False),
        sa.Column("view", TEXT, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("step", name="pk_place_to_teach"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_place_to_teach_product_view", "place_to_teach", ["product", "view"])
