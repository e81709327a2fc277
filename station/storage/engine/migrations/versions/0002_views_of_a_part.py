"""A part may be seen by several cameras: what was judged moves from the part to its views.

Every part of version 0001 becomes one with a single view, which has no name.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
TEXT = sa.Text()
OLD = ("part", "region", "picture", "dispute")
VERDICT_KNOWN = "verdict IN ('PASS', 'REVIEW', 'FAIL', 'NOT_INSPECTED')"


def upgrade() -> None:
    # SQLite cannot drop a column that a check names, nor a table that rows refer to while it guards foreign keys,
    # and the guard cannot be lifted inside a transaction. So the part and all that refers to it are made again.
    _put_old_tables_aside()
    _create_tables()
    _carry_over()
    _create_indexes()
    for table in ("region", "picture", "dispute", "part"):
        op.drop_table(f"{table}_0001")


def _put_old_tables_aside() -> None:
    op.drop_index("ix_part_triggered_at_verdict", "part")
    op.drop_index("ix_dispute_made_at", "dispute")
    op.drop_index("ix_dispute_run_id_number", "dispute")
    for table in OLD:
        op.rename_table(table, f"{table}_0001")
    if op.get_bind().dialect.name == "postgresql":  # there a key is an index, and its name is the schema's
        for table, key in (*((table, f"pk_{table}") for table in OLD), ("picture", "uq_picture_path")):
            op.execute(f"ALTER TABLE {table}_0001 RENAME CONSTRAINT {key} TO {key}_0001")


def _create_tables() -> None:
    op.create_table(
        "part",
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("triggered_at", WHOLE, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.CheckConstraint(VERDICT_KNOWN, name=op.f("ck_part_verdict_known")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_part_numbered_from_one")),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_part_run"),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_part"),
        sqlite_strict=True,
    )
    op.create_table(
        "part_view",
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("view", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("elapsed_ms", NUMBER, nullable=False),
        sa.Column("cause", TEXT, nullable=True),
        sa.Column("pred_score", NUMBER, nullable=True),
        sa.Column("raw_score", NUMBER, nullable=True),
        sa.Column("image_threshold", NUMBER, nullable=True),
        sa.Column("frame_id", WHOLE, nullable=True),
        sa.Column("camera_timestamp_ns", WHOLE, nullable=True),
        sa.Column("width", WHOLE, nullable=False),
        sa.Column("height", WHOLE, nullable=False),
        sa.Column("conversion", TEXT, nullable=False),
        sa.CheckConstraint(VERDICT_KNOWN, name=op.f("ck_part_view_verdict_known")),
        sa.CheckConstraint(
            "(verdict = 'NOT_INSPECTED') = (cause IS NOT NULL)", name=op.f("ck_part_view_cause_when_not_inspected")
        ),
        sa.CheckConstraint(
            "(verdict = 'NOT_INSPECTED') = (pred_score IS NULL)", name=op.f("ck_part_view_score_when_judged")
        ),
        sa.CheckConstraint("view >= 0", name=op.f("ck_part_view_counted_from_nought")),
        sa.ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"], name="fk_part_view_part"),
        sa.PrimaryKeyConstraint("run_id", "number", "view", name="pk_part_view"),
        sqlite_strict=True,
    )
    op.create_table(
        "region",
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("view", WHOLE, autoincrement=False, nullable=False),
        sa.Column("rank", WHOLE, autoincrement=False, nullable=False),
        sa.Column("x", WHOLE, nullable=False),
        sa.Column("y", WHOLE, nullable=False),
        sa.Column("w", WHOLE, nullable=False),
        sa.Column("h", WHOLE, nullable=False),
        sa.Column("area_px", WHOLE, nullable=False),
        sa.Column("score", NUMBER, nullable=False),
        sa.Column("place", TEXT, nullable=False),
        _of_a_view("fk_region_part_view"),
        sa.PrimaryKeyConstraint("run_id", "number", "view", "rank", name="pk_region"),
        sqlite_strict=True,
    )
    op.create_table(
        "picture",
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("view", WHOLE, autoincrement=False, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.CheckConstraint("role IN ('original', 'thumbnail', 'map')", name=op.f("ck_picture_role_known")),
        _of_a_view("fk_picture_part_view"),
        sa.PrimaryKeyConstraint("run_id", "number", "view", "role", name="pk_picture"),
        sa.UniqueConstraint("path", name="uq_picture_path"),
        sqlite_strict=True,
    )
    op.create_table(
        "dispute",
        sa.Column("dispute_id", WHOLE, nullable=False),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("claim", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"], name="fk_dispute_part"),
        sa.PrimaryKeyConstraint("dispute_id", name="pk_dispute"),
        sqlite_strict=True,
    )


def _of_a_view(name: str) -> sa.ForeignKeyConstraint:
    key = ("run_id", "number", "view")
    return sa.ForeignKeyConstraint(key, [f"part_view.{column}" for column in key], name=name)


def _carry_over() -> None:
    op.execute("INSERT INTO part SELECT run_id, number, triggered_at, verdict FROM part_0001")
    op.execute(
        "INSERT INTO part_view SELECT run_id, number, 0, '', verdict, reason, origin, elapsed_ms, cause, pred_score, "
        "raw_score, image_threshold, frame_id, camera_timestamp_ns, width, height, conversion FROM part_0001"
    )
    op.execute("INSERT INTO region SELECT run_id, number, 0, rank, x, y, w, h, area_px, score, place FROM region_0001")
    op.execute("INSERT INTO picture SELECT run_id, number, 0, role, path, sha256, size FROM picture_0001")
    op.execute(
        "INSERT INTO dispute SELECT dispute_id, run_id, number, claim, reason, person, made_at FROM dispute_0001"
    )


def _create_indexes() -> None:
    op.create_index("ix_part_triggered_at_verdict", "part", ["triggered_at", "verdict"])
    op.create_index("ix_dispute_made_at", "dispute", ["made_at"])
    op.create_index("ix_dispute_run_id_number", "dispute", ["run_id", "number"])
