"""The database of one station: opened, brought to the present tables, and used in transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from station.domain.errors import BadInputError, StorageError
from station.storage.engine.dialects import sqlite
from station.storage.engine.schema import SCHEMA_VERSION

_MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """An open database. Safe from any thread: each transaction has a connection of its own."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._reader = engine
        self._writer = sqlite.for_writing(engine)
        self.path = path

    @classmethod
    def open(cls, path: Path) -> "Database":
        """Open the database at `path`: it is made if it does not exist, and migrated if it is older.

        Raises:
            BadInputError: A newer version or another program made it. Nothing was changed.
            StorageError: It cannot be opened, or is damaged. The file is kept as it is.
        """
        database = cls(sqlite.open_engine(path), path)
        try:
            database._migrate()
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the records, whatever is written meanwhile."""
        with sqlite.faults_named(self.path), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is durable on the disk when the block ends, or has changed nothing.

        Raises:
            StorageError: The file cannot be used now, or is damaged.
            sqlalchemy.exc.IntegrityError: A rule of the tables is broken; the caller names it.
            sqlalchemy.exc.StatementError, OverflowError: A column does not accept a value; the caller names it.
        """
        with sqlite.faults_named(self.path), self._writer.begin() as connection:
            yield connection

    def find_damage(self) -> tuple[str, ...]:
        """Return what the database engine itself finds wrong with the file; empty when it is sound."""
        try:
            with self.reading() as connection:
                return sqlite.find_damage(connection)
        except StorageError as error:
            return (error.sentence,)

    def close(self) -> None:
        """Close all connections. Closing twice is allowed."""
        self._reader.dispose()

    def _migrate(self) -> None:
        if self._version() != SCHEMA_VERSION:
            with self.writing() as connection:
                _upgrade(connection)

    def _version(self) -> str | None:
        """Return the version of the tables in the file; None for a file without tables."""
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


def _upgrade(connection: Connection) -> None:
    """Bring the tables to SCHEMA_VERSION, inside the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - only a new or an old database pays for loading it
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _MIGRATIONS.as_posix().replace("%", "%%"))
    command.upgrade(config, SCHEMA_VERSION)
