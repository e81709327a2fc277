"""Which parts and events a shift is counted from: those of production, triggered in its window."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from station.domain.inspection import RunKind
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
