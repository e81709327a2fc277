"""A sheet over the window: framed, so that it is seen where no window manager draws a frame."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from ui.theme.theme import look
from ui.widgets.panel import label


class Dialog(QDialog):
    """Has a title and a column for what it asks or shows; it is gone once it is closed."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        frame = QFrame()
        frame.setObjectName("sheet")
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        self.column = QVBoxLayout(frame)
        self.column.setContentsMargins(*[2 * look().sizes.gap] * 4)
        self.column.setSpacing(look().sizes.gap)
        self.column.addWidget(label(title, "title"))
