"""What was done in a shift and by whom, read from the audit trail and the checks."""

from collections.abc import Iterator
from datetime import timedelta

from station.domain.audit import CHANGES, AuditEntry, AuditFilter
from station.domain.challenge import Check, Outcome
from station.domain.shift import ShiftWindow
from station.domain.shift_account import ATTENDANCE, ShiftAccount, presences
from station.domain.suspects import CheckInShift, SuspectSummary, suspect_windows
from station.people.audit_trail import AuditTrail
from station.storage.challenges.checks import Checks
from station.storage.challenges.suspects import Suspects

_LONGEST_LOG_IN = timedelta(days=7)


class ShiftAccounts:
    """Reads only. Safe from any thread."""

    def __init__(self, audit: AuditTrail, checks: Checks, suspects: Suspects) -> None:
        self._audit, self._checks, self._suspects = audit, checks, suspects

    def of(self, window: ShiftWindow) -> ShiftAccount:
        """Return what was done in a shift; of a log-in, also if it began up to a week before.

        Raises:
            StorageError: The database cannot be read.
        """
        inside = AuditFilter(window.start, window.end)
        return ShiftAccount(
            presences(self._attendance(window), window),
            tuple(entry for entry in self._audit.find(inside) if entry.action in CHANGES),
            checks_in(window, self._checks, self._suspects),
        )

    def _attendance(self, window: ShiftWindow) -> Iterator[AuditEntry]:
        """Yield who came and went, in the order in which it was written."""
        since = window.start - _LONGEST_LOG_IN
        found = [
            entry for action in ATTENDANCE for entry in self._audit.find(AuditFilter(since, window.end, action=action))
        ]
        yield from sorted(found, key=lambda entry: entry.number)


def checks_in(window: ShiftWindow, checks: Checks, suspects: Suspects) -> tuple[CheckInShift, ...]:
    """Return the checks that were begun in a window, oldest first, each failed one with the parts it made suspect."""
    found = checks.between(window.start, window.end)
    return tuple(CheckInShift(check, _made_suspect(check, checks, suspects)) for check in found)


def _made_suspect(check: Check, checks: Checks, suspects: Suspects) -> SuspectSummary | None:
    """Return the parts between the good checks around a failed one; None if it did not fail."""
    if check.outcome is not Outcome.FAILED:
        return None
    windows = suspect_windows(checks.outcomes(check.recipe_name))
    return suspects.summary(check.recipe_name, [each for each in windows if each.holds(check.run_id)])
