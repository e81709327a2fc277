"""The audit trail in the database: entries are added by several programs at once, and never changed."""

import multiprocessing
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from behind import REFUSALS, SQLITE_ALONE, behind, in_words_of, unguarded
from sqlalchemy.exc import IntegrityError

from station.domain.audit import AuditAction, AuditFact, AuditFilter
from station.domain.audit_chain import GENESIS, ChainBreak, Link
from station.domain.errors import StorageError
from station.storage.engine.database import Database
from station.storage.people.audit_head import AuditHead
from station.storage.people.audit_log import AuditLog

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_TRIGGERS = ("audit_log_never_changes", "audit_log_never_shrinks", "audit_log_grows_at_its_end")


def fact(n: int, action: AuditAction = AuditAction.LIMITS_CHANGED, person: str = "Ada") -> AuditFact:
    return AuditFact(NOON + timedelta(seconds=n), person, action, f"tile@{n}", "0.5", f"0.{n}", "dust")


@pytest.fixture
def log(database: Database) -> AuditLog:
    return AuditLog.beside(database, "Station 1")


@pytest.fixture
def head(database: Database) -> AuditHead:
    return AuditHead(database.path.with_name("audit.head"))


def broken(log: AuditLog) -> ChainBreak:
    found = log.verify().broken
    assert found is not None
    return found


def test_that_entries_are_chained_from_the_first_one_on(log: AuditLog, head: AuditHead) -> None:
    first, second = log.append(fact(1)), log.append(fact(2))
    assert (first.number, first.previous_hash, second.number, second.previous_hash) == (1, GENESIS, 2, first.hash)
    assert log.entries() == (second, first)
    state = log.verify()
    assert (state.broken, state.verified, state.newest) == (None, Link(2, second.hash), 2)
    said = head.read()
    assert said is not None
    assert said.newest == Link(2, second.hash)


@pytest.mark.parametrize("text", ["\0", "\ud800", "é\u202e", "'; DROP TABLE audit_log; --", "x" * 5000, "\n", "🙂"])
def test_that_any_text_is_kept_and_verified(log: AuditLog, text: str) -> None:
    log.append(AuditFact(NOON, text, AuditAction.FAULT, text, text, text, text))
    assert log.verify().broken is None
    assert log.entries(AuditFilter(person=log.entries()[0].person))[0].subject == log.entries()[0].person


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET reason = 'x' WHERE number = 1",
        "UPDATE audit_log SET number = 9 WHERE number = 1",
        "DELETE FROM audit_log WHERE number = 2",
        "DELETE FROM audit_log",
        "REPLACE INTO audit_log SELECT number, at, 'Eve', station, action, subject, old, new, reason, previous_hash, "
        "hash FROM audit_log",
        "INSERT INTO audit_log SELECT -1, at, person, station, action, subject, old, new, reason, previous_hash, hash "
        "FROM audit_log LIMIT 1",
        "INSERT INTO audit_log SELECT * FROM audit_log LIMIT 1 ON CONFLICT (number) DO UPDATE SET reason = 'x'",
    ],
)
def test_that_the_database_itself_refuses_to_change_an_entry(
    log: AuditLog, database: Database, engine: str, statement: str
) -> None:
    before = (log.append(fact(1)), log.append(fact(2)))
    with behind(database) as plain, pytest.raises(REFUSALS, match=r"rows of audit_log are only added|UNIQUE"):
        plain.execute(in_words_of(engine, statement))
    assert log.entries() == before[::-1]


def test_that_an_entry_is_written_with_the_rest_of_its_transaction_or_not_at_all(log: AuditLog) -> None:
    log.append(fact(1))

    def write_both() -> None:
        with log.writing() as transaction:
            transaction.append(fact(2))
            transaction.connection.exec_driver_sql("INSERT INTO recipe VALUES ('x', 0, '', '', 0)")

    with pytest.raises(IntegrityError):
        write_both()
    assert [entry.number for entry in log.entries()] == [1]
    assert log.verify().broken is None


def test_that_threads_add_to_one_chain(log: AuditLog) -> None:
    threads = [threading.Thread(target=lambda: [log.append(fact(n)) for n in range(8)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = log.verify()
    assert (state.newest, state.broken) == (32, None)


def _append(path: Path, count: int) -> None:
    database = Database.open(path)
    log = AuditLog.beside(database, "Station 1")
    for n in range(count):
        log.append(fact(n))
    database.close()


@pytest.mark.slow
@SQLITE_ALONE
def test_that_several_programs_add_to_one_chain(database: Database, log: AuditLog, head: AuditHead) -> None:
    context = multiprocessing.get_context("spawn")
    programs = [context.Process(target=_append, args=(database.path, 10)) for _ in range(3)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
    assert [program.exitcode for program in programs] == [0, 0, 0]
    state, said = log.verify(), head.read()
    assert said is not None
    assert (state.newest, state.broken, said.newest) == (30, None, state.verified)


def test_that_a_trail_that_was_cut_off_shows_it_also_after_later_entries(log: AuditLog, database: Database) -> None:
    for n in range(6):
        log.append(fact(n))
    with unguarded(database, "audit_log") as plain:
        plain.execute("DELETE FROM audit_log WHERE number > 3")
    assert broken(log).number == 4
    for n in range(4):
        log.append(fact(n))
    assert broken(log).sentence == "The entries 4 to 6 are missing."
    noted = log.entries(AuditFilter(action=AuditAction.CHAIN_BROKEN))
    assert [(entry.number, entry.new) for entry in noted] == [(7, "The entries after 3 were missing, up to 6.")]


def test_that_a_trail_that_was_emptied_shows_it(log: AuditLog, database: Database) -> None:
    for n in range(3):
        log.append(fact(n))
    with unguarded(database, "audit_log") as plain:
        plain.execute("DELETE FROM audit_log")
    assert broken(log) == ChainBreak(1, "The entries 1 to 3 are missing: the audit trail was cut off.")
    log.append(fact(9))
    assert broken(log) == ChainBreak(1, "The entries 1 to 3 are missing.")


def test_that_the_last_entry_rewritten_with_a_right_hash_shows_also_after_later_entries(
    log: AuditLog, database: Database, tmp_path: Path
) -> None:
    log.append(fact(1))
    log.append(fact(2))
    other = Database.open(tmp_path / "other.db")
    forged = AuditLog(other, AuditHead(tmp_path / "other.head"), "Station 1")
    forged.append(fact(1))
    entry = forged.append(fact(3))
    other.close()
    with unguarded(database, "audit_log") as plain:
        values = f"subject = '{entry.subject}', at = at + 1000000, new = '{entry.new}', hash = '{entry.hash}'"
        plain.execute(f"UPDATE audit_log SET {values} WHERE number = 2")
    assert broken(log) == ChainBreak(2, "Entry 2 was changed: the head beside the table has another hash.")
    log.append(fact(4))
    assert broken(log) == ChainBreak(2, "Entry 2 was changed: entry 3 follows another one.")


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"newest": {"number": "x", "hash": 1}}', b"\xff"])
def test_that_a_head_that_was_removed_or_damaged_shows_it_for_good(
    log: AuditLog, database: Database, content: bytes | None
) -> None:
    log.append(fact(1))
    path = database.path.with_name("audit.head")
    path.unlink() if content is None else path.write_bytes(content)
    assert "audit.head" in broken(log).sentence
    log.append(fact(2))
    assert log.verify().broken is None
    assert [entry.action for entry in log.entries()] == ["limits changed", "chain broken", "limits changed"]


def test_that_an_entry_is_kept_when_its_head_cannot_be_written(
    log: AuditLog, database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append(fact(1))

    def refuse(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("station.storage.people.audit_head.write_atomically", refuse)
        log.append(fact(2))
        log.append(fact(3))
    assert caplog.text.count("audit.head cannot be written") == 1
    assert (log.verify().newest, log.verify().broken) == (3, None)
    log.append(fact(4))
    assert AuditHead(database.path.with_name("audit.head")).read().newest.number == 4  # type: ignore[union-attr]


def test_that_nothing_is_written_if_the_first_head_cannot_be(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("station.storage.people.audit_head.write_atomically", refuse)
    with pytest.raises(StorageError, match=r"audit\.head cannot be written"):
        log.append(fact(1))
    assert log.entries() == ()


def test_that_the_check_at_the_start_goes_on_where_the_last_one_ended(log: AuditLog, database: Database) -> None:
    for n in range(5):
        log.append(fact(n))
    log.mark_verified(log.verify())
    assert (log.verify(whole=False).broken, log.verify(whole=False).verified.number) == (None, 5)
    for n in range(3):
        log.append(fact(n))
    with unguarded(database, "audit_log") as plain:
        plain.execute("UPDATE audit_log SET reason = 'none' WHERE number = 7")
    found = log.verify(whole=False).broken
    assert found is not None
    assert found.number == 7


def test_that_the_check_at_the_start_finds_a_trail_that_ends_before_the_verified_entry(
    log: AuditLog, database: Database
) -> None:
    for n in range(5):
        log.append(fact(n))
    log.mark_verified(log.verify())
    with unguarded(database, "audit_log") as plain:
        plain.execute("DELETE FROM audit_log WHERE number > 2")
    found = log.verify(whole=False).broken
    assert found is not None
    assert found.number == 3


def test_that_the_check_at_the_start_is_bounded_and_says_how_far_it_came(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        log.append(fact(n))
    monkeypatch.setattr("station.storage.people.audit_log._AT_START", 2)
    for verified in (2, 4, 5, 5):
        state = log.verify(whole=False)
        assert (state.verified.number, state.newest, state.broken) == (verified, 5, None)
        log.mark_verified(state)


def test_that_entries_are_found_by_time_person_action_and_subject(log: AuditLog) -> None:
    for n in range(6):
        log.append(fact(n, (AuditAction.FAULT, AuditAction.LOGGED_IN)[n % 2], ("Ada", "Bo", "")[n % 3]))

    def found(**wanted: object) -> list[int]:
        entries = log.entries(AuditFilter(**wanted))  # type: ignore[arg-type]
        assert log.count(AuditFilter(**wanted)) == len(entries)  # type: ignore[arg-type]
        assert list(log.oldest_first(AuditFilter(**wanted))) == list(entries[::-1])  # type: ignore[arg-type]
        return [entry.number for entry in entries]

    assert found() == [6, 5, 4, 3, 2, 1]
    assert found(person="Ada") == [4, 1]
    assert found(action="logged in") == [6, 4, 2]
    assert found(subject="LE@4") == [5]
    assert found(subject="%") == []
    assert found(since=NOON + timedelta(seconds=1), until=NOON + timedelta(seconds=3)) == [3, 2]
    assert [entry.number for entry in log.entries(before=4, limit=2)] == [3, 2]
    assert log.people() == ("", "Ada", "Bo")
    assert log.actions() == ("fault", "logged in")
