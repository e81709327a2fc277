"""Training runs with their states, and evaluations of recipes. A station that taught before has none."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "training_run",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("product", TEXT, nullable=False),
        sa.Column("view", TEXT, nullable=False),
        sa.Column("dataset_version", TEXT, nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("whole_part", WHOLE, nullable=False),
        sa.Column("with_defects", WHOLE, nullable=False),
        sa.Column("limit_from", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("queued_at", WHOLE, nullable=False),
        sa.CheckConstraint("limit_from IN ('good', 'labels')", name=op.f("ck_training_run_limit_known")),
        sa.PrimaryKeyConstraint("number", name="pk_training_run"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "training_state",
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("sentence", TEXT, nullable=False),
        sa.Column("package", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["number"], ["training_run.number"], name="fk_training_state_training_run"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')",
            name=op.f("ck_training_state_state_known"),
        ),
        sa.PrimaryKeyConstraint("step", name="pk_training_state"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_training_state_number", "training_state", ["number"])
    op.create_table(
        "evaluation",
        sa.Column("evaluation_id", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("view", TEXT, nullable=False),
        sa.Column("dataset_version", TEXT, nullable=False),
        sa.Column("measured_at", WHOLE, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"], name="fk_evaluation_recipe"),
        sa.PrimaryKeyConstraint("evaluation_id", name="pk_evaluation"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(
        "ix_evaluation_name_revision_dataset_version", "evaluation", ["name", "revision", "dataset_version"]
    )
