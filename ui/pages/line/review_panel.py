"""The REVIEW task: two large keys and the time that is left."""

import math

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from station.domain.inspection import Inspection
from ui.actions.action_table import Act, Actions
from ui.pages.line.reason_card import sentence
from ui.pages.line.review_tasks import ReviewTask
from ui.theme.theme import look
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label
from ui.widgets.text.fitted_text import FittedSentence


class ReviewPanel(QFrame):
    """Asks for a person's word on one part, and takes it for no other.

    Attributes:
        asked: The part that it names.
    """

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("review")
        self.asked: Inspection | None = None
        self._title = label("", "title", wrap=True)
        self._reason = FittedSentence()
        self._waiting = label("", "muted", wrap=True)
        self._left = label("", "number")
        self._bar = QProgressBar(textVisible=False, maximum=1000)
        self._bar.setAccessibleName("Time left")
        self.good = KeyButton(actions[Act.REVIEW_GOOD], "main")
        self.defect = KeyButton(actions[Act.REVIEW_DEFECT], "main", strong=True)
        self.look_at = KeyButton(actions[Act.SHOW_REVIEW], text="Show part")
        self._lay_out()

    @property
    def title(self) -> str:
        """What is asked."""
        return self._title.text()

    @property
    def reason(self) -> str:
        """Why it is asked."""
        return self._reason.text()

    def ask(self, task: ReviewTask, others: int) -> None:
        """Ask for this part; so many others wait."""
        if self.asked != task.inspection:
            self._let_go()
        self.asked = task.inspection
        self._title.setText(f"Part {task.key.label}: good or defect?")
        self._reason.setText(sentence(task.inspection))
        more = f" {others} more waiting." if others else ""
        self._waiting.setText(f"Without an answer it counts as FAIL.{more}")

    def ask_nothing(self) -> None:
        """No part is asked for."""
        self._let_go()
        self.asked = None

    def show_time(self, left_s: float, limit_s: float) -> None:
        """What is left of the time for an answer."""
        self._left.setText(f"{math.ceil(left_s)} s")
        self._bar.setValue(round(1000 * left_s / limit_s))

    def _let_go(self) -> None:
        """A finger that lies on a key answered another question, so it answers nothing any more."""
        for key in (self.good, self.defect):
            key.setDown(False)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._left)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._reason, 1)
        column.addWidget(self._waiting)
        column.addWidget(self.look_at)
        keys = QHBoxLayout()
        keys.setSpacing(look().sizes.gap)
        keys.addWidget(self.good)
        keys.addWidget(self.defect)
        column.addLayout(keys)
