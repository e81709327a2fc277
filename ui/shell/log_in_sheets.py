"""The sheets that open at a touch on the person: log in, log out, and the first account of a station."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from station.domain.names import readable
from station.domain.permissions import Role
from station.domain.person import Account, Person
from station.domain.secret import Secret
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label
from ui.widgets.pin_pad import PinPad

_LEAST_DIGITS = 4
_LONGEST_SHOWN = 24
_CHOOSE = "Choose a PIN of 4 to 12 digits."


class LogInSheet(Dialog):
    """Touch a name and type the PIN, or scan a badge.

    Signals:
        wanted: Name and PIN.
    """

    wanted = Signal(str, object)

    def __init__(self, parent: QWidget, accounts: Sequence[Account], chosen: str = "") -> None:
        super().__init__(parent, "Who are you?")
        self.names, self.pad = QListWidget(), PinPad()
        self.names.setAccessibleName("People")
        self.names.setObjectName("people")
        self.names.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for account in accounts:
            self.names.addItem(_row(account))
        self.message = label("Touch your name and type your PIN, or scan your badge.", wrap=True)
        self.message.setMinimumHeight(2 * self.message.fontMetrics().lineSpacing())
        self.do, self.leave = sheet_key("Log in  (Enter)", strong=True), sheet_key("Cancel  (Esc)")
        self.names.currentItemChanged.connect(lambda *_: self._begin_pin())
        self.names.itemActivated.connect(lambda _: self.pad.setFocus())
        self.pad.changed.connect(lambda _: self._check())
        self.pad.entered.connect(self._ask)
        self.do.clicked.connect(self._ask)
        self.leave.clicked.connect(self.reject)
        self._lay_out()
        names = [account.name for account in accounts]
        self.names.setCurrentRow(names.index(chosen) if chosen in names else 0)
        (self.pad if chosen or len(names) == 1 else self.names).setFocus()
        self._check()

    def refuse(self, sentence: str) -> None:
        """Say why nobody was logged in; the next try can be typed at once."""
        self.message.setText(sentence)
        self.message.setProperty("troubled", True)
        self.message.style().polish(self.message)
        self.pad.setEnabled(True)
        self.pad.setFocus()
        self._check()

    def _lay_out(self) -> None:
        sizes = current_theme().sizes
        sides = QHBoxLayout()
        sides.setSpacing(2 * sizes.gap)
        self.names.setMinimumWidth(round(sizes.side * 0.9))
        sides.addWidget(self.names, 1)
        sides.addWidget(self.pad)
        self.column.addLayout(sides)
        self.column.addWidget(self.message)
        self.add_key_row(self.leave, self.do)

    def _begin_pin(self) -> None:
        self.pad.clear()
        self._check()

    def _check(self) -> None:
        chosen = self.names.currentItem() is not None
        self.do.setEnabled(chosen and self.pad.isEnabled() and self.pad.digits >= _LEAST_DIGITS)

    def _ask(self) -> None:
        if self.do.isEnabled():
            self.pad.setEnabled(False)
            self.message.setText("Checking the PIN.")
            self.wanted.emit(self.names.currentItem().data(Qt.ItemDataRole.UserRole), self.pad.take())


class PersonSheet(Dialog):
    """Who is logged in; log out, or let somebody else log in.

    Signals:
        out_wanted: Log out.
        other_wanted: Let somebody else log in.
    """

    out_wanted = Signal()
    other_wanted = Signal()

    def __init__(self, parent: QWidget, person: Person, roles: str) -> None:
        super().__init__(parent, shown_name(person.name))
        self.words = label(f"{roles[0].upper()}{roles[1:]}. Logged in by {person.known_by}.", wrap=True)
        self.column.addWidget(self.words)
        self.out, self.other = sheet_key("Log out", strong=True), sheet_key("Somebody else")
        self.leave = sheet_key("Stay logged in  (Esc)")
        for key, wanted in ((self.out, self.out_wanted), (self.other, self.other_wanted)):
            key.clicked.connect(self.accept)
            key.clicked.connect(wanted)
        self.leave.clicked.connect(self.reject)
        self.add_key_row(self.leave, self.other, self.out)
        self.out.setFocus()


class FirstAccountSheet(Dialog):
    """The card of the first start: the first supervisor of a station, who can add all others.

    Signals:
        wanted: Name, roles and PIN.
    """

    wanted = Signal(str, object, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Who is the first supervisor?")
        self.name, self.pad = QLineEdit(), PinPad()
        self.name.setAccessibleName("Your name")
        self.name.setPlaceholderText("Your name")
        self.engineer = QCheckBox("I also set up products (engineer)")
        self.engineer.setChecked(True)
        self.message = label(_CHOOSE, wrap=True)
        self.message.setMinimumHeight(3 * self.message.fontMetrics().lineSpacing())
        self.do, self.leave = sheet_key("Next  (Enter)", strong=True), sheet_key("Not now  (Esc)")
        self._first: Secret | None = None
        self.name.textChanged.connect(lambda _: self._check())
        self.name.returnPressed.connect(self.pad.setFocus)
        self.pad.changed.connect(lambda _: self._check())
        self.pad.entered.connect(self._next)
        self.do.clicked.connect(self._next)
        self.leave.clicked.connect(self.reject)
        self._lay_out()
        self.name.setFocus()
        self._check()

    def refuse(self, sentence: str) -> None:
        """Say why there is no account yet, and begin the PIN again."""
        self._first = None
        self.message.setText(sentence)
        self.do.setText("Next  (Enter)")
        self.pad.clear()
        self.pad.setFocus()

    def _lay_out(self) -> None:
        sizes = current_theme().sizes
        sides, left = QHBoxLayout(), QVBoxLayout()
        sides.setSpacing(2 * sizes.gap)
        why = label("A supervisor adds the other people. Until then the station does what an operator may.", wrap=True)
        why.setMinimumWidth(round(sizes.side * 0.9))
        for each in (why, self.name, self.engineer, self.message):
            left.addWidget(each)
        left.addStretch()
        sides.addLayout(left, 1)
        sides.addWidget(self.pad)
        self.column.addLayout(sides)
        self.add_key_row(self.leave, self.do)

    def _check(self) -> None:
        self.do.setEnabled(bool(self.name.text().strip()) and self.pad.digits >= _LEAST_DIGITS)

    def _next(self) -> None:
        if not self.do.isEnabled():
            return
        typed = self.pad.take()
        if self._first is None:
            self._first = typed
            self.message.setText("Type the same PIN again.")
            self.do.setText("Make the account  (Enter)")
            self.pad.setFocus()
        elif self._first.same_as(typed):
            first, self._first = self._first, None
            typed.wipe()
            roles = {Role.SUPERVISOR, *([Role.ENGINEER] if self.engineer.isChecked() else [])}
            self.wanted.emit(self.name.text(), frozenset(roles), first)
        else:
            self._first.wipe()
            typed.wipe()
            self.refuse(f"The two PINs are not the same. {_CHOOSE}")


def shown_name(name: str) -> str:
    """Return a name for a key or a title: short, and with what would be misread spelt out."""
    words = readable(name)
    return words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1]}\u2026"


def _row(account: Account) -> QListWidgetItem:
    item = QListWidgetItem(readable(account.name))
    item.setData(Qt.ItemDataRole.UserRole, account.name)
    item.setToolTip(in_a_hint(readable(account.name)))
    item.setSizeHint(QSize(0, current_theme().sizes.key))
    return item
