"""The sheet of a comparison: one table of methods, which one is recommended and why; one of them is taught by a key."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from station.domain.method_comparison import MethodComparison
from station.reporting.comparison_table import COMPARED_HEADINGS, COMPARED_NUMBERS, compared_rows, remarks
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label
from ui.widgets.table import Table

_WIDTH_SHARE, _MOST_ROWS = 0.96, 8


class ComparisonSheet(Dialog):
    """Arrow keys choose a row, Enter queues its method.

    Signals:
        wanted: The name of a method that is to be taught.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget, title: str, comparison: MethodComparison) -> None:
        super().__init__(parent, title)
        self._names = [method.name for method in comparison.methods]
        self.reason = label(comparison.reason, "large", wrap=True)
        self.methods = Table("Methods compared", COMPARED_HEADINGS, COMPARED_NUMBERS, chooses=True, named=True)
        self.remarks = label("\n".join(remarks(comparison)), "muted", wrap=True)
        self.teach = sheet_key("", strong=True)
        self.teach.clicked.connect(self._take)
        leave = sheet_key("Close  (Esc)")
        leave.clicked.connect(self.reject)
        self.column.addWidget(self.reason)
        self.column.addWidget(self.methods, 1)
        self.column.addWidget(self.remarks)
        self.add_key_row(self.teach, leave)
        self.methods.show_rows(compared_rows(comparison))
        self.methods.grow_to_rows(_MOST_ROWS)
        self.methods.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.methods.row_chosen.connect(lambda _row: self._follow())
        self.methods.selectRow(self._names.index(comparison.recommended) if comparison.recommended else 0)
        self.methods.setFocus()
        width = min(round(parent.window().width() * _WIDTH_SHARE), current_theme().sizes.side * 4)
        self.setFixedWidth(width)
        self.setMinimumHeight(self.heightForWidth(width))

    def _follow(self) -> None:
        row = self.methods.chosen_row
        self.teach.setEnabled(row >= 0)
        self.teach.setText(f"Teach {self._names[row]}  (Enter)" if row >= 0 else "Teach")

    def _take(self) -> None:
        name = self._names[self.methods.chosen_row]
        self.accept()
        self.wanted.emit(name)
