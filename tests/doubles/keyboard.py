"""Keys as a person presses them: one after another, each done before the next one."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.scanner.scan_filter import ScanFilter

_NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    """Press and release one key, and wait until it has done what it does."""
    QTest.keyClick(widget, key, modifiers)
    settle()


def type_text(widget: QWidget, text: str) -> None:
    """Type a text key by key."""
    for character in text:
        QTest.keyClicks(widget, character)
        settle()


def settle() -> None:
    """Wait until no key is held any more."""
    filters = [each for window in QApplication.topLevelWidgets() for each in window.findChildren(ScanFilter)]
    while any(isValid(each) and each.holds_keys for each in filters):
        QTest.qWait(5)
