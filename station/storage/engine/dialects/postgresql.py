"""PostgreSQL: how a schema of it is opened, how a transaction begins, and what its errors mean to people."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, OperationalError, ProgrammingError

from station.domain.errors import BadInputError, StorageError

NAME = "postgresql"
_MY_TURN = "SELECT pg_advisory_xact_lock(hashtext(current_schema()))"
_CONNECT_WITHIN_S, _GIVEN_UP_AFTER_MS = 5, 15_000
_OF_CONTENT = ("23", "42", "XX")
_WHY = {
    "53100": "the disk of the server is full",
    "53200": "the server has too little memory",
    "53300": "the server has no connection left",
    "57P01": "the server was shut down",
    "57P02": "the server fell over",
    "57P03": "the server is not ready yet",
    "25006": "the server can only be read",
    "42501": "this user has too few rights there",
}


class ServerAwayError(StorageError):
    """The server does not answer now. What could not be sent waits on the station."""

    advice = "Check the network and the server. The station tries again by itself."


class ServerRefusesError(StorageError):
    """The server answers, and refuses: waiting does not help."""

    advice = "Correct [plant] database in station.toml, or ask who looks after the server."


def open_engine(url: URL, schema: str) -> Engine:
    """Return an engine whose tables lie in one schema of the server; the schema is made if it is missing.

    Raises:
        ServerAwayError: Nobody answers.
        ServerRefusesError: The server refuses the user, or the user may not make the schema.
        BadInputError: The driver is not installed.
    """
    options = {
        "options": f"-c search_path={schema} -c client_encoding=UTF8 -c idle_in_transaction_session_timeout=600000",
        "connect_timeout": _CONNECT_WITHIN_S,
        "tcp_user_timeout": _GIVEN_UP_AFTER_MS,
        "application_name": "lineside",
    }
    _make_schema(url, options, schema)
    engine = create_engine(url, connect_args=options, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _make_schema(url: URL, options: dict[str, object], schema: str) -> None:
    """Make the schema before anything asks which one is the present one."""
    try:
        first = create_engine(url, connect_args=options, hide_parameters=True)
    except ModuleNotFoundError as error:
        remedy = "In the folder of Lineside: pip install '.[plant]' -c installer/constraints.txt"
        raise BadInputError("The driver for PostgreSQL is not installed.", remedy) from error
    try:
        with faults_named(shown(url)), first.begin() as connection:
            there = text("SELECT count(*) FROM pg_namespace WHERE nspname = :schema")
            if not connection.execute(there, {"schema": schema}).scalar_one():
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lineside'))"))
                connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    finally:
        first.dispose()


def shown(url: URL) -> str:
    """Return the address for people: never with the password, neither in its place nor among the options."""
    return URL.create(url.drivername, url.username, None, url.host, url.port, url.database).render_as_string()


def for_writing(engine: Engine) -> Engine:
    """Return the same engine for transactions that write."""
    return engine.execution_options(writes=True)


def append_only(table: str, number: str, unique: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the statements after which the server refuses to change or remove a row of a table, whoever asks.

    Args:
        table: The table.
        number: Its key. A new row must have a higher one than every other row.
        unique: Columns that no two rows have together.
    """
    refuse = f"RAISE EXCEPTION 'rows of {table} are only added' USING ERRCODE = '23000'"
    same = " AND ".join(f"{column} = NEW.{column}" for column in unique)
    taken = f"{number} >= NEW.{number}" + (f" OR ({same})" if unique else "")
    earlier = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # noqa: S608 - names of the program
    each = f"ON {table} FOR EACH ROW EXECUTE FUNCTION {table}"
    function = "RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS"
    return (
        f"CREATE FUNCTION {table}_refuses() {function} $$ BEGIN {refuse}; END $$",
        f"CREATE FUNCTION {table}_looks() {function} $$ BEGIN IF {earlier} THEN {refuse}; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE {each}_refuses()",
        f"CREATE TRIGGER {table}_never_shrinks BEFORE DELETE {each}_refuses()",
        f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuses()",
        f"CREATE TRIGGER {table}_grows_at_its_end BEFORE INSERT {each}_looks()",
    )


def find_damage(connection: Connection) -> tuple[str, ...]:
    """Return the foreign keys that the server has not verified; empty when all are. It looks after its own pages."""
    open_keys = text(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint "
        "WHERE NOT convalidated AND connamespace = current_schema()::regnamespace"
    )
    return tuple(f"{name} of {table} was never verified" for table, name in connection.execute(open_keys))


def copy_into(_connection: Connection, path: Path) -> None:
    """Refuse: the server's own tools make its backups.

    Raises:
        StorageError: Always.
    """
    raise StorageError(f"A database on a server is not copied into the file {path}: use pg_dump there.")


@contextmanager
def faults_named(place: Path | str) -> Iterator[None]:
    """Turn what the driver reports about the server into a sentence for people.

    A broken rule of the tables and a value that no column accepts pass through, for the caller to name.

    Args:
        place: The address as it may be shown.

    Raises:
        ServerAwayError: The server does not answer now.
        ServerRefusesError: It answers and refuses.
    """
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except OperationalError as error:
        kind = ServerRefusesError if _is_refusal(error) else ServerAwayError
        raise kind(f"The database {place} cannot be used: {_reason(error)}.") from error
    except ProgrammingError as error:
        if not _state(error):
            raise  # a value that the driver cannot send, for the caller to name
        raise ServerRefusesError(f"The database {place} cannot be used: {_reason(error)}.") from error
    except DatabaseError as error:
        raise ServerAwayError(f"The database {place} cannot be used: {_reason(error)}.") from error


def fault_of_content(error: DatabaseError) -> str:
    """Return why a table cannot be used because of what it holds or is; "" if the server or the network is why."""
    return _reason(error) if _state(error)[:2] in _OF_CONTENT else ""


def _state(error: DatabaseError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _is_refusal(error: OperationalError) -> bool:
    """Return whether the server answered at the log-in: the driver gives no state then, only the server's line."""
    return "FATAL:" in str(error.orig) and not _state(error) and "starting up" not in str(error.orig)


def _reason(error: DatabaseError) -> str:
    """Return why, in one line: ours if it is known, else the server's own."""
    if (known := _WHY.get(_state(error))) is not None:
        return known
    said = str(error.orig)
    if "password authentication failed" in said or "no password supplied" in said:
        return "the server refuses this user or password"
    first = next((line for line in said.splitlines() if line.strip()), "no reason was given")
    return first.rsplit("FATAL:", 1)[-1].strip().rstrip(".")


def begin_to_add(connection: Connection) -> None:
    """Begin a transaction that writes, past SQLAlchemy; a writer waits for its turn here."""
    connection.connection.cursor().execute(_MY_TURN)


def _begin(connection: Connection) -> None:
    """Begin a transaction. Writers of one schema write in turn, as in a file; a reader sees one state throughout."""
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql(_MY_TURN)
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
