"""What the records say of the clock: time must not run backwards from one record to the next."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from station.domain.clock import behind
from station.storage.engine.database import Database
from station.storage.engine.declared import aliased
from station.storage.records.tables import EventRow, PartRow, RunRow

_earlier = aliased(RunRow)


def newest_moment(database: Database) -> datetime | None:
    """Return the latest time in the records; None without any."""
    columns = (PartRow.triggered_at, EventRow.at, RunRow.started_at)
    with database.reading() as connection:
        moments = [connection.execute(select(func.max(column))).scalar_one() for column in columns]
    return max((moment for moment in moments if moment is not None), default=None)


def clock_behind_in(connection: Connection, concerned: ColumnElement[bool]) -> timedelta | None:
    """Return how far the clock was behind earlier records when one of the runs was started; None if it was right.

    Always one statement.
    """
    last = func.coalesce(_earlier.ended_at, _earlier.started_at)
    before = select(func.max(last)).where(_earlier.run_id < RunRow.run_id).scalar_subquery()
    runs = connection.execute(select(RunRow.started_at, before.label("before")).where(concerned)).all()
    found = [behind(run.started_at, run.before) for run in runs]
    return max((length for length in found if length is not None), default=None)
