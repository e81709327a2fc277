"""Connects the station's records with the shift report's page; slow work runs as a background task."""

import threading
import time
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from station.domain.clock import utc_now
from station.domain.errors import StationError
from station.domain.formatting import counted, time_of_day
from station.domain.hold import Hold
from station.domain.inspection import Inspection, PartKey
from station.domain.part_images import ViewResult
from station.domain.shift import ShiftRecords, ShiftWindow
from station.domain.shift_file import ShiftFile
from station.domain.shift_summary import ShiftSummary
from ui.actions.page_spec import ClosingStep, PageContext
from ui.background.rendered_part import qimage
from ui.pages.shift_report.actions import ShiftReportAct
from ui.pages.shift_report.counted_parts import CountedParts, counted_parts
from ui.pages.shift_report.found_parts import FoundPartsDialog
from ui.pages.shift_report.page import ShiftReportPage
from ui.pages.shift_report.saved_file import open_file, print_file

_FOLLOW_AFTER_MS = 5_000
_FINISHED_WITHIN_S = _ENDED_WITHIN_S = 5.0
_REST = 20
"""Counting may take a twentieth of the time: after 2 s of it the page waits for 40 s."""

_Counted = tuple[ShiftRecords, ShiftSummary, tuple[CountedParts, ...], datetime, float]
_SAVES = {
    ShiftReportAct.SAVE_PDF: ShiftFile.PDF,
    ShiftReportAct.SAVE_CSV: ShiftFile.CSV,
    ShiftReportAct.SAVE_XLSX: ShiftFile.XLSX,
}
_WITH_THE_FILE = (ShiftReportAct.OPEN_FILE, ShiftReportAct.PRINT_FILE, ShiftReportAct.COPY_FILE)


class ShiftReportPresenter(QObject):
    """Shows the records on the page. Its background task is its own: a long report does not delay the line's page.

    A shift that has not ended is counted again, quietly, while parts come.
    """

    def __init__(self, page: ShiftReportPage, context: PageContext) -> None:
        super().__init__(page)
        station, actions = context.station, context.actions
        self._page, self._records, self._fault_log = page, station.records, context.fault_log
        self._station = station
        self._tasks = context.tasks.another(self)
        self._zone = station.settings.station.time_zone
        self._window: ShiftWindow | None = None
        self._saved_as: Path | None = None
        self._remarks: list[str] = []
        self._given_up = threading.Event()
        self._said_of: list[PartKey] = []
        self._stale = self._unfinished = self._saving = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._follow)
        self._saves = [actions[act] for act in _SAVES]
        self._file_actions = [actions[act] for act in _WITH_THE_FILE]
        self._connect_actions(context)
        page.shift_chosen.connect(self.show)
        page.day_chosen.connect(self._show_day)
        page.part_wanted.connect(self._find)
        self._open_page, self._annotate = context.open_page, actions[ShiftReportAct.ANNOTATE]
        page.disputes.row_chosen.connect(lambda row: self._annotate.setEnabled(row >= 0))
        self._annotate.setEnabled(False)
        page.places.thumbnail_wanted.connect(self._fetch_thumbnail)
        context.bridge.part_recorded.connect(self._note_part)
        self._fault_log.changed.connect(self._show_troubles)
        self._show_troubles()
        self._enable()

    def _connect_actions(self, context: PageContext) -> None:
        actions = context.actions
        for act, form in _SAVES.items():
            actions.on(act, partial(self._save, form))
        actions.on(ShiftReportAct.COUNT_AGAIN, self._count_again)
        actions.on(ShiftReportAct.SHOW_PARTS, self._show_parts)
        actions.on(ShiftReportAct.ANNOTATE, self._annotate_chosen)
        actions.on(ShiftReportAct.OPEN_FILE, self._open_file)
        actions.on(ShiftReportAct.PRINT_FILE, self._print_file)
        actions.on(ShiftReportAct.COPY_FILE, self._copy_file)

    def open(self) -> None:
        """Show the shift that was shown last, or the newest."""
        self._tasks.ask(self._records.calendar, self._offer, self._fail)
        self._tasks.ask(self._disk, self._page.show_disk, self._fail)
        self._timer.start(_FOLLOW_AFTER_MS)

    def _disk(self) -> str:
        return self._station.disk.state().sentence(utc_now().astimezone(ZoneInfo(self._zone)).date())

    def leave(self) -> None:
        """Count no more; a report that is being saved goes on."""
        self._timer.stop()

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return nothing: `close` itself waits for a report that is being saved."""
        return ()

    def close(self) -> None:
        """Finish what is being saved; what takes longer than a few seconds is given up."""
        self._timer.stop()
        self._tasks.close(_FINISHED_WITHIN_S)
        self._given_up.set()
        self._tasks.wait(_ENDED_WITHIN_S)

    def show(self, window: ShiftWindow) -> None:
        """Count this shift and show it."""
        self._window, self._unfinished = window, False
        self._enable()
        self._page.say("Counting \u2026")
        self._count(window)

    def _count(self, window: ShiftWindow) -> None:
        self._stale = False

        def count() -> _Counted:
            begun, at = time.monotonic(), utc_now()
            records, shift = self._records.shift(window)
            return records, shift, counted_parts(records, shift), at, time.monotonic() - begun

        self._tasks.ask(count, self._show, self._fail)

    def _count_again(self) -> None:
        if self._window is not None:
            self.show(self._window)

    def _note_part(self) -> None:
        self._stale = True

    def _follow(self) -> None:
        """Count again if parts came; the answer starts the timer again, later the longer it took."""
        if self._stale and self._unfinished and self._window is not None:
            self._count(self._window)
        else:
            self._timer.start(_FOLLOW_AFTER_MS)

    def _show_day(self, day: date) -> None:
        self._window = None
        self._enable()
        self._tasks.ask(lambda: self._records.calendar(day), self._offer, self._fail)

    def _offer(self, calendar: tuple[tuple[ShiftWindow, bool], ...]) -> None:
        windows = [window for window, _ in calendar]
        if not windows:
            self._page.say("There is no shift on this day or before.")
            return
        chosen = self._window if self._window in windows else windows[0]
        self._page.offer_shifts(calendar, chosen)
        self.show(chosen)

    def _show(self, counted: _Counted) -> None:
        records, shift, behind, at, took_s = counted
        if records.window == self._window:
            self._said_of = [said.key for said in records.disputes]
            self._page.show_shift(shift, records.disputes)
            self._page.numbers.show_numbers(behind)
            self._unfinished = shift.as_of is not None
            self._page.say(f"Counted at {time_of_day(at, self._zone)}: {_parts(records)}")
            self._timer.start(max(_FOLLOW_AFTER_MS, round(1000 * _REST * took_s)))

    def _find(self, words: str) -> None:
        window = self._window
        if window is not None and words.strip():

            def find() -> tuple[tuple[Inspection, ...], Mapping[PartKey, Hold]]:
                parts = self._records.find_parts(words, window)
                return parts, self._station.holds.of([part.key for part in parts])

            self._tasks.ask(find, lambda found: self._show_found(words, *found), self._fail)

    def _show_parts(self) -> None:
        """Show the parts behind the chosen number."""
        counted = self._page.numbers.chosen
        if counted is None:
            self._page.say("No part came in this shift, so no number has parts behind it.")
            return
        keys = [part.key for part in counted.newest]
        show = partial(self._show_found, counted.words, counted.newest)
        self._tasks.ask(lambda: self._station.holds.of(keys), show, self._fail)

    def _show_found(self, words: str, parts: tuple[Inspection, ...], holds: Mapping[PartKey, Hold]) -> None:
        dialog = FoundPartsDialog(self._page.window(), words.strip(), parts, self._zone, holds)
        dialog.picture_wanted.connect(lambda key: self._fetch_picture(dialog, key))
        dialog.annotate_wanted.connect(self._annotate_part)
        dialog.open()
        dialog.ask_for_pictures()

    def _annotate_chosen(self) -> None:
        row = self._page.disputes.chosen_row
        if 0 <= row < len(self._said_of):
            self._annotate_part(self._said_of[row])

    def _annotate_part(self, key: PartKey) -> None:
        self._open_page("annotator", ("part", key))

    def _fetch_picture(self, dialog: FoundPartsDialog, key: PartKey) -> None:
        """Ask for the largest picture that is kept of a part; the dialog may be closed before it comes."""
        alive = [dialog]
        dialog.destroyed.connect(alive.clear)

        def show(view: ViewResult) -> None:
            for each in alive:
                each.show_picture(key, qimage(view.levels[0]) if view.levels else None, view.why_given_up)

        self._tasks.ask(lambda: self._records.part(key).deciding, show, self._fail)

    def _save(self, form: ShiftFile) -> None:
        window = self._window
        if window is None:
            return
        self._saving = True
        self._enable()
        self._page.say("Saving \u2026")
        remark, stop = self._remarks.append, self._given_up.is_set
        self._tasks.ask(lambda: self._records.write_beside(form, window, remark, stop), self._saved, self._fail)

    def _open_file(self) -> None:
        if self._saved_as is not None:
            try:
                open_file(self._saved_as)
            except StationError as error:
                self._fail(error)

    def _print_file(self) -> None:
        path = self._saved_as
        if path is not None:
            self._page.say("Printing \u2026")
            self._tasks.ask(lambda: print_file(path), self._page.say, self._fail)

    def _copy_file(self) -> None:
        path = self._saved_as
        if path is not None:
            dialog = QFileDialog(self._page.window(), "Save to", str(Path.home() / path.name))
            dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.fileSelected.connect(lambda chosen: self.copy_to(Path(chosen)))
            dialog.open()

    def copy_to(self, target: Path) -> None:
        """Copy the file that was saved last."""
        path = self._saved_as
        if path is not None:
            done = lambda copy: self._page.say(f"Copied to {copy}.")  # noqa: E731
            self._tasks.ask(lambda: self._records.copy_report(path, target), done, self._fail)

    def _show_troubles(self) -> None:
        self._page.show_troubles(self._fault_log.entries, self._zone)

    def _saved(self, path: Path) -> None:
        self._saved_as, self._saving = path, False
        self._enable()
        self._page.say(" ".join([f"Saved as {path.name} in {path.parent}.", *self._remarks]))
        self._remarks.clear()

    def _fail(self, error: StationError) -> None:
        self._saving = False
        self._enable()
        self._page.say(f"{error.sentence} {error.advice}")

    def _enable(self) -> None:
        """A key that is offered does what it says: there is a shift to save, or a file that was saved."""
        for action in self._saves:
            action.setEnabled(not self._saving and self._window is not None)
        for action in self._file_actions:
            action.setEnabled(not self._saving and self._saved_as is not None)

    def _fetch_thumbnail(self, key: PartKey) -> None:
        self._tasks.ask(
            lambda: self._records.thumbnail(key),
            lambda image: self._page.places.show_thumbnail(key, None if image is None else qimage(image)),
            self._fail,
        )


def _parts(records: ShiftRecords) -> str:
    parts = len(records.parts)
    return f"{counted(parts, 'record')}." if parts else "No part came in this shift."
