"""What two revisions of a recipe made of recorded parts: as the line recorded it, or as a candidate that tried them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select, tuple_

from station.domain.candidate import Outcome
from station.domain.inspection import PartKey, RunKind
from station.domain.tried_corrections import BothVerdicts
from station.domain.verdict import Verdict
from station.storage.engine.database import Database
from station.storage.engine.declared import aliased
from station.storage.learning.candidate_tables import CandidatePartRow
from station.storage.records.tables import PartRow, RunRow

_AT_ONCE = 500
_BEFORE, _AFTER = aliased(CandidatePartRow), aliased(CandidatePartRow)


class Pair(NamedTuple):
    """A recipe, its released revision and a draft of it."""

    name: str
    champion: int
    candidate: int


class ComparedParts:
    """Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, pair: Pair, keys: Sequence[PartKey]) -> dict[PartKey, BothVerdicts]:
        """Return what both made of these parts; parts without a record of production are left out."""
        found: dict[PartKey, BothVerdicts] = {}
        columns = (
            select(PartRow.run_id, PartRow.number, PartRow.verdict, _champion(pair), _AFTER.outcome, _AFTER.verdict)
            .join(RunRow, RunRow.run_id == PartRow.run_id)
            .outerjoin(_BEFORE, _tried(_BEFORE, pair.name, pair.champion))
            .outerjoin(_AFTER, _tried(_AFTER, pair.name, pair.candidate))
        )
        mine = RunRow.kind == RunKind.PRODUCTION.value
        for begin in range(0, len(keys), _AT_ONCE):
            some = [(key.run_id, key.part) for key in keys[begin : begin + _AT_ONCE]]
            with self._database.reading() as connection:
                rows = connection.execute(columns.where(mine, tuple_(PartRow.run_id, PartRow.number).in_(some))).all()
            for run, number, recorded, champion, outcome, candidate in rows:
                found[PartKey(run, number)] = BothVerdicts(
                    Verdict(recorded),
                    None if champion is None else Verdict(champion),
                    None if outcome is None else Outcome(outcome),
                    None if candidate is None else Verdict(candidate),
                )
        return found

    def counted(self, pair: Pair) -> dict[tuple[Verdict, Verdict], int]:
        """Return how many parts both judged, by the verdict of the released revision and that of the candidate."""
        champion = _champion(pair).label("champion")
        groups = (
            select(champion, _AFTER.verdict, func.count())
            .select_from(_AFTER)
            .join(PartRow, and_(_AFTER.run_id == PartRow.run_id, _AFTER.number == PartRow.number))
            .join(RunRow, RunRow.run_id == PartRow.run_id)
            .outerjoin(_BEFORE, _tried(_BEFORE, pair.name, pair.champion))
            .where(_AFTER.name == pair.name, _AFTER.revision == pair.candidate, _AFTER.verdict.is_not(None))
            .group_by(champion, _AFTER.verdict)
        )
        with self._database.reading() as connection:
            rows = connection.execute(groups).all()
        return {(Verdict(was), Verdict(now)): count for was, now, count in rows if was is not None and now is not None}


def _champion(pair: Pair) -> ColumnElement[str | None]:
    """Return the verdict of the released revision: the record of the line if it judged there, else its own trial."""
    judged = and_(RunRow.recipe_name == pair.name, RunRow.recipe_revision == pair.champion)
    return case((judged, PartRow.verdict), else_=_BEFORE.verdict)


def _tried(table: type[CandidatePartRow], name: str, revision: int) -> ColumnElement[bool]:
    return and_(
        table.run_id == PartRow.run_id,
        table.number == PartRow.number,
        table.name == name,
        table.revision == revision,
    )
