"""Ends the log-in of a person whose account was disabled meanwhile, at this window or by another program."""

from station.domain.audit import AuditAction
from station.domain.errors import StorageError
from station.domain.person import KnownBy, Person
from station.people.audit_trail import AuditTrail
from station.people.session import Session
from station.storage.people.accounts import Accounts

_PROVED = (KnownBy.PIN, KnownBy.BADGE)
_WHY = "the account was disabled"


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
        if proof is None or not proof.account.disabled:  # an account is never removed
            return True
        self._end(person)
        return False

    def _end(self, person: Person) -> None:
        if self._session.end_of(person):
            self._audit.note(AuditAction.LOGGED_OUT, person.name, reason=_WHY, person=person.name)
