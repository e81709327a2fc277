"""Accounts in the database, and every step of their lives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from station.domain.errors import BadInputError
from station.domain.permissions import Role
from station.domain.person import Account, AccountStep, folded_name
from station.storage.engine.database import Database
from station.storage.people.tables import AccountRow, AccountStepRow

_NO_SUCH = "'linesidectl users list' shows the accounts."


@dataclass(frozen=True, slots=True)
class Proof:
    """By what a person proves who they are, as it is stored.

    Attributes:
        account: Whose.
        pin_hash, badge_hash: None if the person has none.
        key_id: The secret of the workspace that both were made with.
    """

    account: Account
    pin_hash: str | None = field(repr=False)
    badge_hash: str | None = field(repr=False)
    key_id: str


@dataclass(frozen=True, slots=True)
class BadgeHash:
    """A badge as it is stored: by what it is found, and by what it is proved."""

    lookup: str = field(repr=False)
    proof: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes an account, why and when."""

    person: str
    reason: str
    at: datetime


class Accounts:
    """All accounts of a station. Any thread or program may read while one writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Account, ...]:
        """Return every account, also the disabled ones, in the order of their names."""
        with self._database.reading() as connection:
            rows = connection.execute(select(AccountRow.__table__).order_by(AccountRow.folded)).all()
        return tuple(_account(row) for row in rows)

    def exist(self) -> bool:
        """Return whether there is any account: only then can anybody log in."""
        with self._database.reading() as connection:
            return bool(connection.execute(select(func.count()).select_from(AccountRow)).scalar_one())

    def made_with(self) -> tuple[tuple[str, str], ...]:
        """Return the name and the key id of every account that can log in, in the order of their names."""
        usable = (AccountRow.pin_hash.is_not(None) | AccountRow.badge_hash.is_not(None)) & (AccountRow.disabled == 0)
        wanted = select(AccountRow.name, AccountRow.key_id).where(usable).order_by(AccountRow.folded)
        with self._database.reading() as connection:
            return tuple((name, key) for name, key in connection.execute(wanted))

    def find(self, name: str) -> Account:
        """Return the account of this name; capitals and spaces make no difference.

        Raises:
            BadInputError: There is none.
        """
        proof = self.proof_of(name)
        if proof is None:
            raise BadInputError(f"Nobody has the name '{name}' here.", _NO_SUCH)
        return proof.account

    def proof_of(self, name: str) -> Proof | None:
        """Return by what the person of this name logs in; None if there is no such account."""
        return self._proof(AccountRow.folded == folded_name(name))

    def proof_of_badge(self, lookup: str) -> Proof | None:
        """Return by what the owner of this badge logs in; None if nobody has it."""
        return self._proof(AccountRow.badge_lookup == lookup)

    def add(
        self, name: str, roles: Iterable[Role], pin_hash: str | None, badge: BadgeHash | None, key_id: str,
        change: Change, *, first: bool = False,
    ) -> Account:  # fmt: skip
        """Add an account.

        Args:
            name: Of the person, as `person_name` returns it.
            roles: At least one.
            pin_hash: Of the PIN; None without one.
            badge: Of the badge; None without one.
            key_id: The secret that they were made with.
            change: Who adds it.
            first: Only if there is no account yet.

        Raises:
            BadInputError: The name or the badge is taken, or there is an account already and it had to be the first.
            StorageError: The disk refused it.
        """
        values = {
            "name": name, "folded": folded_name(name), "roles": _words(roles), "pin_hash": pin_hash,
            "badge_lookup": badge and badge.lookup, "badge_hash": badge and badge.proof, "key_id": key_id,
            "created_at": change.at,
        }  # fmt: skip
        with self._database.writing() as connection:
            if first and connection.execute(select(func.count()).select_from(AccountRow)).scalar_one():
                raise BadInputError("This station has accounts already.", "Log in to add another one.")
            _require_free(connection, folded_name(name), badge)
            connection.execute(insert(AccountRow), values)
            return _with_step(connection, AccountRow.folded == folded_name(name), AccountStep.ADDED, change)

    def set_pin(self, number: int, pin_hash: str, key_id: str, change: Change) -> Account:
        """Give a new PIN. A badge that was made with another secret cannot be proved any more and goes.

        Raises:
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            before = connection.execute(select(AccountRow.key_id).where(AccountRow.account_id == number)).scalar_one()
            badge = {} if before == key_id else {"badge_lookup": None, "badge_hash": None}
            values = {"pin_hash": pin_hash, "key_id": key_id, **badge}
            return _changed(connection, number, values, AccountStep.PIN, change)

    def set_badge(self, number: int, badge: BadgeHash, key_id: str, change: Change) -> Account:
        """Give a new badge. A PIN that was made with another secret cannot be proved any more and goes.

        Raises:
            BadInputError: Somebody has this badge.
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            before = connection.execute(select(AccountRow.key_id).where(AccountRow.account_id == number)).scalar_one()
            pin = {} if before == key_id else {"pin_hash": None}
            _require_free(connection, "", badge, but=number)
            values = {"badge_lookup": badge.lookup, "badge_hash": badge.proof, "key_id": key_id, **pin}
            return _changed(connection, number, values, AccountStep.BADGE, change)

    def renew_pin_hash(self, number: int, old: str, new: str) -> None:
        """Replace the hash of the same PIN by one with the parameters of today, unless it was changed meanwhile."""
        same = (AccountRow.account_id == number, AccountRow.pin_hash == old)
        with self._database.writing() as connection:
            connection.execute(update(AccountRow).where(*same).values(pin_hash=new))

    def set_roles(self, number: int, roles: Iterable[Role], change: Change, keep: frozenset[Role]) -> Account:
        """Give other roles, unless nobody who can log in would have one of the roles `keep` any more.

        Raises:
            BadInputError: Nobody would be left.
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            changed = _changed(connection, number, {"roles": _words(roles)}, AccountStep.ROLES, change)
            _require_left(connection, keep)
            return changed

    def set_disabled(self, number: int, disabled: bool, change: Change, keep: frozenset[Role]) -> Account:
        """Let nobody log in by this account any more, or again; see `set_roles` for `keep`.

        Raises:
            BadInputError: Nobody would be left.
            StorageError: The disk refused it.
        """
        step = AccountStep.DISABLED if disabled else AccountStep.ENABLED
        with self._database.writing() as connection:
            changed = _changed(connection, number, {"disabled": int(disabled)}, step, change)
            _require_left(connection, keep)
            return changed

    def steps(self, number: int) -> Sequence[tuple[AccountStep, Change]]:
        """Return what was done to an account, the oldest first."""
        row = AccountStepRow
        wanted = select(row.what, row.person, row.reason, row.at).where(row.account_id == number).order_by(row.step)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [(AccountStep(row.what), Change(row.person, row.reason, row.at)) for row in rows]

    def _proof(self, wanted: ColumnElement[bool]) -> Proof | None:
        with self._database.reading() as connection:
            row = connection.execute(select(AccountRow.__table__).where(wanted)).first()
        return None if row is None else Proof(_account(row), row.pin_hash, row.badge_hash, row.key_id)


def _changed(
    connection: Connection, number: int, values: Mapping[str, object], step: AccountStep, change: Change
) -> Account:
    same = AccountRow.account_id == number
    connection.execute(update(AccountRow).where(same).values(values))
    return _with_step(connection, same, step, change)


def _with_step(connection: Connection, which: ColumnElement[bool], step: AccountStep, change: Change) -> Account:
    """Record a step of the account as it is now, and return it."""
    row = connection.execute(select(AccountRow.__table__).where(which)).one()
    values = {"account_id": row.account_id, "what": step.value, "roles": row.roles, "person": change.person,
              "reason": change.reason, "at": change.at}  # fmt: skip
    connection.execute(insert(AccountStepRow), values)
    return _account(row)


def _require_free(connection: Connection, folded: str, badge: BadgeHash | None, but: int = 0) -> None:
    """Do nothing if nobody has this name or badge, except the account of the number `but`."""
    found = connection.execute(select(AccountRow.name).where(AccountRow.folded == folded)).scalar()
    if found is not None:
        raise BadInputError(f"There is an account '{found}' already.", "Give a name that nobody else has here.")
    lookup = badge.lookup if badge else ""
    others = select(AccountRow.name).where(AccountRow.badge_lookup == lookup, AccountRow.account_id != but)
    if connection.execute(others).first() is not None:
        raise BadInputError("Another person has this badge.", "Give each person a badge of their own.")


def _require_left(connection: Connection, keep: frozenset[Role]) -> None:
    """Undo the change, by ending the transaction with an error, if nobody could undo it later."""
    rows = connection.execute(select(AccountRow.__table__).where(AccountRow.disabled == 0)).all()
    if not any(keep & account.roles and (account.has_pin or account.has_badge) for account in map(_account, rows)):
        raise BadInputError(
            "After this nobody could change the people of the station any more.",
            f"Give another person the role {' or '.join(sorted(keep))} first.",
        )


def _words(roles: Iterable[Role]) -> str:
    given = set(roles)
    return ",".join(role for role in Role if role in given)


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        row.account_id,
        row.name,
        frozenset(Role(word) for word in row.roles.split(",") if word),
        has_pin=row.pin_hash is not None,
        has_badge=row.badge_hash is not None,
        disabled=bool(row.disabled),
        created_at=row.created_at,
    )
