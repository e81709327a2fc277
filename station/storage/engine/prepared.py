"""Rows that the running line adds: the SQL of a table is made once, and goes to the driver as it is.

A statement that SQLAlchemy puts together takes a third of a millisecond, as long as a small commit of a fast disk.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Table
from sqlalchemy.engine.interfaces import DBAPIConnection
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
    try:
        values = [prepared.values(row) for row in rows]
    except (ValueError, TypeError, AttributeError) as error:
        raise StatementError(str(error), prepared.sql, None, error) from error
    with _driver_errors_named(connection, prepared.sql):
        cursor = connection.connection.cursor()
        try:
            cursor.execute(prepared.sql, values[0]) if len(rows) == 1 else cursor.executemany(prepared.sql, values)
        finally:
            cursor.close()


class RowAdder:
    """Adds rows, one transaction after the other, on a connection that is kept open for it.

    A connection out of SQLAlchemy's pool, its begin and its commit take as long as a small commit of a fast disk. Safe
    from any thread.
    """

    def __init__(self, engine: Engine, begin: Callable[[Connection], None]) -> None:
        """Open nothing yet.

        Args:
            engine: Where the tables are.
            begin: Begins a transaction that writes, by the driver alone.
        """
        self._engine = engine
        self._begin = begin
        self._lock = threading.Lock()
        self._kept: Connection | None = None

    def add(self, rows: Iterable[tuple[Table, Sequence[Mapping[str, object]]]]) -> None:
        """Add rows to tables, all or none. They are durable when this returns.

        Raises:
            sqlalchemy.exc.StatementError, OverflowError: As `insert_rows`, or the database cannot be used.
        """
        with self._lock:
            connection = self._begun()
            try:
                for table, each in rows:
                    insert_rows(connection, table, each)
                with _driver_errors_named(connection, "COMMIT"):
                    connection.connection.commit()
            except BaseException:
                connection.close()  # what was begun is undone; a connection that is broken is not used again
                raise
            self._kept = connection

    def _begun(self) -> Connection:
        """Return a connection with a transaction; the kept one may have been cut while nothing was written."""
        kept, self._kept = self._kept, None
        if kept is not None:
            driver = kept.connection.dbapi_connection
            try:
                return self._with_transaction(kept)
            except DBAPIError as error:
                if not _is_cut(self._engine.dialect, error, driver):
                    raise
        return self._with_transaction(self._engine.connect())

    def _with_transaction(self, connection: Connection) -> Connection:
        try:
            with _driver_errors_named(connection, "BEGIN"):
                self._begin(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close the connection. The next rows open another one."""
        with self._lock:
            if self._kept is not None:
                self._kept.close()
            self._kept = None


def _is_cut(dialect: Dialect, error: DBAPIError, connection: DBAPIConnection | None) -> bool:
    driver = dialect.dbapi
    assert driver is not None
    return isinstance(error.orig, driver.Error) and dialect.is_disconnect(error.orig, connection, None)


@contextmanager
def _driver_errors_named(connection: Connection, sql: str) -> Iterator[None]:
    """Raise an error of the driver as SQLAlchemy does."""
    driver = connection.dialect.dbapi
    assert driver is not None
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(sql, None, error, driver.Error, dialect=connection.dialect) from error


@lru_cache(maxsize=256)
def _prepared(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Prepared:
    quoted = dialect.identifier_preparer.quote
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    into = f"INSERT INTO {quoted(table.name)} ({', '.join(map(quoted, names))})"
    sql = f"{into} VALUES ({', '.join([mark] * len(names))})"
    types = (table.columns[name].type.dialect_impl(dialect) for name in names)
    return _Prepared(sql, tuple((name, each.bind_processor(dialect)) for name, each in zip(names, types, strict=True)))
