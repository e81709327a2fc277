"""The last 300 parts, newest first."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from station.domain.inspection import Inspection, PartKey
from ui.background.at_most import AtMost
from ui.theme.plain_text import in_a_cell

KEPT = 300
INSPECTION = Qt.ItemDataRole.UserRole
_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class StripModel(QAbstractListModel):
    """Parts and their thumbnails; a thumbnail is asked for when its part is first painted."""

    thumbnail_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[Inspection] = []
        self._thumbnails: dict[PartKey, QImage | None] = {}
        self._came: list[PartKey] = []
        self._shown = AtMost(self, self._show_thumbnails)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """How many parts are kept."""
        return 0 if parent.isValid() else len(self._parts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The part, its thumbnail, or its words."""
        part = self._parts[index.row()]
        if role == INSPECTION:
            return part
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(part.key)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return in_a_cell(f"Part {part.key.label}: {part.verdict.word}, {part.reason}".rstrip(", "), role)
        return None

    def fill(self, parts: Sequence[Inspection]) -> None:
        """Add these parts, and sort all by their number, newest first."""
        merged = {part.key: part for part in (*parts, *self._parts)}
        self.beginResetModel()
        self._parts = [merged[key] for key in sorted(merged, reverse=True)[:KEPT]]
        self._thumbnails = {
            part.key: self._thumbnails[part.key] for part in self._parts if part.key in self._thumbnails
        }
        self.endResetModel()

    def add(self, *parts: Inspection) -> None:
        """More parts, in their order: the last is in front; one that is there already stays where it is."""
        new = [part for part in reversed(parts) if self.row_of(part.key) is None][:KEPT]
        if not new:
            return
        self.beginInsertRows(_ROOT, 0, len(new) - 1)
        self._parts[:0] = new
        self.endInsertRows()
        if len(self._parts) > KEPT:
            self.beginRemoveRows(_ROOT, KEPT, len(self._parts) - 1)
            for part in self._parts[KEPT:]:
                self._thumbnails.pop(part.key, None)
            del self._parts[KEPT:]
            self.endRemoveRows()

    def set_thumbnail(self, key: PartKey, image: QImage | None) -> None:
        """The thumbnail of this part came; None if it has no picture."""
        row = self.row_of(key)
        if row is not None:
            self._thumbnails[key] = image
            self._came.append(key)
            self._shown.ask()

    def _show_thumbnails(self) -> None:
        rows = [row for key in self._came if (row := self.row_of(key)) is not None]
        self._came.clear()
        if rows:
            first, last = self.index(min(rows)), self.index(max(rows))
            self.dataChanged.emit(first, last, [Qt.ItemDataRole.DecorationRole])

    def close_clock(self) -> None:
        """Show no more thumbnails."""
        self._shown.close()

    def ask_again(self, key: PartKey) -> None:
        """The part is on the disk now: a thumbnail that was not there may have come."""
        if key in self._thumbnails and self._thumbnails[key] is None:
            self.thumbnail_wanted.emit(key)

    def row_of(self, key: PartKey) -> int | None:
        """Return the row of a part; None if it is no longer kept."""
        return next((row for row, part in enumerate(self._parts) if part.key == key), None)

    def part(self, row: int) -> Inspection | None:
        """The part at this place."""
        return self._parts[row] if 0 <= row < len(self._parts) else None

    def _thumbnail(self, key: PartKey) -> QImage | None:
        if key not in self._thumbnails:
            self._thumbnails[key] = None
            self.thumbnail_wanted.emit(key)
        return self._thumbnails[key]
