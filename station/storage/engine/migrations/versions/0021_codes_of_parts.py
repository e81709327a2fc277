"""What was read in the code region of a view."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
FLOAT: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "part_code",
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("view", WHOLE, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("serial", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("unused_correction", FLOAT, nullable=True),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("other", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "number", "view"],
            ["part_view.run_id", "part_view.number", "part_view.view"],
            name="fk_part_code_part_view",
        ),
        sa.PrimaryKeyConstraint("run_id", "number", "view", name="pk_part_code"),
        sqlite_strict=True,
    )
    op.create_index("ix_part_code_text", "part_code", ["text"])
    op.create_index("ix_part_code_serial", "part_code", ["serial"])
    op.create_index("ix_part_code_other", "part_code", ["other"])
