"""An alarm: something at the line that needs the action of a person now, and its life (as in ISA-18.2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    """What an alarm is about. At most one alarm of a kind and a subject is open at a time."""

    FAILS_IN_A_ROW = "fails in a row"
    NOT_INSPECTED_IN_A_ROW = "not inspected in a row"
    REJECT_RATE = "reject rate"
    CAMERA_LOST = "camera lost"
    DISK_BEHIND = "disk behind"
    DISK_FULL = "disk full"
    BACKUP_FAILED = "backup failed"
    PLANT_BEHIND = "plant behind"
    RECIPE_CHANGED = "recipe changed"
    ENDED_UNEXPECTEDLY = "ended unexpectedly"
    CLOCK_BEHIND = "clock behind"
    DRIFT = "drift"
    CHALLENGE_DUE = "challenge check due"
    CHALLENGE_FAILED = "challenge check failed"
    AUDIT_BROKEN = "audit trail broken"


class AlarmState(StrEnum):
    """The life of an alarm.

    raised -> NOT_SEEN --a person acknowledges--> SEEN --the condition returns to normal--> OVER
                 |                                  +--the condition gets worse--> NOT_SEEN
                 +--the condition returns to normal--> RETURNED --a person acknowledges--> OVER
    """

    NOT_SEEN = "not seen"
    SEEN = "seen"
    RETURNED = "returned, not seen"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm, in sentences for the person at the line.

    Attributes:
        event: What happened: "3 parts failed in a row."
        cause: The likely cause: "Always lower right."
        consequence: What happens if nobody acts: "Good parts may be rejected."
        action: What to do: "Check the fixture, the lens and the light there."
    """

    event: str
    cause: str
    consequence: str
    action: str


@dataclass(frozen=True, slots=True)
class AlarmEntry:
    """An alarm with its times, all UTC.

    Attributes:
        number: 1, 2, 3 ... since this station was opened.
        kind: What it is about.
        subject: Which camera or product; "" if there is only one.
        alarm: The sentences.
        since: When it was raised.
        renewed: When it was raised again because it got worse; `since` if it did not.
        seen: When a person acknowledged it; None if nobody has.
        returned: When its condition returned to normal; None while it holds.
    """

    number: int
    kind: AlarmKind
    subject: str
    alarm: Alarm
    since: datetime
    renewed: datetime
    seen: datetime | None = None
    returned: datetime | None = None

    @property
    def state(self) -> AlarmState:
        """Return where it is in its life."""
        if self.seen is None:
            return AlarmState.NOT_SEEN if self.returned is None else AlarmState.RETURNED
        return AlarmState.SEEN if self.returned is None else AlarmState.OVER
