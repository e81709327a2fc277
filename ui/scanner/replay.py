"""Press a held key again: first as a shortcut of the window, then on the widget that had it."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from ui.background.press_moment import pressed_at, trigger_as_pressed

_SHIFT, _KEYPAD = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier
_MAIN_ENTER: dict[int, int] = {Qt.Key.Key_Enter: Qt.Key.Key_Return}


@dataclass(frozen=True, slots=True, eq=False)
class Press:
    """A key that went down.

    Attributes:
        event: A copy of it.
        widget: The widget that it was meant for.
        pressed_s: When it came, monotonic seconds.
    """

    event: QKeyEvent
    widget: QWidget
    pressed_s: float


def press_again(press: Press) -> None:
    """Let a key do what it would have done at once; nothing if its widget is gone, hidden or behind a dialog."""
    widget = press.widget
    if not _reachable(widget):
        return
    override = _copy_of(press.event, QEvent.Type.ShortcutOverride)
    taken = QCoreApplication.sendEvent(widget, override) and override.isAccepted()
    if not taken and isValid(widget) and _do_shortcut(press):
        return
    if isValid(widget):
        with pressed_at(widget, press.pressed_s):
            QCoreApplication.sendEvent(widget, press.event)


def release_again(event: QKeyEvent, widget: QWidget) -> None:
    """Release a key that was held, on the widget that had it."""
    if _reachable(widget):
        QCoreApplication.sendEvent(widget, event)


def _reachable(widget: QWidget) -> bool:
    if not (isValid(widget) and widget.isVisible()):
        return False
    popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
    if popup is not None:
        return widget.window() is popup
    return modal is None or widget.window() is modal


def _do_shortcut(press: Press) -> bool:
    """Do the one shortcut of the window that has this key. Return whether there is one.

    Qt does this where a key comes from the keyboard and has no door to do it later.
    """
    window = press.widget.window()
    wanted = _sequences(press.event)
    actions = [action for action in window.findChildren(QAction) if _offers(action, wanted, window)]
    buttons = [button for button in window.findChildren(QAbstractButton) if button.shortcut() in wanted]
    shortcuts = [each for each in window.findChildren(QShortcut) if each.key() in wanted and each.isEnabled()]
    buttons = [button for button in buttons if button.isEnabled() and button.isVisible()]
    shortcuts = [each for each in shortcuts if isinstance(home := each.parent(), QWidget) and home.isVisible()]
    if len(actions) + len(buttons) + len(shortcuts) != 1:
        return bool(actions or buttons or shortcuts)  # one key with two meanings has none, as everywhere in Qt
    for action in actions:
        trigger_as_pressed(action, press.pressed_s)
    for button in buttons:
        with pressed_at(button, press.pressed_s):
            button.click()
    for shortcut in shortcuts:
        shortcut.activated.emit()
    return True


def _offers(action: QAction, wanted: list[QKeySequence], window: QWidget) -> bool:
    if not action.isEnabled() or not any(sequence in wanted for sequence in action.shortcuts()):
        return False
    homes = [home for home in action.associatedObjects() if isinstance(home, QWidget)]
    return any(home.isVisible() and home.isEnabled() and home.window() is window for home in homes)


def _sequences(event: QKeyEvent) -> list[QKeySequence]:
    """Return the shortcuts that a key may mean: a "+" may need Shift on one keyboard and not on another."""
    key = Qt.Key(_MAIN_ENTER.get(event.key(), event.key()))
    modifiers = event.modifiers() & ~_KEYPAD
    combinations = [QKeyCombination(modifiers, key)]
    if modifiers & _SHIFT and not Qt.Key.Key_A <= key <= Qt.Key.Key_Z and key < Qt.Key.Key_Escape:
        combinations.append(QKeyCombination(modifiers & ~_SHIFT, key))
    return [QKeySequence(each) for each in combinations]


def _copy_of(event: QKeyEvent, kind: QEvent.Type) -> QKeyEvent:
    return QKeyEvent(kind, event.key(), event.modifiers(), event.text(), event.isAutoRepeat(), event.count())
