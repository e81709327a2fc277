"""The blind task: one picture, two answers, and nothing that hints at a verdict or at former answers."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station.domain.study.study import Answer, StudyTask
from ui.actions.action_table import Actions
from ui.pages.study.actions import StudyAct
from ui.theme.theme import current_theme
from ui.widgets.canvas.picture_canvas import PictureCanvas
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label
from ui.widgets.text.fitted_text import heading

_ANSWERS = {Answer.GOOD: StudyAct.GOOD, Answer.DEFECT: StudyAct.DEFECT}


class TaskView(QWidget):
    """Fills the page while somebody judges."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        for act in _ANSWERS.values():
            actions[act].setCheckable(True)
        self.whose, self.progress = heading(""), label("", "large")
        self.problem = label("", "strong", wrap=True)
        self.problem.hide()
        self.picture = PictureCanvas("Part to judge")
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._lay_out()
        self.wait()

    def show_task(self, task: StudyTask, levels: tuple[QImage, ...]) -> None:
        """Show a part that is not judged yet."""
        self.whose.setText(task.appraiser.name)
        self.progress.setText(f"{task.position} of {task.of}")
        self.picture.show_levels(levels, levels[0].size())
        self.picture.fit()
        self.mark(None)
        for act in _ANSWERS.values():
            self._actions[act].setEnabled(True)

    def mark(self, answer: Answer | None) -> None:
        """Mark an answer; it is not given before Next."""
        for each, act in _ANSWERS.items():
            self._actions[act].setChecked(each is answer)
        self._actions[StudyAct.NEXT].setEnabled(answer is not None)

    def wait(self) -> None:
        """Show no part, so that no picture is taken for another one."""
        self.picture.show_levels((), QSize())
        self.mark(None)
        for act in _ANSWERS.values():
            self._actions[act].setEnabled(False)

    def say(self, problem: str) -> None:
        """Say what went wrong."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        head, keys = QHBoxLayout(), QHBoxLayout()
        for row in (head, keys):
            row.setSpacing(gap)
        head.addWidget(self.whose, 1)
        head.addWidget(self.progress)
        leave = KeyButton(self._actions[StudyAct.LEAVE])
        leave.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        head.addWidget(leave)
        for act in _ANSWERS.values():
            keys.addWidget(KeyButton(self._actions[act], "main"), 2)
        keys.addWidget(KeyButton(self._actions[StudyAct.NEXT], "main"), 1)
        column.addLayout(head)
        column.addWidget(self.problem)
        column.addWidget(self.picture, 1)
        column.addLayout(keys)
