"""The rows of a station, as its plant must have them."""

from sqlalchemy import text

from station.storage.engine.database import Database
from station.storage.plant.sent_tables import SentTable, sent_tables

Rows = dict[str, list[tuple[object, ...]]]


def rows_in(database: Database) -> Rows:
    """Every row that goes to the plant, as the plant has it."""
    with database.reading() as connection:
        return {
            table.name: sorted(
                (table.without_secrets(tuple(row)) for row in connection.execute(text(_all(table)))), key=repr
            )
            for table in sent_tables()
        }


def _all(table: SentTable) -> str:
    columns = ", ".join('"' + name + '"' for name in table.columns)
    return f"SELECT {columns} FROM {table.name}"
