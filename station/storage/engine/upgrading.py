"""Brings the tables of a database to a newer version, without the loss of a row."""

from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table

from station.domain.errors import StorageError

MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(connection: Connection, version: str) -> None:
    """Bring the tables to this version, inside the caller's transaction.

    Raises:
        StorageError: A migration would lose rows; the transaction has to end without a commit.
    """
    from alembic import command  # noqa: PLC0415 - only a new or an old database pays for loading it
    from alembic.config import Config  # noqa: PLC0415

    before = _rows(connection)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
    command.upgrade(config, version)
    _require_kept(before, _rows(connection))


def _rows(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each table."""
    names = inspect(connection).get_table_names()
    return {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}


def _require_kept(before: dict[str, int], after: dict[str, int]) -> None:
    """Undo a migration that lost rows: it ends the transaction by an error, and the file stays as it was."""
    for name, rows in before.items():
        if after.get(name, 0) < rows:
            raise StorageError(f"Table {name} had {rows} rows, and would have {after.get(name, 0)} in the new version.")
