"""One person judges: the part that is asked for is shown, the answer kept, and the next one fetched."""

from collections.abc import Callable

from PySide6.QtGui import QImage

from station.domain.errors import StationError
from station.domain.study.study import Answer, StudyTask
from ui.actions.page_spec import PageContext
from ui.background.rendered_part import picture_levels, qimage
from ui.background.tasks import BackgroundTasks
from ui.pages.study.actions import StudyAct
from ui.pages.study.task_view import TaskView

_Shown = tuple[StudyTask, tuple[QImage, ...]]


class Judging:
    """Keeps each answer before the next part is shown, so that a power cut loses none.

    Args:
        view: Where the part is shown.
        context: The station and its actions.
        tasks: Work off the GUI thread.
        ended: Called when the person leaves or has given every answer.
    """

    def __init__(
        self, view: TaskView, context: PageContext, tasks: BackgroundTasks, ended: Callable[[], object]
    ) -> None:
        self._view, self._studies, self._tasks, self._ended = view, context.station.studies, tasks, ended
        self._task: StudyTask | None = None
        self._answer: Answer | None = None
        self._turn = 0
        on = context.actions.on
        on(StudyAct.GOOD, lambda: self._mark(Answer.GOOD))
        on(StudyAct.DEFECT, lambda: self._mark(Answer.DEFECT))
        on(StudyAct.NEXT, self._give)
        on(StudyAct.LEAVE, self.leave)

    def begin(self, number: int, appraiser: str) -> None:
        """Show a person what is asked next in a study."""
        self._fetch(lambda: self._studies.task(number, appraiser))

    def leave(self) -> None:
        """Stop judging; an answer that is only marked is not kept."""
        self._turn += 1
        self._task = self._answer = None
        self._ended()

    def _mark(self, answer: Answer) -> None:
        if self._task is not None:
            self._answer = answer
            self._view.mark(answer)

    def _give(self) -> None:
        task, answer = self._task, self._answer
        if task is not None and answer is not None:
            self._fetch(lambda: self._studies.answer(task, answer))

    def _fetch(self, next_task: Callable[[], StudyTask | None]) -> None:
        """Fetch the next part; what a person left meanwhile is not shown any more."""
        self._turn += 1
        turn, self._task, self._answer = self._turn, None, None
        self._view.say("")
        self._view.wait()
        self._tasks.ask(
            lambda: self._with_picture(next_task()),
            lambda shown: self._show(turn, shown),
            lambda error: self._fail(turn, error),
        )

    def _with_picture(self, task: StudyTask | None) -> _Shown | None:
        return None if task is None else (task, picture_levels(qimage(self._studies.picture(task))))

    def _show(self, turn: int, shown: _Shown | None) -> None:
        if turn != self._turn:
            return
        if shown is None:
            self.leave()
            return
        self._task = shown[0]
        self._view.show_task(*shown)

    def _fail(self, turn: int, error: StationError) -> None:
        if turn == self._turn:
            self._view.say(f"{error.sentence} {error.advice}".strip())
