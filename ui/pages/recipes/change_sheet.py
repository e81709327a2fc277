"""One sheet for every change: old and new, the effect on the line, the person, and the reason."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QWidget

from station.domain.recipe import TakesEffect
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label

REASONS = ("escape", "overkill", "new light", "new product", "trial")
_WHEN = {TakesEffect.NEXT_START: "At the line's next start", TakesEffect.NOW: "At once, from the next part on"}
_WIDTH_SHARE = 2.1


class ChangeSheet(Dialog):
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
        wanted: Person, reason and `TakesEffect`.
    """

    wanted = Signal(str, str, TakesEffect)

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
        super().__init__(parent, title)
        self.person, self.reason, self.when = QLineEdit(person), QLineEdit(), Chooser()
        self.chips: list[QPushButton] = []
        self.when.setParent(self)
        self.when.setVisible(asks_when)
        for takes_effect, words in _WHEN.items():
            self.when.addItem(words, takes_effect)
        self.lines = label("\n".join(lines) or "Nothing differs.", wrap=True)
        self.column.addWidget(_scrolled(self.lines))
        self.effect = label(effect, "muted", wrap=True)
        self.column.addWidget(self.effect)
        self._lay_out_form(asks_when=asks_when)
        self._lay_out_keys(verb)
        self.setMinimumWidth(round(current_theme().sizes.side * _WIDTH_SHARE))
        (self.reason if person else self.person).setFocus()
        self._check()

    def _lay_out_form(self, *, asks_when: bool) -> None:
        form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        rows: list[tuple[str, QWidget]] = [("Your name", self.person), ("Reason", self.reason)]
        rows += [("Line uses it", self.when)] if asks_when else []
        for name, entry in rows:
            entry.setAccessibleName(name)
            form.addRow(name, entry)
        for entry in (self.person, self.reason):
            entry.textChanged.connect(self._check)
        self.column.addLayout(form)
        self.column.addLayout(self._lay_out_chips())

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

    def _lay_out_keys(self, verb: str) -> None:
        self.do = QPushButton(verb)
        self.do.setProperty("strong", True)
        self.do.setAutoDefault(True)
        self.do.clicked.connect(self._ask)
        leave = QPushButton("Cancel  (Esc)")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        keys = QHBoxLayout()
        keys.addWidget(leave)
        keys.addWidget(self.do)
        self.column.addLayout(keys)

    def _propose(self, words: str) -> None:
        self.reason.setText(words)
        self.reason.setFocus()

    def _check(self) -> None:
        self.do.setEnabled(all(entry.text().strip() for entry in (self.person, self.reason)))

    def _ask(self) -> None:
        self.wanted.emit(self.person.text().strip(), self.reason.text().strip(), TakesEffect(self.when.currentData()))
        self.accept()


def _scrolled(words: QWidget) -> QScrollArea:
    """However much changes, the keys of the sheet stay on the screen."""
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidget(words)
    area.setAccessibleName("What changes")
    most = current_theme().sizes.side
    area.setMinimumHeight(min(most, words.sizeHint().height() + 8))
    area.setMaximumHeight(most)
    return area
