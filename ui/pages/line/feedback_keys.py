"""The keys for feedback on a part: three keys that name their part, and one more touch for the reason."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from station.domain.feedback import Disposition
from station.domain.inspection import Inspection, PartKey
from ui.actions.action_table import Actions
from ui.pages.line.actions import LineAct
from ui.theme.plain_text import on_a_key
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.reasons import DEFECTS, REASONS

STOPS = ("no material", "changeover", "cleaning", "machine fault", "break", "other")
"""Why the line was paused."""

_OTHER = "other"
_WORDS = {
    Disposition.GOOD_PART: "Good\npart",
    Disposition.MISSED_DEFECT: "Missed\ndefect",
    Disposition.CONFIRMED: "Confirm",
}
_WITH_A_PART = {
    Disposition.GOOD_PART: "Good",
    Disposition.MISSED_DEFECT: "Missed",
    Disposition.CONFIRMED: "Confirm",
}
_ACTS = {
    Disposition.GOOD_PART: LineAct.GOOD_PART,
    Disposition.MISSED_DEFECT: LineAct.MISSED_DEFECT,
    Disposition.CONFIRMED: LineAct.CONFIRM,
}


def defects_to_ask(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return what can be chosen for a missed defect: the kinds of this product, else general words."""
    own = tuple(kind for kind in kinds if kind.casefold() != _OTHER)[: len(DEFECTS) - 1]
    return (*own, _OTHER) if own else DEFECTS


class FeedbackKeys(QWidget):
    """The three keys: good part, missed defect, confirm. Each says which part it is about."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current_theme().sizes.gap)
        self.keys = {claim: KeyButton(actions[act], "claim", text=_WORDS[claim]) for claim, act in _ACTS.items()}
        self._parts: dict[Disposition, Inspection | None] = {}
        for claim, key in self.keys.items():
            row.addWidget(key)
            key.released.connect(partial(self._say, claim))

    def name_part(self, claim: Disposition, part: Inspection | None) -> None:
        """Say on a key which part it is about; a key under a finger keeps the part for which it was pressed."""
        self._parts[claim] = part
        if not self.keys[claim].isDown():
            self._say(claim)

    def _say(self, claim: Disposition) -> None:
        part = self._parts.get(claim)
        self.keys[claim].say(_WORDS[claim] if part is None else f"{_WITH_A_PART[claim]}\n{part.key.label}")


class ReasonChooser(Panel):
    """Ask for the reason: one touch, or Ctrl and the digit of the reason; Esc cancels."""

    chosen = Signal(object, object, str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._key: PartKey | None = None
        self._claim = Disposition.GOOD_PART
        self._question = label("", "large", wrap=True)
        self._actions = [self._action(place) for place in range(max(len(REASONS), len(DEFECTS)))]
        self.keys = [_key(action, place) for place, action in enumerate(self._actions, start=1)]
        self.cancel = QPushButton("Cancel\nEsc")
        self.cancel.setAccessibleName("Cancel")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()

    @property
    def question(self) -> str:
        """Return the question."""
        return self._question.text()

    @property
    def offered(self) -> tuple[str, ...]:
        """Return what can be chosen."""
        return tuple(str(action.data()) for action in self._actions if action.isVisible())

    def ask(self, key: PartKey, claim: Disposition, reasons: Sequence[str]) -> None:
        """Ask for the reason of this feedback on a part."""
        self._key, self._claim = key, claim
        self.offer(f"Part {key.label} is a {claim}. Why?" if claim is Disposition.GOOD_PART else
                   f"Part {key.label} has a defect that was missed. Which?", reasons)  # fmt: skip

    def offer(self, question: str, reasons: Sequence[str]) -> None:
        """Ask a question, and offer these answers; the keyboard goes to the question, not to an answer."""
        self._question.setText(question)
        for place, (action, button) in enumerate(zip(self._actions, self.keys, strict=True)):
            offered = place < len(reasons)
            action.setVisible(offered)
            button.setVisible(offered)
            if offered:
                action.setData(reasons[place])
                button.setText(on_a_key(f"{reasons[place].capitalize()}\nCtrl+{place + 1}"))
                button.setAccessibleName(reasons[place].capitalize())
        self.setFocus()

    def _action(self, place: int) -> QAction:
        action = QAction(self)
        action.setShortcut(QKeySequence(f"Ctrl+{place + 1}"))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setAutoRepeat(False)
        action.triggered.connect(lambda: self.chosen.emit(self._key, self._claim, str(action.data())))
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self._question)
        grid = QGridLayout()
        grid.setSpacing(current_theme().sizes.gap)
        for place, key in enumerate(self.keys):
            grid.addWidget(key, place // 2, place % 2)
        self.cancel.clicked.connect(self.cancelled)
        grid.addWidget(self.cancel, len(self.keys) // 2, 1)
        column.addLayout(grid)
        column.addStretch()


def _key(action: QAction, place: int) -> QPushButton:
    key = QPushButton()
    key.setAccessibleName(f"Reason {place}")
    key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    key.clicked.connect(action.trigger)
    return key
