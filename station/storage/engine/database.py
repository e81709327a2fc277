"""The database of one station: opened, brought to the present tables, and used in transactions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, Table, inspect, text
from sqlalchemy.exc import OperationalError

from station.domain.errors import BadInputError, StorageError
from station.storage.engine.dialects import postgresql, sqlite
from station.storage.engine.dialects.dialect import Dialect
from station.storage.engine.dialects.sqlite import DamagedDatabaseError
from station.storage.engine.prepared import RowAdder, insert_rows
from station.storage.engine.private_copy import private_copy
from station.storage.engine.schema import SCHEMA_VERSION
from station.storage.engine.transaction import OfThread, Transaction
from station.storage.engine.upgrading import upgrade

_OF_EVERY_VERSION = frozenset({"alembic_version", "run", "part", "event", "recipe"})
PUT_BACK = "Put a copy of station.db back, or choose another workspace for a new station."

Check = Callable[["Database"], None]
"""Reads the records before anything is changed; raises StationError to refuse them."""


class RecordsLostError(StorageError):
    """The records are gone, or are older than what lies beside them. Nothing was changed."""

    advice = PUT_BACK
    for_operator = "The station's records are not there. Call the engineer."


class ForeignDatabaseError(BadInputError):
    """The file belongs to another program, or to a newer version of this one. Nothing was changed."""

    advice = "Choose another workspace."


UNUSABLE = (RecordsLostError, ForeignDatabaseError, DamagedDatabaseError)
"""The records cannot be used as they are; trying again, or reading only, does not help."""


class Database:
    """An open database. Safe from any thread: each transaction has a connection of its own.

    A thread has at most one transaction that writes. Whatever it reads and writes meanwhile belongs to it:

        with database.writing():
            recipes.set_state(...)
            audit.append(...)  # both are on the disk afterwards, or neither is

    Attributes:
        path: The file.
        is_copy: What is written goes into a private copy of it, and is gone with that.
    """

    def __init__(self, engine: Engine, path: Path, dialect: Dialect = sqlite, place: str = "") -> None:
        """Take over an engine.

        Args:
            engine: Where the tables are.
            path: The file; of a database on a server, the name that files beside it are made of.
            dialect: What the engine is.
            place: The address of a server, for people.
        """
        self._dialect = dialect
        self._place = place
        self._reader = engine
        self._writer = dialect.for_writing(engine)
        self._adder = RowAdder(self._writer, dialect.begin_to_add)
        self._held = ExitStack()
        self._mine = OfThread()
        self.path = path
        self.is_copy = False

    @classmethod
    def open(cls, path: Path, *, may_begin: bool = True, check: Check = lambda _: None) -> "Database":
        """Open the database at `path`: it is migrated if it is older.

        Args:
            path: The file.
            may_begin: Make the database if the file does not exist or is empty.
            check: Called with the records as they are, before anything is changed.

        Raises:
            RecordsLostError: There is no database, and none may be begun.
            ForeignDatabaseError: A newer version or another program made it. Nothing was changed.
            DamagedDatabaseError: The file is damaged, and was kept as it is.
            StorageError: It cannot be opened.
        """
        if not may_begin:
            _require_begun(path)
        if sqlite.is_begun(path):
            _look_at(path, may_begin=may_begin, check=check)
        database = cls(sqlite.open_engine(path), path)
        return database._present()

    @classmethod
    def on_server(cls, url: URL, schema: str, path: Path) -> "Database":
        """Open one schema of a server: it is made, or migrated if it is older.

        Args:
            url: The address of the database, with user and password; never in a sentence.
            schema: What the tables of this station are kept under, letters, digits and low lines.
            path: The name that files beside the records are made of.

        Raises:
            ServerAwayError: The server does not answer now.
            ServerRefusesError: The server refuses the user, or the user has too few rights.
            ForeignDatabaseError: A newer version or another program made the tables. Nothing was changed.
        """
        engine = postgresql.open_engine(url, schema)
        return cls(engine, path, postgresql, postgresql.shown(url))._present()

    @classmethod
    def open_to_read(cls, path: Path, check: Check = lambda _: None) -> "Database":
        """Open the database at `path` and change nothing: on a disk that is full or can only be read, too.

        Raises:
            RecordsLostError, ForeignDatabaseError, DamagedDatabaseError, StorageError: As `open`.
        """
        _require_begun(path)
        database = _readable(path)
        try:
            version = database._version(may_begin=False)
            check(database)
        except BaseException:
            database.close()
            raise
        if version == SCHEMA_VERSION:
            return database
        database.close()
        return _copied(path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the records, whatever is written meanwhile."""
        with self._faults_named():
            if (mine := self._mine.transaction) is not None:
                yield mine.connection
            else:
                with self._reader.begin() as connection:
                    yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is durable on the disk when the block ends, or has changed nothing.

        Inside another one of this thread it is a part of that: durable when the outer block ends.

        Raises:
            StorageError: The file cannot be used now, or is damaged.
            sqlalchemy.exc.IntegrityError: A rule of the tables is broken; the caller names it.
            sqlalchemy.exc.StatementError, OverflowError: A column does not accept a value; the caller names it.
        """
        if (mine := self._mine.transaction) is not None:
            with mine.joined() as connection:
                yield connection
            return
        with self._faults_named(), self._writer.begin() as connection:
            self._mine.transaction = mine = Transaction(connection, self._faults_named)
            try:
                yield connection
                mine.require_whole()
            finally:
                self._mine.transaction = None
        for follow in mine.afterwards:
            follow()

    def add(self, rows: Sequence[tuple[Table, Sequence[Mapping[str, object]]]]) -> None:
        """Add rows to tables, all or none, durably: the quick way of the running line.

        Inside a transaction of this thread they are a part of that.

        Raises:
            StorageError, sqlalchemy.exc.StatementError, OverflowError: As `writing`.
        """
        if self._mine.transaction is None:
            with self._faults_named():
                self._adder.add(rows)
            return
        with self.writing() as connection:
            for table, each in rows:
                insert_rows(connection, table, each)

    @property
    def is_written(self) -> bool:
        """Return whether this thread is inside a transaction that writes."""
        return self._mine.transaction is not None

    def when_durable(self, follow: Callable[[], None]) -> None:
        """Call `follow` when what this thread has written is durable: at once if no transaction of it is open.

        It is not called if the transaction comes to nothing.
        """
        if (mine := self._mine.transaction) is None:
            follow()
        else:
            mine.afterwards.append(follow)

    def copy_to(self, path: Path) -> None:
        """Copy the records as they are now into a new file, while others read and write.

        Raises:
            StorageError: They cannot be read, or the new file cannot be written.
        """
        with self.reading() as connection:
            self._dialect.copy_into(connection, path)

    def find_damage(self) -> tuple[str, ...]:
        """Return what the database engine itself finds wrong with the file; empty when it is sound."""
        try:
            with self.reading() as connection:
                return self._dialect.find_damage(connection)
        except StorageError as error:
            return (error.sentence,)

    def close(self) -> None:
        """Close all connections. Closing twice is allowed."""
        self._adder.close()
        self._reader.dispose()
        self._held.close()

    def _present(self) -> "Database":
        """Return it with the present tables, or close it and say why not."""
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise
        return self

    def _faults_named(self) -> AbstractContextManager[None]:
        return self._dialect.faults_named(self._place or self.path)

    def _migrate(self) -> None:
        if self._version() != SCHEMA_VERSION:
            with self.writing() as connection:
                upgrade(connection, SCHEMA_VERSION)

    def _version(self, *, may_begin: bool = True) -> str | None:
        """Return the version of the tables in the file; None for a file without tables."""
        with self.reading() as connection:
            return _version(connection, self._place or str(self.path), may_begin=may_begin)


def _require_begun(path: Path) -> None:
    if not sqlite.is_begun(path):
        raise RecordsLostError(f"{path} is {'empty' if path.exists() else 'missing'}.")


def _look_at(path: Path, *, may_begin: bool, check: Check) -> None:
    """Examine an existing file without changing it."""
    with sqlite.faults_named(path):
        try:
            engine = sqlite.open_to_read(path)
        except OperationalError:
            return  # locked or on a difficult disk: opening it for writing says what is wrong
        database = Database(engine, path)
        try:
            if database._version(may_begin=may_begin) is not None:
                check(database)
        finally:
            database.close()


def _version(connection: Connection, path: str, *, may_begin: bool) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        if not may_begin:
            raise RecordsLostError(f"{path} has no tables.")
        return None
    own = tables >= _OF_EVERY_VERSION
    versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() if own else ()
    if len(versions) != 1:
        raise ForeignDatabaseError(f"{path} is a database of another program.")
    version = str(versions[0])
    if version > SCHEMA_VERSION:
        raise ForeignDatabaseError(
            f"{path} has tables of version {version}, but this program knows them up to {SCHEMA_VERSION}.",
            "Start the newer version of Lineside that wrote it, or choose another workspace.",
        )
    return version


def _readable(path: Path) -> Database:
    """Return the database opened by the first way that this disk allows."""
    with sqlite.faults_named(path):
        try:
            return Database(sqlite.open_to_read(path), path)
        except OperationalError:
            if sqlite.is_begun(sqlite.log_of(path)):
                return _copied(path)
            return Database(sqlite.open_unchanging(path), path)


def _copied(path: Path) -> Database:
    """Return a private copy, brought to the present tables: the records on the disk stay as they are."""
    with ExitStack() as held:
        copy = held.enter_context(private_copy(path, sqlite.log_of(path)))
        database = Database.open(copy, may_begin=False)
        database._held, database.path, database.is_copy = held.pop_all(), path, True
        return database
