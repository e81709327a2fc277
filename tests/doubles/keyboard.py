"""Keys as a person presses them, one after another, each done before the next one; and as a scanner types them.

They take the way of a real key: to the window that has the keyboard, and by it to its widget. A widget without the
keyboard gets its key from nowhere else, so it is given to it directly.
"""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.scanner.scan_filter import ScanFilter

_ACTIVE_AFTER_MS = 10
_NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    """Press and release one key, and wait until it has done what it does."""
    strike(widget, key, modifiers)
    settle()


def strike(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    """Press and release one key, and do not wait for what it does."""
    QTest.keyClick(_way_to(widget) or widget, key, modifiers)


def type_text(widget: QWidget, text: str) -> None:
    """Type a text key by key."""
    for character in text:
        QTest.keyClicks(widget, character)
        settle()


def scan(widget: QWidget, text: str) -> None:
    """Type a code and Enter as a scanner does, into a widget that gets the keyboard before."""
    _way_to(widget.window())
    if widget is not widget.window():
        widget.setFocus()
    way = _way_to(widget)
    assert way is not None, "a scanner types into the window that has the keyboard"
    for character in f"{text}\r":
        QTest.keyClick(way, character)
    settle()


def send(pressed: bool, key: int, modifiers: Qt.KeyboardModifier, text: str, repeats: bool = False) -> None:
    """Send what the window system would: one key down or up, of any keyboard, to the window that has the keyboard."""
    window = QGuiApplication.focusWindow()
    assert window is not None
    if pressed:
        override = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers, text, repeats)
        override.ignore()
        if not (QCoreApplication.sendEvent(window, override) and override.isAccepted()):
            target = QApplication.focusWidget() or QApplication.activeWindow()
            QTest.simulateEvent(target, True, key, modifiers, text, repeats)  # Qt looks for a shortcut first
            return
    kind = QEvent.Type.KeyPress if pressed else QEvent.Type.KeyRelease
    QCoreApplication.sendEvent(window, QKeyEvent(kind, key, modifiers, text, repeats))


def settle() -> None:
    """Wait until no key is held any more."""
    filters = [each for window in QApplication.topLevelWidgets() for each in window.findChildren(ScanFilter)]
    while any(isValid(each) and each.holds_keys for each in filters):
        QTest.qWait(5)


def _way_to(widget: QWidget) -> QWindow | None:
    """Return the window by which a key reaches this widget; None if it does not get the keyboard."""
    top = widget.window()
    if not top.isActiveWindow() and QApplication.activeModalWidget() in (None, top):
        top.activateWindow()  # a person or a window manager does that; without a screen nobody does
        QTest.qWait(_ACTIVE_AFTER_MS)
    window = top.windowHandle()
    has_keyboard = window is not None and window is QGuiApplication.focusWindow()
    return window if has_keyboard and (widget is top or widget.hasFocus()) else None
