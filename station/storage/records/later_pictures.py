"""Pictures that come to the record of a part later: somebody has said something of it."""

from collections.abc import Mapping
from itertools import chain

from sqlalchemy import insert, select

from station.domain.inspection import PartKey
from station.domain.shift import StoredPicture
from station.storage.engine.database import Database
from station.storage.pictures.encoding import Role
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.rows import values_of_pictures
from station.storage.records.tables import PartRow, PartViewRow, PictureRow


class LaterPictures:
    """Adds pictures to recorded parts. Any thread may; one at a time."""

    def __init__(self, database: Database, pictures: PictureStore) -> None:
        self._database = database
        self._pictures = pictures

    def add(self, key: PartKey, files: Mapping[int, Mapping[Role, bytes]]) -> bool:
        """Make pictures of a recorded part durable: first the files, then their rows in one transaction.

        Args:
            key: The part.
            files: The picture files of its views, by the views' places. What the record has already is left out.

        Returns:
            Whether the part has a record.

        Raises:
            StorageError: The disk refused. The record is as it was.
        """
        with self._database.reading() as connection:
            part = connection.execute(
                select(PartRow.triggered_at).where(PartRow.run_id == key.run_id, PartRow.number == key.part)
            ).first()
            views = select(PartViewRow.view, PartViewRow.name)
            views = views.where(PartViewRow.run_id == key.run_id, PartViewRow.number == key.part)
            names = [(row.view, row.name) for row in connection.execute(views.order_by(PartViewRow.view))]
            there = select(PictureRow.view, PictureRow.role)
            there = there.where(PictureRow.run_id == key.run_id, PictureRow.number == key.part)
            has = {(row.view, Role(row.role)) for row in connection.execute(there)}
        if part is None:
            return False
        wanted = [
            (name, {role: each for role, each in files.get(place, {}).items() if (place, role) not in has})
            for place, name in names
        ]
        stored = self._pictures.write_pictures(key, part.triggered_at, wanted)
        self._insert(key, [dict(each) for each in stored])
        return True

    def _insert(self, key: PartKey, stored: list[dict[Role, StoredPicture]]) -> None:
        if any(chain.from_iterable(stored)):
            with self._database.writing() as connection:
                connection.execute(insert(PictureRow), values_of_pictures(key, stored))
