"""Why the limits change: a name and a reason make a draft; nothing changes on the line."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label


class DraftDialog(Dialog):
    """Says what changes and what it does.

    Signals:
        wanted: Person and reason.
    """

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget, recipe: str, changes: Sequence[str], effects: Sequence[str]) -> None:
        super().__init__(parent, f"New limits for {recipe}")
        self.person, self.reason = QLineEdit(), QLineEdit()
        self.changes = label("\n".join(changes), "strong", wrap=True)
        self.column.addWidget(self.changes)
        self.column.addWidget(label("\n".join(effects), wrap=True))
        self.column.addWidget(label("This makes a draft. The line keeps the released recipe.", "muted", wrap=True))
        form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        for name, entry in (("Your name", self.person), ("Reason", self.reason)):
            entry.setAccessibleName(name)
            entry.textChanged.connect(self._check)
            form.addRow(name, entry)
        self.column.addLayout(form)
        self.save = _key("Save as draft", strong=True)
        self.save.clicked.connect(self._ask)
        leave = _key("Cancel  (Esc)", strong=False)
        leave.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addWidget(leave)
        keys.addWidget(self.save)
        self.column.addLayout(keys)
        self.setMinimumWidth(round(current_theme().sizes.side * 1.6))
        self._check()

    def _check(self) -> None:
        self.save.setEnabled(all(entry.text().strip() for entry in (self.person, self.reason)))

    def _ask(self) -> None:
        self.wanted.emit(self.person.text().strip(), self.reason.text().strip())
        self.accept()


def _key(text: str, *, strong: bool) -> QPushButton:
    key = QPushButton(text)
    key.setProperty("strong", strong)
    key.setAutoDefault(strong)
    return key
