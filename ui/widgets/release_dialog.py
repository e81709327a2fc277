"""A draft on its way to the line: what differs, who releases it, why, and when a running line uses it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from station.domain.recipe import Recipe, TakesEffect
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label

_SHOWN = 8
_WHEN = {
    TakesEffect.NEXT_START: "At the line's next start",
    TakesEffect.NOW: "At once, from the next part on",
}


class ReleaseDialog(Dialog):
    """Name and reason are recorded; without both, nothing is released.

    Args:
        parent: The page.
        draft: The revision to release.
        differences: What differs from the released revision, a line each.
        act: What is done, as on its key: "Release", "Roll back".
    """

    wanted = Signal(str, str, TakesEffect)

    def __init__(self, parent: QWidget, draft: Recipe, differences: Sequence[str], act: str = "Release") -> None:
        super().__init__(parent, f"{act} {draft.label}")
        self.person, self.reason, self.when = QLineEdit(), QLineEdit(), Chooser()
        for takes_effect, words in _WHEN.items():
            self.when.addItem(words, takes_effect)
        more = len(differences) - _SHOWN
        shown = [*differences[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        self.differences = label("\n".join(shown) or "Nothing differs from the released revision.", wrap=True)
        self.column.addWidget(self.differences)
        self._lay_out_form()
        self.release = _key(act, strong=True)
        self.release.clicked.connect(self._ask)
        leave = _key("Cancel  (Esc)", strong=False)
        leave.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addWidget(leave)
        keys.addWidget(self.release)
        self.column.addLayout(keys)
        self.setMinimumWidth(round(current_theme().sizes.side * 1.6))
        self._check()

    def _lay_out_form(self) -> None:
        form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        for name, entry in (("Your name", self.person), ("Reason", self.reason), ("Line uses it", self.when)):
            entry.setAccessibleName(name)
            form.addRow(name, entry)
        for entry in (self.person, self.reason):
            entry.textChanged.connect(self._check)
        self.column.addLayout(form)

    def _check(self) -> None:
        self.release.setEnabled(all(entry.text().strip() for entry in (self.person, self.reason)))

    def _ask(self) -> None:
        self.wanted.emit(self.person.text().strip(), self.reason.text().strip(), TakesEffect(self.when.currentData()))
        self.accept()


def _key(text: str, *, strong: bool) -> QPushButton:
    key = QPushButton(text)
    key.setProperty("strong", strong)
    key.setAutoDefault(strong)
    return key
