"""One picture to mark, read from the station off the GUI thread, and what the page says of it."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from station.app import Station
from station.domain.dataset import DatasetItem, DefectKind, ItemLabel, Label
from station.domain.errors import StationError
from station.domain.frame import Image
from station.domain.inspection import PartKey
from ui.background.rendered_part import picture_levels, qimage

FIRST_KIND = "defect"


@dataclass(frozen=True, slots=True, eq=False)
class ShownItem:
    """One picture to mark.

    Attributes:
        item: Its record.
        picture: uint8, (H, W) grey or (H, W, 3) RGB.
        levels: The same at 1, 1/2, 1/4 ... of its size.
        mask: uint8 (H, W), a copy to draw on; all 0 if nothing is marked.
        kinds: Of the product, at least one.
        unmarked: What was said of it, apart from what is marked on it.
    """

    item: DatasetItem
    picture: Image
    levels: tuple[QImage, ...]
    mask: NDArray[np.uint8]
    kinds: tuple[DefectKind, ...]
    unmarked: ItemLabel

    @property
    def kind(self) -> int:
        """Return the number of the kind that is drawn first: its own, else the product's first."""
        numbers = {kind.name: kind.number for kind in self.kinds}
        return numbers.get(self.item.kind, self.kinds[0].number)


def read_item(station: Station, item_id: int) -> ShownItem:
    """Read a picture with its mask.

    Raises:
        StationError: The item or one of its files cannot be read.
    """
    datasets = station.datasets
    item, picture = datasets.item(item_id), np.ascontiguousarray(datasets.picture(item_id))
    mask = datasets.mask(item_id)
    drawn = np.zeros(picture.shape[:2], np.uint8) if mask is None else np.array(mask, np.uint8, order="C")
    kinds = datasets.kinds(item.product) or (datasets.add_kind(item.product, FIRST_KIND),)
    unmarked = datasets.label_without_marks(item_id)
    return ShownItem(item, picture, picture_levels(qimage(picture)), drawn, kinds, unmarked)


def items_of_parts(station: Station, keys: Collection[PartKey]) -> tuple[int, ...]:
    """Return the items of recorded parts, in the order of the parts; a part becomes one if it is none yet.

    Raises:
        StationError: None of the parts is one, or has a whole picture to become one.
    """
    try:
        station.datasets.collect_parts(tuple(keys))
    except StationError:
        # The whole picture may be gone from the records and still be in the dataset.
        if not (found := station.datasets.items_of_parts(tuple(keys))):
            raise
        return found
    return station.datasets.items_of_parts(tuple(keys))


def disputed_items(station: Station) -> tuple[int, ...]:
    """Return the items of the parts that people disputed, without those that are marked or called good already.

    Raises:
        StationError: None of the parts has a whole picture.
    """
    keys = station.review.disputed_parts()
    items = items_of_parts(station, keys) if keys else ()
    return tuple(item_id for item_id in items if _waits(station.datasets.item(item_id)))


def _waits(item: DatasetItem) -> bool:
    return item.label is not Label.GOOD and not item.mask_sha256


def said_of(item: DatasetItem) -> str:
    """Return the label in words: "defect: scratch, by C. Meyer"."""
    kind = f": {item.kind}" if item.label is Label.DEFECT and item.kind else ""
    person = f", by {item.labelled_by}" if item.labelled_by else ""
    return f"{item.label}{kind}{person}"
