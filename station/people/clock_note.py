"""A clock that was set, in the audit trail."""

from contextlib import suppress
from datetime import datetime

from station.domain.audit import AuditAction, AuditFilter
from station.domain.errors import StorageError
from station.people.audit_trail import AuditTrail


def note_clock(trail: AuditTrail, newest: datetime, now: datetime) -> None:
    """Write down that the clock is behind the newest record; once for each newest record, whoever looks again."""
    known: set[str] = set()
    with suppress(StorageError):  # somebody changed an entry, which the chain says; the line starts all the same
        known = {entry.old for entry in trail.find(AuditFilter(action=AuditAction.CLOCK_STEPPED))}
    if newest.isoformat() not in known:
        trail.note(AuditAction.CLOCK_STEPPED, "clock", newest.isoformat(), now.isoformat())


def note_step(trail: AuditTrail, before: datetime, now: datetime) -> None:
    """Write down that the clock was set while the line ran: what it would show, and what it shows."""
    trail.note(AuditAction.CLOCK_STEPPED, "clock, while the line ran", before.isoformat(), now.isoformat())
