"""Commands for the people of the station: their accounts, and who is logged in."""

from collections.abc import Callable, Collection

from station.commands.said import require_said
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.permissions import PERMISSIONS, Authority, Permission, Role, roles_with
from station.domain.person import Account, Person, person_name
from station.domain.secret import Secret
from station.people.audit_trail import AuditTrail
from station.people.in_force import LogInsInForce
from station.people.log_in import LockedOutError, LogIn
from station.people.pin_rules import has_badge_form, require_good_badge, require_good_pin
from station.people.session import Session
from station.people.workspace_key import LostKeyError
from station.storage.people.accounts import Accounts, Change
from station.storage.records.integrity import Finding, Severity

_MANAGERS = roles_with(Permission.MANAGE_PEOPLE)
_FIRST_START = "first start"


class PeopleCommands:
    """Anybody may read the names and log in; changes ask the authority first. Safe from any thread."""

    def __init__(
        self, authority: Authority, accounts: Accounts, log_in: LogIn, session: Session, audit: AuditTrail
    ) -> None:
        self._authority, self._accounts, self._log_in, self._session = authority, accounts, log_in, session
        self._audit = audit
        self._in_force = LogInsInForce(accounts, session, audit)

    @property
    def session(self) -> Session:
        """Return who is logged in at the window of this station."""
        return self._session

    def accounts(self) -> tuple[Account, ...]:
        """Return every account, in the order of the names."""
        return self._accounts.all()

    def exist(self) -> bool:
        """Return whether there is any account. Without one the window does what an operator may."""
        return self._accounts.exist()

    def log_in(self, name: str, pin: Secret) -> Person:
        """Log a person in by name and PIN, which is wiped. Whoever was logged in before is logged out.

        Raises:
            BadInputError: Name or PIN is wrong, the log-in is locked for a while, or the account is disabled. Nothing
                changes: who was logged in stays.
            FaultError: The accounts cannot be read or written.
        """
        return self._begun(lambda: self._log_in.by_pin(name, pin), lambda: self._log_in.recorded_name(name))

    def log_in_by_badge(self, code: Secret) -> Person:
        """Log a person in by the code of a badge, which is wiped.

        Raises:
            BadInputError, FaultError: As `log_in`.
        """
        return self._begun(lambda: self._log_in.by_badge(code), lambda: "badge")

    def log_out(self, why: str = "") -> None:
        """Return to the operator without a name, for a reason if it was not the person's own wish. The line goes on."""
        self.leave(why)()

    def look_again(self) -> Person:
        """Return who is logged in: nobody any more if the account was disabled or lost a role, by whatever program."""
        self._in_force.holds(self._session.present)
        return self._session.present

    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the accounts, for `linesidectl verify`; empty if nothing is.

        Somebody could not log in, or somebody has an account that no command of this program made.

        Raises:
            PermissionRefusedError: This role may not verify the records.
            StorageError: The accounts cannot be read.
        """
        self._authority.authorise(Permission.VERIFY_RECORDS)
        unknown = tuple(
            Finding(Severity.ERROR, f"account '{name}'", "the audit trail does not know who added it")
            for name in self._unknown()
        )
        try:
            self._log_in.require_key()
        except LostKeyError as lost:
            return (Finding(Severity.ERROR, "people.key", lost.sentence, lost.advice), *unknown)
        return unknown

    def _unknown(self) -> list[str]:
        """Return whose account is not in the audit trail; none if that cannot be read, which is said elsewhere."""
        accounts = self._accounts.all()  # first: one that is added meanwhile has no entry yet
        added = self._audit.of_actions((AuditAction.ACCOUNT_ADDED,))
        known = {entry.subject for entry in added or ()}
        return [] if added is None else [each.name for each in accounts if each.name not in known]

    def leave(self, why: str) -> Callable[[], None]:
        """Return to the operator at once. What is returned writes it down, which may wait for the disk."""
        was_open, name = self._session.is_open, self._session.present.name
        self._session.end()  # first: nothing that happens to the entry keeps anybody logged in

        def write_down() -> None:
            if was_open:
                self._audit.note(AuditAction.LOGGED_OUT, name, reason=why, person=name)

        return write_down

    def has_badge_form(self, code: Secret) -> bool:
        """Return whether a scanned code can be a badge; quick."""
        return has_badge_form(code)

    def knows_badge(self, code: Secret) -> bool:
        """Return whether a scanned code is the badge of somebody; quick, and it proves nothing."""
        return self._log_in.knows_badge(code)

    def add(
        self, name: str, roles: Collection[Role], pin: Secret | None, badge: Secret | None = None,
        reason: str = "", person: str = "",
    ) -> Account:  # fmt: skip
        """Add an account. The first one of a station needs no permission: there is nobody yet who could have it.

        Args:
            name: Of the person, as the records name them.
            roles: What they may do. Everybody is an operator as well.
            pin: By what they log in; it is wiped.
            badge: By what they log in as well, or instead; it is wiped.
            reason: Why; it is kept.
            person: Who adds it, if nobody is logged in.

        Raises:
            PermissionRefusedError: This role may not change the people of the station.
            BadInputError: The name or the badge is taken, the PIN is too easy, there is neither PIN nor badge, or the
                first account could not add others.
            StorageError: The disk refused it.
        """
        first = not self._accounts.exist()
        if not first:
            self._authority.authorise(Permission.MANAGE_PEOPLE)
        given = frozenset(roles) | {Role.OPERATOR}
        if first and not given & _MANAGERS:
            raise BadInputError(
                "The first account must be able to add others.", f"Give it the role {' or '.join(sorted(_MANAGERS))}."
            )
        change = self._change(person or (_FIRST_START if first else ""), reason)
        if not (pin or badge):
            raise BadInputError(f"'{name}' could not log in: neither PIN nor badge is given.", "Give one of both.")
        if badge:
            require_good_badge(badge)
        if pin:
            require_good_pin(pin)
        hashes = self._log_in.hashes_of(pin, badge)
        with self._audit.together():
            added = self._accounts.add(person_name(name), given, *hashes, change, first=first)
            return self._noted(AuditAction.ACCOUNT_ADDED, added, "", in_words(added.roles), change)

    def set_pin(self, name: str, pin: Secret, reason: str, person: str = "") -> Account:
        """Give a person a new PIN, which is wiped; the old one is not valid any more.

        Raises:
            PermissionRefusedError: This role may not change the people of the station.
            BadInputError: There is no such account, no reason is given, or the PIN is too easy.
            StorageError: The disk refused it.
        """
        account, change = self._to_change(name, reason, person)
        require_good_pin(pin)
        hashed = self._log_in.hashed_pin(pin)
        with self._audit.together():
            changed = self._accounts.set_pin(account.number, *hashed, change)
            return self._noted(AuditAction.PIN_CHANGED, changed, "", "", change)

    def set_badge(self, name: str, code: Secret, reason: str, person: str = "") -> Account:
        """Give a person a badge, whose code is wiped; the old one is not valid any more.

        Raises:
            PermissionRefusedError, BadInputError, StorageError: As `set_pin`; or somebody has this badge.
        """
        account, change = self._to_change(name, reason, person)
        require_good_badge(code)
        hashed = self._log_in.hashed_badge(code)
        with self._audit.together():
            changed = self._accounts.set_badge(account.number, *hashed, change)
            return self._noted(AuditAction.ACCOUNT_CHANGED, changed, "", "another badge", change)

    def set_roles(self, name: str, roles: Collection[Role], reason: str, person: str = "") -> Account:
        """Change what a person may do: more from the next log-in on. Who loses a role is logged out.

        Raises:
            PermissionRefusedError, BadInputError, StorageError: As `set_pin`; or nobody could change people any more.
        """
        account, change = self._to_change(name, reason, person)
        with self._audit.together():
            changed = self._accounts.set_roles(account.number, frozenset(roles) | {Role.OPERATOR}, change, _MANAGERS)
            old, new = in_words(account.roles), in_words(changed.roles)
            noted = self._noted(AuditAction.ACCOUNT_CHANGED, changed, old, new, change)
        self.look_again()
        return noted

    def disable(self, name: str, reason: str, person: str = "") -> Account:
        """Let nobody log in by this account any more, and end its log-in. Nothing that was recorded changes.

        Raises:
            PermissionRefusedError, BadInputError, StorageError: As `set_roles`.
        """
        account, change = self._to_change(name, reason, person)
        with self._audit.together():
            changed = self._accounts.set_disabled(account.number, True, change, _MANAGERS)
            disabled = self._noted(AuditAction.ACCOUNT_DISABLED, changed, "enabled", "disabled", change)
        self.look_again()
        return disabled

    def enable(self, name: str, reason: str, person: str = "") -> Account:
        """Let the person log in again.

        Raises:
            PermissionRefusedError, BadInputError, StorageError: As `set_pin`.
        """
        account, change = self._to_change(name, reason, person)
        with self._audit.together():
            changed = self._accounts.set_disabled(account.number, False, change, _MANAGERS)
            return self._noted(AuditAction.ACCOUNT_CHANGED, changed, "disabled", "enabled", change)

    def _begun(self, proved: Callable[[], Person], subject: Callable[[], str]) -> Person:
        """Return who is logged in now. A try that failed is recorded too, and never with what was typed."""
        try:
            person = proved()
        except LockedOutError as locked:
            self._audit.note(AuditAction.LOCKED_OUT, subject(), new=f"for {locked.wait.total_seconds():.0f} s")
            raise
        except BadInputError as refused:
            self._audit.note(AuditAction.LOG_IN_FAILED, subject(), new=refused.sentence)
            raise
        self._session.begin(person)
        self._audit.note(AuditAction.LOGGED_IN, person.name, new=_as_what(person), person=person.name)
        return person

    def _noted(self, action: AuditAction, account: Account, old: str, new: str, change: Change) -> Account:
        self._audit.record(action, account.name, old, new, change.reason, person=change.person)
        return account

    def _to_change(self, name: str, reason: str, person: str) -> tuple[Account, Change]:
        self._authority.authorise(Permission.MANAGE_PEOPLE)
        require_said(f"the account '{name}'", reason=reason)
        return self._accounts.find(name), self._change(person, reason)

    def _change(self, person: str, reason: str) -> Change:
        return Change(self._authority.signed(person), reason.strip(), utc_now())


def in_words(roles: Collection[Role]) -> str:
    """Return the roles for people, the least first; that everybody is an operator is said only of those alone."""
    beyond = [role.value for role in PERMISSIONS if role in roles and role is not Role.OPERATOR]
    return ", ".join(beyond) or Role.OPERATOR.value


def _as_what(person: Person) -> str:
    """Return how somebody logged in: "engineer, supervisor, by badge"."""
    return f"{', '.join(sorted(person.roles))}, by {person.known_by}"
