"""Where a view of a product is inspected, drawn before it has a recipe; the history says who drew it."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.inspected_place import DrawnPlace, InspectedPlace
from station.domain.part_location import SearchRange
from station.storage.engine.database import Database
from station.storage.learning.dataset_tables import PlaceToTeachRow


class PlacesToTeach:
    """The place that was drawn last for each view of each product."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, product: str, view: str, place: InspectedPlace, person: str, at: datetime) -> None:
        """Keep a place, which is in force from now on.

        Raises:
            StorageError: The disk refused it.
        """
        content = json.dumps(asdict(place), separators=(",", ":"))
        row = {"product": product, "view": view, "content": content, "person": person, "at": at}
        with self._database.writing() as connection:
            connection.execute(insert(PlaceToTeachRow), row)

    def of(self, product: str, view: str) -> DrawnPlace | None:
        """Return the place that was drawn last; None before the first."""
        row = PlaceToTeachRow
        mine = select(row.content, row.at).where(row.product == product, row.view == view)
        with self._database.reading() as connection:
            found = connection.execute(mine.order_by(row.step.desc()).limit(1)).one_or_none()
        return None if found is None else DrawnPlace(_place(json.loads(found.content)), found.at)


def _place(fields: dict[str, Any]) -> InspectedPlace:
    roi, ignore, search = fields["roi"], fields["ignore"], fields.get("search")
    return InspectedPlace(
        RegionOfInterest(**roi) if roi else None,
        IgnoreMask(**ignore) if ignore else None,
        SearchRange(**search) if search else None,
    )
