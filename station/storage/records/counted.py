"""Which parts and events a shift is counted from: those of production, triggered in its window."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from station.domain.inspection import Counts, RunKind
from station.domain.verdict import Verdict, fails_in_a_row
from station.storage.records.tables import EventRow, PartRow, RunRow

# Written as NOT IN, because SQLite would search all parts of all such runs for an IN, and not those of the window.
_OTHER_RUNS = select(RunRow.run_id).where(RunRow.kind != RunKind.PRODUCTION.value)

IN_PRODUCTION: ColumnElement[bool] = PartRow.run_id.not_in(_OTHER_RUNS)
"""The part belongs to a run of production."""

OF_PRODUCTION: ColumnElement[bool] = or_(EventRow.run_id.is_(None), EventRow.run_id.not_in(_OTHER_RUNS))
"""The event belongs to a run of production, or to no run."""


def triggered(start: datetime, end: datetime) -> ColumnElement[bool]:
    """Return the condition for any part triggered from `start` until before `end`."""
    return and_(PartRow.triggered_at >= start, PartRow.triggered_at < end)


def counted(start: datetime, end: datetime) -> ColumnElement[bool]:
    """Return the condition for a part of production triggered from `start` until before `end`."""
    return and_(triggered(start, end), IN_PRODUCTION)


def not_counted(connection: Connection, start: datetime, end: datetime) -> dict[RunKind, int]:
    """Return how many other parts were triggered from `start` until before `end`, by the kind of their run."""
    parts = select(RunRow.kind, func.count()).join(PartRow, PartRow.run_id == RunRow.run_id)
    others = parts.where(triggered(start, end), PartRow.run_id.in_(_OTHER_RUNS)).group_by(RunRow.kind)
    found = {RunKind(kind): count for kind, count in connection.execute(others)}
    return {kind: found[kind] for kind in RunKind if kind in found}


def read_counts(connection: Connection, inside: ColumnElement[bool]) -> Counts:
    """Return the counts of the parts that meet the condition."""
    by_verdict = select(PartRow.verdict, func.count().label("parts")).where(inside).group_by(PartRow.verdict)
    found = {row.verdict: row.parts for row in connection.execute(by_verdict)}
    return Counts(
        passed=found.get(Verdict.PASS, 0),
        review=found.get(Verdict.REVIEW, 0),
        failed=found.get(Verdict.FAIL, 0),
        not_inspected=found.get(Verdict.NOT_INSPECTED, 0),
        fails_in_a_row=_fails_in_a_row(connection, inside) if Verdict.FAIL in found else 0,
    )


def _fails_in_a_row(connection: Connection, inside: ColumnElement[bool]) -> int:
    """Return the fails in a row at the end of the window. Reads no more rows than that, and one."""
    newest_first = select(PartRow.verdict).where(inside).order_by(PartRow.run_id.desc(), PartRow.number.desc())
    return fails_in_a_row(Verdict(row.verdict) for row in connection.execute(newest_first))
