"""The drift of the recipe that judged last, above the figures: a chart for each view, renewed while it is seen."""

from PySide6.QtCore import QObject

from station.domain.drift import DriftState
from ui.actions.page_spec import PageContext
from ui.background.timers import repeating_timer
from ui.pages.models.actions import ModelsAct
from ui.pages.models.page import ModelsPage
from ui.widgets.confirm_dialog import ask
from ui.widgets.drift_chart import DriftChart

_EVERY_MS = 2000


class DriftPanel(QObject):
    """Asks the station, off the GUI thread, as long as the page is open."""

    def __init__(self, page: ModelsPage, context: PageContext) -> None:
        super().__init__(page)
        self._place, self._tasks, self._drift = page.below, context.tasks, context.station.drift
        self.charts: list[DriftChart] = []
        self._timer = repeating_timer(self, _EVERY_MS, self.renew)
        context.actions[ModelsAct.CALIBRATE].setEnabled(False)
        context.actions.on(ModelsAct.CALIBRATE, self._ask_to_calibrate)
        self._calibrate = context.actions[ModelsAct.CALIBRATE]
        self._page = page
        self._show(())

    def start(self) -> None:
        """Show what is known now, and again every two seconds."""
        self.renew()
        self._timer.start()

    def stop(self) -> None:
        """Ask no more."""
        self._timer.stop()

    def renew(self) -> None:
        """Show what is known now."""
        self._tasks.ask(self._drift.states, self._show, lambda _error: None)

    def _ask_to_calibrate(self) -> None:
        ask(
            self._page,
            "Take the line as it is now for normal?",
            "The calibration is forgotten. The next 100 parts that pass are the new one.",
            "Calibrate again",
            "Leave it",
            self._calibrate_again,
        )

    def _calibrate_again(self) -> None:
        self._tasks.ask(self._drift.calibrate_again, lambda _: self.renew(), lambda error: self._page.say(str(error)))

    def _show(self, states: tuple[DriftState, ...]) -> None:
        self._calibrate.setEnabled(bool(states))
        wanted = max(1, len(states))
        while len(self.charts) < wanted:
            self.charts.append(DriftChart())
            self._place.addWidget(self.charts[-1])
        while len(self.charts) > wanted:
            chart = self.charts.pop()
            self._place.removeWidget(chart)
            chart.hide()
            chart.deleteLater()
        for place, chart in enumerate(self.charts):
            chart.show_state(states[place] if states else None)
