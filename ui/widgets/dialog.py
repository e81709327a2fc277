"""A dialog over the window, framed, so that it is visible without a window manager."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.theme.plain_text import in_a_title
from ui.theme.theme import current_theme
from ui.widgets.panel import label


class Dialog(QDialog):
    """Has a title and a column for its content; it is deleted when it is closed."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(in_a_title(title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._frame = frame = QFrame()
        frame.setObjectName("dialog")
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        self.column = QVBoxLayout(frame)
        self.column.setContentsMargins(*[2 * current_theme().sizes.gap] * 4)
        self.column.setSpacing(current_theme().sizes.gap)
        self.column.addWidget(label(title, "title"))

    def add_key_row(self, *keys: QWidget) -> None:
        """Add keys beside each other at the end."""
        row = QHBoxLayout()
        row.setSpacing(current_theme().sizes.gap)
        for key in keys:
            row.addWidget(key)
        self.column.addLayout(row)


def sheet_key(text: str, *, strong: bool = False) -> QPushButton:
    """Return a key of a dialog; Enter presses the strong one."""
    key = QPushButton(text)
    key.setProperty("strong", strong)
    key.setAutoDefault(strong)
    return key
