"""The working sets of a station: their items, and what people say of them."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import numpy as np

from station.domain.dataset import (
    DEFECT_KIND,
    EVERY_ITEM,
    DatasetFilter,
    DatasetItem,
    DefectKind,
    ItemLabel,
    Label,
    LabelChange,
    label_without_marks,
)
from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.learning.layout.words import Label as FolderLabel
from station.learning.layout.words import sense_of
from station.learning.working_set.item_files import ItemFiles
from station.storage.engine.database import Database
from station.storage.learning.dataset_items import DatasetItems
from station.storage.learning.defect_kinds import DefectKinds


class WorkingSets:
    """All working sets. Safe from any thread."""

    def __init__(self, database: Database, datasets: Path) -> None:
        self.records = DatasetItems(database)
        self.kinds = DefectKinds(database)
        self._datasets = datasets

    def files_of(self, product: str) -> ItemFiles:
        """Return the files of the working sets of a product."""
        return ItemFiles(self._datasets, product)

    def items(self, product: str, view: str, wanted: DatasetFilter = EVERY_ITEM) -> tuple[DatasetItem, ...]:
        """Return the items of a working set that meet the conditions, in the order in which they came."""
        found = self.records.of(product, view)
        return found if wanted == EVERY_ITEM else tuple(item for item in found if wanted.allows(item))

    def picture(self, item_id: int) -> Image:
        """Return the picture of an item, uint8 (H, W) or (H, W, 3) RGB; see `ItemFiles.picture`."""
        product, sha256, ending = self.records.file_of(item_id)
        return self.files_of(product).picture(sha256, ending)

    def thumbnail(self, item: DatasetItem) -> Image:
        """Return the small picture of an item, without asking the database; see `ItemFiles.thumbnail`."""
        files = self.files_of(item.product)
        small = files.kept_thumbnail(item.picture_sha256)
        if small is not None:
            return small
        _, sha256, ending = self.records.file_of(item.item_id)
        return files.thumbnail(sha256, ending)

    def mask(self, item_id: int) -> Image | None:
        """Return the present mask of an item, uint8 (H, W); None without one."""
        product, _, _ = self.records.file_of(item_id)
        label = self.records.labels_of([item_id]).get(item_id)
        return self.files_of(product).mask(label.mask_sha256) if label and label.mask_sha256 else None

    def label(self, item_ids: Iterable[int], label: Label, kind: str, person: str, at: datetime) -> None:
        """Record what a person says of some items: all of it or nothing.

        A defect keeps its mask. The mask of a picture that is good or unlabelled now stays in the history.

        Raises:
            BadInputError: One of the items does not exist, or the kind cannot be one.
            StorageError: The disk refused it.
        """
        wanted = tuple(dict.fromkeys(item_ids))
        if not wanted:
            return
        product, _, _ = self.records.file_of(wanted[0])
        name = self.require_kind(product, kind, at).name if label is Label.DEFECT else ""
        masks = {each: change.mask_sha256 for each, change in self.records.labels_of(wanted).items()}
        keeps = label is Label.DEFECT
        self.records.add_labels(
            [LabelChange(each, label, name, masks.get(each, "") if keeps else "", person, at) for each in wanted]
        )

    def label_without_marks(self, item_id: int) -> ItemLabel:
        """Return what was said of an item last, apart from what was drawn on it."""
        return label_without_marks(self.records.find(item_id), self.records.history(item_id))

    def kept_mask(
        self, item_id: int, mask: Image, person: str, at: datetime, said: ItemLabel | None = None
    ) -> LabelChange | None:
        """Keep the file of a mask, and return what it says of the item, which is still to be added to the records.

        A mask that marks something makes the item a defect of the kind that it marks most. An empty one removes the
        mask, and what was said before the marks holds again.

        Args:
            item_id: The item.
            mask: uint8 (H, W) of the picture's size: 0 is good, k is the k-th kind of defect of the product.
            person: Who drew it.
            at: When.
            said: What the person says of the item as well; None if nothing. What is marked is a defect all the same.

        Returns:
            The change; None if the item has this mask already.

        Raises:
            BadInputError: There is no such item, or the mask does not fit its picture or names a kind that is unknown.
            StorageError: The disk refused it.
        """
        item = self.records.find(item_id)
        self._require_mask(item, mask)
        kept = self.files_of(item.product).keep_mask(mask) if mask.any() else ""
        if said is None and kept == item.mask_sha256:
            return None
        label = self._label_of(item, mask, said)
        return LabelChange(item_id, label.label, label.kind, kept, person, at)

    def _label_of(self, item: DatasetItem, mask: Image, said: ItemLabel | None) -> ItemLabel:
        counts = np.bincount(mask.ravel(), minlength=2)[1:]
        if not counts.any():
            return said or self.label_without_marks(item.item_id)
        names = {kind.number: kind.name for kind in self.kinds.of(item.product)}
        if said is not None and said.label is Label.DEFECT and said.kind in names.values():
            return said
        return ItemLabel(Label.DEFECT, names[int(counts.argmax()) + 1])

    def _require_mask(self, item: DatasetItem, mask: Image) -> None:
        size = self.picture(item.item_id).shape[:2]
        if mask.dtype != np.uint8 or mask.shape != size:
            raise BadInputError(
                f"The mask of '{item.name}' is {mask.dtype} {mask.shape}, its picture is {size}.",
                "Draw the mask at the size of its picture.",
            )
        known = {kind.number for kind in self.kinds_of(item.product)}
        if unknown := set(np.flatnonzero(np.bincount(mask.ravel()))) - known - {0}:
            raise BadInputError(
                f"The mask of '{item.name}' marks kind {min(unknown)}, which '{item.product}' does not have.",
                "Add the kind first.",
            )

    def kinds_of(self, product: str) -> tuple[DefectKind, ...]:
        """Return the kinds of defects of a product, by number; empty before the first."""
        return self.kinds.of(product)

    def require_kind(self, product: str, name: str, at: datetime) -> DefectKind:
        """Return the kind of this name, added if it is new; "" is "defect".

        Raises:
            BadInputError: It cannot be the name of a kind; or a folder of it means good parts, masks or a split, and
                an exported defect would come back as a good part, or not at all.
        """
        name = name or DEFECT_KIND
        sense = sense_of(name)
        if sense.label not in (None, FolderLabel.DEFECT) or (sense.label is None and sense.split is not None):
            raise BadInputError(
                f"'{name}' cannot be the name of a kind of defect: as the name of a folder it does not mean defects.",
                "Choose a name that says what is wrong: scratch, crack, burnt.",
            )
        return self.kinds.require(product, name, at)
