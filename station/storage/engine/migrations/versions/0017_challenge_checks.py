"""Checks with challenge parts: how they ended, their results, what was due, the word on the suspects; only added."""

import sqlalchemy as sa
from alembic import op

from station.storage.engine.both_dialects import append_only

revision = "0017"
down_revision = "0016"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
UNIQUE = {"challenge_check": ("run_id",), "challenge_result": ("run_id", "part")}


def upgrade() -> None:
    op.create_table(
        "challenge_check",
        _number(),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("wanted", WHOLE, nullable=False),
        sa.Column("ended_at", WHOLE, nullable=False),
        sa.CheckConstraint("outcome IN ('passed', 'failed', 'not finished')", name="outcome_known"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_challenge_check_run"),
        sa.PrimaryKeyConstraint("number", name="pk_challenge_check"),
        sa.UniqueConstraint("run_id", name="uq_challenge_check_run_id"),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "challenge_result",
        _number(),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("part", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("known", TEXT, nullable=False),
        sa.Column("expected", TEXT),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("met", WHOLE, nullable=False),
        sa.Column("found", TEXT),
        sa.Column("sentence", TEXT, nullable=False),
        sa.CheckConstraint("known IN ('good', 'bad')", name="known_known"),
        sa.CheckConstraint("met IN (0, 1)", name="met_or_not"),
        sa.ForeignKeyConstraint(["run_id", "part"], ["part.run_id", "part.number"], name="fk_challenge_result_part"),
        sa.PrimaryKeyConstraint("number", name="pk_challenge_result"),
        sa.UniqueConstraint("run_id", "part", name="uq_challenge_result_run_id_part"),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "challenge_due",
        _number(),
        sa.Column("recipe_name", TEXT, nullable=False),
        sa.Column("after_run", WHOLE, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("seen_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_challenge_due"),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "suspect_answer",
        _number(),
        sa.Column("recipe_name", TEXT, nullable=False),
        sa.Column("last_run", WHOLE, nullable=False),
        sa.Column("last_part", WHOLE, nullable=False),
        sa.Column("parts", WHOLE, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_suspect_answer"),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_index("ix_challenge_due_recipe_name_after_run", "challenge_due", ["recipe_name", "after_run"])
    op.create_index("ix_suspect_answer_recipe_name", "suspect_answer", ["recipe_name"])
    for table in ("challenge_check", "challenge_result", "challenge_due", "suspect_answer"):
        for statement in append_only(op.get_bind().dialect.name, table, "number", UNIQUE.get(table, ())):
            op.execute(statement)


def _number() -> sa.Column[int]:
    return sa.Column("number", WHOLE, nullable=False, autoincrement=False)
