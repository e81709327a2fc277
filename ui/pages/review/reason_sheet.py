"""Asks for a reason: one touch on a usual one, Ctrl and its digit, or words of one's own."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label

_COLUMNS = 3


class ReasonSheet(Dialog):
    """A usual reason is taken at once, with the words beside it if some were typed.

    Signals:
        given: The reason.
    """

    given = Signal(str)

    def __init__(self, parent: QWidget, title: str, text: str, verb: str, reasons: Sequence[str]) -> None:
        super().__init__(parent, title)
        self.words = QLineEdit()
        self.words.setAccessibleName("Reason in your own words")
        self.words.setPlaceholderText("In your own words")
        self.words.setMaxLength(500)
        self.do, self.leave = sheet_key(verb, strong=True), sheet_key("Cancel  (Esc)")
        self.keys = [self._reason_key(place, reason) for place, reason in enumerate(reasons, 1)]
        self.column.addWidget(label(text, wrap=True))
        self.scope = QHBoxLayout()
        self.scope.setSpacing(current_theme().sizes.gap)
        self.column.addLayout(self.scope)
        grid = QGridLayout()
        grid.setSpacing(current_theme().sizes.gap)
        for place, key in enumerate(self.keys):
            grid.addWidget(key, place // _COLUMNS, place % _COLUMNS)
        self.column.addLayout(grid)
        self.column.addWidget(self.words)
        self.add_key_row(self.leave, self.do)
        self.words.textChanged.connect(self.check)
        self.do.clicked.connect(lambda: self._give(self.words.text()))
        self.leave.clicked.connect(self.reject)
        self.setMinimumWidth(round(current_theme().sizes.side * 1.5))
        self.check()
        self.words.setFocus()

    @property
    def complete(self) -> bool:
        """Return whether all other entries of the sheet are filled in."""
        return True

    def check(self) -> None:
        """Offer the keys that may be pressed now."""
        self.do.setEnabled(self.complete and bool(self.words.text().strip()))
        for key in self.keys:
            key.setEnabled(self.complete)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Take the reason of a digit with Ctrl; all other keys as in any dialog."""
        place = event.key() - Qt.Key.Key_1
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and 0 <= place < len(self.keys):
            self.keys[place].click()
        else:
            super().keyPressEvent(event)

    def _reason_key(self, place: int, reason: str) -> QPushButton:
        key = sheet_key(f"{reason.capitalize()}\nCtrl+{place}")
        key.setAccessibleName(reason.capitalize())
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        key.clicked.connect(lambda: self._give("; ".join(filter(None, (reason, self.words.text().strip())))))
        return key

    def _give(self, reason: str) -> None:
        self.accept()
        self.given.emit(reason.strip())
