"""What people say of parts, kept beside the verdict and never over it."""

from sqlalchemy import ColumnElement, Connection, and_, insert, select
from sqlalchemy.exc import IntegrityError

from station.domain.errors import BadInputError
from station.domain.feedback import OperatorFeedback
from station.domain.inspection import PartKey
from station.storage.engine.database import Database
from station.storage.records.rows import dispute_from
from station.storage.records.tables import DisputeRow, PartRow


class FeedbackRecords:
    """The disputes of all parts, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, dispute: OperatorFeedback) -> None:
        """Record what a person says of a part.

        Raises:
            BadInputError: The part is not recorded, or not yet.
        """
        values = {
            "run_id": dispute.key.run_id,
            "number": dispute.key.part,
            "claim": dispute.claim.value,
            "reason": dispute.reason,
            "person": dispute.person,
            "made_at": dispute.made_at,
        }
        try:
            with self._database.writing() as connection:
                connection.execute(insert(DisputeRow), values)
        except IntegrityError as error:
            raise BadInputError(
                f"There is no record of part {dispute.key.label} of run {dispute.key.run_id} to dispute."
            ) from error

    def of(self, key: PartKey) -> tuple[OperatorFeedback, ...]:
        """Everything said of one part."""
        with self._database.reading() as connection:
            return disputes_where(connection, and_(PartRow.run_id == key.run_id, PartRow.number == key.part))


def disputes_where(connection: Connection, condition: ColumnElement[bool]) -> tuple[OperatorFeedback, ...]:
    """The disputes that, with their part, meet the condition."""
    same_part = and_(DisputeRow.run_id == PartRow.run_id, DisputeRow.number == PartRow.number)
    statement = select(DisputeRow).join(PartRow, same_part).where(condition).order_by(DisputeRow.dispute_id)
    return tuple(dispute_from(row) for row in connection.execute(statement))
