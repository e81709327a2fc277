"""Why the station cannot be opened, in a window of its own: what is wrong, and whom to call."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout

from station.domain.errors import StationError
from ui.theme.sizes import sizes_for
from ui.theme.theme import LIGHT, Theme, apply_theme
from ui.widgets.panel import label

_WIDTH = 720


class RefusalDialog(QDialog):
    """Shows the sentence and the remedy; Esc or the key closes it."""

    def __init__(self, error: StationError) -> None:
        super().__init__()
        apply_theme(Theme(LIGHT, sizes_for(1280, 800, 96)))
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle("Lineside cannot start")
        self.setMinimumWidth(_WIDTH)
        self.words = label(str(error), wrap=True)
        close = QPushButton("Close  (Esc)")
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(label("The station cannot start. Call the engineer.", "title", wrap=True))
        column.addWidget(self.words)
        column.addWidget(close)
