"""Events of the line in the database: starts, stops, faults, lost and returned cameras."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, insert, select

from station.domain.shift import StationEvent
from station.storage.engine.database import Database
from station.storage.records.rows import event_from
from station.storage.records.tables import EventRow


class Events:
    """Writes the events of the line; those of a shift are read with the rest of its records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_event(self, happened: StationEvent) -> None:
        """Record an event, durably.

        Raises:
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            connection.execute(insert(EventRow), {**asdict(happened), "kind": happened.kind.value})


def events_between(connection: Connection, start: datetime, end: datetime) -> tuple[StationEvent, ...]:
    """Return the events from `start` until before `end`, in the order they were recorded."""
    statement = select(EventRow).where(EventRow.at >= start, EventRow.at < end).order_by(EventRow.event_id)
    return tuple(event_from(row) for row in connection.execute(statement))
