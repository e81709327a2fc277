"""A table to read: rows of words, nothing to edit."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.theme.plain_text import in_a_cell
from ui.widgets.wrapped_item import WrappedItem

_ROOT = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
Index = QModelIndex | QPersistentModelIndex


class Rows(QAbstractTableModel):
    """Words in rows under headings.

    Args:
        headings: One for each column.
        numbers: The headings whose cells are aligned right.
        named: Whether the first cell names a row, whatever the other cells say; else all of its cells do.
    """

    def __init__(self, headings: Sequence[str], numbers: Collection[str] = (), *, named: bool = False) -> None:
        super().__init__()
        self._named = named
        self._headings, self._numbers = headings, numbers
        self._rows: Sequence[Sequence[str]] = ()

    def show(self, rows: Sequence[Sequence[str]]) -> None:
        """Other rows. A row that was there already stays current and marked where others come or go."""
        before, now = ([tuple(row)[: 1 if self._named else None] for row in each] for each in (self._rows, rows))
        head = _common(before, now)
        tail = _common(before[head:][::-1], now[head:][::-1])
        if (old := len(before) - tail) > head:
            self.beginRemoveRows(_ROOT, head, old - 1)
            self._rows = [*self._rows[:head], *self._rows[old:]]
            self.endRemoveRows()
        if (new := len(now) - tail) > head:
            self.beginInsertRows(_ROOT, head, new - 1)
            self._rows = [*self._rows[:head], *rows[head:new], *self._rows[head:]]
            self.endInsertRows()
        changed = [at for at, (was, row) in enumerate(zip(self._rows, rows, strict=True)) if tuple(was) != tuple(row)]
        self._rows = rows
        if changed:
            last = len(self._headings) - 1
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], last))

    def words(self, row: int) -> tuple[str, ...]:
        """Return the words of one row."""
        return tuple(self._rows[row])

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """How many headings."""
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of one cell."""
        text = self._rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return in_a_cell(text, role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The heading of one column, aligned like its cells."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def _alignment(self, column: int) -> int:
        return _RIGHT if self._headings[column] in self._numbers else _LEFT


class Table(QTableView):
    """Shows Rows; one column takes what room there is. Tab goes to the next widget, not to the next cell.

    Signals:
        row_chosen: The number of the row that a person chose, -1 for none.

    Args:
        name: For screen readers.
        headings: One for each column.
        numbers: The headings whose cells are aligned right.
        wraps: Whether a cell has as many lines as its words need; otherwise it ends in dots.
        chooses: Whether a row can be chosen.
        named: As in `Rows`.
        widest: The place of the column that takes what room there is; the last one if not given.
    """

    row_chosen = Signal(int)

    def __init__(
        self,
        name: str,
        headings: Sequence[str],
        numbers: Collection[str] = (),
        *,
        wraps: bool = False,
        chooses: bool = False,
        named: bool = False,
        widest: int | None = None,
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.rows = Rows(headings, numbers, named=named)
        self.setModel(self.rows)
        self.setShowGrid(False)
        self.setWordWrap(wraps)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.SingleSelection if chooses else modes.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.selectionModel().selectionChanged.connect(lambda: self.row_chosen.emit(self.chosen_row))
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        if wraps:
            column = len(headings) - 1 if widest is None else widest
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            self.setItemDelegateForColumn(column, WrappedItem(self, self.columnWidth))
        else:
            head.setStretchLastSection(True)
        head.setHighlightSections(False)
        self._most = 0
        if wraps:
            # Not within the header's own layout: a change of height in there leaves the last column too wide.
            head.sectionResized.connect(self._fit_rows, Qt.ConnectionType.QueuedConnection)
            for signal in (self.rows.rowsInserted, self.rows.rowsRemoved, self.rows.dataChanged):
                signal.connect(lambda *_: self._fit_rows())

    @property
    def chosen_row(self) -> int:
        """Return the number of the chosen row; -1 if none is."""
        return next((index.row() for index in self.selectionModel().selectedRows()), -1)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these; the row that was chosen stays chosen as long as it is among them."""
        chosen = self.rows.words(self.chosen_row) if self.chosen_row >= 0 else None
        self.rows.show(rows)
        if chosen is not None:
            place = next((place for place, row in enumerate(rows) if tuple(row) == chosen), -1)
            if place >= 0 > self.chosen_row:
                self.selectRow(place)
            self.row_chosen.emit(self.chosen_row)

    def grow_to_rows(self, most: int) -> None:
        """Be high enough for all rows, up to this number of single lines; beyond it the table scrolls by itself."""
        self._most = most
        side = self.verticalHeader()
        rows = min(side.length() or side.defaultSectionSize(), most * side.defaultSectionSize())
        self.setMinimumHeight(self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth())

    def _fit_rows(self) -> None:
        """Give each row the lines that its words need at the present width."""
        self.resizeRowsToContents()
        if self._most:
            self.grow_to_rows(self._most)


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """Return how many of the first are equal."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
