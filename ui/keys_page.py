"""F1: every key of the program, from the one table."""

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from ui.actions import TABLE, ActionRow
from ui.theme import look
from ui.widgets.panel import Panel, label
from ui.widgets.sheet import Sheet

_COLUMNS = 2


class KeysPage(Sheet):
    """Shows the table of actions."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Keys")
        self.column.addWidget(_table())
        close = QPushButton("Close  (Esc)")
        close.clicked.connect(self.accept)
        self.column.addWidget(close)


def _table() -> Panel:
    panel = Panel()
    grid = QGridLayout(panel)
    grid.setHorizontalSpacing(look().sizes.title)
    grid.setVerticalSpacing(look().sizes.gap // 3)
    rows = -(-len(TABLE) // _COLUMNS)
    for i, row in enumerate(TABLE):
        at = 2 * (i // rows)
        grid.addWidget(label(_key(row), "strong"), i % rows, at)
        grid.addWidget(label(row.explanation), i % rows, at + 1)
    return panel


def _key(row: ActionRow) -> str:
    return QKeySequence(row.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
