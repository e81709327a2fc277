"""The last 300 parts, newest first."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QImage

from station.domain.inspection import Inspection, PartKey
from ui.background.at_most import AtMost
from ui.theme.plain_text import in_a_cell

KEPT = 300
INSPECTION = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class StripModel(QStringListModel):
    """Parts and their thumbnails; a thumbnail is asked for when its part is first painted.

    Its rows are empty texts of Qt: to lay out the strip, Qt asks 600 times for the number of rows, and in Python that
    would take longer than the layout.
    """

    thumbnail_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[Inspection] = []
        self._keys: set[PartKey] = set()
        self._entering: list[Inspection] = []
        self._thumbnails: dict[PartKey, QImage | None] = {}
        self._came: list[PartKey] = []
        self._shown = AtMost(self, self._show_thumbnails)
        self.rowsInserted.connect(self._enter)

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
        self._parts = [merged[key] for key in sorted(merged, reverse=True)[:KEPT]]
        self._keys = {part.key for part in self._parts}
        self._thumbnails = {key: image for key, image in self._thumbnails.items() if key in self._keys}
        self.setStringList([""] * len(self._parts))

    def add(self, *parts: Inspection) -> None:
        """More parts, in their order: the last is in front; one that is there already stays where it is."""
        new = [part for part in reversed(parts) if part.key not in self._keys][:KEPT]
        if not new:
            return
        self._entering = new
        self.insertRows(0, len(new))
        self._forget_oldest()

    def _enter(self) -> None:
        """Qt has inserted the rows, and the first to hear of it is this."""
        self._parts[:0] = self._entering
        self._keys.update(part.key for part in self._entering)

    def _forget_oldest(self) -> None:
        gone = self._parts[KEPT:]
        if gone:
            self.removeRows(KEPT, len(gone))
            del self._parts[KEPT:]
        for part in gone:
            self._keys.discard(part.key)
            self._thumbnails.pop(part.key, None)

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
        if key not in self._keys:
            return None
        return next((row for row, part in enumerate(self._parts) if part.key == key), None)

    def part(self, row: int) -> Inspection | None:
        """The part at this place."""
        return self._parts[row] if 0 <= row < len(self._parts) else None

    def _thumbnail(self, key: PartKey) -> QImage | None:
        if key not in self._thumbnails:
            self._thumbnails[key] = None
            self.thumbnail_wanted.emit(key)
        return self._thumbnails[key]
