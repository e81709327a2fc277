"""What the tables need of their engine and SQL has no common words for: each engine has its own, chosen here."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import DDL, ColumnElement, Table, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from station.storage.engine.declared import Mapped
from station.storage.engine.dialects import postgresql, sqlite

_APPEND_ONLY = {sqlite.NAME: sqlite.append_only, postgresql.NAME: postgresql.append_only}


def append_only(dialect: str, table: str, number: str, unique: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the statements after which this engine only adds rows to a table; see `sqlite.append_only`."""
    return _APPEND_ONLY[dialect](table, number, unique)


def keep_append_only(table: Table, number: str, unique: Sequence[str] = ()) -> None:
    """Have the table guarded by `append_only` wherever it is made."""
    for dialect in _APPEND_ONLY:
        for statement in append_only(dialect, table.name, number, unique):
            guard = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", guard)


def fault_of_content(error: DatabaseError) -> str:
    """Return why a table cannot be used because of what lies in it; "" if disk, server or another program is why."""
    return sqlite.fault_of_content(error) or postgresql.fault_of_content(error)


class _StoredBytes(FunctionElement[Any]):
    type = NullType()
    inherit_cache = True


def stored_bytes(column: Mapped[str]) -> ColumnElement[Any]:
    """Return the bytes of a text as they are stored, also those that somebody made no UTF-8."""
    return _StoredBytes(column)


@compiles(_StoredBytes, sqlite.NAME)
def _cast_to_blob(element: _StoredBytes, compiler: SQLCompiler, **options: object) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS BLOB)"


@compiles(_StoredBytes, postgresql.NAME)
def _convert_to_bytes(element: _StoredBytes, compiler: SQLCompiler, **options: object) -> str:
    return f"convert_to({compiler.process(element.clauses, **options)}, 'UTF8')"
