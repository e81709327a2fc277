"""What is known of the chain of the audit trail: looked at when the station is opened, and when somebody asks."""

from contextlib import suppress

from station.domain.audit import AuditAction, AuditFilter
from station.domain.audit_chain import ChainBreak, ChainState
from station.domain.errors import StorageError
from station.people.audit_trail import AuditTrail
from station.storage.people.audit_log import AuditLog

_OFTEN_ENOUGH = 500
"""Entries that may be verified again at the next start: the note of how far it came costs more than they do."""


class ChainWatch:
    """Verifies the chain. Safe from any thread.

    Attributes:
        state: What was found last; None before.
    """

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self.state: ChainState | None = None

    def verify(self) -> ChainState:
        """Follow the whole chain.

        Raises:
            StorageError: The database cannot be read.
        """
        return self._keep(self._log.verify())

    def check_at_start(self, trail: AuditTrail) -> ChainState:
        """Follow the chain behind the last verified entry, for a fifth of a second at most; note a broken link once.

        Raises:
            StorageError: The database cannot be read or written.
        """
        before = self._log.verified()
        state = self._keep(self._log.verify(whole=False))
        if state.broken is not None:
            self._note(state.broken, trail)
        elif state.verified.number - before.number >= _OFTEN_ENOUGH:
            self._log.mark_verified(state)
        return state

    def _note(self, broken: ChainBreak, trail: AuditTrail) -> None:
        subject = f"audit entry {broken.number}"
        known = list(self._log.chain.aside.entries())
        with suppress(StorageError):  # the table cannot be read, which may be what is broken
            known += self._log.entries(AuditFilter(action=AuditAction.CHAIN_BROKEN, subject=subject))
        if not any((entry.action, entry.subject) == (AuditAction.CHAIN_BROKEN, subject) for entry in known):
            trail.record(AuditAction.CHAIN_BROKEN, subject, new=broken.sentence)

    def _keep(self, state: ChainState) -> ChainState:
        self.state = state
        return state
