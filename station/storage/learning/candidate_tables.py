"""The tables of candidates. A change needs a migration; a test compares the two."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index

from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, table_arguments


class CandidatePartRow(Tables):
    """What became of one recorded part for one candidate. A judgement is never updated."""

    __tablename__ = "candidate_part"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"]),
        ForeignKeyConstraint(["run_id", "number"], ["part.run_id", "part.number"]),
        CheckConstraint("outcome IN ('judged', 'dropped', 'no-picture', 'failed')", name="outcome_known"),
        CheckConstraint("(outcome = 'judged') = (verdict IS NOT NULL)", name="verdict_when_judged"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str]
    verdict: Mapped[str | None]
    pred_score: Mapped[float | None]


class ShadowStepRow(Tables):
    """A candidate began or ceased to judge beside the line. Rows are only added; the newest one counts."""

    __tablename__ = "shadow_step"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"]),
        CheckConstraint("step_kind IN ('started', 'stopped')", name="kind_known"),
        never_reuse_ids=True,
    )

    step: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]
    step_kind: Mapped[str]
    person: Mapped[str]
    at: Mapped[datetime]


class PromotionRow(Tables):
    """A candidate was promoted by a person: `gate` is the JSON of all conditions with their figures."""

    __tablename__ = "promotion"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"]),
        Index(None, "at"),
        never_reuse_ids=True,
    )

    promotion_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]
    champion_revision: Mapped[int | None]
    person: Mapped[str]
    reason: Mapped[str]
    gate: Mapped[str]
    at: Mapped[datetime]
