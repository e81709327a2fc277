"""The address of the plant's database: its password comes from a file or the environment, and is shown nowhere."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, make_url

from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.settings import PlantSettings
from station.storage.backup.station_id import station_id
from station.storage.engine.dialects.postgresql import shown

PASSWORD_VARIABLE = "LINESIDE_PLANT_PASSWORD"
_DRIVER = "postgresql+psycopg"
_OTHERS = 0o077


def plant_url(settings: PlantSettings, root: Path, environment: Mapping[str, str] = os.environ) -> URL:
    """Return the address with its password; libpq looks into `~/.pgpass` if neither file nor environment has one.

    Raises:
        BadInputError: The file of the password cannot be read, or others may read it.
    """
    url = make_url(settings.database).set(drivername=_DRIVER)
    if settings.password_file:
        return url.set(password=_password_in(root / settings.password_file))
    return url.set(password=given) if (given := environment.get(PASSWORD_VARIABLE)) else url


def shown_address(settings: PlantSettings) -> str:
    """Return the address for people: never with a password."""
    return shown(make_url(settings.database).set(drivername=_DRIVER))


def schema_of(root: Path) -> str:
    """Return the name of the schema that this workspace alone has in the plant's database.

    Raises:
        StorageError: The disk refused to keep the station's identity.
    """
    return f"station_{station_id(root)}"


def _password_in(path: Path) -> str:
    try:
        text = path.read_text("utf-8")
        open_to_others = sys.platform != "win32" and path.stat().st_mode & _OTHERS
    except (OSError, ValueError) as error:
        why = reason_of(error) if isinstance(error, OSError) else "it is not a text"
        raise BadInputError(
            f"The password of the plant's database in {path} cannot be read: {why}.", "Correct plant.password_file."
        ) from error
    if open_to_others:
        raise BadInputError(
            f"The password in {path} may be read by other users.", f"Restrict it to its owner: chmod 600 {path}"
        )
    return text.removesuffix("\n").removesuffix("\r")
