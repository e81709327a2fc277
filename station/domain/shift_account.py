"""What a shift report says besides its parts: who was logged in, what was changed, which checks were made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from station.domain.audit import AuditAction, AuditEntry
from station.domain.shift import ShiftWindow
from station.domain.suspects import CheckInShift


@dataclass(frozen=True, slots=True)
class Presence:
    """A stretch in which somebody was logged in at the window, cut at the edges of the shift.

    Attributes:
        name: Of the person.
        as_what: Roles, and by what they logged in: "supervisor, by badge".
        since: UTC; that of the shift if it began before.
        until: UTC; None if it had not ended when the shift did, or when it was read.
        began_before: It began before the shift.
        end: How it ended: "logged out", with the reason if there was one; "" if it had not ended.
    """

    name: str
    as_what: str
    since: datetime
    until: datetime | None
    began_before: bool = False
    end: str = ""


@dataclass(frozen=True, slots=True)
class ShiftAccount:
    """What was done in a shift, and by whom.

    Attributes:
        people: Who was logged in, in the order in which they logged in.
        changes: What was changed, oldest first.
        checks: The checks with challenge parts, oldest first.
    """

    people: tuple[Presence, ...] = ()
    changes: tuple[AuditEntry, ...] = ()
    checks: tuple[CheckInShift, ...] = ()


NOTHING_DONE = ShiftAccount()

ATTENDANCE = frozenset(
    {AuditAction.LOGGED_IN, AuditAction.LOGGED_OUT, AuditAction.STATION_OPENED, AuditAction.STATION_CLOSED}
)
"""The entries that say who was logged in."""


def presences(entries: Iterable[AuditEntry], window: ShiftWindow) -> tuple[Presence, ...]:
    """Return who was logged in during a shift.

    One person at a time is logged in: the next log-in ends the one before, and so does the end of the program. After
    a power cut nobody knows when it ended; then it lasts until the program was started again.

    Args:
        entries: Those of ATTENDANCE, oldest first, from before the shift until its end.
        window: The shift.
    """
    found: list[Presence] = []
    present: AuditEntry | None = None
    for entry in entries:
        if entry.action not in ATTENDANCE or entry.at >= window.end:
            continue
        if present is not None and (entry.action != AuditAction.LOGGED_OUT or entry.subject == present.subject):
            found += _cut(present, entry, window)
            present = None
        if entry.action == AuditAction.LOGGED_IN:
            present = entry
    return (*found, *(_cut(present, None, window) if present else ()))


_ENDS = {
    AuditAction.LOGGED_OUT: "logged out",
    AuditAction.LOGGED_IN: "another person logged in",
    AuditAction.STATION_CLOSED: "the program was closed",
    AuditAction.STATION_OPENED: "the program was started again",
}


def _cut(begun: AuditEntry, ended: AuditEntry | None, window: ShiftWindow) -> tuple[Presence, ...]:
    """Return a stretch as far as it lies in the shift: nothing if it ended before."""
    if ended is not None and ended.at < window.start:
        return ()
    end = ""
    if ended is not None:
        end = _ENDS[AuditAction(ended.action)]
        if ended.action == AuditAction.LOGGED_OUT and ended.reason:
            end = f"{end}: {ended.reason}"
    before = begun.at < window.start
    since = window.start if before else begun.at
    return (Presence(begun.subject, begun.new, since, ended.at if ended else None, before, end),)
