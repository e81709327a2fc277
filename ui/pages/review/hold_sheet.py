"""Asks which parts are put on hold or released, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from station.domain.inspection import PartKey
from ui.pages.review.reason_sheet import ReasonSheet
from ui.widgets.chooser import Chooser
from ui.widgets.panel import label
from ui.widgets.reasons import HOLDS

_MOST = 999_999_999
_HOLD = "The pictures of these parts are kept whatever happens, also on a full disk, until somebody releases them."
_RELEASE = "The pictures of these parts may be given up again as their verdicts say."
_BY_NUMBER = "Parts of this shift, by number"


@dataclass(frozen=True, slots=True)
class Scope:
    """Parts that are held together.

    Attributes:
        words: "Lot L7, 1 240 parts".
        keys: The parts.
    """

    words: str
    keys: tuple[PartKey, ...]


class HoldSheet(ReasonSheet):
    """The part that is shown, all of the shift from one number to another, or a scope.

    Signals:
        range_wanted: The first and the last number, and the reason.
        scope_wanted: A `Scope`, and the reason.
    """

    range_wanted = Signal(int, int, str)
    scope_wanted = Signal(object, str)

    def __init__(self, parent: QWidget, number: int, scopes: Sequence[Scope] = (), *, release: bool) -> None:
        title, text, verb = (
            ("Release parts", _RELEASE, "Release") if release else ("Put parts on hold", _HOLD, "Put on hold")
        )
        self.which = Chooser()
        self.first, self.last = QLineEdit(f"{number:04d}"), QLineEdit(f"{number:04d}")
        super().__init__(parent, title, text, verb, () if release else HOLDS)
        self._lay_out_scope(scopes)
        self.which.currentIndexChanged.connect(lambda _: self.check())
        self.given.connect(self._want)

    @property
    def chosen(self) -> Scope | None:
        """Return the scope that is chosen; None for a range of numbers."""
        scope: Scope | None = self.which.currentData()
        return scope

    @property
    def complete(self) -> bool:
        """Return whether a scope is chosen, or both numbers are there and the first is not after the last."""
        for entry in (self.first, self.last):
            entry.setEnabled(self.chosen is None)
        if self.chosen is not None:
            return True
        if not all(entry.hasAcceptableInput() for entry in (self.first, self.last)):
            return False
        return int(self.first.text()) <= int(self.last.text())

    def _want(self, reason: str) -> None:
        if self.chosen is None:
            self.range_wanted.emit(int(self.first.text()), int(self.last.text()), reason)
        else:
            self.scope_wanted.emit(self.chosen, reason)

    def _lay_out_scope(self, scopes: Sequence[Scope]) -> None:
        self.which.setAccessibleName("Which parts")
        self.which.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.which.addItem(_BY_NUMBER, None)
        for scope in scopes:
            self.which.addItem(scope.words, scope)
        self.which.setVisible(bool(scopes))
        self.column.insertWidget(2, self.which)
        for name, entry in (("From part", self.first), ("to part", self.last)):
            entry.setAccessibleName(name)
            entry.setValidator(QIntValidator(1, _MOST, entry))
            entry.textChanged.connect(self.check)
            self.scope.addWidget(label(name))
            self.scope.addWidget(entry, 1)
