"""A dialog that records a name and a reason: without both, nothing is done."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from station.domain.person import Person
from station.domain.recipe import TakesEffect
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.dialog import Dialog, sheet_key

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
        self.do, self.leave = sheet_key(verb, strong=True), sheet_key("Cancel  (Esc)")
        self.do.clicked.connect(self.ask)
        self.leave.clicked.connect(self.reject)

    def sign_as(self, person: Person) -> None:
        """Put the name of whoever is logged in: the records name nobody else. Without a log-in a name is typed."""
        if person.is_logged_in:
            self.person.setText(person.name)
            self.person.setReadOnly(True)
            self.person.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.reason.setFocus()

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
        self.add_key_row(self.leave, self.do)


def when_chooser() -> Chooser:
    """Return a choice of when a running line uses a revision; its data are `TakesEffect`."""
    chooser = Chooser()
    for takes_effect, words in _WHEN.items():
        chooser.addItem(words, takes_effect)
    return chooser
