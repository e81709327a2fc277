"""What another revision says of stored parts."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "rescore_job",
        sa.Column("job_id", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("against_name", TEXT, nullable=False),
        sa.Column("against_revision", WHOLE, nullable=False),
        sa.Column("environment", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("started_at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"], name="fk_rescore_job_recipe"),
        sa.PrimaryKeyConstraint("job_id", name="pk_rescore_job"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "rescored_part",
        sa.Column("job_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("verdict_before", TEXT, nullable=True),
        sa.Column("score_before", NUMBER, nullable=True),
        sa.Column("verdict_after", TEXT, nullable=True),
        sa.Column("score_after", NUMBER, nullable=True),
        sa.Column("cause", TEXT, nullable=False),
        sa.CheckConstraint(
            "(cause <> '') = (verdict_before IS NULL OR verdict_after IS NULL)",
            name=op.f("ck_rescored_part_cause_when_not_judged"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["rescore_job.job_id"], name="fk_rescored_part_rescore_job"),
        sa.ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"], name="fk_rescored_part_part"),
        sa.PrimaryKeyConstraint("job_id", "run_id", "number", name="pk_rescored_part"),
        sqlite_strict=True,
    )
    op.create_table(
        "rescored_view",
        sa.Column("job_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("pred_score", NUMBER, nullable=False),
        sa.Column("highest", NUMBER, nullable=False),
        sa.Column("largest_px", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id", "run_id", "number"],
            ["rescored_part.job_id", "rescored_part.run_id", "rescored_part.number"],
            name="fk_rescored_view_rescored_part",
        ),
        sa.PrimaryKeyConstraint("job_id", "run_id", "number", "name", name="pk_rescored_view"),
        sqlite_strict=True,
    )
