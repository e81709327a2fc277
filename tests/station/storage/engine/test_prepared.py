"""Rows that go to the driver as they are have the same types, rules and refusals as those of a statement."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, StatementError

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


def test_that_a_broken_rule_and_a_value_of_another_kind_are_refused_and_undo_their_part(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:  # noqa: PT012
        insert_rows(connection, table_of(EventRow), [ROW])
        insert_rows(connection, table_of(EventRow), [ROW | {"kind": None}])
    with pytest.raises(StatementError, match="has no time zone"), database.writing() as connection:
        insert_rows(connection, table_of(EventRow), [ROW | {"at": datetime(2026, 11, 29)}])
    assert _rows(database) == []
