"""One transaction for everything that a thread writes: all of it, or nothing."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from station.domain.errors import StorageError
from station.storage.engine.database import Database

EVENT = "INSERT INTO event (at, kind, sentence, person) VALUES (:at, 'fault', '', '')"


def _note(database: Database, at: int) -> None:
    with database.writing() as connection:
        connection.execute(text(EVENT), {"at": at})


def _noted(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.execute(text("SELECT at FROM event ORDER BY at")).scalars())


def _note_in_vain(database: Database, at: int, error: Exception) -> None:
    with database.writing():
        _note(database, at)
        raise error


def test_that_a_failure_undoes_what_was_written_before_in_the_same_block(database: Database) -> None:
    with pytest.raises(RuntimeError):
        _note_in_vain(database, 1, RuntimeError())
    assert _noted(database) == []


def test_that_a_block_sees_what_it_wrote_and_others_do_not(database: Database) -> None:
    seen: list[list[int]] = []
    with database.writing():
        _note(database, 1)
        other = threading.Thread(target=lambda: seen.append(_noted(database)))
        other.start()
        other.join()
        assert _noted(database) == [1]
    assert (seen, _noted(database)) == ([[]], [1])


def test_that_a_broken_rule_undoes_its_own_part_alone(database: Database) -> None:
    def two_of_which_one_is_wrong() -> None:
        with database.writing() as connection:
            connection.execute(text(EVENT), {"at": 2})
            connection.execute(text(EVENT), {"at": None})

    with database.writing():
        _note(database, 1)
        with pytest.raises(IntegrityError):
            two_of_which_one_is_wrong()
        _note(database, 3)
    assert _noted(database) == [1, 3]


def test_that_nothing_follows_a_part_that_was_undone(database: Database) -> None:
    followed: list[int] = []

    def note_and_follow(at: int) -> None:
        with database.writing():
            _note(database, at)
            database.when_durable(lambda: followed.append(at))
            if at == 2:
                raise ValueError

    with database.writing():
        note_and_follow(1)
        with suppress(ValueError):
            note_and_follow(2)
        note_and_follow(3)
    assert (_noted(database), followed) == ([1, 3], [1, 3])


def test_that_a_refused_part_that_somebody_caught_refuses_the_whole(database: Database) -> None:
    def catching() -> None:
        with database.writing():
            _note(database, 1)
            with suppress(StorageError):
                _note_in_vain(database, 2, StorageError("There is no room."))

    with pytest.raises(StorageError, match="no room"):
        catching()
    assert _noted(database) == []


def test_that_a_full_database_undoes_the_whole(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "station.db")

    def fill() -> None:
        with database.writing() as connection:
            _note(database, 1)
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            with database.writing():
                connection.execute(text("CREATE TABLE much AS SELECT zeroblob(1000000) AS room"))

    with pytest.raises(StorageError, match="disk is full"):
        fill()
    database.close()
    again = Database.open(tmp_path / "station.db")
    assert _noted(again) == []
    again.close()


def test_that_what_follows_waits_until_all_is_durable(database: Database) -> None:
    followed: list[list[int]] = []
    with database.writing():
        with database.writing():
            _note(database, 1)
            database.when_durable(lambda: followed.append(_noted(database)))
        assert followed == []
    assert followed == [[1]]
    database.when_durable(lambda: followed.append([]))
    assert followed == [[1], []]


def test_that_nothing_follows_what_came_to_nothing(database: Database) -> None:
    followed: list[int] = []

    def in_vain() -> None:
        with database.writing():
            database.when_durable(lambda: followed.append(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        in_vain()
    _note(database, 1)
    assert followed == []
