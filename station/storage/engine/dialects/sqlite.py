"""SQLite: how its file is opened and checked, how a transaction begins, and what its errors mean to people."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote_from_bytes

from sqlalchemy import (
    REAL,
    BigInteger,
    Connection,
    Double,
    Engine,
    Integer,
    QueuePool,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, OperationalError, ProgrammingError

from station.domain.disk import FULL
from station.domain.errors import StorageError

NAME = "sqlite"
_LEAST_FREE = 64 * 1024
"""Bytes; with fewer, SQLite cannot make its log and the index of it."""
_BEGIN_TO_WRITE = "BEGIN IMMEDIATE"
_BUSY_MS, _ASK_AGAIN_S = 10_000, 0.01
_WRITING = (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_READING = (f"busy_timeout={_BUSY_MS}", "query_only=ON", "temp_store=MEMORY")
_OF_CONTENT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR,
                         sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH})  # fmt: skip
_UNREADABLE = frozenset({sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ})
_DAMAGED = (
    "Stop the line, and make a new workspace from the last backup and from all that can still be read: "
    "linesidectl restore BACKUPS --salvage THIS_WORKSPACE --workspace NEW. The file is left as it is."
)


class DamagedDatabaseError(StorageError):
    """The file is not a database, or no longer one."""

    advice = _DAMAGED


def open_engine(path: Path) -> Engine:
    """Return an engine for the file at `path`; SQLite makes the file at the first connection.

    The path goes to SQLite as it is. In an address, "%20", "?" and "#" would have a meaning, and the records of a
    station in the folder `Line%204` would lie in the folder `Line 4`.
    """
    return _engine(partial(sqlite3.connect, path, check_same_thread=False), _WRITING)


def open_to_read(path: Path) -> Engine:
    """Return an engine that changes nothing: neither the file, nor another one if the disk can help it.

    Raises:
        OperationalError: The file cannot be read so, for example because its log cannot be followed on this disk.
    """
    return _tried(partial(sqlite3.connect, _address(path, "mode=ro"), uri=True, check_same_thread=False))


def open_unchanging(path: Path) -> Engine:
    """Return an engine for a file that no program changes and that has no log: it needs no lock and no other file.

    Raises:
        OperationalError: The file cannot be read.
    """
    return _tried(partial(sqlite3.connect, _address(path, "immutable=1"), uri=True, check_same_thread=False))


def log_of(path: Path) -> Path:
    """Return the file beside the database that holds its newest transactions."""
    return path.with_name(f"{path.name}-wal")


def is_begun(path: Path) -> bool:
    """Return whether there is a file with any content."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def _address(path: Path, options: str) -> str:
    """Return the path as an address with every byte that has a meaning there escaped, also those that are no UTF-8."""
    place = path.absolute().as_posix()
    return f"file://{'' if place.startswith('/') else '/'}{quote_from_bytes(os.fsencode(place))}?{options}"


def _tried(connect: Callable[[], sqlite3.Connection]) -> Engine:
    """Return an engine after its first reading."""
    engine = _engine(connect, _READING)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master"))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _engine(connect: Callable[[], sqlite3.Connection], pragmas: Sequence[str]) -> Engine:
    engine = create_engine(f"{NAME}://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "connect", partial(_prepare, pragmas))
    event.listen(engine, "begin", _begin)
    return engine


def for_writing(engine: Engine) -> Engine:
    """Return the same engine for transactions that write."""
    return engine.execution_options(writes=True)


def begin_to_add(connection: Connection) -> None:
    """Begin a transaction that writes, past SQLAlchemy; a writer waits for its turn here."""
    connection.connection.cursor().execute(_BEGIN_TO_WRITE)


def table_options(*, never_reuse_ids: bool) -> dict[str, bool]:
    """Return the options of a table whose values SQLite checks against the types of their columns.

    Args:
        never_reuse_ids: The number of a deleted row is never given to another one.
    """
    return {f"{NAME}_strict": True, f"{NAME}_autoincrement": never_reuse_ids}


def integer_of_strict_tables(column_type: BigInteger) -> BigInteger:
    """Return the 64-bit integer with the name that a STRICT table of SQLite accepts: INTEGER."""
    return column_type.with_variant(Integer(), NAME)


def float_of_strict_tables(column_type: Double[float]) -> Double[float]:
    """Return the 64-bit float with the name that a STRICT table of SQLite accepts: REAL."""
    return column_type.with_variant(REAL(), NAME)


def append_only(table: str, number: str, unique: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the statements after which SQLite refuses to change or remove a row of a table, whoever asks.

    Args:
        table: The table.
        number: Its key. A new row must have a higher one than every other row: INSERT OR REPLACE removes a row without
            asking the trigger for DELETE.
        unique: Columns that no two rows have together, for the same reason.
    """
    refuse = f"SELECT RAISE(ABORT, 'rows of {table} are only added')"
    same = " AND ".join(f"{column} = NEW.{column}" for column in unique)
    taken = f"{number} >= NEW.{number}" + (f" OR ({same})" if unique else "")
    earlier = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # noqa: S608 - names of the program
    return (
        f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} BEGIN {refuse}; END",
        f"CREATE TRIGGER {table}_never_shrinks BEFORE DELETE ON {table} BEGIN {refuse}; END",
        f"CREATE TRIGGER {table}_grows_at_its_end BEFORE INSERT ON {table} WHEN {earlier} BEGIN {refuse}; END",
    )


def triggers_named(connection: Connection, ending: str) -> frozenset[str]:
    """Return the names of all triggers that end so."""
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
    return frozenset(name for name in names if name.endswith(ending))


def find_damage(connection: Connection) -> tuple[str, ...]:
    """Return what SQLite itself finds wrong with the file; empty when it is sound."""
    lines = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
    dangling = connection.execute(text("PRAGMA foreign_key_check")).all()
    damage = [line for line in lines if line != "ok"]
    return (*damage, *(f"row {row[1]} of {row[0]} belongs to no {row[2]}" for row in dangling))


def copy_into(connection: Connection, path: Path) -> None:
    """Copy the whole file as this transaction sees it into a new file, while others write: a reader blocks nobody.

    All pages are copied in one go: a copy in several steps begins again whenever somebody has written meanwhile.
    """
    source = connection.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)
    with closing(sqlite3.connect(path)) as target:
        source.backup(target)


@contextmanager
def faults_named(path: Path | str) -> Iterator[None]:
    """Turn what the driver reports about the file into a sentence for people.

    A broken rule of the tables and a value that no column accepts pass through, for the caller to name.

    Args:
        path: The file.

    Raises:
        StorageError: The file cannot be used now, or is damaged.
    """
    try:
        yield
    except (IntegrityError, DataError, ProgrammingError):
        raise
    except OperationalError as error:
        raise StorageError(f"The database {path} cannot be used: {_reason(Path(path), error)}.") from error
    except DatabaseError as error:
        raise DamagedDatabaseError(f"The database {path} is damaged: {error.orig}.") from error


def fault_of_content(error: DatabaseError) -> str:
    """Return why a table cannot be used because of what lies in the file; "" if the disk or another program is why.

    For example if pages were overwritten, or somebody has removed the table.
    """
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return str(error.orig) if code & 0xFF in _OF_CONTENT or code in _UNREADABLE else ""


def _reason(path: Path, error: OperationalError) -> str:
    """Return why the file cannot be used. On a full disk SQLite also fails to open its log, and names that alone."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    may_be_full = code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and path.parent.is_dir()
    full = code == sqlite3.SQLITE_FULL or (may_be_full and shutil.disk_usage(path.parent).free < _LEAST_FREE)
    return FULL if full else str(error.orig)


def _prepare(pragmas: Sequence[str], connection: sqlite3.Connection, _record: object) -> None:
    """Set up a new connection. Transactions are begun by `_begin`, never by the driver's own guess."""
    connection.isolation_level = None
    for pragma in pragmas:
        _set(connection, pragma)


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    """Set a pragma, and wait for others that set it too.

    Of several programs that begin one database, SQLite lets one change the journal, and refuses the others at once,
    without their `busy_timeout`.
    """
    give_up = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            return connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(_ASK_AGAIN_S)


def _begin(connection: Connection) -> None:
    """Begin a transaction. A writer waits for its turn here: one that begins as a reader could be refused halfway."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql(_BEGIN_TO_WRITE if writes else "BEGIN")
