"""SQLite stays in its dialect."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import station
from station.domain.errors import StorageError
from station.storage.engine.dialects import sqlite

_OF_SQLITE = re.compile(r"PRAGMA|\bsqlite3\b|\bsqlite_|[\"']sqlite|BEGIN IMMEDIATE")


def test_that_only_the_dialect_and_the_frozen_migrations_are_written_for_sqlite() -> None:
    root = Path(*station.__path__)
    files = [path for path in root.rglob("*.py") if "migrations/versions" not in path.as_posix()]
    assert {path.relative_to(root).as_posix() for path in files if _OF_SQLITE.search(path.read_text("utf-8"))} == {
        "reporting/mlflow_store.py",  # a store of MLflow, which opens it by itself
        "storage/engine/dialects/sqlite.py",
        "storage/engine/dialects/salvage.py",
    }


def test_that_a_file_that_is_not_a_database_is_named_damaged(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    path.write_bytes(b"not a database, and long enough to be read as one" * 10)
    engine = sqlite.open_engine(path)
    with pytest.raises(StorageError, match=r"station\.db is damaged") as refused, sqlite.faults_named(path):
        engine.connect()
    engine.dispose()
    assert refused.value.advice.startswith("Stop the line, and make a new workspace")


def test_that_a_broken_rule_of_the_tables_is_left_for_the_caller_to_name(tmp_path: Path) -> None:
    engine = sqlite.open_engine(tmp_path / "station.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT"))
        with pytest.raises(IntegrityError), sqlite.faults_named(tmp_path / "station.db"):
            connection.execute(text("INSERT INTO one VALUES (1), (1)"))
    engine.dispose()


def test_that_a_writer_has_its_turn_before_its_first_statement_and_a_reader_takes_none(tmp_path: Path) -> None:
    engine = sqlite.open_engine(tmp_path / "station.db")
    with closing(sqlite3.connect(tmp_path / "station.db", timeout=0, isolation_level=None)) as rival:
        with sqlite.for_writing(engine).begin(), pytest.raises(sqlite3.OperationalError, match="locked"):
            rival.execute("BEGIN IMMEDIATE")
        with engine.begin():
            rival.execute("BEGIN IMMEDIATE")
    engine.dispose()
