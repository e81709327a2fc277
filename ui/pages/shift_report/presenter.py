"""Connects the station's records with the shift report's page; slow work runs as a background task."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from station.domain.errors import StationError
from station.domain.inspection import PartKey
from station.domain.shift import ShiftRecords, ShiftWindow
from station.domain.shift_summary import ShiftSummary
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.rendered_part import qimage
from ui.background.tasks import BackgroundTasks
from ui.pages.shift_report.actions import ShiftReportAct
from ui.pages.shift_report.page import ShiftReportPage


class ShiftReportPresenter(QObject):
    """Shows the records on the page. Its background task is its own: a long report does not delay the line's page."""

    def __init__(self, page: ShiftReportPage, context: PageContext) -> None:
        super().__init__(page)
        station, actions = context.station, context.actions
        self._page, self._records, self._fault_log = page, station.records, context.fault_log
        self._tasks = BackgroundTasks(self)
        self._zone = station.settings.station.time_zone
        self._window: ShiftWindow | None = None
        self._actions = [actions[ShiftReportAct.SAVE_PDF], actions[ShiftReportAct.SAVE_CSV]]
        actions.on(ShiftReportAct.SAVE_PDF, lambda: self._save(self._records.write_pdf))
        actions.on(ShiftReportAct.SAVE_CSV, lambda: self._save(self._records.write_csv))
        page.shift_chosen.connect(self.show)
        page.places.thumbnail_wanted.connect(self._fetch_thumbnail)
        self._fault_log.changed.connect(self._show_troubles)
        self._show_troubles()

    def open(self) -> None:
        """Show the shift that was shown last, or the newest."""
        self._tasks.ask(self._records.shifts, self._offer, self._fail)

    def leave(self) -> None:
        """Do nothing: a report that is being saved goes on."""

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: `close` itself waits for a report that is being saved."""
        return ()

    def close(self) -> None:
        """Finish what is being saved."""
        self._tasks.close()

    def show(self, window: ShiftWindow) -> None:
        """Count this shift and show it."""
        self._window = window
        self._page.say("Counting \u2026")
        self._tasks.ask(lambda: self._records.shift(window), self._show, self._fail)

    def _offer(self, windows: tuple[ShiftWindow, ...]) -> None:
        chosen = self._window if self._window in windows else windows[0]
        self._page.offer_shifts(windows, chosen)
        self.show(chosen)

    def _show(self, counted: tuple[ShiftRecords, ShiftSummary]) -> None:
        records, shift = counted
        if records.window == self._window:
            self._page.show_shift(shift, records.disputes)
            parts = len(records.parts)
            self._page.say(f"Counted from {parts} records." if parts else "No part came in this shift.")

    def _save(self, write: Callable[[ShiftWindow], Path]) -> None:
        window = self._window
        if window is None:
            return
        self._enable(False)
        self._page.say("Saving \u2026")
        self._tasks.ask(lambda: write(window), self._saved, self._fail)

    def _show_troubles(self) -> None:
        self._page.show_troubles(self._fault_log.entries, self._zone)

    def _saved(self, path: Path) -> None:
        self._enable(True)
        self._page.say(f"Saved as {path.name} in {path.parent}.")

    def _fail(self, error: StationError) -> None:
        self._enable(True)
        self._page.say(f"{error.sentence} {error.advice}")

    def _enable(self, enabled: bool) -> None:
        for action in self._actions:
            action.setEnabled(enabled)

    def _fetch_thumbnail(self, key: PartKey) -> None:
        self._tasks.ask(
            lambda: self._records.thumbnail(key),
            lambda image: self._page.places.show_thumbnail(key, None if image is None else qimage(image)),
            self._fail,
        )
