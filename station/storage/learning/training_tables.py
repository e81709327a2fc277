"""The tables of training runs and of evaluations. A change needs a migration; a test compares the two."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index

from station.storage.engine.declared import Mapped, mapped_column
from station.storage.engine.schema import Tables, table_arguments


class TrainingRunRow(Tables):
    """One order to teach. Never updated."""

    __tablename__ = "training_run"
    __table_args__ = table_arguments(
        CheckConstraint("limit_from IN ('good', 'labels')", name="limit_known"), never_reuse_ids=True
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    product: Mapped[str]
    view: Mapped[str]
    dataset_version: Mapped[str]
    method: Mapped[str]
    whole_part: Mapped[int]
    with_defects: Mapped[int]
    limit_from: Mapped[str]
    recipe: Mapped[str] = mapped_column(server_default="")
    person: Mapped[str]
    queued_at: Mapped[datetime]


class TrainingStateRow(Tables):
    """A change of the state of a run. Rows are only added; the newest one is the present state."""

    __tablename__ = "training_state"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["number"], ["training_run.number"]),
        CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')", name="state_known"
        ),
        Index(None, "number"),
        never_reuse_ids=True,
    )

    step: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    state: Mapped[str]
    at: Mapped[datetime]
    person: Mapped[str]
    sentence: Mapped[str]
    package: Mapped[str]
    revision: Mapped[int | None]


class EvaluationRow(Tables):
    """The figures of one view of a recipe revision on one dataset version. Never updated; `content` is JSON."""

    __tablename__ = "evaluation"
    __table_args__ = table_arguments(
        ForeignKeyConstraint(["name", "revision"], ["recipe.name", "recipe.revision"]),
        Index(None, "name", "revision", "dataset_version"),
        never_reuse_ids=True,
    )

    evaluation_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]
    view: Mapped[str]
    dataset_version: Mapped[str]
    measured_at: Mapped[datetime]
    content: Mapped[str]
