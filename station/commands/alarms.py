"""Commands for the alarms: read them, and acknowledge one."""

from station.domain.alarm import AlarmEntry, AlarmKind
from station.domain.audit import AuditAction
from station.domain.permissions import Authority, Permission
from station.people.audit_trail import AuditTrail
from station.pipeline.line_control import LineControl
from station.review.alarm_list import AlarmList


class AlarmCommands:
    """Reading is open to everybody; acknowledging asks the authority first. Safe from any thread."""

    def __init__(self, authority: Authority, alarms: AlarmList, line: LineControl, audit: AuditTrail) -> None:
        self._audit = audit
        self._authority = authority
        self._alarms = alarms
        self._line = line

    @property
    def open(self) -> tuple[AlarmEntry, ...]:
        """Return the alarms that are not over, the one raised last first."""
        return self._alarms.open

    @property
    def over(self) -> tuple[AlarmEntry, ...]:
        """Return the last alarms that are over, the newest first."""
        return self._alarms.over

    def acknowledge(self, number: int, shown: AlarmEntry | None = None) -> AlarmEntry:
        """Note that a person has seen an alarm. It stays in `open` until its condition returns to normal.

        Args:
            number: Which alarm.
            shown: The alarm as the person saw it; if it was raised again since, it stays to be seen.

        Raises:
            PermissionRefusedError: This role may not acknowledge an alarm.
            BadInputError: There is no open alarm of this number.
        """
        self._authority.authorise(Permission.ACKNOWLEDGE_ALARM)
        entry = self._alarms.acknowledge(number, shown)
        if entry.kind is AlarmKind.ENDED_UNEXPECTEDLY:
            self._line.forget_unexpected_end()
        self._audit.note(AuditAction.ALARM_ACKNOWLEDGED, entry.kind, new=entry.alarm.event)
        return entry
