"""The side of the plant: the schema of one station, and what it has received."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, column, delete, insert, select, table, tuple_, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DataError, IntegrityError

from station.domain.errors import BadInputError
from station.storage.engine.database import Database
from station.storage.plant.sent_tables import Row, SentTable, sent_tables
from station.storage.plant.tables import ReceivedRow


class OtherRecordsError(BadInputError):
    """The plant has records under the name of this station that this workspace did not send."""

    advice = (
        "If this workspace is a copy of another one, give it no plant. If its records were put back from a copy, run "
        "'linesidectl plant resend --reason ...': what the plant has now is kept there under another name."
    )


@dataclass(frozen=True, slots=True)
class Received:
    """What the plant has of this station.

    Attributes:
        token: Of the last batch; "" before the first.
        step: The last step of the station's journal in it.
        copying: The table that is being copied; "" when all are.
        copied_key: The last key of it; None before its first row.
    """

    token: str
    step: int
    copying: str
    copied_key: Row | None


class Plant:
    """The schema of one station in the database of the plant."""

    def __init__(self, database: Database, station: str) -> None:
        """Use its schema.

        Args:
            database: The schema, opened.
            station: What people call the station.
        """
        self._database = database
        self._station = station

    def received(self) -> Received | None:
        """Return how far the plant is; None if it has nothing of this station."""
        with self._database.reading() as connection:
            return _received(connection)

    def take(
        self,
        expected: str,
        now: Received,
        rows: dict[str, list[Row]],
        removed: dict[str, list[Row]],
        at: datetime,
    ) -> None:
        """Write a batch and the note that it was received, in one transaction.

        Args:
            expected: The token that the plant must have before it; "" if it has none.
            now: What is noted with it.
            rows: Of each table, whole rows; what is there with the same key is replaced.
            removed: Keys of rows that go.
            at: The time, UTC.

        Raises:
            OtherRecordsError: Somebody else has sent under this name meanwhile, or a row contradicts what is there.
                Nothing was written.
            StorageError: The server refused it, or went away: it may have been written or not.
        """
        with _contradictions_named(), self._database.writing() as connection:
            before = _received(connection)
            if (before.token if before else "") != expected:
                raise other_records()
            for sent in reversed(sent_tables()):
                _remove(connection, sent, removed.get(sent.name, ()))
            for sent in sent_tables():
                _write(connection, sent, rows.get(sent.name, ()))
            values = {"number": 1, "token": now.token, "step": now.step, "copying": now.copying, "at": at,
                      "copied_key": json.dumps(now.copied_key) if now.copied_key else "",
                      "station": self._station}  # fmt: skip
            connection.execute(insert(ReceivedRow) if before is None else update(ReceivedRow), values)

    def count(self, name: str) -> int:
        """Return how many rows of a table the plant has."""
        with self._database.reading() as connection:
            counted = connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - a name of ours
            return int(counted.scalar_one())

    def set_aside(self, at: datetime) -> str:
        """Give what is there another name, so that all can be sent again. Return the name.

        Raises:
            StorageError: The server refused it, or went away.
        """
        with self._database.writing() as connection:
            here = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
            kept = f"{here}_until_{at:%Y%m%dT%H%M%S}"
            connection.exec_driver_sql(f'ALTER SCHEMA "{here}" RENAME TO "{kept}"')
        return kept

    def close(self) -> None:
        """Close all connections."""
        self._database.close()


@contextmanager
def _contradictions_named() -> Iterator[None]:
    """Name what would come back at every try: the sender must not fall over it again and again."""
    try:
        yield
    except (IntegrityError, DataError) as error:
        why = str(error.orig).partition("\n")[0].rstrip(".")
        raise OtherRecordsError(f"The plant refuses a record of this station: {why}.") from error


def other_records() -> OtherRecordsError:
    """Return the refusal to mix two histories."""
    return OtherRecordsError("The plant has other records of this station than this workspace has sent.")


def _received(connection: Connection) -> Received | None:
    columns = select(ReceivedRow.token, ReceivedRow.step, ReceivedRow.copying, ReceivedRow.copied_key)
    row = connection.execute(columns).one_or_none()
    if row is None:
        return None
    return Received(row.token, row.step, row.copying, tuple(json.loads(row.copied_key)) if row.copied_key else None)


def _remove(connection: Connection, sent: SentTable, keys: Sequence[Row]) -> None:
    if keys:
        there = table(sent.name, *map(column, sent.key))
        connection.execute(delete(there).where(tuple_(*there.c).in_(keys)))


def _write(connection: Connection, sent: SentTable, rows: Sequence[Row]) -> None:
    """Write rows of one table, without the secrets that stay on the station."""
    if not rows:
        return
    statement = postgresql.insert(table(sent.name, *map(column, sent.columns)))
    others = {name: statement.excluded[name] for name in sent.columns if name not in sent.key}
    if not sent.only_grows:  # a row of the others comes once, which the table itself sees to
        statement = statement.on_conflict_do_update(index_elements=sent.key, set_=others) if others else (
            statement.on_conflict_do_nothing(index_elements=sent.key)
        )  # fmt: skip
    values = [dict(zip(sent.columns, sent.without_secrets(row), strict=True)) for row in rows]
    connection.execute(statement, values)
