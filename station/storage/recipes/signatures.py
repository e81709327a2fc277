"""The signatures of revisions: rows are only added, and a revision is released only if there is one that holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, insert, select

from station.domain.permissions import Permission, Role, roles_with
from station.domain.recipe import Recipe, StateChange
from station.domain.signature import NO_ACCOUNTS, Meaning, MissingSignatureError, Signature
from station.storage.engine.database import Database
from station.storage.people.tables import AccountRow, AccountStepRow
from station.storage.recipes.tables import RecipeStateRow, SignatureRow

_FOR_A_RELEASE = (Meaning.RELEASED, Meaning.CHECKED)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, after the proof.

    Attributes:
        account: The number of the account; None on a station without accounts.
        person: As the records name them.
        roles: In words.
        known_by: "PIN" or "badge"; NO_ACCOUNTS without an account.
    """

    account: int | None
    person: str
    roles: str = ""
    known_by: str = NO_ACCOUNTS


class Signatures:
    """The signatures of revisions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, recipe: Recipe) -> tuple[Signature, ...]:
        """Return every signature of a revision, oldest first."""
        with self._database.reading() as connection:
            return tuple(_signature(row) for row in connection.execute(_signed(recipe)))

    def waiting(self, recipe: Recipe) -> tuple[tuple[int, Signature], ...]:
        """Return the signatures for the next release of a revision that hold; see `open_signatures`."""
        with self._database.reading() as connection:
            return open_signatures(connection, recipe)

    def add(self, recipe: Recipe, meaning: Meaning, signer: Signer, reason: str, at: datetime) -> Signature:
        """Add a signature, and return it.

        Raises:
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            return sign(connection, recipe, meaning, signer, reason, at)


def sign(
    connection: Connection, recipe: Recipe, meaning: Meaning, signer: Signer, reason: str, at: datetime
) -> Signature:
    """Add a signature inside the caller's transaction, and return it."""
    values = {
        "name": recipe.name,
        "revision": recipe.revision,
        "sha256": recipe.sha256,
        "after_step": _newest_step(connection, recipe),
        "meaning": meaning.value,
        "account_id": signer.account,
        "account_step": None if signer.account is None else _newest_change(connection, signer.account),
        "person": signer.person,
        "roles": signer.roles,
        "known_by": signer.known_by,
        "reason": reason,
        "at": at,
    }
    connection.execute(insert(SignatureRow), values)
    return Signature(
        recipe.name, recipe.revision, recipe.sha256, meaning, signer.person, signer.roles, signer.known_by, reason, at
    )


def open_signatures(connection: Connection, recipe: Recipe) -> tuple[tuple[int, Signature], ...]:
    """Return the signatures for the next release that hold, each with the number of its account; oldest first.

    One does not hold any more if the state of the revision changed since, if its content is not the one that was
    signed, or if the account of its person was changed: disabled, given other roles, another PIN or another badge.
    """
    row = SignatureRow
    wanted = _signed(recipe).add_columns(AccountRow.roles.label("roles_now"), row.account_step)
    wanted = wanted.join(AccountRow, AccountRow.account_id == row.account_id).where(
        row.sha256 == recipe.sha256,
        row.after_step == _newest_step(connection, recipe),
        row.meaning.in_([each.value for each in _FOR_A_RELEASE]),
        AccountRow.disabled == 0,
    )
    return tuple(
        (each.account_id, _signature(each)) for each in connection.execute(wanted).all()
        if _may(each.roles_now) and each.account_step == _newest_change(connection, each.account_id)
    )  # fmt: skip


def require_signed(connection: Connection, recipe: Recipe, change: StateChange) -> None:
    """Do nothing if a signature of this revision holds. Without accounts, note that nobody signs it.

    Raises:
        MissingSignatureError: This station has accounts, and none does.
    """
    if not accounts_exist(connection):
        sign(connection, recipe, Meaning.RELEASED, Signer(None, change.person), change.reason, change.at)
    elif not open_signatures(connection, recipe):
        raise MissingSignatureError(f"{recipe.label} is not signed by anybody who may release it.")


def accounts_exist(connection: Connection) -> bool:
    """Return whether the station has accounts, inside the caller's transaction."""
    return bool(connection.execute(select(func.count()).select_from(AccountRow)).scalar_one())


def _may(roles: str) -> bool:
    return bool({Role(word) for word in roles.split(",") if word} & roles_with(Permission.RELEASE_RECIPE))


def _signed(recipe: Recipe) -> Select[*tuple[object, ...]]:
    row = SignatureRow
    columns: Sequence[object] = (
        row.name, row.revision, row.sha256, row.meaning, row.person, row.roles, row.known_by, row.reason, row.at,
        row.account_id,
    )  # fmt: skip
    same = (row.name == recipe.name, row.revision == recipe.revision)
    return select(*columns).where(*same).order_by(row.number)  # type: ignore[call-overload, no-any-return]


def _signature(row: Row[*tuple[object, ...]]) -> Signature:
    return Signature(
        row.name, row.revision, row.sha256, Meaning(row.meaning), row.person, row.roles, row.known_by, row.reason,
        row.at,
    )  # fmt: skip


def _newest_change(connection: Connection, account: int) -> int:
    row = AccountStepRow
    return connection.execute(select(func.max(row.step)).where(row.account_id == account)).scalar_one()


def _newest_step(connection: Connection, recipe: Recipe) -> int:
    row = RecipeStateRow
    same = (row.name == recipe.name, row.revision == recipe.revision)
    return connection.execute(select(func.coalesce(func.max(row.step), 0)).where(*same)).scalar_one()
