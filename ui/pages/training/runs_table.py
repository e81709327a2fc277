"""All runs; a touch marks one, and several can be marked."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QAbstractItemView

from ui.pages.training.training_view import HEADINGS, NUMBERS, RunRow
from ui.widgets.table import Table


class RunsTable(Table):
    """The table of runs.

    Signals:
        marked_changed: Another run is marked, or one is marked no more.
    """

    marked_changed = Signal()

    def __init__(self) -> None:
        super().__init__("Training runs", HEADINGS, NUMBERS, named=True)
        self._shown: tuple[RunRow, ...] = ()
        self.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setToolTip("a touch or Space marks a run; mark two to see them side by side")
        self.selectionModel().selectionChanged.connect(lambda *_: self.marked_changed.emit())

    @property
    def marked(self) -> tuple[int, ...]:
        """The numbers of the marked runs, in the order of the table."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._shown[row].number for row in rows)

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """Show these; marked runs stay marked."""
        if tuple(rows) == self._shown:
            return
        marked = self.marked
        self._shown = tuple(rows)
        self.blockSignals(True)
        self.show_rows([row.cells for row in rows])
        self.mark(marked)
        self.blockSignals(False)

    def mark(self, numbers: Sequence[int]) -> None:
        """Mark these runs and no others."""
        model, flags = self.selectionModel(), QItemSelectionModel.SelectionFlag
        model.clearSelection()
        for row, shown in enumerate(self._shown):
            if shown.number in numbers:
                model.select(self.model().index(row, 0), flags.Select | flags.Rows)
