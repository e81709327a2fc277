"""The one call by which every change, and every access that matters, gets into the audit trail."""

from collections.abc import Callable
from datetime import datetime

from station.domain.audit import AuditAction, AuditEntry, AuditFact
from station.domain.clock import utc_now
from station.storage.people.audit_log import AuditLog


class AuditTrail:
    """Writes what somebody did, with person, station and time. Safe from any thread, and beside other programs."""

    def __init__(
        self,
        log: AuditLog,
        station: str,
        person: Callable[[], str] = lambda: "",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Write for the station itself.

        Args:
            log: Where the entries go.
            station: Name of the station.
            person: Returns who is working now; "" for the station itself.
            now: The wall clock, UTC.
        """
        self._log = log
        self._station = station
        self._person = person
        self._now = now

    def signed_by(self, person: Callable[[], str]) -> "AuditTrail":
        """Return this trail for the commands that this person gives."""
        return AuditTrail(self._log, self._station, person, self._now)

    def record(
        self,
        action: AuditAction,
        subject: str,
        old: str = "",
        new: str = "",
        reason: str = "",
        *,
        person: str = "",
    ) -> AuditEntry:
        """Write one entry. It is on the disk when this returns.

        Args:
            action: What was done.
            subject: To what, as people call it: "cookie@3", "run 12".
            old: The value before.
            new: The value afterwards.
            reason: Why.
            person: Who, if the command names somebody; else whoever is working now.

        Raises:
            StorageError: The disk refused it.
        """
        who = person.strip() or self._person()
        return self._log.append(AuditFact(self._now(), who, self._station, action, subject, old, new, reason.strip()))
