"""Passed parts around another one, of which a small picture is kept."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, not_, select, tuple_

from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.shift import StoredPicture
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.pictures.encoding import Role
from station.storage.records.counted import IN_PRODUCTION
from station.storage.records.tables import DisputeRow, PartRow, PartViewRow, PictureRow, RunRow

_CALLED_BAD = (
    select(DisputeRow.dispute_id)
    .where(
        DisputeRow.run_id == PartRow.run_id,
        DisputeRow.number == PartRow.number,
        DisputeRow.claim.in_([Disposition.MISSED_DEFECT.value, Disposition.CONFIRMED.value]),
    )
    .exists()
)
_SAME_PART = and_(PictureRow.run_id == PartRow.run_id, PictureRow.number == PartRow.number)
_SAME_VIEW = and_(
    PictureRow.run_id == PartViewRow.run_id,
    PictureRow.number == PartViewRow.number,
    PictureRow.view == PartViewRow.view,
)


@dataclass(frozen=True, slots=True)
class PassedPart:
    """A part that passed.

    Attributes:
        key: The part.
        thumbnail: The small picture of the view that was asked for.
    """

    key: PartKey
    thumbnail: StoredPicture


class PassedParts:
    """Finds passed parts. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def around(self, key: PartKey, view: str, most: int) -> tuple[PassedPart, ...]:
        """Return passed parts of the same recipe, those that came just before and after a part.

        Parts that a person called bad are left out.

        Args:
            key: The part; it is not among them.
            view: The name of the view whose small picture is wanted.
            most: How many before it, and how many after it.
        """
        mine, this = tuple_(PartRow.run_id, PartRow.number), tuple_(key.run_id, key.part)
        recipe = select(RunRow.recipe_name).where(RunRow.run_id == key.run_id).scalar_subquery()
        runs = PartRow.run_id.in_(select(RunRow.run_id).where(RunRow.recipe_name == recipe))
        wanted = and_(
            runs, PartRow.verdict == Verdict.PASS.value, not_(_CALLED_BAD), IN_PRODUCTION, PartViewRow.name == view
        )
        before = self._read(and_(wanted, mine < this), most, newest=True)
        return (*before, *self._read(and_(wanted, mine > this), most, newest=False))

    def _read(self, condition: ColumnElement[bool], most: int, *, newest: bool) -> list[PassedPart]:
        columns = (PictureRow.path, PictureRow.sha256, PictureRow.size, PartRow.run_id, PartRow.number)
        found = select(*columns).join(PartRow, _SAME_PART).join(PartViewRow, _SAME_VIEW)
        order = (PartRow.run_id, PartRow.number)
        found = found.where(condition, PictureRow.role == Role.THUMBNAIL.value)
        found = found.order_by(*((each.desc() for each in order) if newest else order)).limit(most)
        with self._database.reading() as connection:
            return [
                PassedPart(PartKey(row.run_id, row.number), StoredPicture(row.path, row.sha256, row.size))
                for row in connection.execute(found)
            ]
