"""PostgreSQL: who is refused and why, in words; what was acknowledged outlives the death of the server."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from behind import REFUSALS, behind
from postgres_server import PASSWORD, PostgresServer, required
from sqlalchemy import URL, text

from station.domain.errors import BadInputError, StorageError
from station.storage.engine.database import Database
from station.storage.engine.dialects.postgresql import ServerAwayError, ServerRefusesError, shown

EVENT = "INSERT INTO event (at, kind, sentence, person) VALUES (1, 'stop', '', '')"


@pytest.fixture
def durable() -> Iterator[PostgresServer]:
    """A server of its own that may be killed."""
    required()
    server = PostgresServer(durable=True)
    try:
        yield server
    finally:
        server.remove()


def _events(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(text("SELECT count(*) FROM event")).scalar_one()


def _refused(url: URL, path: Path) -> StorageError:
    with pytest.raises(StorageError) as refusal:
        Database.on_server(url, "refused", path)
    assert PASSWORD not in str(refusal.value)
    return refusal.value


def test_that_an_address_is_shown_without_its_password_and_options(postgres: PostgresServer) -> None:
    url = postgres.url().update_query_dict({"password": PASSWORD})
    assert shown(url) == f"postgresql+psycopg://lineside@127.0.0.1:{postgres.port}/postgres"


def test_that_a_wrong_password_is_a_refusal_and_named(postgres: PostgresServer, tmp_path: Path) -> None:
    refusal = _refused(postgres.url("wrong"), tmp_path)
    assert isinstance(refusal, ServerRefusesError)
    assert refusal.sentence.endswith("cannot be used: the server refuses this user or password.")


def test_that_a_database_that_does_not_exist_is_a_refusal_and_named(postgres: PostgresServer, tmp_path: Path) -> None:
    refusal = _refused(postgres.url().set(database="nowhere"), tmp_path)
    assert isinstance(refusal, ServerRefusesError)
    assert 'database "nowhere" does not exist' in refusal.sentence


def test_that_a_server_that_is_away_is_named_by_its_address(postgres: PostgresServer, tmp_path: Path) -> None:
    refusal = _refused(postgres.url().set(port=1), tmp_path)
    assert isinstance(refusal, ServerAwayError)
    assert "127.0.0.1:1/postgres cannot be used: " in refusal.sentence


def test_that_tables_of_a_newer_version_are_refused_and_left_alone(postgres: PostgresServer, tmp_path: Path) -> None:
    Database.on_server(postgres.url(), "newer", tmp_path).close()
    with postgres.connect() as plain:
        plain.execute("UPDATE newer.alembic_version SET version_num = '0942'")
    with pytest.raises(BadInputError, match="tables of version 0942"):
        Database.on_server(postgres.url(), "newer", tmp_path)


def test_that_a_table_that_only_grows_cannot_be_emptied(on_server: Database) -> None:
    with behind(on_server) as plain, pytest.raises(REFUSALS, match="rows of audit_log are only added"):
        plain.execute("TRUNCATE audit_log")


def test_that_two_programs_may_make_the_same_schema_at_once(postgres: PostgresServer, tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def make() -> None:
        try:
            Database.on_server(postgres.url(), "at_once", tmp_path).close()
        except StorageError as error:
            failures.append(error)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.slow
def test_that_what_was_acknowledged_outlives_a_killed_server(durable: PostgresServer, tmp_path: Path) -> None:
    durable.start()
    database = Database.on_server(durable.url(), "kept", tmp_path)
    for _ in range(5):
        with database.writing() as connection:
            connection.execute(text(EVENT))
    durable.kill()
    with pytest.raises(ServerAwayError):
        _events(database)
    durable.start()
    assert _events(database) == 5
    database.close()
