"""Any number of entries in a table: those in view are read when they are painted, in blocks."""

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from station.domain.audit import AuditEntry
from ui.pages.audit.shown_audit import HEADINGS, cells_of
from ui.theme.plain_text import in_a_cell

BLOCK = 200
_KEPT_BLOCKS = 50
_ROOT = QModelIndex()
_ALIGNED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_WORDS = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
_LONGEST = 300
"""Letters of a cell; the whole text is under the table."""
Index = QModelIndex | QPersistentModelIndex


class EntriesModel(QAbstractTableModel):
    """The numbers of all entries, and the words of those that were seen last.

    Signals:
        block_wanted: The numbers of the entries of a block that is in view and not read yet.
    """

    block_wanted = Signal(tuple)

    def __init__(self, zone: str = "UTC") -> None:
        super().__init__()
        self._zone = zone
        self._numbers: Sequence[int] = ()
        self._blocks: OrderedDict[int, tuple[AuditEntry, ...] | None] = OrderedDict()

    def show_numbers(self, numbers: Sequence[int], zone: str) -> None:
        """Show these entries, newest first; none of them is read yet."""
        self.beginResetModel()
        self._numbers, self._zone = numbers, zone
        self._blocks.clear()
        self.endResetModel()

    def add_block(self, numbers: tuple[int, ...], entries: tuple[AuditEntry, ...]) -> None:
        """Keep entries that were read."""
        block = next((block for block in self._blocks if self._of(block) == numbers), None)
        if block is None:  # other entries are shown meanwhile
            return
        self._blocks[block] = entries
        first = block * BLOCK
        last = self.index(first + len(entries) - 1, len(HEADINGS) - 1)
        self.dataChanged.emit(self.index(first, 0), last, list(_WORDS))

    def entry(self, row: int) -> AuditEntry | None:
        """Return the entry in this row; None as long as it is not read."""
        if not 0 <= row < len(self._numbers):
            return None
        block, place = divmod(row, BLOCK)
        if block not in self._blocks:
            self._want(block)
        entries = self._blocks.get(block)
        return entries[place] if entries is not None and place < len(entries) else None

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """How many entries."""
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """How many headings."""
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of one cell; the number alone as long as its entry is not read."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNED
        if role not in _WORDS:
            return None
        entry = self.entry(index.row())
        if entry is None:
            return str(self._numbers[index.row()]) if index.column() == 0 else ""
        return in_a_cell(cells_of(entry, self._zone)[index.column()][:_LONGEST], role)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The heading of one column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return _ALIGNED if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _want(self, block: int) -> None:
        self._blocks[block] = None
        while len(self._blocks) > _KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        self.block_wanted.emit(self._of(block))

    def _of(self, block: int) -> tuple[int, ...]:
        return tuple(self._numbers[block * BLOCK : (block + 1) * BLOCK])
