"""Save what can still be read of a damaged SQLite file: row by row, past the pages that cannot be read."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from itertools import islice
from pathlib import Path
from typing import TypeAlias

_AT_ONCE = 500
_LAST = 2**62
_ONE_BY_ONE = 2000
_OF_THE_ENGINE = frozenset({"alembic_version"})

Row: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class Salvaged:
    """What became of one table.

    Attributes:
        table: Its name.
        added: Rows that the sound file did not have.
        changed: Rows that it had with other values.
        gaps: Places at which one row or several in a row could not be read.
        refused: Rows that were read and break a rule of the tables, for example because theirs is missing in another.
    """

    table: str
    added: int = 0
    changed: int = 0
    gaps: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Table:
    """A table that both files have."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    outcome: Salvaged = field(init=False)

    def __post_init__(self) -> None:
        self.outcome = Salvaged(self.name)

    @property
    def _listed(self) -> str:
        return ", ".join(map(_quoted, self.columns))

    @property
    def select(self) -> str:
        return f"SELECT rowid, {self._listed} FROM {_quoted(self.name)} WHERE rowid >= ? ORDER BY rowid"  # noqa: S608

    @property
    def insert(self) -> str:
        marks = ", ".join("?" for _ in self.columns)
        return f"INSERT INTO {_quoted(self.name)} ({self._listed}) VALUES ({marks})"  # noqa: S608 - of the schema

    @property
    def update(self) -> str:
        values = ", ".join(f"{_quoted(each)} = ?" for each in self.columns)
        where = " AND ".join(f"{_quoted(each)} = ?" for each in self.keys)
        return f"UPDATE {_quoted(self.name)} SET {values} WHERE {where}"  # noqa: S608 - names of the schema

    def find(self, rows: int) -> str:
        """Return the query for a number of rows by their keys."""
        keys, one = ", ".join(map(_quoted, self.keys)), f"({', '.join('?' for _ in self.keys)})"
        wanted = ", ".join(one for _ in range(rows))
        return f"SELECT {self._listed} FROM {_quoted(self.name)} WHERE ({keys}) IN (VALUES {wanted})"  # noqa: S608

    def key_of(self, row: Row) -> Row:
        """Return the values of its key."""
        return tuple(row[self.columns.index(key)] for key in self.keys)


def salvage_into(sound: Path, damaged: Path, needed: Mapping[str, str] | None = None) -> tuple[Salvaged, ...]:
    """Bring every row that can be read in a damaged file into a sound one; all of them are there then, or none.

    Rows that the sound file has with other values get those of the damaged one, which is newer. Where a table only
    grows, what is there stays. A text of several pages may have lost some of them without SQLite seeing it: it is
    refused if it is not a text any more, and the hashes of recipes and audit entries say the rest.

    Args:
        sound: A file with the same tables, for example of the last backup.
        damaged: A copy of the damaged file, with its log beside it; it may be changed.
        needed: For a table, the one in which each of its rows must have as many rows as others like it, and at least
            one; what has fewer is left out, because what is missing could have been the worst of it.

    Returns:
        What became of each table that both files have; empty if not even the list of the tables can be read.

    Raises:
        sqlite3.Error: The sound file cannot be written.
    """
    with closing(sqlite3.connect(damaged)) as source, closing(sqlite3.connect(sound, isolation_level=None)) as target:
        source.text_factory = target.text_factory = _text_or_bytes
        target.execute("PRAGMA foreign_keys=ON")
        target.execute("PRAGMA synchronous=FULL")
        tables = _tables_of_both(source, target)
        target.execute("BEGIN IMMEDIATE")
        for table in tables:
            _salvage(table, source, target)
        target.execute("COMMIT")
        for table in tables:
            if needed and table.name in needed:
                table.outcome.refused += _leave_out(table.name, needed[table.name], target)
    return tuple(table.outcome for table in tables)


def _salvage(table: _Table, source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    rows = _readable_rows(table, source)
    while some := list(islice(rows, _AT_ONCE)):
        wanted = [value for row in some for value in table.key_of(row)]
        there = {table.key_of(row): row for row in target.execute(table.find(len(some)), wanted)}
        for row in some:
            _bring(table, row, there.get(table.key_of(row)), target)


def _leave_out(table: str, needed: str, target: sqlite3.Connection) -> int:
    """Remove the rows of a table that have none, or fewer, in another table than others of their group.

    The group is the first column of what joins the two: of the parts of a run, the one with most views says how many
    views a part has. What belongs to a removed row is removed too. Return the number of removed rows.
    """
    pairs = [
        (row[3], row[4]) for row in target.execute(f"PRAGMA foreign_key_list({_quoted(needed)})") if row[2] == table
    ]
    theirs, own = [", ".join(map(_quoted, columns)) for columns in zip(*pairs, strict=True)]
    first_of_theirs = _quoted(pairs[0][0])
    target.execute("PRAGMA foreign_keys=OFF")
    for statement in (
        f"CREATE TEMP TABLE counted AS SELECT {theirs}, count(*) AS n FROM {_quoted(needed)} GROUP BY {theirs}",  # noqa: S608
        f"CREATE TEMP TABLE most AS SELECT {first_of_theirs} AS g, max(n) AS n FROM counted GROUP BY g",  # noqa: S608
        f"CREATE INDEX temp.counted_keys ON counted ({theirs})",
        "CREATE INDEX temp.most_keys ON most (g)",
        "BEGIN IMMEDIATE",
    ):
        target.execute(statement)
    whole = f"SELECT {theirs} FROM counted JOIN most ON {first_of_theirs} = g AND counted.n = most.n"  # noqa: S608
    removed = target.execute(f"DELETE FROM {_quoted(table)} WHERE ({own}) NOT IN ({whole})").rowcount  # noqa: S608
    while dangling := target.execute("PRAGMA foreign_key_check").fetchall():
        for name in {each[0] for each in dangling}:
            numbers = [(number,) for other, number, *_ in dangling if other == name]
            with _may_shrink(target, name):
                target.executemany(f"DELETE FROM {_quoted(name)} WHERE rowid = ?", numbers)  # noqa: S608
    target.execute("COMMIT")
    return removed


@contextmanager
def _may_shrink(target: sqlite3.Connection, table: str) -> Iterator[None]:
    """Let rows of a table be removed that otherwise only grows: what they belong to cannot be saved."""
    wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    triggers = target.execute(wanted, (f"{table}_never_shrinks",)).fetchall()
    for name, _ in triggers:
        target.execute(f"DROP TRIGGER {_quoted(name)}")
    yield
    for _, statement in triggers:
        target.execute(statement)


def _bring(table: _Table, row: Row, there: Row | None, target: sqlite3.Connection) -> None:
    if row == there:
        return
    if any(isinstance(value, str) and "\0" in value for value in row):  # the station stores no such text
        table.outcome.refused += 1
        return
    try:
        if there is None:
            target.execute(table.insert, row)
            table.outcome.added += 1
        else:
            target.execute(table.update, (*row, *table.key_of(row)))
            table.outcome.changed += 1
    except sqlite3.IntegrityError:
        table.outcome.refused += 1


def _readable_rows(table: _Table, source: sqlite3.Connection) -> Iterator[Row]:
    """Yield every row that can be read, in the order of their numbers."""
    start: int | None = 0
    while start is not None:
        number = start - 1
        try:
            for row in source.execute(table.select, (start,)):
                number = row[0]
                yield row[1:]
            return
        except sqlite3.DatabaseError:
            table.outcome.gaps += 1
            start = _next_readable(table, source, number)


def _next_readable(table: _Table, source: sqlite3.Connection, unreadable_behind: int) -> int | None:
    """Return the first number behind another one from which on a row can be read; None if there is none.

    The next numbers are tried one by one: between two pages that are lost, one may be sound. Farther on the end of what
    cannot be read is looked for in steps that double, and then between the last two.
    """
    step = 1
    while not _is_readable_from(table, source, unreadable_behind + 1 + step):
        step = step + 1 if step < _ONE_BY_ONE else 2 * step
        if step > _LAST:
            return None
    high = unreadable_behind + 1 + step
    low = high - 1 if step <= _ONE_BY_ONE else unreadable_behind + 1 + step // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _is_readable_from(table, source, middle) else (middle, high)
    return high


def _is_readable_from(table: _Table, source: sqlite3.Connection, number: int) -> bool:
    try:
        source.execute(f"{table.select} LIMIT 1", (number,)).fetchone()
    except sqlite3.DatabaseError:
        return False
    return True


def _tables_of_both(source: sqlite3.Connection, target: sqlite3.Connection) -> list[_Table]:
    """Return the tables, each behind those that its rows belong to."""
    try:
        known = _names(source)
        columns = {name: _columns(source, name) for name in known}
    except sqlite3.DatabaseError:
        return []
    names = [name for name in _names(target) if name in known and name not in _OF_THE_ENGINE]
    parents = {name: {row[2] for row in target.execute(f"PRAGMA foreign_key_list({_quoted(name)})")} for name in names}
    order = TopologicalSorter({name: above - {name} for name, above in parents.items()}).static_order()
    return [_table(target, name, columns[name]) for name in order if name in names]


def _table(target: sqlite3.Connection, name: str, known: dict[str, int]) -> _Table:
    own = _columns(target, name)
    columns = tuple(column for column in own if column in known)
    keys = tuple(sorted((column for column in columns if own[column]), key=own.__getitem__))
    return _Table(name, columns, keys or columns)


def _names(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [str(row[0]) for row in rows]


def _columns(connection: sqlite3.Connection, table: str) -> dict[str, int]:
    """Return the columns, each with its place in the key; 0 if it is not a part of it."""
    return {str(row[1]): int(row[5]) for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text_or_bytes(content: bytes) -> str | bytes:
    """Return a text as one, and what a damaged page made of it as it is: the tables refuse that."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content
