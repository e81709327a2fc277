"""Attribute studies and their answers: rows that are only ever added, which the tables themselves see to."""

import sqlalchemy as sa
from alembic import op

from station.storage.engine.both_dialects import append_only

revision = "0015"
down_revision = "0014"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
NUMBER: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
ONE_ANSWER = ("study", "appraiser", "trial", "part")


def upgrade() -> None:
    op.create_table(
        "study",
        sa.Column("number", WHOLE, nullable=False, autoincrement=False),
        sa.Column("product", TEXT, nullable=False),
        sa.Column("view", TEXT, nullable=False),
        sa.Column("trials", WHOLE, nullable=False),
        sa.Column("seed", WHOLE, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_study"),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "study_answer",
        sa.Column("number", WHOLE, nullable=False, autoincrement=False),
        sa.Column("study", WHOLE, nullable=False),
        sa.Column("appraiser", WHOLE, nullable=False),
        sa.Column("trial", WHOLE, nullable=False),
        sa.Column("part", WHOLE, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("verdict", TEXT),
        sa.Column("pred_score", NUMBER),
        sa.CheckConstraint("answer IN ('good', 'defect', 'not inspected')", name="answer_known"),
        sa.CheckConstraint("answer <> 'not inspected' OR verdict IS NOT NULL", name="people_judge"),
        sa.ForeignKeyConstraint(["study"], ["study.number"], name="fk_study_answer_study"),
        sa.PrimaryKeyConstraint("number", name="pk_study_answer"),
        sa.UniqueConstraint(*ONE_ANSWER, name="uq_study_answer_study_appraiser_trial_part"),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    for table, unique in (("study", ()), ("study_answer", ONE_ANSWER)):
        for statement in append_only(op.get_bind().dialect.name, table, "number", unique):
            op.execute(statement)
