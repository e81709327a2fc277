"""A dialog that records a name and a reason: without both, nothing is done. A release is signed by PIN or badge too."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from station.domain.person import KnownBy, Person
from station.domain.recipe import TakesEffect
from station.domain.secret import Secret
from station.domain.signature import Consent, SignatureProof, Signing
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label
from ui.widgets.pin_pad import PinPad

_LEAST_DIGITS = 4
_TITLE_AND_KEYS = 2
_LEAST_LINES = 2
_WITHOUT = "Even so, because"
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
        unvalidated: Why a release is done without a validation; hidden if none is asked for.
        pad: Where the PIN is typed once more; None if nothing is signed by PIN here.
    """

    def __init__(self, parent: QWidget, title: str, verb: str, person: str = "") -> None:
        super().__init__(parent, title)
        self.pad: PinPad | None = None
        self._badge: SignatureProof | None = None
        self._form = QFormLayout()
        self.person, self.reason = QLineEdit(person), QLineEdit()
        self.unvalidated = QLineEdit(self)
        self.unvalidated.hide()
        for entry in (self.person, self.reason, self.unvalidated):
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

    def sign_with(self, person: Person, signing: Signing) -> None:
        """Ask for PIN or badge once more if the station has accounts, and say who has signed already."""
        self.sign_as(person)
        if signing.unvalidated:
            self._ask_why_unvalidated(signing.unvalidated)
        if not signing.needs_proof:
            return
        if any(each.person == person.name for each in signing.waiting):
            self._let_another_sign()
        self.pad = pad = PinPad()
        pad.changed.connect(lambda _digits: self.check())
        pad.entered.connect(self._enter)
        words = label(_asked_for(signing), "muted", wrap=True)
        words.setObjectName("signing")
        self.column.insertWidget(self.column.count() - 1, words)
        self._put_beside(pad)
        self.check()

    @property
    def consent(self) -> Consent:
        """Take by what it is signed, and why without a validation; both only if they were asked for."""
        typed = SignatureProof(self.pad.take()) if self.pad is not None and self._badge is None else None
        return Consent(self._badge or typed, self.unvalidated.text().strip())

    def wants_badge(self) -> bool:
        """Return whether a badge that is scanned now signs."""
        return self.pad is not None and self.isVisible() and bool(self.reason.text().strip())

    def take_badge(self, code: Secret) -> None:
        """Sign by a badge."""
        self._badge = SignatureProof(code, KnownBy.BADGE)
        self.ask()

    @property
    def signed(self) -> bool:
        """Whether name and reason are given, and the PIN if it is asked for."""
        typed = self.pad is None or self.pad.digits >= _LEAST_DIGITS
        asked = (self.person, self.reason, *([self.unvalidated] if not self.unvalidated.isHidden() else []))
        return typed and all(entry.text().strip() for entry in asked)

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
        form = self._form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        for name, entry in rows:
            entry.setAccessibleName(name)
            form.addRow(name, entry)
        self.column.addLayout(form)
        return form

    def _put_beside(self, pad: QWidget) -> None:
        """Put the pad beside everything between title and keys: below it, a small screen would have no room."""
        left, sides = QVBoxLayout(), QHBoxLayout()
        left.setSpacing(current_theme().sizes.gap)
        while self.column.count() > _TITLE_AND_KEYS and (item := self.column.takeAt(1)) is not None:
            widget, layout = item.widget(), item.layout()
            if widget is not None:
                left.addWidget(widget)
            elif layout is not None:
                left.addLayout(layout)
        sides.setSpacing(2 * current_theme().sizes.gap)
        sides.addLayout(left, 1)
        sides.addWidget(pad, 0, Qt.AlignmentFlag.AlignTop)
        self.column.insertLayout(1, sides, 1)
        self.setMinimumWidth(self.minimumWidth() + pad.sizeHint().width())
        if (page := self.parentWidget()) is not None:
            self.setMaximumHeight(page.window().height())

    def _ask_why_unvalidated(self, why_not: str) -> None:
        words = label(why_not, wrap=True)
        words.setProperty("troubled", True)
        self.column.insertWidget(self.column.count() - 1, words)
        self.unvalidated.setAccessibleName(_WITHOUT)
        self._form.addRow(_WITHOUT, self.unvalidated)
        self.unvalidated.show()
        self.check()

    def _let_another_sign(self) -> None:
        self.person.clear()
        self.person.setReadOnly(False)
        self.person.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.person.setFocus()

    def _enter(self) -> None:
        if self.do.isEnabled():
            self.ask()

    def add_keys(self) -> None:
        """Add the two keys at the end."""
        self.add_key_row(self.leave, self.do)


def _asked_for(signing: Signing) -> str:
    how = "Type your PIN once more, or give the reason and scan your badge."
    if signing.waiting:
        names = ", ".join(each.person for each in signing.waiting)
        return f"{names} has signed. Another person signs now. {how}"
    return f"{signing.needed} different people sign. {how}" if signing.needed > 1 else how


def scrolled(words: QWidget, name: str) -> QScrollArea:
    """Return words that scroll: however much they say, the keys of the sheet stay on the screen."""
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidget(words)
    area.setAccessibleName(name)
    whole = words.sizeHint().height() + 8
    area.setMinimumHeight(min(whole, _LEAST_LINES * words.fontMetrics().lineSpacing() + 8))
    area.setMaximumHeight(current_theme().sizes.side)
    return area


def when_chooser() -> Chooser:
    """Return a choice of when a running line uses a revision; its data are `TakesEffect`."""
    chooser = Chooser()
    for takes_effect, words in _WHEN.items():
        chooser.addItem(words, takes_effect)
    return chooser
