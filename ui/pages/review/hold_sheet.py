"""Asks which parts are put on hold or released, and why."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.pages.review.reason_sheet import ReasonSheet
from ui.widgets.panel import label
from ui.widgets.reasons import HOLDS

_MOST = 999_999_999
_HOLD = "The pictures of these parts are kept whatever happens, also on a full disk, until somebody releases them."
_RELEASE = "The pictures of these parts may be given up again as their verdicts say."


class HoldSheet(ReasonSheet):
    """The part that is shown, or all of the shift from one number to another.

    Signals:
        wanted: The first and the last number, and the reason.
    """

    wanted = Signal(int, int, str)

    def __init__(self, parent: QWidget, number: int, *, release: bool) -> None:
        title, text, verb = (
            ("Release parts", _RELEASE, "Release") if release else ("Put parts on hold", _HOLD, "Put on hold")
        )
        self.first, self.last = QLineEdit(f"{number:04d}"), QLineEdit(f"{number:04d}")
        super().__init__(parent, title, text, verb, () if release else HOLDS)
        for name, entry in (("From part", self.first), ("to part", self.last)):
            entry.setAccessibleName(name)
            entry.setValidator(QIntValidator(1, _MOST, entry))
            entry.textChanged.connect(self.check)
            self.scope.addWidget(label(name))
            self.scope.addWidget(entry, 1)
        self.given.connect(lambda reason: self.wanted.emit(int(self.first.text()), int(self.last.text()), reason))

    @property
    def complete(self) -> bool:
        """Return whether both numbers are there, and the first is not after the last."""
        if not all(entry.hasAcceptableInput() for entry in (self.first, self.last)):
            return False
        return int(self.first.text()) <= int(self.last.text())
