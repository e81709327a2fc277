"""The journal of a station with a plant: SQLite itself notes each change in the transaction that makes it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from station.storage.engine.database import Database
from station.storage.engine.dialects import sqlite
from station.storage.plant.sent_tables import Row, SentTable, sent_tables
from station.storage.plant.tables import SendingRow, SentBatchRow, UnsentRow

_MOST_ROWS = 500
"""Of one batch; a part has about five."""
KEPT_STEPS = 100_000
"""That were sent and are kept: a shift. A server of which the last minutes are lost gets them once more."""
_SENT_STEP = select(func.coalesce(func.max(SendingRow.sent_step), 0)).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Sending:
    """What the station has sent.

    Attributes:
        sent_step: The last step of the journal that the plant has.
        sent_at: When the last one was received, UTC; None before the first.
        is_copied: What the station had before it got a plant is there.
        problem, advice: Why nothing can be sent now, and what to do; "" if nothing is wrong.
        problem_since: Since when, UTC.
    """

    sent_step: int
    sent_at: datetime | None
    is_copied: bool
    problem: str
    advice: str
    problem_since: datetime | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that was added, changed or removed: its table and key."""

    table: str
    key: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes to the plant in one transaction.

    Attributes:
        step: The last step of the journal in it.
        rows: The present rows of each table.
        removed: The keys of rows that are no longer there.
    """

    step: int
    rows: dict[str, list[Row]]
    removed: dict[str, list[Row]]


class Journal:
    """Notes what has to be sent; for one sender. The database is that of the station."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self) -> None:
        """Note every change from now on; nothing happens if that is done already.

        Raises:
            StorageError: The disk refused it.
        """
        with self._database.writing() as connection:
            for statement in _missing_triggers(connection):
                connection.exec_driver_sql(statement)
            if _sending(connection) is None:
                connection.execute(insert(SendingRow), _NOTHING_SENT)

    def end(self) -> None:
        """Note nothing any more, and forget what was noted: the station has no plant."""
        if self.sending() is None:
            return
        with self._database.writing() as connection:
            for name in sqlite.triggers_named(connection, "_unsent"):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            for table in (UnsentRow, SentBatchRow, SendingRow):
                connection.execute(delete(table))

    def start_over(self) -> None:
        """Forget that anything was sent: all of it is sent again. The journal goes on."""
        with self._database.writing() as connection:
            connection.execute(delete(SentBatchRow))
            connection.execute(update(SendingRow), _NOTHING_SENT)

    def sending(self) -> Sending | None:
        """Return what was sent; None if the station has no plant."""
        with self._database.reading() as connection:
            return _sending(connection)

    def unsent(self) -> tuple[int, int]:
        """Return how many changes, and how many new parts, wait to be sent."""
        unsent = UnsentRow.step > _SENT_STEP
        parts = select(func.count()).where(unsent, UnsentRow.table_name == "part", UnsentRow.is_new == 1)
        with self._database.reading() as connection:
            changes = connection.execute(select(func.count()).where(unsent)).scalar_one()
            return changes, connection.execute(parts).scalar_one()

    def batch(self) -> Batch | None:
        """Return what comes next; None if everything was sent."""
        columns = select(UnsentRow.step, UnsentRow.table_name, UnsentRow.row_key).where(UnsentRow.step > _SENT_STEP)
        with self._database.reading() as connection:
            found = connection.execute(columns.order_by(UnsentRow.step).limit(_MOST_ROWS + 1)).all()
            if not found:
                return None
            steps = _whole_parts(found)
            keys: dict[str, dict[Row, None]] = {}
            for _, name, key in steps:
                keys.setdefault(name, {})[tuple(json.loads(key))] = None
            rows, removed = _present_rows(connection, keys)
        return Batch(steps[-1].step, rows, removed)

    def new_since(self, step: int) -> tuple[int, set[tuple[str, str]]]:
        """Return the newest step, and the tables and keys of rows that were added after `step`."""
        columns = select(UnsentRow.step, UnsentRow.table_name, UnsentRow.row_key, UnsentRow.is_new)
        with self._database.reading() as connection:
            found = connection.execute(columns.where(UnsentRow.step > step)).all()
        return max((row.step for row in found), default=step), {
            (row.table_name, row.row_key) for row in found if row.is_new
        }

    def rows_behind(self, table: SentTable, key: Row | None, most: int) -> list[Row]:
        """Return the rows of a table behind a key, or its first ones, in the order of their keys."""
        names = ", ".join(map(_quoted, table.key))
        behind = "" if key is None else f"WHERE ({names}) > ({', '.join('?' * len(table.key))})"
        statement = f"{_select(table)} {behind} ORDER BY {names} LIMIT {most}"
        with self._database.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement, key or ())]

    def note_batch(self, token: str, step: int) -> None:
        """Note that a batch with this token is on its way; durable when it returns."""
        with self._database.writing() as connection:
            connection.execute(insert(SentBatchRow), {"token": token, "step": step})

    def is_known(self, token: str, step: int) -> bool:
        """Return whether this station has sent a batch with this token, and still keeps all that came after it."""
        same = select(SentBatchRow.number).where(SentBatchRow.token == token, SentBatchRow.step == step)
        with self._database.reading() as connection:
            return connection.execute(same).first() is not None

    def note_received(self, step: int, at: datetime, *, is_copied: bool) -> None:
        """Note that the plant has everything up to this step. The newest steps are kept: a server may fall back."""
        forgotten = max(0, step - KEPT_STEPS)
        with self._database.writing() as connection:
            if forgotten:
                connection.execute(delete(UnsentRow).where(UnsentRow.step <= forgotten))
                connection.execute(delete(SentBatchRow).where(SentBatchRow.step < forgotten))
            done = {"sent_step": step, "forgotten_step": forgotten, "sent_at": at, "copied": int(is_copied)}
            connection.execute(update(SendingRow), {**done, **_WITHOUT_PROBLEM})

    def note_problem(self, problem: str, advice: str, at: datetime) -> None:
        """Note why nothing can be sent; a problem that lasts keeps its first time."""
        known = self.sending()
        if known is not None and known.problem != problem:
            since = known.problem_since if known.problem and problem else at
            self._note(problem=problem, advice=advice, problem_since=since if problem else None)

    def _note(self, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(update(SendingRow), values)


_WITHOUT_PROBLEM: dict[str, Any] = {"problem": "", "advice": "", "problem_since": None}
_NOTHING_SENT: dict[str, Any] = {"number": 1, "sent_step": 0, "forgotten_step": 0, "sent_at": None, "copied": 0,
                                 **_WITHOUT_PROBLEM}  # fmt: skip


def _sending(connection: Connection) -> Sending | None:
    row = connection.execute(select(*(getattr(SendingRow, name) for name in _NOTHING_SENT))).one_or_none()
    if row is None:
        return None
    return Sending(row.sent_step, row.sent_at, bool(row.copied), row.problem, row.advice, row.problem_since)


def _whole_parts(found: Sequence[Any]) -> Sequence[Any]:
    """Return the first steps, cut before a part: its rows were written in one transaction, and arrive in one."""
    if len(found) <= _MOST_ROWS:
        return found
    cut = next((place for place in range(_MOST_ROWS, 0, -1) if found[place].table_name == "part"), _MOST_ROWS)
    return found[:cut]


def _present_rows(
    connection: Connection, keys: dict[str, dict[Row, None]]
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """Return the rows as they are now, and the keys of those that are gone."""
    rows: dict[str, list[Row]] = {}
    removed: dict[str, list[Row]] = {}
    for table in sent_tables():
        where = " AND ".join(f"{_quoted(name)} = ?" for name in table.key)
        for key in keys.get(table.name, ()):
            row = connection.exec_driver_sql(f"{_select(table)} WHERE {where}", key).one_or_none()
            if row is None:
                removed.setdefault(table.name, []).append(key)
            else:
                rows.setdefault(table.name, []).append(tuple(row))
    return rows, removed


def _select(table: SentTable) -> str:
    return f"SELECT {', '.join(map(_quoted, table.columns))} FROM {_quoted(table.name)}"  # noqa: S608 - our names


def _quoted(name: str) -> str:
    return f'"{name}"'


_AFTER = (("added", "INSERT", "NEW", 1), ("changed", "UPDATE", "NEW", 0), ("removed", "DELETE", "OLD", 0))


def _triggers(table: SentTable) -> Iterator[tuple[str, str]]:
    """Yield the name and the statement of each trigger that notes a change of this table."""
    for word, event, row, is_new in _AFTER:
        if table.only_grows and not is_new:
            continue
        keys = [_note_of(table, row, is_new)]
        if event == "UPDATE":
            keys.append(_note_of(table, "OLD", 0))
        name = f"{table.name}_{word}_unsent"
        yield name, f"CREATE TRIGGER {name} AFTER {event} ON {_quoted(table.name)} BEGIN {' '.join(keys)} END"


def _note_of(table: SentTable, row: str, is_new: int) -> str:
    key = ", ".join(f"{row}.{_quoted(name)}" for name in table.key)
    values = f"('{table.name}', json_array({key}), {is_new})"
    return f"INSERT INTO unsent (table_name, row_key, is_new) VALUES {values};"  # noqa: S608 - our names


def _missing_triggers(connection: Connection) -> list[str]:
    there = sqlite.triggers_named(connection, "_unsent")
    return [sql for table in sent_tables() for name, sql in _triggers(table) if name not in there]
