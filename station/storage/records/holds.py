"""Parts on hold: their pictures are never given up. A hold and its release are rows that are only added."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, insert, not_, or_, select, true
from sqlalchemy.exc import IntegrityError

from station.domain.audit import AuditAction, AuditFact
from station.domain.errors import BadInputError
from station.domain.hold import Hold
from station.domain.inspection import PartKey
from station.storage.engine.database import Database
from station.storage.engine.declared import aliased
from station.storage.people.audit_log import AuditLog
from station.storage.records.tables import HoldRow, PartRow

_AT_ONCE = 500
_HELD, _RELEASED = "held", "released"
_Newest, _Later = aliased(HoldRow), aliased(HoldRow)
IS_HELD: ColumnElement[bool] = (
    select(_Newest.state)
    .where(_Newest.run_id == PartRow.run_id, _Newest.number == PartRow.number)
    .order_by(_Newest.hold_id.desc())
    .limit(1)
    .correlate(PartRow)
    .scalar_subquery()
    == _HELD
).is_(True)
"""The part is on hold: so says its newest row."""


@dataclass(frozen=True, slots=True)
class _Change:
    action: AuditAction
    state: str


_CHANGES = {True: _Change(AuditAction.PART_HELD, _HELD), False: _Change(AuditAction.HOLD_RELEASED, _RELEASED)}


class Holds:
    """Reads and writes holds. Safe from any thread."""

    def __init__(self, database: Database, audit: AuditLog | None = None) -> None:
        """Read and write holds.

        Args:
            database: The records.
            audit: Where each hold has its entry; None for those who only read.
        """
        self._database = database
        self._audit = audit

    def of(self, keys: Iterable[PartKey]) -> dict[PartKey, Hold]:
        """Return the holds of those of these parts that are on hold."""
        found: dict[PartKey, Hold] = {}
        wanted = tuple(keys)
        for begin in range(0, len(wanted), _AT_ONCE):
            some = wanted[begin : begin + _AT_ONCE]
            found |= self._where(_of_parts(some))
        return found

    def all(self) -> dict[PartKey, Hold]:
        """Return the holds of all parts that are on hold, in the order of the parts."""
        return self._where(true())

    def parts_where(self, condition: ColumnElement[bool]) -> tuple[PartKey, ...]:
        """Return the parts that meet a condition of `station.storage.records.search`, in their order."""
        keys = select(PartRow.run_id, PartRow.number).where(condition).order_by(PartRow.run_id, PartRow.number)
        with self._database.reading() as connection:
            return tuple(PartKey(*row) for row in connection.execute(keys))

    def last_release(self) -> int:
        """Return the number of the newest release; 0 before the first."""
        newest = select(func.max(HoldRow.hold_id)).where(HoldRow.state == _RELEASED)
        with self._database.reading() as connection:
            return connection.execute(newest).scalar_one() or 0

    def set(self, holds: Sequence[Hold], *, held: bool) -> None:
        """Put parts on hold or release them, all in one transaction with their entry in the audit trail.

        Args:
            holds: The parts with reason, person and time. All of one call have these in common.
            held: Whether they are put on hold.

        Raises:
            BadInputError: A part is not recorded, or not yet. No part was changed.
            StorageError: The disk refused it.
        """
        if self._audit is None or not holds:
            raise ValueError("a hold needs parts and the audit trail")
        change, first = _CHANGES[held], holds[0]
        rows = [
            {
                "run_id": each.key.run_id,
                "number": each.key.part,
                "state": change.state,
                "reason": each.reason,
                "person": each.person,
                "at": each.at,
            }
            for each in holds
        ]
        old, new = ("", _HELD) if held else (_HELD, _RELEASED)
        try:
            with self._audit.writing() as transaction:
                transaction.connection.execute(insert(HoldRow), rows)
                for subject in _subjects([each.key for each in holds]):
                    transaction.append(
                        AuditFact(first.at, first.person, change.action, subject, old, new, first.reason)
                    )
        except IntegrityError as error:
            raise BadInputError("One of these parts has no record, so none was changed.") from error

    def _where(self, condition: ColumnElement[bool]) -> dict[PartKey, Hold]:
        same = and_(_Later.run_id == HoldRow.run_id, _Later.number == HoldRow.number)
        later = select(_Later.hold_id).where(same, _Later.hold_id > HoldRow.hold_id).correlate(HoldRow).exists()
        held = select(HoldRow).where(condition, HoldRow.state == _HELD, not_(later))
        with self._database.reading() as connection:
            rows = connection.execute(held.order_by(HoldRow.run_id, HoldRow.number)).all()
        found = (Hold(PartKey(row.run_id, row.number), row.reason, row.person, row.at) for row in rows)
        return {hold.key: hold for hold in found}


def _of_parts(keys: Iterable[PartKey]) -> ColumnElement[bool]:
    numbers = defaultdict[int, list[int]](list)
    for key in keys:
        numbers[key.run_id].append(key.part)
    return or_(*(and_(HoldRow.run_id == run, HoldRow.number.in_(each)) for run, each in numbers.items()))


def _subjects(keys: Iterable[PartKey]) -> list[str]:
    """Return the parts in words, neighbours together: "parts 0003 to 0009 of run 4"."""
    spans: list[list[PartKey]] = []
    for key in sorted(keys):
        if spans and (key.run_id, key.part) == (spans[-1][1].run_id, spans[-1][1].part + 1):
            spans[-1][1] = key
        else:
            spans.append([key, key])
    return [
        f"part {first.label} of run {first.run_id}"
        if first == last
        else f"parts {first.label} to {last.label} of run {first.run_id}"
        for first, last in spans
    ]
