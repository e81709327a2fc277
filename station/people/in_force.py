"""Ends a log-in whose account was disabled meanwhile or lost a role, at this window or by another program."""

from station.domain.audit import AuditAction
from station.domain.errors import StorageError
from station.domain.person import KnownBy, Person
from station.people.audit_trail import AuditTrail
from station.people.session import Session
from station.storage.people.accounts import Accounts

_PROVED = (KnownBy.PIN, KnownBy.BADGE)
_DISABLED, _FEWER_ROLES = "the account was disabled", "a role was taken away"


class LogInsInForce:
    """Asks the accounts whether who logged in still may. Safe from any thread; takes about a millisecond."""

    def __init__(self, accounts: Accounts, session: Session, audit: AuditTrail) -> None:
        self._accounts, self._session, self._audit = accounts, session, audit

    def holds(self, person: Person) -> bool:
        """Return whether this person may still give commands by their log-in; if not, it is ended.

        Accounts that cannot be read let nobody do more than an operator: a line can be stopped all the same.
        """
        if person.known_by not in _PROVED:
            return True
        try:
            proof = self._accounts.proof_of(person.name)
        except StorageError:
            return False
        if proof is None:  # an account is never removed
            return True
        if proof.account.disabled or person.roles - proof.account.roles:
            self._end(person, _DISABLED if proof.account.disabled else _FEWER_ROLES)
            return False
        return True

    def _end(self, person: Person, why: str) -> None:
        if self._session.end_of(person):
            self._audit.note(AuditAction.LOGGED_OUT, person.name, reason=why, person=person.name)
