"""Evaluations of recipe revisions on dataset versions, kept as JSON."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from station.storage.engine.database import Database
from station.storage.learning.training_tables import EvaluationRow


@dataclass(frozen=True, slots=True)
class KeptEvaluation:
    """One evaluation.

    Attributes:
        name, revision: The recipe revision.
        view: Its view.
        dataset_version: The pictures.
        measured_at: UTC.
        content: The figures, JSON.
    """

    name: str
    revision: int
    view: str
    dataset_version: str
    measured_at: datetime
    content: str


class Evaluations:
    """All evaluations. One is never changed; measuring again adds another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, evaluation: KeptEvaluation) -> None:
        """Keep an evaluation."""
        with self._database.writing() as connection:
            insert_evaluation(connection, evaluation)

    def newest(self, name: str, revision: int, view: str, dataset_version: str) -> KeptEvaluation | None:
        """Return the newest evaluation of this revision on this version; None if there is none."""
        row = EvaluationRow
        wanted = (
            select(row)
            .where(row.name == name, row.revision == revision, row.view == view, row.dataset_version == dataset_version)
            .order_by(row.evaluation_id.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            found: Row[Any] | None = connection.execute(wanted).first()
        if found is None:
            return None
        values = dict(found._mapping)
        del values["evaluation_id"]
        return KeptEvaluation(**values)

    def versions_of(self, name: str, revision: int, view: str) -> tuple[str, ...]:
        """Return the dataset versions that this revision was evaluated on, the first one first."""
        row = EvaluationRow
        wanted = select(row.dataset_version).where(row.name == name, row.revision == revision, row.view == view)
        with self._database.reading() as connection:
            return tuple(dict.fromkeys(connection.execute(wanted.order_by(row.evaluation_id)).scalars()))


def insert_evaluation(connection: Connection, evaluation: KeptEvaluation) -> None:
    """Add an evaluation inside the caller's transaction."""
    connection.execute(insert(EvaluationRow), asdict(evaluation))
