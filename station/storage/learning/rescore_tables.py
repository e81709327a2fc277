"""The tables of re-scores. A change needs a migration; a test compares the two."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint

from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, table_arguments


class RescoreJobRow(Tables):
    """Stored parts judged by one revision and compared with another, by one version of everything that judges."""

    __tablename__ = "rescore_job"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"]),
        never_reuse_ids=True,
    )

    job_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]
    against_name: Mapped[str]
    against_revision: Mapped[int]
    environment: Mapped[str]
    person: Mapped[str]
    started_at: Mapped[datetime]


class RescoredPartRow(Tables):
    """What both revisions say of one part; a part with a cause was not judged, and is tried again."""

    __tablename__ = "rescored_part"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"]),
        CheckConstraint(
            "(cause <> '') = (verdict_before IS NULL OR verdict_after IS NULL)", name="cause_when_not_judged"
        ),
    )

    job_id: Mapped[int] = mapped_column(ForeignKey("rescore_job.job_id"), primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    verdict_before: Mapped[str | None]
    score_before: Mapped[float | None]
    verdict_after: Mapped[str | None]
    score_after: Mapped[float | None]
    cause: Mapped[str]


class RescoredViewRow(Tables):
    """What the other revision finds in one view of a part, to choose its limits from."""

    __tablename__ = "rescored_view"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(
            ["job_id", "run_id", "number"],
            ["rescored_part.job_id", "rescored_part.run_id", "rescored_part.number"],
        ),
    )

    job_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(primary_key=True)
    pred_score: Mapped[float]
    highest: Mapped[float]
    largest_px: Mapped[int]
