"""F1: every key of the program, from the one table."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QPushButton, QVBoxLayout, QWidget

from ui.actions import TABLE, ActionRow
from ui.theme import look
from ui.widgets.panel import Panel, label

_COLUMNS = 2


class KeysPage(QDialog):
    """Shows the table of actions; any of its keys closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[2 * look().sizes.gap] * 4)
        column.addWidget(label("Keys", "title"))
        column.addWidget(_table())
        close = QPushButton("Close  (Esc)")
        close.clicked.connect(self.accept)
        column.addWidget(close)


def _table() -> Panel:
    panel = Panel()
    grid = QGridLayout(panel)
    grid.setHorizontalSpacing(look().sizes.title)
    rows = -(-len(TABLE) // _COLUMNS)
    for i, row in enumerate(TABLE):
        at = 2 * (i // rows)
        grid.addWidget(label(_key(row), "strong"), i % rows, at)
        grid.addWidget(label(row.explanation), i % rows, at + 1)
    return panel


def _key(row: ActionRow) -> str:
    return QKeySequence(row.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
