"""Events of the line in the database: starts, stops, faults, lost and returned cameras."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Select, insert, select

from station.domain.audit import AuditAction, AuditFact
from station.domain.shift import EventKind, StationEvent
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.records.counted import OF_PRODUCTION
from station.storage.records.rows import event_from
from station.storage.records.tables import EventRow

_ACTIONS = {
    EventKind.START: AuditAction.LINE_STARTED,
    EventKind.STOP: AuditAction.LINE_STOPPED,
    EventKind.PAUSE: AuditAction.LINE_PAUSED,
    EventKind.RESUME: AuditAction.LINE_RESUMED,
    EventKind.RECIPE_LOADED: AuditAction.RECIPE_LOADED,
    EventKind.CAMERA_LOST: AuditAction.CAMERA_LOST,
    EventKind.CAMERA_RETURNED: AuditAction.CAMERA_RETURNED,
    EventKind.FAULT: AuditAction.FAULT,
}


class Events:
    """Writes the events of the line; those of a shift are read with the rest of its records.

    An event and its entry in the audit trail are written in one transaction, so there is never one without the other.
    The shift is counted from the events; the audit trail proves that nobody touched them.
    """

    def __init__(self, database: Database, audit: AuditLog) -> None:
        """Write to these records, with an audit trail in the same database."""
        self._database = database
        self._audit = audit

    def add_event(self, happened: StationEvent) -> None:
        """Record an event, durably.

        Raises:
            StorageError: The disk refused it.
        """
        with self._audit.writing() as transaction:
            row = {**asdict(happened), "kind": happened.kind.value}
            transaction.connection.execute(insert(EventRow), row)
            transaction.append(_fact(happened))

    def newest(self, kind: EventKind) -> StationEvent | None:
        """Return the event of this kind that was recorded last; None if there is none."""
        newest_first = select(EventRow).where(EventRow.kind == kind.value).order_by(EventRow.event_id.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(newest_first).one_or_none()
        return None if row is None else event_from(row)


def _fact(happened: StationEvent) -> AuditFact:
    subject = "line" if happened.run_id is None else f"run {happened.run_id}"
    return AuditFact(happened.at, happened.person, _ACTIONS[happened.kind], subject, new=happened.sentence)


def events_between(connection: Connection, start: datetime, end: datetime) -> tuple[StationEvent, ...]:
    """Return the events of production from `start` until before `end`, in the order they were recorded."""
    inside = EventRow.at >= start, EventRow.at < end, OF_PRODUCTION
    statement = select(EventRow).where(*inside).order_by(EventRow.event_id)
    return tuple(event_from(row) for row in connection.execute(statement))


def events_before(connection: Connection, start: datetime) -> tuple[StationEvent, ...]:
    """Return the events of production before `start`, from the last start of the line on."""
    last = _starts().where(EventRow.at < start).order_by(EventRow.at.desc()).limit(1)
    begun = connection.execute(last).one_or_none()
    statement = select(EventRow).where(EventRow.at < start, OF_PRODUCTION).order_by(EventRow.event_id)
    if begun is not None:
        statement = statement.where(EventRow.event_id >= begun.event_id)
    return tuple(event_from(row) for row in connection.execute(statement))


def events_after(connection: Connection, end: datetime) -> tuple[StationEvent, ...]:
    """Return the events of production from `end` on, until the next start of the line."""
    next_start = connection.execute(_starts().where(EventRow.at >= end).order_by(EventRow.at).limit(1)).one_or_none()
    statement = select(EventRow).where(EventRow.at >= end, OF_PRODUCTION).order_by(EventRow.event_id)
    if next_start is not None:
        statement = statement.where(EventRow.at <= next_start.at)
    return tuple(event_from(row) for row in connection.execute(statement))


def _starts() -> Select[int, datetime]:
    return select(EventRow.event_id, EventRow.at).where(EventRow.kind == EventKind.START.value, OF_PRODUCTION)
