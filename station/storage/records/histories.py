"""Parts with what was said of them, without their views and pictures: enough for the list of a whole shift."""

from collections import defaultdict

from sqlalchemy import ColumnElement, and_, or_, select

from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.shift import ShiftWindow
from station.domain.shift_review import PartHistory
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.engine.declared import aliased
from station.storage.records.feedback import feedback_where
from station.storage.records.search import inside
from station.storage.records.tables import DisputeRow, PartRow

_BY_PERSON = [claim.value for claim in Disposition if claim.by_person]
_Word = aliased(DisputeRow)  # another name, because the condition is also used where the words themselves are read
_SPOKEN_OF = (
    select(_Word.dispute_id)
    .where(_Word.run_id == PartRow.run_id, _Word.number == PartRow.number, _Word.claim.in_(_BY_PERSON))
    .correlate(PartRow)
    .exists()
)


class Histories:
    """Reads the histories of parts. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def inside(self, window: ShiftWindow) -> tuple[PartHistory, ...]:
        """Return the parts of production in a window that did not pass or that a person spoke of, in their order."""
        return self._of(and_(inside(window), or_(PartRow.verdict != Verdict.PASS.value, _SPOKEN_OF)))

    def find(self, key: PartKey) -> PartHistory | None:
        """Return the history of one part; None if it is not recorded."""
        found = self._of(and_(PartRow.run_id == key.run_id, PartRow.number == key.part))
        return found[0] if found else None

    def _of(self, condition: ColumnElement[bool]) -> tuple[PartHistory, ...]:
        columns = (PartRow.run_id, PartRow.number, PartRow.triggered_at, PartRow.verdict, PartRow.serial)
        parts = select(*columns).where(condition).order_by(PartRow.run_id, PartRow.number)
        said = defaultdict(list)
        with self._database.reading() as connection:
            for each in feedback_where(connection, condition):
                said[each.key].append(each)
            rows = connection.execute(parts).all()
        keys = [PartKey(row.run_id, row.number) for row in rows]
        return tuple(
            PartHistory(key, row.triggered_at, Verdict(row.verdict), tuple(said[key]), row.serial)
            for key, row in zip(keys, rows, strict=True)
        )
