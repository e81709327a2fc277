"""Pictures that were given up, with the reason."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "given_up_picture",
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("view", WHOLE, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint("role IN ('original', 'thumbnail', 'map')", name="role_known"),
        sa.ForeignKeyConstraint(
            ["run_id", "number", "view"],
            ["part_view.run_id", "part_view.number", "part_view.view"],
            name="fk_given_up_picture_part_view",
        ),
        sa.PrimaryKeyConstraint("run_id", "number", "view", "role", name="pk_given_up_picture"),
        sqlite_strict=True,
    )
    op.create_index("ix_given_up_picture_at", "given_up_picture", ["at"])
