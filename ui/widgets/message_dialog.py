"""A sentence that a person must read before going on."""

from PySide6.QtWidgets import QPushButton, QWidget

from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label


class MessageDialog(Dialog):
    """Shows a title and a sentence; Esc or the key closes it."""

    def __init__(self, parent: QWidget, title: str, text: str) -> None:
        super().__init__(parent, title)
        self.words = label(text, "large", wrap=True)
        self.words.setMinimumWidth(current_theme().sizes.side)
        close = QPushButton("Close  (Esc)")
        close.clicked.connect(self.accept)
        self.column.addWidget(self.words)
        self.column.addWidget(close)
