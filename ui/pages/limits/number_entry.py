"""A number that is typed, or stepped with the arrow keys."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDoubleValidator, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from ui.scanner.scan_filter import NO_SCANS

_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class NumberEntry(QLineEdit):
    """Emits `changed` when another number is entered; words that are no number are replaced by the number before.

    Args:
        name: For screen readers.
        step: What an arrow key adds.
        least: The least number.
        most: The greatest number.
    """

    changed = Signal(float)

    def __init__(self, name: str, step: float, least: float, most: float) -> None:
        super().__init__()
        self._step, self._least, self._most = step, least, most
        self._shown = ""
        self.setAccessibleName(name)
        self.setProperty(NO_SCANS, True)  # a code must not become a limit
        validator = QDoubleValidator(self)
        validator.setLocale(QLocale.c())
        self.setValidator(validator)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._enter)

    def show_number(self, text: str) -> None:
        """Show this number; what a person is typing is replaced."""
        self._shown = text
        if self.text() != text:
            self.setText(text)

    @property
    def number(self) -> float | None:
        """The number that is entered; None if it is none."""
        try:
            return min(max(float(self.text().replace(",", ".")), self._least), self._most)
        except ValueError:
            return None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Up and down step."""
        steps = _STEPS.get(Qt.Key(event.key()))
        number = self.number
        if steps is None or number is None:
            super().keyPressEvent(event)
            return
        stepped = min(max(round(number + steps * self._step, 6), self._least), self._most)
        self.setText(f"{stepped:g}")
        self._enter()

    def _enter(self) -> None:
        number = self.number
        if number is None:
            self.setText(self._shown)
        elif self.text() != self._shown:
            self._shown = self.text()
            self.changed.emit(number)
