"""How the station's values lie in a database: types that SQLite keeps strictly and PostgreSQL knows too."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import REAL, BigInteger, Dialect, Double, Integer, Text, TypeDecorator

WHOLE = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit integer; STRICT tables of SQLite know it as INTEGER."""

NUMBER: Double[float] = Double().with_variant(REAL(), "sqlite")
"""A 64-bit float; STRICT tables of SQLite know it as REAL."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """The moment as whole microseconds since 1970, UTC.

    Raises:
        ValueError: The moment has no time zone, so nobody can say when it was.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return (moment - _EPOCH) // _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """A moment, stored as UTC integer microseconds: ordered, exact, and free of any zone's clock changes."""

    impl = WHOLE
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Words(TypeDecorator[str]):
    """Text from people, files and devices.

    What no database can keep is spelt out rather than refused, so that a hostile file name cannot
    stop a record: NUL becomes its picture U+2400, a broken surrogate its escape.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.replace("\0", "\u2400").encode("utf-8", "backslashreplace").decode("utf-8")
