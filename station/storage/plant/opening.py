"""Opens both ends of the way to the plant."""

from pathlib import Path

from station.domain.errors import BadInputError
from station.settings import PlantSettings
from station.storage.engine.database import Database, ForeignDatabaseError
from station.storage.plant.address import plant_url, schema_of
from station.storage.plant.journal import Journal
from station.storage.plant.receiving import Plant
from station.storage.plant.sending import Sender

_OTHER_TABLES = "Install the version of Lineside here that this station had when it sent last."


def open_plant(settings: PlantSettings, root: Path, station: str) -> Plant:
    """Return the schema of this station in the database of its plant; it is made, or migrated if it is older.

    Args:
        settings: Where it is.
        root: The workspace.
        station: What people call the station.

    Raises:
        BadInputError: The password cannot be read, the driver is missing, or the tables there are of a newer version.
        ServerAwayError, ServerRefusesError: As `Database.on_server`.
    """
    url = plant_url(settings, root)
    try:
        return Plant(Database.on_server(url, schema_of(root), root / "plant"), station)
    except ForeignDatabaseError as error:
        raise BadInputError(f"The plant cannot take the records: {error.sentence}", _OTHER_TABLES) from error


def send_all(journal: Journal, plant: Plant) -> int:
    """Send whatever is unsent now; return how many rows that were.

    Raises:
        StationError: As `Sender`.
    """
    sender = Sender(journal, plant)
    while sender.send_some():
        pass
    return sender.rows_sent
