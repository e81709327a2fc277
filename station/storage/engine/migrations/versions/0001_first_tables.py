"""First tables: runs, parts with regions and pictures, disputes, events, recipes and their states."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    op.create_table(
        "recipe",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", WHOLE, autoincrement=False, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_recipe_numbered_from_one")),
        sa.PrimaryKeyConstraint("name", "revision", name="pk_recipe"),
        sqlite_strict=True,
    )
    op.create_table(
        "run",
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("started_at", WHOLE, nullable=False),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.Column("recipe_name", TEXT, nullable=False),
        sa.Column("recipe_revision", WHOLE, nullable=False),
        sa.Column("recipe_sha256", TEXT, nullable=False),
        sa.Column("model_sha256", TEXT, nullable=False),
        sa.Column("dataset_version", TEXT, nullable=False),
        sa.Column("camera", TEXT, nullable=False),
        sa.Column("precision", TEXT, nullable=False),
        sa.Column("program_version", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_run"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        sa.Column("event_id", WHOLE, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("sentence", TEXT, nullable=False),
        sa.Column("run_id", WHOLE, nullable=True),
        sa.Column("duration_s", NUMBER, nullable=True),
        sa.Column("person", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_event_run"),
        sa.PrimaryKeyConstraint("event_id", name="pk_event"),
        sqlite_strict=True,
    )
    op.create_index("ix_event_at", "event", ["at"])

    op.create_table(
        "part",
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("triggered_at", WHOLE, nullable=False),
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
        sa.CheckConstraint(
            "(verdict = 'NOT_INSPECTED') = (cause IS NOT NULL)", name=op.f("ck_part_cause_when_not_inspected")
        ),
        sa.CheckConstraint(
            "(verdict = 'NOT_INSPECTED') = (pred_score IS NULL)", name=op.f("ck_part_score_when_judged")
        ),
        sa.CheckConstraint(
            "verdict IN ('PASS', 'REVIEW', 'FAIL', 'NOT_INSPECTED')", name=op.f("ck_part_verdict_known")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_part_numbered_from_one")),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_part_run"),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_part"),
        sqlite_strict=True,
    )
    op.create_index("ix_part_triggered_at_verdict", "part", ["triggered_at", "verdict"])

    op.create_table(
        "recipe_state",
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'validated', 'released', 'retired')", name=op.f("ck_recipe_state_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["name", "revision"], ["recipe.name", "recipe.revision"], name="fk_recipe_state_recipe"
        ),
        sa.PrimaryKeyConstraint("step", name="pk_recipe_state"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_recipe_state_name_revision", "recipe_state", ["name", "revision"])

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
    op.create_index("ix_dispute_made_at", "dispute", ["made_at"])
    op.create_index("ix_dispute_run_id_number", "dispute", ["run_id", "number"])

    op.create_table(
        "picture",
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.CheckConstraint("role IN ('original', 'thumbnail', 'map')", name=op.f("ck_picture_role_known")),
        sa.ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"], name="fk_picture_part"),
        sa.PrimaryKeyConstraint("run_id", "number", "role", name="pk_picture"),
        sa.UniqueConstraint("path", name="uq_picture_path"),
        sqlite_strict=True,
    )
    op.create_table(
        "region",
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("rank", WHOLE, autoincrement=False, nullable=False),
        sa.Column("x", WHOLE, nullable=False),
        sa.Column("y", WHOLE, nullable=False),
        sa.Column("w", WHOLE, nullable=False),
        sa.Column("h", WHOLE, nullable=False),
        sa.Column("area_px", WHOLE, nullable=False),
        sa.Column("score", NUMBER, nullable=False),
        sa.Column("place", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"], name="fk_region_part"),
        sa.PrimaryKeyConstraint("run_id", "number", "rank", name="pk_region"),
        sqlite_strict=True,
    )
