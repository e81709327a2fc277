"""Rows that go to the driver as they are have the same types, rules and refusals as those of a statement."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from station.concurrency.started import Started
from station.domain.errors import StorageError
from station.storage.engine.database import Database
from station.storage.engine.prepared import insert_rows
from station.storage.engine.schema import table_of
from station.storage.records.tables import EventRow

AT = datetime(2026, 11, 29, 12, 0, 0, 123456, tzinfo=UTC)
ROW: dict[str, object] = {"at": AT, "kind": "stop", "sentence": "NUL \0 \ud800", "person": "Ada", "duration_s": 0.5}


def _rows(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as connection:
        columns = (EventRow.at, EventRow.kind, EventRow.sentence, EventRow.person, EventRow.duration_s)
        return [tuple(row) for row in connection.execute(select(*columns).order_by(EventRow.event_id))]


def test_that_a_prepared_row_reads_as_one_of_a_statement(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(EventRow), ROW)
        insert_rows(connection, table_of(EventRow), [ROW])
        insert_rows(connection, table_of(EventRow), [ROW, ROW])
        insert_rows(connection, table_of(EventRow), [])
    first, *others = _rows(database)
    assert others == [first] * 3


def test_that_added_rows_are_there_for_others_and_a_closed_database_opens_again(database: Database) -> None:
    for _ in range(2):
        for _ in range(2):
            database.add([(table_of(EventRow), [ROW, ROW]), (table_of(EventRow), [])])
        database.close()
    assert len(_rows(database)) == 8


def test_that_rows_are_added_after_the_server_cut_the_kept_connection(
    database: Database, engine: str, request: pytest.FixtureRequest
) -> None:
    if engine == "sqlite":
        pytest.skip("no server can cut it")
    database.add([(table_of(EventRow), [ROW])])
    request.getfixturevalue("postgres").throw_out()
    database.add([(table_of(EventRow), [ROW])])
    assert len(_rows(database)) == 2


@pytest.mark.parametrize("refused", [{"kind": None}, {"at": datetime(2026, 11, 29)}], ids=["rule", "kind of value"])
def test_that_of_refused_rows_none_is_added_and_the_next_ones_are(
    database: Database, refused: dict[str, object]
) -> None:
    table = table_of(EventRow)
    with pytest.raises(StatementError):
        database.add([(table, [ROW]), (table, [ROW | refused])])
    assert _rows(database) == []
    database.add([(table, [ROW])])
    assert len(_rows(database)) == 1


def test_that_rows_added_inside_a_transaction_belong_to_it(database: Database) -> None:
    with pytest.raises(KeyError), database.writing():  # noqa: PT012
        database.add([(table_of(EventRow), [ROW])])
        raise KeyError
    assert _rows(database) == []


def test_that_who_adds_waits_for_who_writes_and_no_row_is_lost(database: Database) -> None:
    written = threading.Event()

    def add() -> None:
        assert written.wait(30)
        for _ in range(20):
            database.add([(table_of(EventRow), [ROW])])

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    with database.writing() as connection:
        insert_rows(connection, table_of(EventRow), [ROW])
        written.set()
        threads[0].join(0.05)
        assert all(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join(30)
    assert len(_rows(database)) == 61


def test_that_a_database_that_cannot_be_used_is_named_and_added_to_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database.open(tmp_path / "station.db")
    database.add([(table_of(EventRow), [ROW])])
    with database.writing() as connection, monkeypatch.context() as patch:
        patch.setattr(database._adder, "_begin", _refused)
        other = Started("adding", lambda: database.add([(table_of(EventRow), [ROW])]))
        with pytest.raises(StorageError, match="locked"):
            other.result()
        insert_rows(connection, table_of(EventRow), [ROW])
    database.add([(table_of(EventRow), [ROW])])
    assert len(_rows(database)) == 3
    database.close()


def _refused(connection: Connection) -> None:
    connection.connection.cursor().execute("PRAGMA busy_timeout=0")
    connection.connection.cursor().execute("BEGIN IMMEDIATE")


def test_that_a_broken_rule_and_a_value_of_another_kind_are_refused_and_undo_their_part(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:  # noqa: PT012
        insert_rows(connection, table_of(EventRow), [ROW])
        insert_rows(connection, table_of(EventRow), [ROW | {"kind": None}])
    with pytest.raises(StatementError, match="has no time zone"), database.writing() as connection:
        insert_rows(connection, table_of(EventRow), [ROW | {"at": datetime(2026, 11, 29)}])
    assert _rows(database) == []
