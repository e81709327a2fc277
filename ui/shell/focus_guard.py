"""A key that vanishes hands the keyboard to the next key, where a stray Space would press it. Here it goes to none."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid


class FocusGuard(QObject):
    """Watches the keyboard's place in one window.

    Args:
        window: The window.
        place: Where the keyboard goes instead of to a key that nobody chose.
    """

    def __init__(self, window: QWidget, place: QWidget) -> None:
        super().__init__(window)
        self._window, self._place = window, place
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is None or not isinstance(now, QAbstractButton) or now.window() is not self._window:
            return
        if isValid(before) and not (before.isVisible() and before.isEnabled()):
            self._place.setFocus()
