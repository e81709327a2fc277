"""Where a value is typed; the arrow keys step through it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from ui.scanner.scan_filter import NO_SCANS

_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class ValueEntry(QLineEdit):
    """One line that also asks for steps."""

    step_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(NO_SCANS, True)  # a code must not become the value of a feature

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Up is more, down is less."""
        steps = _STEPS.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        else:
            self.step_wanted.emit(steps)
