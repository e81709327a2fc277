"""The sheets of the people page: a new person, a new PIN, a badge, other roles, and why."""

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.domain.permissions import Role
from station.domain.secret import Secret
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label
from ui.widgets.pin_pad import PinPad

_LEAST_DIGITS = 4
_ROLES = {
    Role.ENGINEER: "Engineer: sets up products",
    Role.SUPERVISOR: "Supervisor: answers for the shift, changes people",
    Role.ADMINISTRATOR: "Administrator: looks after the station, changes people",
}


class AccountSheet(Dialog):
    """Asks for those of name, roles, PIN and reason that a change needs.

    Args:
        parent: The page.
        title: What is done, and to whom.
        verb: The word on the key that does it.
        roles: Those that are ticked at first; None if roles are not asked for.
        asks: Which of "name", "pin" and "badge" are asked for.

    Signals:
        wanted: Name, roles, PIN or badge, and reason.
    """

    wanted = Signal(str, object, object, str)

    def __init__(
        self, parent: QWidget, title: str, verb: str, roles: Collection[Role] | None = None, asks: str = ""
    ) -> None:
        super().__init__(parent, title)
        self.name, self.reason, self.pad = QLineEdit(), QLineEdit(), PinPad()
        self.roles = {role: QCheckBox(words) for role, words in _ROLES.items()}
        self._asks, self._by_badge = asks, "badge" in asks
        for role, box in self.roles.items():
            box.setChecked(role in (roles or ()))
            box.setVisible(roles is not None)
        self.do, self.leave = sheet_key(verb, strong=True), sheet_key("Cancel  (Esc)")
        self.do.clicked.connect(self._ask)
        self.leave.clicked.connect(self.reject)
        self.pad.changed.connect(lambda _: self._check())
        self.pad.entered.connect(self._ask)
        for entry, words in ((self.name, "Name of the person"), (self.reason, "Reason")):
            entry.setAccessibleName(words)
            entry.setPlaceholderText(words)
            entry.textChanged.connect(lambda _: self._check())
        self._lay_out()
        (self.name if "name" in asks else self.reason).setFocus()
        self._check()

    @property
    def waits_for_badge(self) -> bool:
        """Whether the next code that is scanned is the badge that is asked for."""
        return self._by_badge and self.isVisible() and self._said

    def take_badge(self, code: Secret) -> None:
        """The badge was scanned."""
        self.wanted.emit(self.name.text(), self._chosen(), code, self.reason.text().strip())
        self.accept()

    @property
    def _said(self) -> bool:
        named = "name" not in self._asks or bool(self.name.text().strip())
        return named and bool(self.reason.text().strip())

    def _chosen(self) -> frozenset[Role]:
        return frozenset(role for role, box in self.roles.items() if box.isChecked())

    def _check(self) -> None:
        typed = "pin" not in self._asks or self.pad.digits >= _LEAST_DIGITS
        self.do.setEnabled(self._said and typed and not self._by_badge)

    def _ask(self) -> None:
        if self.do.isEnabled():
            secret = self.pad.take() if "pin" in self._asks else None
            self.wanted.emit(self.name.text(), self._chosen(), secret, self.reason.text().strip())
            self.accept()

    def _lay_out(self) -> None:
        sizes = current_theme().sizes
        sides, left = QHBoxLayout(), QVBoxLayout()
        sides.setSpacing(2 * sizes.gap)
        self.name.setVisible("name" in self._asks)
        self.pad.setVisible("pin" in self._asks)
        for each in (self.name, *self.roles.values(), self.reason):
            left.addWidget(each)
        if self._by_badge:
            left.addWidget(label("Give the reason, then scan the badge.", wrap=True))
        if "pin" in self._asks:
            left.addWidget(label("PIN: 4 to 12 digits. The person may see it; nobody else.", wrap=True))
        left.addStretch()
        self.reason.setMinimumWidth(sizes.side)
        sides.addLayout(left, 1)
        sides.addWidget(self.pad)
        self.column.addLayout(sides)
        self.do.setVisible(not self._by_badge)
        self.add_key_row(self.leave, self.do)
