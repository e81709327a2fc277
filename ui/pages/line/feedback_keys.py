"""The keys for feedback on a part: three keys, and one more touch for the reason."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from ui.actions.action_table import Actions
from ui.pages.line.actions import LineAct
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label

REASONS = ("dust", "reflection", "position", "print", "other")


class FeedbackKeys(QWidget):
    """The three keys: good part, missed defect, confirm."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current_theme().sizes.gap)
        for act, text in (
            (LineAct.GOOD_PART, "Good\npart"),
            (LineAct.MISSED_DEFECT, "Missed\ndefect"),
            (LineAct.CONFIRM, ""),
        ):
            row.addWidget(KeyButton(actions[act], text=text))


class ReasonChooser(Panel):
    """Ask for the reason: one touch or the digit of the reason; Esc cancels."""

    chosen = Signal(object, object, str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._key: PartKey | None = None
        self._claim = Disposition.GOOD_PART
        self._question = label("", "large", wrap=True)
        self.keys = [QPushButton(f"{i}  {reason.capitalize()}") for i, reason in enumerate(REASONS, start=1)]
        self._cancel = QPushButton("Esc  Cancel")
        self._lay_out()

    @property
    def question(self) -> str:
        """Return the question."""
        return self._question.text()

    def ask(self, key: PartKey, claim: Disposition) -> None:
        """Ask for the reason of this feedback on a part."""
        self._key, self._claim = key, claim
        self._question.setText(f"Part {key.label} is a {claim}. Why?" if claim is Disposition.GOOD_PART else
                               f"Part {key.label} has a defect that was missed. Which?")  # fmt: skip
        self.keys[0].setFocus()

    def event(self, event: QEvent) -> bool:
        """Keep digits and Esc from the shortcuts of the page."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_mine(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Choose by a digit, cancel by Esc."""
        if event.text() == "\x1b":
            self.cancelled.emit()
        elif self._is_mine(event):
            self._choose(REASONS[int(event.text()) - 1])

    def _is_mine(self, event: QKeyEvent) -> bool:
        return event.text() == "\x1b" or event.text() in [str(i + 1) for i in range(len(REASONS))]

    def _choose(self, reason: str) -> None:
        self.chosen.emit(self._key, self._claim, reason)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self._question)
        grid = QGridLayout()
        grid.setSpacing(current_theme().sizes.gap)
        for i, (key, reason) in enumerate(zip(self.keys, REASONS, strict=True)):
            key.clicked.connect(lambda _checked=False, reason=reason: self._choose(reason))
            grid.addWidget(key, i // 2, i % 2)
        self._cancel.clicked.connect(self.cancelled)
        grid.addWidget(self._cancel, len(REASONS) // 2, 1)
        column.addLayout(grid)
        column.addStretch()
