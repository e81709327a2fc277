"""The parts that a failed check makes suspect, until a person has answered for them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, or_, select

from station.domain.inspection import PartKey, RunKind
from station.domain.suspects import Suspect, SuspectSummary, SuspectWindow
from station.domain.verdict import Verdict
from station.storage.challenges.checks import next_number
from station.storage.challenges.tables import SuspectAnswerRow
from station.storage.engine.database import Database
from station.storage.records.tables import PartRow, RunRow

_ANSWER = SuspectAnswerRow
_NOTHING = PartKey(0, 0)
_AT_ONCE = 1000


class Suspects:
    """The suspects of all products. Any thread or program may read and answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def answered(self, recipe: str) -> PartKey:
        """Return the last part of a product that a person has answered for; part 0 of run 0 if there is none."""
        last = select(_ANSWER.last_run, _ANSWER.last_part).where(_ANSWER.recipe_name == recipe)
        with self._database.reading() as connection:
            row = connection.execute(last.order_by(_ANSWER.last_run.desc(), _ANSWER.last_part.desc()).limit(1)).first()
        return PartKey(*row) if row else _NOTHING

    def answer(self, recipe: str, last: PartKey, parts: int, said: tuple[str, str], at: datetime) -> None:
        """Write that a person answers for the suspects up to this part; `said` is the person and the reason.

        Raises:
            StorageError: The disk refused it.
        """
        person, reason = said
        values = {
            "recipe_name": recipe,
            "last_run": last.run_id,
            "last_part": last.part,
            "parts": parts,
            "person": person,
            "reason": reason,
            "at": at,
        }
        with self._database.writing() as connection:
            connection.execute(insert(_ANSWER), values | {"number": next_number(connection, _ANSWER)})

    def summary(self, recipe: str, windows: Sequence[SuspectWindow], after: PartKey = _NOTHING) -> SuspectSummary:
        """Count the suspects in these windows behind a part."""
        passed = func.coalesce(func.sum(case((PartRow.verdict == Verdict.PASS.value, 1), else_=0)), 0)
        condition = _suspect(recipe, windows, after)
        with self._database.reading() as connection:
            count, good = connection.execute(_parts(func.count(), passed).where(condition)).one()
            first, last = (_end(connection, condition, newest=newest) for newest in (False, True))
            since = _started(connection, min((window.after for window in windows), default=0))
        return SuspectSummary(recipe, count, good, first, last, since)

    def parts(
        self, recipe: str, windows: Sequence[SuspectWindow], after: PartKey = _NOTHING, most: int | None = None
    ) -> Iterator[Suspect]:
        """Yield the suspects in these windows behind a part, in the order in which they were inspected."""
        columns = (
            PartRow.run_id, PartRow.number, RunRow.recipe_revision, PartRow.triggered_at, PartRow.verdict,
            PartRow.serial, PartRow.lot, PartRow.order,
        )  # fmt: skip
        while most is None or most > 0:
            at_once = _AT_ONCE if most is None else min(_AT_ONCE, most)
            wanted = _parts(*columns).where(_suspect(recipe, windows, after))
            wanted = wanted.order_by(PartRow.run_id, PartRow.number).limit(at_once)
            with self._database.reading() as connection:
                found = [_from(row) for row in connection.execute(wanted)]
            yield from found
            if len(found) < at_once:
                return
            after, most = found[-1].key, None if most is None else most - at_once


def _parts(*columns: Any) -> Any:  # noqa: ANN401 - columns of any type make a select of any type
    return select(*columns).join(RunRow, RunRow.run_id == PartRow.run_id)


def _suspect(recipe: str, windows: Sequence[SuspectWindow], after: PartKey) -> ColumnElement[bool]:
    inside = [
        PartRow.run_id > window.after
        if window.before is None
        else and_(PartRow.run_id > window.after, PartRow.run_id < window.before)
        for window in windows
    ]
    behind = or_(PartRow.run_id > after.run_id, and_(PartRow.run_id == after.run_id, PartRow.number > after.part))
    product = and_(RunRow.recipe_name == recipe, RunRow.kind == RunKind.PRODUCTION.value)
    return and_(or_(False, *inside), behind, product)


def _end(connection: Connection, condition: ColumnElement[bool], *, newest: bool) -> PartKey | None:
    keys = _parts(PartRow.run_id, PartRow.number).where(condition)
    order = (PartRow.run_id.desc(), PartRow.number.desc()) if newest else (PartRow.run_id, PartRow.number)
    row = connection.execute(keys.order_by(*order).limit(1)).first()
    return PartKey(*row) if row else None


def _started(connection: Connection, run_id: int) -> datetime | None:
    return connection.execute(select(RunRow.started_at).where(RunRow.run_id == run_id)).scalar_one_or_none()


def _from(row: Any) -> Suspect:  # noqa: ANN401 - a row of the columns above
    key = PartKey(row.run_id, row.number)
    return Suspect(key, row.recipe_revision, row.triggered_at, Verdict(row.verdict), row.serial, row.lot, row.order)
