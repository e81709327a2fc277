"""The database file: made, migrated, refused, and shared between threads."""

import importlib
import re
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from behind import SQLITE_ALONE
from sqlalchemy import text

from station import storage
from station.domain.errors import BadInputError, StorageError
from station.storage.engine import database as database_module
from station.storage.engine.database import Database
from station.storage.engine.dialects import sqlite
from station.storage.engine.schema import SCHEMA_VERSION, Tables
from station.storage.engine.upgrading import MIGRATIONS

for file in Path(*storage.__path__).glob("*/*tables.py"):  # every subject declares its tables in the one registry
    importlib.import_module(f"station.storage.{file.parent.name}.{file.stem}")


def _pragma(database: Database, name: str) -> object:
    with database.reading() as connection:
        return connection.execute(text(f"PRAGMA {name}")).scalar_one()


@SQLITE_ALONE
def test_that_a_commit_is_on_the_disk_before_it_is_acknowledged(database: Database) -> None:
    assert (_pragma(database, "journal_mode"), _pragma(database, "synchronous")) == ("wal", 2)


@SQLITE_ALONE
def test_that_foreign_keys_are_kept(database: Database) -> None:
    assert _pragma(database, "foreign_keys") == 1


@SQLITE_ALONE
def test_that_every_table_is_strict(database: Database) -> None:
    with database.reading() as connection:
        strict = dict(
            connection.execute(text("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")).all()
        )
    assert {name for name in Tables.metadata.tables if not strict[name]} == set()


def test_that_the_migrations_make_exactly_the_tables_of_the_program(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, Tables.metadata) == []


@SQLITE_ALONE
def test_that_the_migrations_make_exactly_the_sql_of_the_program(database: Database, tmp_path: Path) -> None:
    direct = sqlite.open_engine(tmp_path / "direct.db")
    Tables.metadata.create_all(direct)
    direct.dispose()
    definitions = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
    with sqlite3.connect(tmp_path / "direct.db") as plain:
        expected = {name: _columns(sql) for name, sql in plain.execute(definitions)}
    plain.close()
    with database.reading() as connection:
        migrated = {name: _columns(sql) for name, sql in connection.execute(text(definitions))}
    assert migrated == expected


def _columns(sql: str) -> set[str]:
    """A column that was added later follows on the line of the last one."""
    columns = re.sub(r"\)\s*STRICT\s*$", "", sql)
    return {line.strip() for line in re.split(r",(?![^()]*\))|\n", columns)} - {""}


def test_that_the_newest_migration_is_the_version_the_program_expects() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [SCHEMA_VERSION]


def test_that_a_database_at_its_newest_version_is_opened_without_migrating(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database.open(tmp_path / "station.db").close()
    monkeypatch.setattr(database_module, "upgrade", lambda connection, version: pytest.fail("migrated again"))
    Database.open(tmp_path / "station.db").close()


def test_that_a_database_of_a_newer_version_is_refused_with_both_versions_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    Database.open(path).close()
    with sqlite3.connect(path) as plain:
        plain.execute("UPDATE alembic_version SET version_num = '0942'")
    plain.close()
    with pytest.raises(BadInputError, match=f"version 0942.*up to {SCHEMA_VERSION}"):
        Database.open(path)
    with sqlite3.connect(path) as plain:
        assert plain.execute("SELECT version_num FROM alembic_version").fetchall() == [("0942",)]
    plain.close()


def test_that_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "station.db") as plain:
        plain.execute("CREATE TABLE address (name TEXT)")
    plain.close()
    with pytest.raises(BadInputError, match="another program"):
        Database.open(tmp_path / "station.db")


def test_that_a_file_that_is_not_a_database_is_named_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    path.write_bytes(b"these are no records" * 500)
    with pytest.raises(StorageError, match=r"station\.db is damaged"):
        Database.open(path)
    assert path.read_bytes() == b"these are no records" * 500


def test_that_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere.station\.db cannot be used"):
        Database.open(tmp_path / "nowhere" / "station.db")


def test_that_a_damaged_page_is_reported_by_the_check(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    Database.open(path).close()
    with sqlite3.connect(path) as plain:
        page = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = 'region'").fetchone()[0]
    plain.close()
    content = bytearray(path.read_bytes())
    content[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(content)
    opened = Database.open(path)
    damage = opened.find_damage()
    opened.close()
    assert damage != ()


def test_that_a_sound_database_passes_the_check(database: Database) -> None:
    assert database.find_damage() == ()


def test_that_a_failed_transaction_changes_nothing(database: Database) -> None:
    with pytest.raises(StorageError, match=r"no such table|does not exist"), database.writing() as connection:  # noqa: PT012
        connection.execute(text("INSERT INTO event (at, kind, sentence, person) VALUES (1, 'stop', '', '')"))
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM event")).scalar_one() == 0


def test_that_threads_write_in_turn_and_lose_nothing(database: Database) -> None:
    def add_events() -> None:
        for _ in range(20):
            with database.writing() as connection:
                connection.execute(text("INSERT INTO event (at, kind, sentence, person) VALUES (1, 'stop', '', '')"))

    threads = [threading.Thread(target=add_events) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM event")).scalar_one() == 80


def test_that_two_programs_may_make_the_same_database_at_once(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def make() -> None:
        try:
            Database.open(tmp_path / "station.db").close()
        except StorageError as error:
            failures.append(error)

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
