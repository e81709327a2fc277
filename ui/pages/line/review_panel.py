"""The panel of a REVIEW: two large keys and the time left for an answer."""

import math

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from station.domain.feedback import OpenReview
from station.domain.inspection import Inspection
from ui.actions.action_table import Actions
from ui.pages.line.actions import LineAct
from ui.pages.line.reason_card import sentence
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label
from ui.widgets.text.fitted_text import FittedSentence


class ReviewPanel(QFrame):
    """Ask a person about one part. The keys answer for this part only.

    Attributes:
        asked: The part that the panel names; None if no part is asked for.
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
        self.good = KeyButton(actions[LineAct.REVIEW_GOOD], "main")
        self.defect = KeyButton(actions[LineAct.REVIEW_DEFECT], "main", strong=True)
        self.look_at = KeyButton(actions[LineAct.SHOW_REVIEW], text="Show part")
        self._lay_out()

    @property
    def title(self) -> str:
        """Return the question."""
        return self._title.text()

    @property
    def reason(self) -> str:
        """Return why the part is for review."""
        return self._reason.text()

    def ask(self, review: OpenReview, others: int) -> None:
        """Ask for this part.

        Args:
            review: The part and its time.
            others: Number of other parts that wait.
        """
        if self.asked != review.inspection:
            self._release_keys()
        self.asked = review.inspection
        self._title.setText(f"Part {review.key.label}: good or defect?")
        self._reason.setText(sentence(review.inspection))
        more = f" {others} more waiting." if others else ""
        self._waiting.setText(f"Without an answer it counts as FAIL.{more}")

    def ask_nothing(self) -> None:
        """Ask for no part."""
        self._release_keys()
        self.asked = None

    def show_time(self, left_s: float, limit_s: float) -> None:
        """Show the time left for an answer.

        Args:
            left_s: Time left, seconds.
            limit_s: The whole time limit, seconds.
        """
        self._left.setText(f"{math.ceil(left_s)} s")
        self._bar.setValue(round(1000 * left_s / limit_s))

    def _release_keys(self) -> None:
        """A finger that still lies on a key pressed it for the part before, so it must not answer for the next one."""
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
        keys.setSpacing(current_theme().sizes.gap)
        keys.addWidget(self.good)
        keys.addWidget(self.defect)
        column.addLayout(keys)
