"""Checks with challenge parts in the database: each is settled once, when its run has ended, and never changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select

from station.domain.challenge import ChallengeResult, Check, GoodCheck, Outcome, Why
from station.domain.challenge_plan import ChallengePart, ExpectedPlace, Known
from station.domain.errors import BadInputError
from station.domain.geometry import Box
from station.domain.inspection import PartKey, RunKind
from station.domain.verdict import Verdict
from station.storage.challenges.tables import ChallengeCheckRow, ChallengeDueRow, ChallengeResultRow, SuspectAnswerRow
from station.storage.engine.database import Database
from station.storage.records.tables import PartRow, RunRow

_NEWEST_PARTS = 200
_CHECK, _RESULT, _DUE = ChallengeCheckRow, ChallengeResultRow, ChallengeDueRow
_IS_CHECK = RunRow.kind == RunKind.CHALLENGE.value
_NUMBERED = type[ChallengeCheckRow | ChallengeResultRow | ChallengeDueRow | SuspectAnswerRow]
_WITH_END = select(RunRow, _CHECK.outcome, _CHECK.wanted, _CHECK.ended_at.label("settled_at")).outerjoin(
    _CHECK, _CHECK.run_id == RunRow.run_id
)


class Checks:
    """All checks of a station. Any thread or program may read and settle."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, most: int = 200, recipe: str | None = None) -> tuple[Check, ...]:
        """Return the checks, newest first, also the one that is running.

        Args:
            most: How many at most.
            recipe: Only those of this recipe.
        """
        mine = [] if recipe is None else [RunRow.recipe_name == recipe]
        with self._database.reading() as connection:
            return _read(connection, mine, most)

    def between(self, start: datetime, end: datetime) -> tuple[Check, ...]:
        """Return the checks that were begun from `start` until before `end`, oldest first."""
        inside = [RunRow.started_at >= start, RunRow.started_at < end]
        with self._database.reading() as connection:
            return _read(connection, inside, None)[::-1]

    def find(self, run_id: int) -> Check:
        """Return one check.

        Raises:
            BadInputError: There is none with this number.
        """
        with self._database.reading() as connection:
            found = _read(connection, [RunRow.run_id == run_id], 1)
        if not found:
            raise BadInputError(f"There is no check {run_id}.", "'linesidectl challenge list' shows all of them.")
        return found[0]

    def unsettled(self) -> tuple[Check, ...]:
        """Return the checks whose runs have ended, and of which nothing is written yet; oldest first."""
        with self._database.reading() as connection:
            return _read(connection, [RunRow.ended_at.is_not(None), _CHECK.run_id.is_(None)], None)[::-1]

    def settle(
        self, run_id: int, outcome: Outcome, wanted: int, results: Iterable[ChallengeResult], at: datetime
    ) -> bool:
        """Write how a check ended, with its results, in one transaction; return False if that was written before.

        Raises:
            StorageError: The disk refused it; nothing was written.
        """
        with self._database.writing() as connection:
            if connection.execute(select(_CHECK.run_id).where(_CHECK.run_id == run_id)).first() is not None:
                return False
            first = next_number(connection, _RESULT)
            for number, result in enumerate(results, first):
                connection.execute(insert(_RESULT), _values(result) | {"number": number})
            check = {"run_id": run_id, "outcome": outcome.value, "wanted": wanted, "ended_at": at}
            connection.execute(insert(_CHECK), check | {"number": next_number(connection, _CHECK)})
        return True

    def last_good(self, recipe: str) -> GoodCheck | None:
        """Return the last check of a recipe that passed; None if none has."""
        good = self._ended(recipe).where(_CHECK.outcome == Outcome.PASSED.value).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(good).first()
        return GoodCheck(row.run_id, row.recipe_revision, row.started_at) if row else None

    def newest_outcome(self, recipe: str, revision: int | None = None) -> Outcome | None:
        """Return how the newest check of a recipe that has ended did end, or of a revision; None if none has."""
        mine = (
            self._ended(recipe) if revision is None else self._ended(recipe).where(RunRow.recipe_revision == revision)
        )
        with self._database.reading() as connection:
            row = connection.execute(mine.limit(1)).first()
        return Outcome(row.outcome) if row else None

    def outcomes(self, recipe: str) -> tuple[tuple[int, Outcome], ...]:
        """Return the ended checks of a recipe as (run, outcome), in the order of their runs."""
        with self._database.reading() as connection:
            rows = connection.execute(self._ended(recipe)).all()
        return tuple((row.run_id, Outcome(row.outcome)) for row in reversed(rows))

    def failed_recipes(self) -> tuple[str, ...]:
        """Return the recipes of which a check has failed, in the order of their names."""
        failed = select(RunRow.recipe_name).join(_CHECK, _CHECK.run_id == RunRow.run_id)
        failed = failed.where(_CHECK.outcome == Outcome.FAILED.value).distinct().order_by(RunRow.recipe_name)
        with self._database.reading() as connection:
            return tuple(connection.execute(failed).scalars())

    def other_product_since(self, recipe: str, run_id: int) -> bool:
        """Return whether another product was inspected in production after this run."""
        other = select(RunRow.run_id).where(
            RunRow.run_id > run_id, RunRow.recipe_name != recipe, RunRow.kind == RunKind.PRODUCTION.value
        )
        with self._database.reading() as connection:
            return connection.execute(other.limit(1)).first() is not None

    def newest_moment_since(self, run_id: int) -> datetime | None:
        """Return the latest time in the records of the runs after this one; None if there is none.

        Only the newest parts are looked at: whoever asks often sees a clock that is set back before many more came.
        """
        starts = select(func.max(RunRow.started_at)).where(RunRow.run_id > run_id)
        newest = select(PartRow.triggered_at).where(PartRow.run_id > run_id)
        newest = newest.order_by(PartRow.run_id.desc(), PartRow.number.desc()).limit(_NEWEST_PARTS)
        triggers = select(func.max(newest.subquery().c.triggered_at))
        with self._database.reading() as connection:
            moments = [connection.execute(each).scalar_one() for each in (starts, triggers)]
        return max((moment for moment in moments if moment is not None), default=None)

    def noted(self, recipe: str, after_run: int) -> frozenset[Why]:
        """Return the reasons for a check that were seen since the good check in this run; 0 if there was none."""
        mine = select(_DUE.why).where(_DUE.recipe_name == recipe, _DUE.after_run == after_run)
        known = {why.value for why in Why}
        with self._database.reading() as connection:
            return frozenset(Why(why) for why in connection.execute(mine).scalars() if why in known)

    def note(self, recipe: str, after_run: int, reasons: Iterable[Why], at: datetime) -> None:
        """Remember that these reasons hold, until a check passes.

        Raises:
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            for number, why in enumerate(reasons, next_number(connection, _DUE)):
                row = {"number": number, "recipe_name": recipe, "after_run": after_run, "why": why.value, "seen_at": at}
                connection.execute(insert(_DUE), row)

    @staticmethod
    def _ended(recipe: str) -> Any:  # noqa: ANN401 - a select over columns of two tables
        ended = select(RunRow.run_id, RunRow.recipe_revision, RunRow.started_at, _CHECK.outcome)
        ended = ended.join(_CHECK, _CHECK.run_id == RunRow.run_id).where(RunRow.recipe_name == recipe)
        return ended.order_by(RunRow.run_id.desc())


def next_number(connection: Connection, table: _NUMBERED) -> int:
    """Return the number of the next row of a table that only grows."""
    last: int = connection.execute(select(func.coalesce(func.max(table.number), 0))).scalar_one()
    return last + 1


def _read(connection: Connection, wanted: Iterable[ColumnElement[bool]], most: int | None) -> tuple[Check, ...]:
    """Return checks, newest first."""
    runs = _WITH_END.where(_IS_CHECK, *wanted).order_by(RunRow.run_id.desc()).limit(most)
    rows: Sequence[Any] = connection.execute(runs).all()
    of_runs = _RESULT.run_id.in_([row.run_id for row in rows])
    results: dict[int, list[ChallengeResult]] = {}
    for row in connection.execute(select(_RESULT).where(of_runs).order_by(_RESULT.number)):
        results.setdefault(row.run_id, []).append(_result(row))
    return tuple(_check(row, results.get(row.run_id, [])) for row in rows)


def _check(row: Any, results: list[ChallengeResult]) -> Check:  # noqa: ANN401 - a row of two tables
    return Check(
        row.run_id,
        row.recipe_name,
        row.recipe_revision,
        row.started_at,
        row.person,
        Outcome(row.outcome) if row.outcome else None,
        row.settled_at,
        tuple(results),
        row.wanted or 0,
    )


def _values(result: ChallengeResult) -> dict[str, object]:
    return {
        "run_id": result.key.run_id,
        "part": result.key.part,
        "name": result.part.name,
        "known": result.part.known.value,
        "expected": result.part.place.text if result.part.place else None,
        "verdict": result.verdict.value,
        "met": int(result.met),
        "found": ",".join(map(str, result.found)) if result.found else None,
        "sentence": result.sentence,
    }


def _result(row: Row[Any]) -> ChallengeResult:
    place = ExpectedPlace.of_text(row.expected) if row.expected else None
    part = ChallengePart(row.name, Known(row.known), place)
    key, found = PartKey(row.run_id, row.part), _box(row.found) if row.found else None
    return ChallengeResult(part, key, Verdict(row.verdict), bool(row.met), found, row.sentence)


def _box(text: str) -> Box:
    x, y, width, height = (int(each) for each in text.split(","))
    return x, y, width, height
