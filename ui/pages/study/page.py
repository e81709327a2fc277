"""The study page: an overview of the study, or the part that somebody judges."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.study.board import Board
from ui.pages.study.task_view import TaskView
from ui.theme.theme import current_theme


class StudyPage(QWidget):
    """Widgets only. Nothing of the overview is visible while somebody judges."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.board, self.task = Board(actions), TaskView(actions)
        self._views = QStackedWidget()
        self._views.addWidget(self.board)
        self._views.addWidget(self.task)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[current_theme().sizes.gap] * 4)
        column.addWidget(self._views)

    @property
    def judges(self) -> bool:
        """Return whether somebody judges now."""
        return self._views.currentWidget() is self.task

    def show_board(self) -> None:
        """Show the overview."""
        self.task.wait()
        self._views.setCurrentWidget(self.board)

    def show_task(self) -> None:
        """Show nothing but the part that is judged."""
        self.board.rest()
        self.task.wait()
        self._views.setCurrentWidget(self.task)
        self.task.picture.setFocus()
