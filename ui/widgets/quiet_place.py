"""A place whose size does not follow the words in it."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


class QuietPlace(QWidget):
    """Holds one widget, as large as itself, and keeps its changes from the layouts around.

    Qt lays everything up to the window out again whenever a word changes its length: on the line's page for each part.
    Here that ends at the place. What its widget asks for counts when the layouts around ask by themselves, and after
    another theme.

    Args:
        content: The widget; its size policy becomes that of the place.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        content.setParent(self)
        self.setSizePolicy(content.sizePolicy())

    def sizeHint(self) -> QSize:  # noqa: N802
        """What the widget asks for, within its own limits."""
        return self._within(self._content.sizeHint())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The least that the widget asks for, within its own limits."""
        return self._within(self._content.minimumSizeHint())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give all the room to the widget."""
        super().resizeEvent(event)
        self._content.setGeometry(self.rect())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Ask for the room that the widget wants in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def _within(self, size: QSize) -> QSize:
        return size.expandedTo(self._content.minimumSize()).boundedTo(self._content.maximumSize())
