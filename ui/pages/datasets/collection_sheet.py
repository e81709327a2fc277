"""Which parts of the line are collected, and up to how many."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QDoubleValidator, QIntValidator
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from station.domain.collection import CollectionPolicy, CollectionState
from station.domain.formatting import counted
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label

_MOST = 1_000_000


class CollectionSheet(Dialog):
    """The rules as entries; what is 0 or not pressed collects nothing.

    Signals:
        wanted: The policy, and whether recorded parts are collected by it now.
    """

    wanted = Signal(object, bool)

    def __init__(self, parent: QWidget, product: str, state: CollectionState) -> None:
        super().__init__(parent, f"Collect parts of {product}")
        policy = state.policy
        self.every = _entry("One in how many that passed", str(policy.every_nth_pass), QIntValidator(0, _MOST))
        self.near = _entry("Distance from the limit, 0 to 1", f"{policy.near_limit:g}", _decimal(1))
        self.most_items = _entry("Most parts", str(policy.most_items), QIntValidator(1, _MOST))
        self.most_gb = _entry("Most GB", f"{policy.most_gb:g}", _decimal(_MOST))
        self.disputed = _switch("Disputed parts", on=policy.disputed)
        self.reviewed = _switch("Reviewed parts", on=policy.reviewed)
        form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        for entry in (self.every, self.near, self.most_items, self.most_gb):
            form.addRow(entry.accessibleName(), entry)
            entry.textChanged.connect(self._check)
        rules = QHBoxLayout()
        rules.addWidget(self.disputed)
        rules.addWidget(self.reviewed)
        used = f"{counted(state.items, 'part')} collected, {state.bytes_used / 1e9:.2f} GB."
        full = " The cap is reached: nothing more is collected." if state.full else ""
        self.column.addWidget(label(used + full, "muted", wrap=True))
        self.column.addLayout(form)
        self.column.addLayout(rules)
        self.column.addWidget(label("A part that was not inspected is never collected, nor one whose whole picture was "
                                    "not kept.", "muted", wrap=True))  # fmt: skip
        self.column.addLayout(self._keys())
        self.setMinimumWidth(round(current_theme().sizes.side * 1.8))
        self._check()

    @property
    def policy(self) -> CollectionPolicy:
        """Return what is entered."""
        return CollectionPolicy(
            int(self.every.text()),
            _number(self.near),
            self.disputed.isChecked(),
            self.reviewed.isChecked(),
            int(self.most_items.text()),
            _number(self.most_gb),
        )

    def _keys(self) -> QHBoxLayout:
        cancel, self.stored, self.save = (
            QPushButton(words) for words in ("Cancel  (Esc)", "Save, and search the records", "Save  (Enter)")
        )
        self.save.setDefault(True)
        self.save.setProperty("strong", True)
        cancel.clicked.connect(self.reject)
        self.stored.clicked.connect(lambda: self._ask(search=True))
        self.save.clicked.connect(lambda: self._ask(search=False))
        keys = QHBoxLayout()
        keys.setSpacing(current_theme().sizes.gap)
        for key in (cancel, self.stored, self.save):
            key.ensurePolished()
            key.setMinimumWidth(key.sizeHint().width())
            keys.addWidget(key)
        return keys

    def _check(self) -> None:
        entries = (self.every, self.near, self.most_items, self.most_gb)
        sound = all(entry.hasAcceptableInput() for entry in entries) and _number(self.most_gb) > 0
        self.save.setEnabled(sound)
        self.stored.setEnabled(sound)

    def _ask(self, *, search: bool) -> None:
        self.wanted.emit(self.policy, search)
        self.accept()


def _entry(name: str, text: str, validator: QIntValidator | QDoubleValidator) -> QLineEdit:
    entry = QLineEdit(text)
    entry.setAccessibleName(name)
    validator.setParent(entry)
    entry.setValidator(validator)
    return entry


def _decimal(most: float) -> QDoubleValidator:
    validator = QDoubleValidator(0, most, 3)
    validator.setNotation(QDoubleValidator.Notation.StandardNotation)
    return validator


def _number(entry: QLineEdit) -> float:
    """Return the number that is entered, with a point or the comma of the person's language; 0 if it is none yet."""
    try:
        return float(entry.text().replace(",", "."))
    except ValueError:
        return 0.0


def _switch(words: str, *, on: bool) -> QPushButton:
    key = QPushButton(words)
    key.setCheckable(True)
    key.setChecked(on)
    key.setAutoDefault(False)
    return key
