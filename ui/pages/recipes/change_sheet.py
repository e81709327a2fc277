"""One sheet for every change: old and new, the effect on the line, the person, and the reason."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from station.domain.person import Person
from station.domain.recipe import TakesEffect
from station.domain.signature import Signing
from ui.theme.theme import current_theme
from ui.widgets.panel import label
from ui.widgets.signed_dialog import SignedDialog, scrolled, when_chooser

REASONS = ("escape", "overkill", "new light", "new product", "trial")
_WIDTH_SHARE = 2.1


class ChangeSheet(SignedDialog):
    """Name and reason are recorded; without both nothing is done.

    Args:
        parent: The page.
        title: What is done: "Release plate 2".
        lines: What changes, a line each.
        effect: What it means for the line, in a sentence.
        verb: The word on the key that does it.
        asks_when: Whether the person chooses when a running line uses it.
        person: Who is proposed.

    Signals:
        wanted: Person, reason, `TakesEffect`, and a `Consent`.
    """

    wanted = Signal(str, str, TakesEffect, object)

    def __init__(
        self,
        parent: QWidget,
        title: str,
        lines: Sequence[str],
        effect: str,
        verb: str,
        *,
        asks_when: bool = False,
        person: str = "",
    ) -> None:
        super().__init__(parent, title, verb, person)
        self.when, self.chips = when_chooser(), list[QPushButton]()
        self.when.setParent(self)
        self.when.setVisible(asks_when)
        self.lines = label("\n".join(lines) or "Nothing differs.", wrap=True)
        self.column.addWidget(scrolled(self.lines, "What changes"))
        self.effect = label(effect, "muted", wrap=True)
        self.column.addWidget(self.effect)
        rows: list[tuple[str, QWidget]] = [("Your name", self.person), ("Reason", self.reason)]
        self.add_form([*rows, *([("Line uses it", self.when)] if asks_when else [])])
        self.column.addLayout(self._lay_out_chips())
        self.add_keys()
        self.setMinimumWidth(round(current_theme().sizes.side * _WIDTH_SHARE))
        (self.reason if person else self.person).setFocus()
        self.check()

    def sign_with(self, person: Person, signing: Signing) -> None:
        """Ask for what a signature needs; on a small screen the proposed reasons give way to it."""
        super().sign_with(person, signing)
        if self.minimumSizeHint().height() > self.maximumHeight():
            for chip in self.chips:
                chip.hide()

    def ask(self) -> None:
        """Say who wants it, why, and from when on."""
        self.wanted.emit(*self.signature, TakesEffect(self.when.currentData()), self.consent)
        super().ask()

    def _lay_out_chips(self) -> QHBoxLayout:
        chips = QHBoxLayout()
        for reason in REASONS:
            chip = QPushButton(reason)
            chip.setAutoDefault(False)
            chip.setAccessibleName(f"Reason: {reason}")
            chip.clicked.connect(lambda _checked=False, words=reason: self._propose(words))
            chips.addWidget(chip)
            self.chips.append(chip)
        return chips

    def _propose(self, words: str) -> None:
        self.reason.setText(words)
        self.reason.setFocus()
