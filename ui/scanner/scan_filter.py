"""In front of all shortcuts and widgets: holds every key for a moment, until it is known whether a scanner types."""

import sys
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from ui.background.timers import repeating_timer
from ui.scanner.burst import TICKS, BurstReader, Outcome, Scanned, Stroke, Typed
from ui.scanner.key_text import MODIFIERS, alt_digit, char_of, character_of_number, ends_code
from ui.scanner.replay import Press, press_again, release_again

SEARCHES = "searches"
"""The property of a text field that looks for what it holds: a scan replaces its text and is looked for at once."""

NO_SCANS = "no_scans"
"""The property of a text field that a scan must not fill, such as the value of a camera's feature."""

_OVERRIDE, _PRESS, _RELEASE = QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease
_KEYS = frozenset((_OVERRIDE, _PRESS, _RELEASE))
_COMPOSES_BY_ITSELF = sys.platform == "win32"


class ScanFilter(QObject):
    """Filters the keys of all windows.

    Qt gives a key to the window that has the keyboard, and that gives it to its widget; so it is enough to stand before
    each window that gets the keyboard. A filter before the whole application would run Python for each of some sixty
    events that a picture causes on its way to the screen.

    A key that comes alone is pressed again after the gap, on the widget that had it, with the moment at which it was
    pressed. A burst never reaches a shortcut or a widget: it is `scanned` as one text, and a text field that had the
    keyboard takes the text as well. A key that repeats because it is held down passes: it is not a scan.
    """

    scanned = Signal(str, str)
    """The text of a code, and the name of the field that took it; "" if no field did."""

    badge_scanned = Signal(str)
    """The code of a badge: no field takes it, wherever the keyboard is."""

    def __init__(
        self,
        parent: QObject,
        gap_ms: int,
        is_badge: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Begin to filter.

        Args:
            parent: Owns the filter.
            gap_ms: Keys within this time of each other are a scan, milliseconds.
            is_badge: Returns whether a code is a badge, which nobody may read on a screen or in a record.
        """
        super().__init__(parent)
        self._is_badge = is_badge
        self._reader: BurstReader[Press | None] = BurstReader(gap_ms)
        self._swallowed: set[int] = set()
        self._released: deque[tuple[QKeyEvent, QWidget]] = deque()
        self._alt_digits = ""
        self._clock = repeating_timer(self, max(1, gap_ms // TICKS), self._tick)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._stand_before)
        self._stand_before(QGuiApplication.focusWindow())

    def _stand_before(self, window: QWindow | None) -> None:
        """Take the keys of a window that gets the keyboard, such as a dialog."""
        if window is not None:
            window.installEventFilter(self)

    @property
    def holds_keys(self) -> bool:
        """Return whether it is not known yet what some keys are."""
        return self._reader.busy

    def close(self) -> None:
        """Filter no more. Keys that are held are forgotten."""
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.disconnect(self._stand_before)
        for window in QGuiApplication.allWindows():
            window.removeEventFilter(self)
        self._clock.stop()

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:  # noqa: N802
        """Hold keys; everything else passes."""
        if event.type() not in _KEYS or not isinstance(event, QKeyEvent):
            return False
        if event.type() == _RELEASE:
            return self._released_key(receiver, event)
        if event.key() in MODIFIERS:
            self._reader.touch()
            return False
        if event.isAutoRepeat():
            return bool(self._reader.strokes)
        if event.type() == _OVERRIDE:
            event.accept()  # no shortcut now: the key itself comes next, and is held
            return True
        return self._hold(receiver, event)

    def _hold(self, receiver: QObject, event: QKeyEvent) -> bool:
        widget = _meant_by(receiver)
        if widget is None:
            return False
        if not _COMPOSES_BY_ITSELF and (digit := alt_digit(event)):
            self._alt_digits += digit
            self._swallowed.add(event.key())
            self._reader.touch()
            return True
        press = Press(event.clone(), widget, time.monotonic())
        self._add(Stroke(press, char_of(event), ends_code(event), event.timestamp()))
        return True

    def _add(self, stroke: Stroke[Press | None]) -> None:
        if stroke.press is not None:
            self._swallowed.add(stroke.press.event.key())
        patient = not _is_field(QApplication.focusWidget())
        for outcome in self._reader.add(stroke, patient=patient):
            self._act(outcome)
        if self._reader.busy and not self._clock.isActive():
            self._clock.start()

    def _released_key(self, receiver: QObject, event: QKeyEvent) -> bool:
        self._reader.touch()
        if event.key() == Qt.Key.Key_Alt and self._alt_digits:
            digits, self._alt_digits = self._alt_digits, ""
            self._add(Stroke(None, character_of_number(digits)))
        if event.isAutoRepeat() or event.key() not in self._swallowed:
            return False
        self._swallowed.discard(event.key())
        widget = _meant_by(receiver)
        if widget is not None and any(_has_key(stroke, event.key()) for stroke in self._reader.strokes):
            self._released.append((event.clone(), widget))
        return True

    def _tick(self) -> None:
        outcome = self._reader.tick()
        if outcome is not None:
            self._act(outcome)
        if not self._reader.busy:
            self._clock.stop()

    def _act(self, outcome: Outcome[Press | None]) -> None:
        match outcome:
            case Typed():
                self._press_again(outcome.strokes)
            case Scanned():
                self._scan(outcome)
            case _ if _is_field(_field_of(outcome.strokes)):  # two quick keys of a person who types
                self._press_again(outcome.strokes)
            case _:
                self._released.clear()

    def _press_again(self, strokes: tuple[Stroke[Press | None], ...]) -> None:
        try:
            for stroke in strokes:
                if stroke.press is None:
                    _type_into(QApplication.focusWidget(), stroke.char)
                    continue
                press_again(stroke.press)
                self._swallowed.discard(stroke.press.event.key())
                self._release_again(stroke.press.event.key())
        finally:
            self._released.clear()

    def _release_again(self, key: int) -> None:
        for event, widget in list(self._released):
            if event.key() == key:
                release_again(event, widget)

    def _scan(self, scan: Scanned[Press | None]) -> None:
        self._released.clear()
        field = _field_of(scan.strokes)
        if self._is_badge(scan.text):
            self.badge_scanned.emit(scan.text)
        elif not _takes_text(field):
            self.scanned.emit(scan.text, "")
        elif scan.ended:
            _type_into(field, "".join(char for char in scan.text if char.isprintable()), whole=True)
            self.scanned.emit(scan.text, field.accessibleName() or "the text field" if field is not None else "")
        else:
            self._press_again(scan.strokes)


def _meant_by(receiver: QObject) -> QWidget | None:
    """Return the widget that a key is for: a window's key is for what has the keyboard in it."""
    if isinstance(receiver, QWidget):
        return receiver
    if not receiver.isWindowType():
        return None
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return popup.focusWidget() or popup
    return QApplication.focusWidget() or QApplication.activeWindow()


def _field_of(strokes: tuple[Stroke[Press | None], ...]) -> QWidget | None:
    """Return the widget that had the keyboard when the first key went down, and has it still."""
    first = next((stroke.press for stroke in strokes if stroke.press is not None), None)
    return first.widget if first is not None and isValid(first.widget) else None


def _is_field(widget: QWidget | None) -> bool:
    """Return whether a person can type into it now."""
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit):
        return widget.isEnabled() and widget.isVisible() and not widget.isReadOnly()
    return False


def _takes_text(widget: QWidget | None) -> bool:
    """Return whether it wants a text: a code must not become a number that was set."""
    if widget is None or widget.property(NO_SCANS) or isinstance(widget.parent(), QAbstractSpinBox):
        return False
    return _is_field(widget)


def _type_into(widget: QWidget | None, text: str, *, whole: bool = False) -> None:
    if not _takes_text(widget):
        return
    if isinstance(widget, QLineEdit) and whole and widget.property(SEARCHES):
        widget.setText(text)
        widget.returnPressed.emit()
    elif isinstance(widget, QLineEdit):
        widget.insert(text)
    elif isinstance(widget, QTextEdit | QPlainTextEdit):
        widget.insertPlainText(text)


def _has_key(stroke: Stroke[Press | None], key: int) -> bool:
    return stroke.press is not None and stroke.press.event.key() == key
