"""What fits its fixed widths and gaps to the window again and again."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget


class SizedPage(QWidget):
    """A page, or a large part of one, whose sizes follow the theme's, which follow the window."""

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.fit_sizes()

    def fit_sizes(self) -> None:
        """Apply the widths and gaps of the present theme; called also before the page is laid out."""
        raise NotImplementedError
