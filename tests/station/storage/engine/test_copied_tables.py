"""The tables that most tests begin with are those that the migrations make."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cheap_steps import upgrade_quickly

from station.storage.engine import database as database_module
from station.storage.engine.database import Database


def _content(path: Path) -> tuple[list[tuple[object, ...]], list[str]]:
    """Return the declarations in their order, and all rows."""
    with closing(sqlite3.connect(path)) as plain:
        declared = plain.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        return declared, list(plain.iterdump())


def test_that_copied_tables_are_those_of_the_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database.open(tmp_path / "migrated.db").close()
    monkeypatch.setattr(database_module, "upgrade", upgrade_quickly)
    Database.open(tmp_path / "copied.db").close()
    assert _content(tmp_path / "copied.db") == _content(tmp_path / "migrated.db")
