"""What the working sets know of parts of the line, and which dataset versions show another view."""

from typing import NamedTuple

from sqlalchemy import and_, func, select

from station.domain.dataset import Label
from station.domain.inspection import PartKey
from station.storage.engine.database import Database
from station.storage.learning.dataset_tables import DatasetItemRow, DatasetLabelRow, FrozenVersionRow


class PartLabel(NamedTuple):
    """The present label of the picture of a part."""

    key: PartKey
    label: Label
    picture_sha256: str


class PartLabels:
    """Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_parts(self, product: str, view: str) -> tuple[PartLabel, ...]:
        """Return the parts of the line whose pictures of this view a person has labelled, in the order of the items."""
        item, label = DatasetItemRow, DatasetLabelRow
        newest = select(func.max(label.label_id)).group_by(label.item_id)
        rows = (
            select(item.run_id, item.number, label.label, item.picture_sha256)
            .join(label, label.item_id == item.item_id)
            .where(item.product == product, item.view == view, item.run_id.is_not(None), label.label_id.in_(newest))
            .order_by(item.item_id)
        )
        with self._database.reading() as connection:
            found = connection.execute(rows).all()
        labels = (
            PartLabel(PartKey(run, number), Label(said), sha256)
            for run, number, said, sha256 in found
            if run is not None and number is not None
        )
        return tuple(each for each in labels if each.label is not Label.UNLABELLED)

    def versions_of_others(self, product: str, view: str) -> frozenset[str]:
        """Return the dataset versions that were frozen from the pictures of other views of a product."""
        row = FrozenVersionRow
        others = select(row.version).where(and_(row.product == product, row.view != view))
        with self._database.reading() as connection:
            return frozenset(connection.execute(others).scalars())
