"""Every migration, old and future: nothing of the schema and no row is lost on the way."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from station.domain.errors import StorageError
from station.storage.engine import database as database_module
from station.storage.engine.database import Database
from station.storage.engine.upgrading import MIGRATIONS

_SCRIPTS = ScriptDirectory(str(MIGRATIONS))
VERSIONS = [script.revision for script in reversed(list(_SCRIPTS.walk_revisions()))]
STEPS = list(pairwise(VERSIONS))
FIXTURE = Path(__file__).parents[3] / "fixtures" / "workspace_0002" / "station.db"
_LOST_BY_A_COPY = (
    "AUTOINCREMENT",
    "COLLATE",
    "STRICT",
    "WITHOUT ROWID",
    "ON CONFLICT",
    "CHECK",
    "REFERENCES",
    "UNIQUE",
)
Schema = dict[tuple[str, str], str]


def _at(path: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(database_module, "SCHEMA_VERSION", version)
        Database.open(path).close()


def _rows_of_every_table(path: Path) -> None:
    """Put one row into each table: what its rules allow, 1 for numbers, and no text where none is needed."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in _names(connection):
            (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
            columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
            values = [_value(sql, column, kind, needed=needed) for _, column, kind, needed, *_ in columns]
            connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(values))})", values)


def _value(sql: str, column: str, kind: str, *, needed: int) -> object:
    if kind != "TEXT":
        return 1
    if allowed := re.search(rf"\b{column} IN \('([^']+)'", sql):
        return allowed[1]
    return "filled" if needed or _is_demanded(sql, column) else None


def _is_demanded(sql: str, column: str) -> bool:
    """Whether a rule such as "(outcome = 'judged') = (verdict IS NOT NULL)" asks for a value in this row."""
    rule = re.search(rf"\((\w+) = '([^']+)'\) = \({column} IS NOT NULL\)", sql)
    return rule is not None and _value(sql, rule[1], "TEXT", needed=1) == rule[2]


def _names(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in found if not name.startswith(("sqlite_", "alembic_"))]


def _schema(path: Path) -> Schema:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {(kind, name): " ".join(re.sub(r"[(),]", " ", sql).split()) for kind, name, sql in found}


def _counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in _names(connection)}


def _weaker(before: Schema, after: Schema) -> Iterator[str]:
    """What a table had and has no longer. A migration may move a rule to another table only by naming that here."""
    for (kind, name), sql in before.items():
        if (kind, name) not in after:
            yield f"{kind} {name} is gone"
        elif kind == "trigger" and after[kind, name] != sql:
            yield f"trigger {name} was changed"
        for word in _LOST_BY_A_COPY:
            if kind == "table" and (kind, name) in after and sql.count(word) > after[kind, name].count(word):
                yield f"{word} of {name}: {sql.count(word)} before, {after[kind, name].count(word)} after"


MOVED = {
    ("0001", "0002"): {"CHECK of part: 4 before, 2 after"},
}
"""0002 moved two rules of `part` to `part_view`."""


@pytest.mark.slow
@pytest.mark.parametrize(("before", "after"), STEPS, ids=[f"{old} to {new}" for old, new in STEPS])
def test_that_a_migration_keeps_every_row_every_rule_and_every_trigger(
    before: str, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "station.db"
    _at(path, before, monkeypatch)
    _rows_of_every_table(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TRIGGER guard BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'kept'); END")
    schema, counts = _schema(path), _counts(path)
    _at(path, after, monkeypatch)
    assert set(_weaker(schema, _schema(path))) == MOVED.get((before, after), set())
    assert {name: rows for name, rows in _counts(path).items() if name in counts} == counts


def test_that_the_workspace_of_an_older_version_keeps_every_row(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    path.write_bytes(FIXTURE.read_bytes())
    counts = _counts(path)
    Database.open(path).close()
    after = _counts(path)
    assert {name: after[name] for name in counts} == counts


def test_that_no_migration_copies_a_table_by_batch() -> None:
    scripts = (MIGRATIONS / "versions").glob("*.py")
    assert [script.name for script in scripts if "batch_alter_table" in script.read_text("utf-8")] == []


def test_that_a_migration_that_loses_rows_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "station.db"
    _at(path, VERSIONS[-2], monkeypatch)
    _rows_of_every_table(path)
    before = _counts(path)

    def lose_runs(config: object, _version: str) -> None:
        connection: Connection = config.attributes["connection"]  # type: ignore[attr-defined]
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text("DELETE FROM dispute"))

    monkeypatch.setattr("alembic.command.upgrade", lose_runs)
    with pytest.raises(StorageError, match="Table dispute had 1 rows, and would have 0"):
        Database.open(path)
    assert _counts(path) == before
