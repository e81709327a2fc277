"""The pictures of the gallery: any number of items, and the few thumbnails that were seen last."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPixmap

from station.domain.dataset import DatasetItem, Label
from ui.theme.plain_text import in_a_cell

ITEM = Qt.ItemDataRole.UserRole
_KEPT = 800
"""Thumbnails in memory: several screens of them, 100 MB at most."""
_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
_WORDS = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)


class GalleryModel(QAbstractListModel):
    """Items and their thumbnails; a thumbnail is asked for when its item is painted.

    Thumbnails have a signal of their own: at `dataChanged` a list lays out all of its rows.
    """

    thumbnail_wanted = Signal(object)
    thumbnails_came = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[DatasetItem] = ()
        self._rows: dict[int, int] = {}
        self._thumbnails: OrderedDict[int, QPixmap | None] = OrderedDict()

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return how many items are shown."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the item or its words."""
        item = self._items[index.row()]
        if role == ITEM:
            return item
        return in_a_cell(words_of(item), role) if role in _WORDS else None

    def show_items(self, items: Sequence[DatasetItem]) -> None:
        """Show these items; thumbnails that are known stay."""
        self.beginResetModel()
        self._items = items
        self._rows = {item.item_id: row for row, item in enumerate(items)}
        self.endResetModel()

    def item(self, row: int) -> DatasetItem:
        """Return the item in this row."""
        return self._items[row]

    def rows_of(self, item_ids: Iterable[int]) -> list[int]:
        """Return the rows of those of these items that are shown, sorted."""
        return sorted(self._rows[each] for each in item_ids if each in self._rows)

    def thumbnail(self, item: DatasetItem) -> QPixmap | None:
        """Return the thumbnail of an item; None as long as it has not come, or if its picture cannot be read."""
        if item.item_id in self._thumbnails:
            self._thumbnails.move_to_end(item.item_id)
            return self._thumbnails[item.item_id]
        self.thumbnail_wanted.emit(item)
        return None

    def has_thumbnail(self, item_id: int) -> bool:
        """Return whether the thumbnail of an item has come; asking wants nothing."""
        return item_id in self._thumbnails

    def add_thumbnails(self, came: Mapping[int, QPixmap | None]) -> None:
        """Keep thumbnails that came."""
        self._thumbnails.update(came)
        while len(self._thumbnails) > _KEPT:
            self._thumbnails.popitem(last=False)
        self.thumbnails_came.emit()

    def forget_thumbnails(self) -> None:
        """Ask for each again: tiles have another size now."""
        self._thumbnails.clear()


def words_of(item: DatasetItem) -> str:
    """Return an item in words: "003.png: defect, crack"."""
    label = {Label.GOOD: "good", Label.DEFECT: f"defect, {item.kind}", Label.UNLABELLED: "no label"}[item.label]
    return f"{item.name}: {label}{', label and verdict disagree' if item.disagrees else ''}"
