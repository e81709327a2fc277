"""Who froze which version of a working set, and when; what it holds lies in its own folder."""

from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from station.domain.dataset import FrozenVersion
from station.storage.engine.database import Database
from station.storage.learning.dataset_tables import FrozenVersionRow


class FrozenVersions:
    """The frozen versions of every product."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, version: FrozenVersion) -> FrozenVersion:
        """Keep a version, and return it as it was frozen first.

        Raises:
            StorageError: The disk refused it.
        """
        try:
            with self._database.writing() as connection:
                connection.execute(insert(FrozenVersionRow), asdict(version))
        except IntegrityError:
            found = (each for each in self.of(version.product, version.view) if each.version == version.version)
            return next(found)
        return version

    def of(self, product: str, view: str) -> tuple[FrozenVersion, ...]:
        """Return the versions of a working set, the newest first."""
        row = FrozenVersionRow
        columns = select(
            row.product, row.view, row.version, row.good, row.defects, row.learned, row.frozen_at, row.frozen_by
        )
        mine = columns.where(row.product == product, row.view == view).order_by(row.frozen_at.desc())
        with self._database.reading() as connection:
            return tuple(FrozenVersion(*found) for found in connection.execute(mine))
