"""From corrections to a draft: follows where a working set is on that way, and takes the next step on one key."""

from PySide6.QtCore import QObject

from station.domain.corrections import LearningState
from station.domain.dataset import Added
from station.domain.errors import StationError
from station.domain.formatting import counted
from station.domain.training import TrainingRun
from ui.actions.page_spec import PageContext
from ui.background.tasks import BackgroundTasks
from ui.pages.datasets.actions import DatasetAct
from ui.pages.datasets.corrections_notice import NextStep, notice_of
from ui.pages.datasets.exchange import Exchange
from ui.pages.datasets.filter_bar import Place
from ui.pages.datasets.page import DatasetsPage


class Learning(QObject):
    """Shows the notice of the page, and does what its key says."""

    def __init__(self, page: DatasetsPage, context: PageContext, tasks: BackgroundTasks, exchange: Exchange) -> None:
        super().__init__(page)
        self._page, self._context, self._tasks, self._exchange = page, context, tasks, exchange
        self._place: Place | None = None
        self._state = LearningState()
        self._action = context.actions[DatasetAct.CORRECT]
        context.actions.on(DatasetAct.CORRECT, self._go_on)
        self._show()

    def look(self, place: Place) -> None:
        """Show what is offered for a working set."""
        corrections = self._context.station.corrections
        self._tasks.ask(lambda: (place, corrections.state(*place)), self._take, self._fail)
        if place != self._place:
            self._place, self._state = place, LearningState()
            self._show()

    def follow(self) -> None:
        """Look again if a training was not over; otherwise nothing changes but by a change on this page."""
        if self._place is not None and self._state.run is not None:
            self.look(self._place)

    def _take(self, read: tuple[Place, LearningState]) -> None:
        place, state = read
        if place == self._place:
            self._state = state
            self._show()

    def _show(self) -> None:
        notice = notice_of(self._state)
        self._action.setEnabled(notice is not None)
        self._page.show_notice(notice)

    def _go_on(self) -> None:
        notice, place, open_page = notice_of(self._state), self._place, self._context.open_page
        if notice is None or place is None:
            return
        match notice.step:
            case NextStep.TEACH:
                self._teach(place)
            case NextStep.BRING:
                self._bring(place)
            case NextStep.FOLLOW if self._state.run is not None:
                open_page("training", (*place, self._state.run.order.dataset_version))
            case NextStep.TRY if self._state.draft is not None:
                open_page("shadow", self._state.draft)

    def _teach(self, place: Place) -> None:
        self._action.setEnabled(False)
        self._page.say("Freezing \u2026")
        corrections = self._context.station.corrections
        self._tasks.ask(lambda: corrections.teach(*place, progress=self._exchange.progress), self._taught, self._refuse)

    def _taught(self, run: TrainingRun) -> None:
        order = run.order
        self._exchange.changed.emit(
            (order.product, order.view), f"Version {order.dataset_version} is frozen, and run {run.number} is queued."
        )
        self._context.open_page("training", (order.product, order.view, order.dataset_version, order.recipe))

    def _bring(self, place: Place) -> None:
        corrections = self._context.station.corrections
        self._tasks.ask(
            lambda: corrections.bring_disputed(*place), lambda added: self._brought(place, added), self._fail
        )

    def _brought(self, place: Place, added: Added) -> None:
        came = counted(len(added.item_ids), "picture")
        self._exchange.changed.emit(place, f"{came} came in. Mark and label what is not labelled yet.")

    def _refuse(self, error: StationError) -> None:
        self._show()
        self._fail(error)

    def _fail(self, error: StationError) -> None:
        self._page.say(f"{error.sentence} {error.advice}")
