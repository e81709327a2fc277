"""An event of the line and its entry in the audit trail are one."""

from datetime import datetime

import pytest

from station.domain.audit import AuditFilter
from station.domain.shift import EventKind, StationEvent
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.records.events import Events


@pytest.mark.parametrize("kind", list(EventKind))
def test_that_every_event_has_its_entry_in_the_audit_trail(database: Database, noon: datetime, kind: EventKind) -> None:
    log = AuditLog.beside(database, "Station 1")
    event = StationEvent(noon, kind, "said", person="Ada")
    events = Events(database, log)
    events.add_event(event)
    (entry,) = log.entries()
    assert events.newest(kind) == event
    assert (entry.at, entry.person, entry.station, entry.subject, entry.new) == (
        noon,
        "Ada",
        "Station 1",
        "line",
        "said",
    )
    assert log.count(AuditFilter(action=entry.action)) == 1


def test_that_each_kind_of_event_has_an_action_of_its_own(database: Database, noon: datetime) -> None:
    log = AuditLog.beside(database, "Station 1")
    for kind in EventKind:
        Events(database, log).add_event(StationEvent(noon, kind, "said"))
    assert len(log.actions()) == len(EventKind)
