"""The head beside the table: what no station writes into it is named and stops nothing; a copy never moves it."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from behind import SQLITE_ALONE

from station.domain.audit import AuditAction, AuditFact, AuditFilter
from station.domain.audit_chain import GENESIS
from station.storage.engine.database import Database, _copied
from station.storage.people.audit_log import AuditLog

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BROKEN = AuditFilter(action=AuditAction.CHAIN_BROKEN)


def fact(n: int) -> AuditFact:
    return AuditFact(NOON + timedelta(seconds=n), "Ada", AuditAction.LIMITS_CHANGED, f"tile@{n}")


@pytest.fixture
def log(database: Database) -> AuditLog:
    made = AuditLog.beside(database, "Station 1")
    for n in (1, 2):
        made.append(fact(n))
    return made


@pytest.mark.parametrize(
    ("number", "digest"), [(2**63 - 1, "a" * 64), (-1, GENESIS), (2, "\ud800"), (2, "x"), (2, GENESIS[1:])]
)
def test_that_a_head_that_no_station_writes_is_named_and_stops_nothing(
    log: AuditLog, database: Database, number: int, digest: str
) -> None:
    said = {"newest": {"number": number, "hash": digest}, "verified": {"number": 0, "hash": GENESIS}}
    database.path.with_name("audit.head").write_text(json.dumps(said))
    broken = log.verify().broken
    assert broken is not None
    assert "audit.head is not what the station wrote" in broken.sentence
    log.append(fact(3))
    assert log.count(BROKEN) == 1


def test_that_deep_brackets_in_the_head_are_named_and_stop_nothing(log: AuditLog, database: Database) -> None:
    database.path.with_name("audit.head").write_text("[" * 200_000)
    assert "audit.head is not what the station wrote" in str(log.verify().broken)
    log.append(fact(3))
    assert log.count(BROKEN) == 1


@SQLITE_ALONE
def test_that_a_last_hash_without_letters_is_named_and_stops_nothing(log: AuditLog, database: Database) -> None:
    with closing(sqlite3.connect(database.path)) as plain:
        plain.execute("DROP TRIGGER audit_log_never_changes")
        plain.execute("UPDATE audit_log SET hash = CAST(X'ff' AS TEXT) WHERE number = 2")
        plain.commit()
    for n in (3, 4):
        broken = log.verify().broken
        assert broken is not None
        assert broken.number == 2
        log.append(fact(n))


@SQLITE_ALONE
def test_that_an_entry_in_a_copy_that_is_only_read_leaves_the_head_as_it_is(log: AuditLog, database: Database) -> None:
    copy = _copied(database.path)
    of_copy = AuditLog.beside(copy, "Station 1")
    of_copy.append(fact(3))
    assert of_copy.verify().broken is None
    copy.close()
    assert log.verify().broken is None
    log.append(fact(3))
    assert log.verify().broken is None
    assert log.count(BROKEN) == 0
