"""Whether this station has a journal for a plant: asked at every start, so little is loaded for it."""

from sqlalchemy import select

from station.storage.engine.database import Database
from station.storage.plant.tables import SendingRow


def has_journal(database: Database) -> bool:
    """Return whether changes are noted in this database.

    Raises:
        StorageError: It cannot be read.
    """
    with database.reading() as connection:
        return connection.execute(select(SendingRow.number)).first() is not None
