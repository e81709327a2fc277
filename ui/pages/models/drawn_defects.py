"""A look at drawn defects from the models page, as a task that ends with its sheet."""

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.synthetic import DrawnLook, LookOrder, SyntheticKind
from ui.actions.page_spec import PageContext
from ui.background.stoppable_task import StoppableTask
from ui.pages.models.actions import ModelsAct
from ui.pages.models.drawn_sheet import DrawnSheet
from ui.pages.models.models_view import Subject
from ui.pages.models.page import ModelsPage

_ORDER = LookOrder(tuple(SyntheticKind), count=5, seed=0)


class DrawnDefects(QObject):
    """Judges defects that are drawn on good pictures by the first of the shown revisions. Nothing is recorded."""

    def __init__(self, page: ModelsPage, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._synthetic = page, context.station.synthetic
        self._task = StoppableTask(self, context.tasks)
        self._sheet: DrawnSheet | None = None
        self._task.progressed.connect(self._say)
        context.actions.on(ModelsAct.DRAWN, self._look)

    def close(self) -> None:
        """Give up a look, and end."""
        self._task.close()

    def _look(self) -> None:
        subject = self._page.first.currentData()
        if not isinstance(subject, Subject):
            return
        sheet = self._sheet = DrawnSheet(self._page, subject.label)
        sheet.finished.connect(self._forget)
        sheet.open()
        self._task.ask(
            lambda report, wanted: self._synthetic.look(
                subject.recipe, _ORDER, subject.revision, view=subject.view or None, progress=report, wanted=wanted
            ),
            self._show,
            self._fail,
        )

    def _forget(self) -> None:
        self._sheet = None
        self._task.stop()

    def _say(self, text: str) -> None:
        if self._sheet is not None:
            self._sheet.say(text)

    def _show(self, look: DrawnLook) -> None:
        if self._sheet is not None:
            self._sheet.show_look(look)

    def _fail(self, error: StationError) -> None:
        self._say(f"{error.sentence} {error.advice}")
