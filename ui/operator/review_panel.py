"""The REVIEW task: two large keys and the time that is left."""

import math

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from ui.actions import Act, Actions
from ui.operator.review_tasks import ReviewTasks
from ui.theme import look
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label


class ReviewPanel(QFrame):
    """Asks for a person's word on one part."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("review")
        self._title = label("", "title", wrap=True)
        self._waiting = label("", "muted", wrap=True)
        self._left = label("", "number")
        self._bar = QProgressBar(textVisible=False, maximum=1000)
        self._bar.setAccessibleName("Time left")
        self.good = KeyButton(actions[Act.GOOD_PART], "main", text="Good part")
        self.defect = KeyButton(actions[Act.CONFIRM], "main", text="Defect", strong=True)
        self.look_at = KeyButton(actions[Act.SHOW_REVIEW])
        self._lay_out()

    @property
    def title(self) -> str:
        """What is asked."""
        return self._title.text()

    def show_tasks(self, tasks: ReviewTasks, now_s: float) -> None:
        """The current task and its time."""
        task = tasks.current
        if task is None:
            return
        left_s = tasks.remaining_s(now_s)
        self._title.setText(f"Part {task.inspection.key.label}: good or defect?")
        self._left.setText(f"{math.ceil(left_s)} s")
        more = f" {tasks.waiting - 1} more waiting." if tasks.waiting > 1 else ""
        self._waiting.setText(f"Without an answer it counts as FAIL.{more}")
        self._bar.setValue(round(1000 * left_s / tasks.time_limit_s))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._left)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._waiting)
        column.addStretch()
        column.addWidget(self.look_at)
        keys = QHBoxLayout()
        keys.setSpacing(look().sizes.gap)
        keys.addWidget(self.good)
        keys.addWidget(self.defect)
        column.addLayout(keys)
