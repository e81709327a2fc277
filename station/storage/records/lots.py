"""Which lot and which order are made; the history says who set them, and when."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from station.domain.lot_order import NO_LOT, LotOrder
from station.storage.engine.database import Database
from station.storage.records.tables import LotChangeRow

_NEWEST = select(LotChangeRow.step, LotChangeRow.lot, LotChangeRow.order).order_by(LotChangeRow.step.desc()).limit(1)


class Lots:
    """The lots and orders that were set, one after the other."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, wanted: LotOrder, person: str, at: datetime) -> None:
        """Keep what is set from now on.

        Raises:
            StorageError: The disk refused it.
        """
        row = {"at": at, "lot": wanted.lot, "order": wanted.order, "person": person}
        with self._database.writing() as connection:
            connection.execute(insert(LotChangeRow), row)

    def newest(self) -> tuple[int, LotOrder]:
        """Return the newest step, and what was set in it; step 0 and nothing before the first."""
        with self._database.reading() as connection:
            return _newest(connection)


def _newest(connection: Connection) -> tuple[int, LotOrder]:
    row = connection.execute(_NEWEST).one_or_none()
    return (0, NO_LOT) if row is None else (row.step, LotOrder(row.lot, row.order))
