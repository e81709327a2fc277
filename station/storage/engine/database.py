"""The database of one station: opened, brought to the present tables, and handed out in transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, OperationalError, ProgrammingError

from station.domain.errors import BadInputError, StorageError
from station.storage.tables import SCHEMA_VERSION

_MIGRATIONS = Path(__file__).with_name("migrations")
_PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_DAMAGED = (
    "Put an earlier copy of station.db in its place. "
    "The file was left as it is, so that what it holds can still be saved."
)


class Database:
    """An open database. Safe from any thread: each transaction has a connection of its own."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._reader = engine
        self._writer = engine.execution_options(writes=True)
        self.path = path

    @classmethod
    def open(cls, path: Path) -> "Database":
        """The database at `path`: made where there is none, migrated where it is older.

        Raises:
            BadInputError: It was made by a newer version, or is of another program. Nothing was changed.
            StorageError: It cannot be opened, or is damaged. The file is kept as it is.
        """
        database = cls(_engine(path), path)
        try:
            database._migrate()
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the records, whatever is written meanwhile."""
        with self._faults_named(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is durable on the disk when the block ends, or has changed nothing.

        A rule of the tables that is broken comes out as SQLAlchemy's IntegrityError, and a value that no column takes
        as its other errors or OverflowError, for the caller to name.
        """
        with self._faults_named(), self._writer.begin() as connection:
            yield connection

    def check(self) -> tuple[str, ...]:
        """What the database engine itself finds wrong with the file; empty when it is sound."""
        try:
            with self.reading() as connection:
                lines = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
                dangling = connection.execute(text("PRAGMA foreign_key_check")).all()
        except StorageError as error:
            return (error.sentence,)
        damage = [line for line in lines if line != "ok"]
        return (*damage, *(f"row {row[1]} of {row[0]} belongs to no {row[2]}" for row in dangling))

    def close(self) -> None:
        """Give the file back. Closing twice is allowed."""
        self._reader.dispose()

    def _migrate(self) -> None:
        if self._version() != SCHEMA_VERSION:
            with self.writing() as connection:
                _upgrade(connection)

    def _version(self) -> str | None:
        """The version of the tables in the file; None for a file without any."""
        with self.reading() as connection:
            tables = inspect(connection).get_table_names()
            if not tables:
                return None
            if "alembic_version" not in tables:
                raise BadInputError(f"{self.path} is a database of another program.", "Choose another workspace.")
            version = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
        if version > SCHEMA_VERSION:
            raise BadInputError(
                f"{self.path} has tables of version {version}, but this program knows them up to {SCHEMA_VERSION}.",
                "Start the newer version of Lineside that wrote it, or choose another workspace.",
            )
        return version

    @contextmanager
    def _faults_named(self) -> Iterator[None]:
        """What the driver reports, as a sentence for people."""
        try:
            yield
        except (IntegrityError, DataError, ProgrammingError):
            raise
        except OperationalError as error:
            raise StorageError(f"The database {self.path} cannot be used: {error.orig}.") from error
        except DatabaseError as error:
            raise StorageError(f"The database {self.path} is damaged: {error.orig}.", _DAMAGED) from error


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Settings of a new connection. Transactions are begun by `_begin`, never by the driver's own guess."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """A writer takes its turn at once: one that began as a reader could be refused halfway."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(connection: Connection) -> None:
    """Bring the tables to SCHEMA_VERSION, inside the caller's transaction."""
    from alembic import command  # noqa: PLC0415  only a database that is new or old pays for loading it
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _MIGRATIONS.as_posix().replace("%", "%%"))
    command.upgrade(config, SCHEMA_VERSION)
