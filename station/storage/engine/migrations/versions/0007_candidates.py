"""Candidates judge recorded parts beside the line, and are promoted by a person. Older versions had none."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
TEXT = sa.Text()
_OF_RECIPE = ["name", "revision"], ["recipe.name", "recipe.revision"]


def upgrade() -> None:
    op.create_table(
        "candidate_part",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", WHOLE, autoincrement=False, nullable=False),
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=True),
        sa.Column("pred_score", NUMBER, nullable=True),
        sa.CheckConstraint(
            "outcome IN ('judged', 'dropped', 'no-picture', 'failed')", name=op.f("ck_candidate_part_outcome_known")
        ),
        sa.CheckConstraint(
            "(outcome = 'judged') = (verdict IS NOT NULL)", name=op.f("ck_candidate_part_verdict_when_judged")
        ),
        sa.ForeignKeyConstraint(*_OF_RECIPE, name="fk_candidate_part_recipe"),
        sa.ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"], name="fk_candidate_part_part"),
        sa.PrimaryKeyConstraint("name", "revision", "run_id", "number", name="pk_candidate_part"),
        sqlite_strict=True,
    )
    op.create_table(
        "shadow_step",
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("step_kind", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint("step_kind IN ('started', 'stopped')", name=op.f("ck_shadow_step_kind_known")),
        sa.ForeignKeyConstraint(*_OF_RECIPE, name="fk_shadow_step_recipe"),
        sa.PrimaryKeyConstraint("step", name="pk_shadow_step"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "promotion",
        sa.Column("promotion_id", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("champion_revision", WHOLE, nullable=True),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("gate", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(*_OF_RECIPE, name="fk_promotion_recipe"),
        sa.PrimaryKeyConstraint("promotion_id", name="pk_promotion"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_promotion_at", "promotion", ["at"])
