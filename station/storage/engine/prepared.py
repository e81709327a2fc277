"""Rows that the running line adds: the SQL of a table is made once, and goes to the driver as it is.

A statement that SQLAlchemy puts together takes a third of a millisecond, as long as a small commit of a fast disk.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError, StatementError

Processor = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    sql: str
    columns: tuple[tuple[str, Processor], ...]

    def values(self, row: Mapping[str, object]) -> tuple[object, ...]:
        """Return the values of a row as the driver takes them."""
        return tuple(
            row[name] if processor is None else processor(row[name]) for name, processor in self.columns
        )  # fmt: skip


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows to a table; all of them have values for the same columns.

    Raises:
        sqlalchemy.exc.StatementError, OverflowError: A rule is broken, or a column does not accept a value.
    """
    if not rows:
        return
    prepared = _prepared(connection.dialect, table, tuple(rows[0]))
    driver = connection.dialect.dbapi
    assert driver is not None
    try:
        values = [prepared.values(row) for row in rows]
        cursor = connection.connection.cursor()
        try:
            cursor.execute(prepared.sql, values[0]) if len(rows) == 1 else cursor.executemany(prepared.sql, values)
        finally:
            cursor.close()
    except driver.Error as error:
        raise DBAPIError.instance(prepared.sql, None, error, driver.Error, dialect=connection.dialect) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise StatementError(str(error), prepared.sql, None, error) from error


@lru_cache(maxsize=256)
def _prepared(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Prepared:
    quoted = dialect.identifier_preparer.quote
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    into = f"INSERT INTO {quoted(table.name)} ({', '.join(map(quoted, names))})"
    sql = f"{into} VALUES ({', '.join([mark] * len(names))})"
    types = (table.columns[name].type.dialect_impl(dialect) for name in names)
    return _Prepared(sql, tuple((name, each.bind_processor(dialect)) for name, each in zip(names, types, strict=True)))
