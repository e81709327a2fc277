"""Signatures and releases that no command of this program made: somebody wrote into the database."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from station.domain.audit import AuditAction, AuditEntry
from station.domain.recipe import RecipeState
from station.domain.signature import Meaning
from station.storage.engine.database import Database
from station.storage.engine.dialects.sqlite import DamagedDatabaseError
from station.storage.recipes.tables import RecipeRow, RecipeStateRow, SignatureRow
from station.storage.records.integrity import Finding, Severity

_Rows = Sequence[Row[*tuple[Any, ...]]]
SAID_OF_RELEASES = (
    AuditAction.RECIPE_SIGNED, AuditAction.RECIPE_RELEASED, AuditAction.RECIPE_ROLLED_BACK, AuditAction.RECIPE_ADDED,
)  # fmt: skip
"""What the audit trail has of releases."""


def release_findings(database: Database, entries: Callable[[], Collection[AuditEntry] | None]) -> tuple[Finding, ...]:
    """Compare the signatures with the revisions, and both with the audit trail.

    An early version of this program kept no signatures, and an earlier one no audit trail. So a release needs one only
    if a release before it has one.

    Args:
        database: The records; of damaged ones nothing is said here, the damage has findings of its own.
        entries: Returns the entries of SAID_OF_RELEASES; None if they cannot be read, which has findings of its own.
            It is asked last: a release that somebody makes meanwhile has its entry then.
    """
    try:
        with database.reading() as connection:  # one state of both
            signatures, steps = _signatures(connection), _steps(connection)
    except DamagedDatabaseError:
        return ()
    said = entries()
    return (*_signature_findings(signatures, said), *_step_findings(steps, signatures, said))


def _signatures(connection: Connection) -> _Rows:
    row = SignatureRow
    same = and_(RecipeRow.name == row.name, RecipeRow.revision == row.revision)
    wanted = select(row.__table__, RecipeRow.sha256.label("sha256_now")).join(RecipeRow, same).order_by(row.number)
    return connection.execute(wanted).all()


def _steps(connection: Connection) -> _Rows:
    row = RecipeStateRow
    wanted = select(row.step, row.name, row.revision).where(row.state == RecipeState.RELEASED.value).order_by(row.step)
    return connection.execute(wanted).all()


def _signature_findings(signatures: _Rows, said: Collection[AuditEntry] | None) -> Iterator[Finding]:
    signed = _signed(said or ())
    for row in signatures:
        label = f"{row.name}@{row.revision}"
        if row.sha256 != row.sha256_now:
            yield _error(label, f"it is not what {row.person} signed on {row.at:%Y-%m-%d}")
        elif said is not None and _is_proved(row) and (label, row.person, row.sha256) not in signed:
            yield _error(label, f"the audit trail does not know that {row.person} signed it")


def _step_findings(steps: _Rows, signatures: _Rows, said: Collection[AuditEntry] | None) -> Iterator[Finding]:
    released = _released(said or ())
    first = {(each.name, each.revision): each.after_step for each in reversed(signatures) if _is_proved(each)}
    signed_before = known_before = False
    for step, name, revision in steps:
        label = f"{name}@{revision}"
        is_signed, is_known = first.get((name, revision), step) < step, label in released
        if signed_before and not is_signed:
            yield _error(label, "it was released, and nobody who has an account signed that")
        elif said is not None and known_before and not is_known:
            yield _error(label, "it was released, and the audit trail does not know that")
        signed_before, known_before = signed_before or is_signed, known_before or is_known


def _is_proved(row: Row[*tuple[Any, ...]]) -> bool:
    """Return whether somebody who has an account signed a release."""
    return row.account_id is not None and row.meaning != Meaning.RETIRED.value


def _signed(said: Collection[AuditEntry]) -> Collection[tuple[str, str, str]]:
    """Return what was signed, by whom, and the SHA-256 of its content."""
    signed = (each for each in said if each.action == AuditAction.RECIPE_SIGNED)
    return {(each.subject, each.person, each.new.rpartition(" ")[2]) for each in signed}


def _released(said: Collection[AuditEntry]) -> Collection[str]:
    """Return what was released; a revision may also have been added as a released one."""
    ways = (AuditAction.RECIPE_RELEASED, AuditAction.RECIPE_ROLLED_BACK)
    return {each.subject for each in said if each.action in ways or each.new == RecipeState.RELEASED.value}


def _error(where: str, sentence: str) -> Finding:
    return Finding(Severity.ERROR, where, sentence)
