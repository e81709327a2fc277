"""Another program at the records of a station, on either engine."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from station.storage.engine.database import Database

REFUSALS = (sqlite3.IntegrityError, psycopg.errors.IntegrityError)
SQLITE_ALONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For a test of what only a file has: its pages, its rights, its options."""

AnyConnection = sqlite3.Connection | psycopg.Connection[tuple[Any, ...]]


@contextmanager
def behind(database: Database) -> Iterator[AnyConnection]:
    """A plain connection to the same rows; what is executed there holds at once. Triggers guard as ever."""
    if not database._place:
        with closing(sqlite3.connect(database.path, isolation_level=None)) as plain:
            yield plain
        return
    pooled = database._reader.raw_connection()
    server: psycopg.Connection[tuple[Any, ...]] = pooled.driver_connection  # type: ignore[assignment]
    try:
        server.autocommit = True
        yield server
    finally:
        pooled.invalidate()  # whatever was set there is gone with it


@contextmanager
def unguarded(database: Database, table: str) -> Iterator[AnyConnection]:
    """The same, while the triggers of one table are away and no foreign key is looked at."""
    with behind(database) as plain:
        if isinstance(plain, psycopg.Connection):
            plain.execute("SET session_replication_role = replica")
            yield plain
            return
        guards = plain.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall()
        for name, _ in guards:
            plain.execute(f"DROP TRIGGER {name}")
        try:
            yield plain
        finally:
            for _, sql in guards:
                plain.execute(sql)


def alter(database: Database, statement: str) -> None:
    """Change rows behind the program's back."""
    with unguarded(database, "") as plain:
        plain.execute(statement)


def in_words_of(engine: str, statement: str) -> str:
    """Return the statement for this engine: a server knows no REPLACE, so there the same row is added once more."""
    if engine == "sqlite":
        return statement
    return statement.replace("INSERT OR REPLACE", "INSERT").replace("REPLACE INTO", "INSERT INTO")
