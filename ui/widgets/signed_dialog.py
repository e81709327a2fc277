"""A dialog that records a name and a reason: without both, nothing is done."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from station.domain.recipe import TakesEffect
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.dialog import Dialog

_WHEN = {
    TakesEffect.NEXT_START: "At the line's next start",
    TakesEffect.NOW: "At once, from the next part on",
}


class SignedDialog(Dialog):
    """Has entries for name and reason, and two keys; what is done is done by `ask`.

    Attributes:
        person, reason: The entries.
        do: The key that does it.
        leave: The key that does nothing.
    """

    def __init__(self, parent: QWidget, title: str, verb: str, person: str = "") -> None:
        super().__init__(parent, title)
        self.person, self.reason = QLineEdit(person), QLineEdit()
        for entry in (self.person, self.reason):
            entry.textChanged.connect(self.check)
        self.do, self.leave = _key(verb, strong=True), _key("Cancel  (Esc)", strong=False)
        self.do.clicked.connect(self.ask)
        self.leave.clicked.connect(self.reject)

    @property
    def signed(self) -> bool:
        """Whether name and reason are given."""
        return all(entry.text().strip() for entry in (self.person, self.reason))

    @property
    def signature(self) -> tuple[str, str]:
        """Return name and reason, without spaces around them."""
        return self.person.text().strip(), self.reason.text().strip()

    def check(self) -> None:
        """Offer the key that does it only if it may be done."""
        self.do.setEnabled(self.signed)

    def ask(self) -> None:
        """Do it. A dialog says here what is wanted."""
        self.accept()

    def add_form(self, rows: Sequence[tuple[str, QWidget]]) -> QFormLayout:
        """Add entries with their names, which screen readers say too."""
        form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        for name, entry in rows:
            entry.setAccessibleName(name)
            form.addRow(name, entry)
        self.column.addLayout(form)
        return form

    def add_keys(self) -> None:
        """Add the two keys at the end."""
        keys = QHBoxLayout()
        keys.addWidget(self.leave)
        keys.addWidget(self.do)
        self.column.addLayout(keys)


def when_chooser() -> Chooser:
    """Return a choice of when a running line uses a revision; its data are `TakesEffect`."""
    chooser = Chooser()
    for takes_effect, words in _WHEN.items():
        chooser.addItem(words, takes_effect)
    return chooser


def _key(text: str, *, strong: bool) -> QPushButton:
    key = QPushButton(text)
    key.setProperty("strong", strong)
    key.setAutoDefault(strong)
    return key
