"""People of a plant with cheap hashes, on a database of their own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cheap_steps import CHEAP

from station.commands.people import PeopleCommands
from station.domain.permissions import EVERY_ROLE, Authority, Role
from station.domain.secret import Secret
from station.people.audit_trail import AuditTrail
from station.people.lock_out import failures_that_count, still_to_wait
from station.people.log_in import LogIn
from station.people.pin_hash import PinHasher
from station.people.session import Session
from station.people.workspace_key import WorkspaceKey
from station.storage.engine.database import Database
from station.storage.people.accounts import Accounts
from station.storage.people.audit_log import AuditLog
from station.storage.people.log_in_tries import LogInTries

PIN, OTHER_PIN, BADGE = "73915264", "58024617", "LSB-0042-7719"


class Plant:
    """Anna, a supervisor with PIN and badge, and Ben, an engineer. The clock goes only by `pass_time`."""

    def __init__(self, root: Path) -> None:
        self.root, self.now = root, datetime(2026, 11, 28, 6, tzinfo=UTC)
        self.database = Database.open(root / "station.db")
        self.session = Session()
        self.accounts, self.tries = (
            Accounts(self.database),
            LogInTries(self.database, still_to_wait, failures_that_count),
        )
        self.hasher = PinHasher(*CHEAP)
        self.log_in = LogIn(self.accounts, self.tries, WorkspaceKey(root), self.hasher, lambda: self.now)
        self.audit = AuditTrail(AuditLog.beside(self.database, "Station 1"))
        self.people = self.acting_as(EVERY_ROLE)

    def acting_as(self, authority: Authority) -> PeopleCommands:
        trail = self.audit.signed_by(lambda: authority.signature)
        return PeopleCommands(authority, self.accounts, self.log_in, self.session, trail)

    def settle(self) -> "Plant":
        self.people.add("Anna Berg", {Role.SUPERVISOR}, Secret(PIN), Secret(BADGE), "first", "Installer")
        self.people.add("Ben", {Role.ENGINEER}, Secret(OTHER_PIN), None, "set-up", "Anna Berg")
        return self

    def pass_time(self, **parts: float) -> None:
        self.now += timedelta(**parts)
