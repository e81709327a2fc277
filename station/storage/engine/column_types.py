"""How the station's values lie in a database: types that SQLite keeps strictly and PostgreSQL knows too."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect, Double, Text, TypeDecorator

from station.domain.errors import StorageError
from station.storage.engine.dialects import sqlite

INTEGER_64 = sqlite.integer_of_strict_tables(BigInteger())
FLOAT_64 = sqlite.float_of_strict_tables(Double())

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return the moment as whole microseconds since 1970, UTC.

    Raises:
        ValueError: The moment has no time zone, so it could mean several moments.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return (moment - _EPOCH) // _MICROSECOND


class UtcTime(TypeDecorator[datetime]):
    """A moment, stored as UTC integer microseconds: ordered, exact, and independent of any clock change."""

    impl = INTEGER_64
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the value for the database."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the value from the database.

        Raises:
            StorageError: No moment has this value: another program wrote it.
        """
        try:
            return None if value is None else _EPOCH + timedelta(microseconds=value)
        except OverflowError as error:
            raise StorageError(f"The records have a time that does not exist: {value}.") from error


class AnyText(TypeDecorator[str]):
    """Text from people, files and devices.

    Characters that no database can store are written as an escape, so that a hostile file name cannot stop a record:
    NUL becomes its picture U+2400, and half of a surrogate pair becomes its escape.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the value for the database."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """Return the text as it is stored; see `AnyText`."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\u2400").encode("utf-8", "backslashreplace").decode("utf-8")
