"""Inspected parts of production of which a kind of picture was kept of every view."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, and_, func, select

from station.domain.inspection import PartKey
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.records.counted import IN_PRODUCTION
from station.storage.records.tables import PartRow, PartViewRow, PictureRow, RunRow

MOST_PARTS = 100_000
"""Of the newest."""


@dataclass(frozen=True, slots=True)
class KeptParts:
    """Parts with their pictures.

    Attributes:
        keys: The parts, oldest first.
        without: How many other inspected parts of the same time lack the picture of a view.
    """

    keys: tuple[PartKey, ...]
    without: int


def kept_parts(
    database: Database, name: str, revisions: Sequence[int], since: datetime, role: Literal["original", "map"]
) -> KeptParts:
    """Return the parts that these revisions of a recipe inspected since a time.

    Args:
        database: The records.
        name: The recipe.
        revisions: Its revisions.
        since: Parts triggered before are left out.
        role: Which picture must have been kept of every view.
    """
    kept = _of_part(PictureRow).where(PictureRow.role == role).scalar_subquery()
    views = _of_part(PartViewRow).scalar_subquery()
    runs = select(RunRow.run_id).where(RunRow.recipe_name == name, RunRow.recipe_revision.in_(revisions))
    wanted = and_(
        PartRow.run_id.in_(runs),
        PartRow.triggered_at >= since,
        PartRow.verdict != Verdict.NOT_INSPECTED,
        IN_PRODUCTION,
    )
    newest = (
        select(PartRow.run_id, PartRow.number, (kept == views).label("whole"))
        .where(wanted)
        .order_by(PartRow.run_id.desc(), PartRow.number.desc())
        .limit(MOST_PARTS)
    )
    with database.reading() as connection:
        rows = connection.execute(newest).all()
    keys = tuple(PartKey(row.run_id, row.number) for row in reversed(rows) if row.whole)
    return KeptParts(keys, len(rows) - len(keys))


def _of_part(table: type[PictureRow | PartViewRow]) -> Select[int]:
    same = and_(table.run_id == PartRow.run_id, table.number == PartRow.number)
    return select(func.count()).select_from(table).where(same).correlate(PartRow)
