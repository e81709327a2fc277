"""A widget that paints a picture by itself, and is an image for a screen reader too."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel


class Graphic(QLabel):
    """Has the role of an image: Qt gives it to a label with a pixmap, and to no other plain widget.

    The pixmap is one empty point. It is never drawn, because whoever inherits this paints everything.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setPixmap(QPixmap(1, 1))

    def sizeHint(self) -> QSize:  # noqa: N802
        """As large as the layout makes it."""
        return QSize()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Any place will do."""
        return QSize()
