"""The window: header, navigation, the registered pages, and the actions that mean the same on all of them."""

import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QMainWindow, QVBoxLayout, QWidget

from station.app import Station
from station.domain.clock import utc_now
from station.domain.errors import StationError
from station.domain.messages import FaultReported
from station.domain.permissions import Authority, Permission, PermissionRefusedError, roles_with
from ui.actions.action import SHARED_ROWS, ActionRow, SharedAct
from ui.actions.action_table import Actions
from ui.actions.page_spec import AnyPage, ClosingStep, PageContext, PagePresenter, SubjectPresenter
from ui.background.bridge import Bridge
from ui.background.fault_log import FaultLog
from ui.background.line_status import LineStatusFeed
from ui.background.tasks import BackgroundTasks
from ui.background.timers import repeating_timer, single_timer
from ui.scanner.scan_filter import ScanFilter
from ui.shell.alarms_of_station import AlarmsOfStation
from ui.shell.focus_guard import FocusGuard
from ui.shell.header import Header
from ui.shell.live_strip import LiveStrip
from ui.shell.log_in import LogInOfWindow
from ui.shell.lot import LotOfWindow
from ui.shell.navigation_rail import NavigationRail
from ui.shell.page_registry import PAGES, require_distinct_keys
from ui.shell.page_stack import PageStack
from ui.shell.scan_notice import ScanNotice
from ui.shell.shutdown import Shutdown
from ui.shell.unsaved_question import UnsavedQuestion
from ui.theme.plain_text import in_a_title
from ui.theme.sizes import sizes_for
from ui.theme.theme import DARK, LIGHT, THEMES, Colours, Theme, apply_theme, current_theme
from ui.widgets.confirm_dialog import ask
from ui.widgets.touch_answer import TouchAnswer

_FIRST_SIZE = 1280, 800
_LEAST_SIZE = 800, 480
_FRAME = 16, 48
"""Room for the frame and the title that a desktop draws around a window."""
_RESIZE_SETTLED_MS = 60
_CLOCK_MS = 500
_STOP_WITHIN_S = 10.0
_STATE_EVERY_S = 2.0


def window_sizes(room: QSize) -> tuple[QSize, QSize]:
    """Return the least and the first size of the window on a screen with this room, both in pixels of the desktop."""
    return QSize(*_LEAST_SIZE).boundedTo(room), QSize(*_FIRST_SIZE).boundedTo(room - QSize(*_FRAME))


class MainWindow(QMainWindow):
    """Shows one station. `close_when_idle` closes it; a person who closes it is asked first while the line runs.

    Args:
        station: The core.
        pages: The pages in the order of their keys; the window begins with the first.

    Attributes:
        alarms: The list of all alarms, over any page.

    Raises:
        ValueError: Two actions share a name, or a key has two meanings on one page.
    """

    def __init__(self, station: Station, pages: Sequence[AnyPage] = PAGES) -> None:
        super().__init__()
        require_distinct_keys(pages)
        self._station, self._specs = station, pages
        self._own = station.at_window("window")
        self._home = self._last_other = self._before = pages[0].name
        self._shutdown: Shutdown | None = None
        self._closed = False
        self._prepare_frame()
        self._apply_theme(THEMES[station.settings.screen.theme])
        self._make_context()
        self._lay_out()
        self.show_page(self._home)
        self._connect()
        self._run_clocks()
        self._listen_to_scanner()
        self.bridge.start()

    def show_page(self, name: str) -> None:
        """Show the page of this name; it is built when it is first seen, so that the line comes up sooner."""
        if name != self._pages.current.name:
            self._before = self._pages.current.name
        self._pages.open_page(name, self._context)
        page, at_home = self._pages.current, name == self._home
        if not at_home:
            self._last_other = name
        self._rail.mark(page)
        self._rail.setHidden(at_home)
        self.live_strip.setHidden(at_home)
        self.header.show_across(self._title_of(self._across()))

    def show_home(self) -> None:
        """Show the page that the window begins with: the line."""
        self.show_page(self._home)

    def go_back(self) -> None:
        """Show the page that was shown before the present one."""
        self.show_page(self._before)

    def open_page(self, name: str, subject: object) -> None:
        """Show the page of this name for a subject, such as marked pictures for the annotator.

        Raises:
            TypeError: The page takes no subject.
        """
        self.show_page(name)
        presenter = self.presenter_of(name)
        if not isinstance(presenter, SubjectPresenter):
            raise TypeError(f"the page '{name}' takes no subject")
        presenter.show_subject(subject)

    def page_of(self, name: str) -> QWidget:
        """Return the widgets of a page that was shown before."""
        return self._pages.page_of(name)

    def presenter_of(self, name: str) -> PagePresenter:
        """Return the presenter of a page that was shown before."""
        return self._pages.presenter_of(name)

    @property
    def authority(self) -> Authority:
        """Return on whose behalf actions are asked for: of whoever is logged in."""
        return self._own.authority

    def close_when_idle(self) -> None:
        """Close as soon as line and camera are released; asks only before unsaved work is lost. Returns at once."""
        if self._shutdown is None:
            self._unsaved.settle(lambda: self._begin_shutdown().start())

    def shut_down(self) -> None:
        """Close as soon as line and camera are released, and wait for that."""
        (self._shutdown or self._begin_shutdown()).finish()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Closing stops the inspection, so it asks first while the line runs."""
        if self._closed:
            super().closeEvent(event)
            return
        event.ignore()
        if self._station.line.state.at_rest:
            self.close_when_idle()
        elif self._shutdown is None:
            ask(self, "Stop the line and close?", "No part is inspected while the window is closed.",
                "Stop and close", "Go on", self.close_when_idle)  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Type and keys follow the window once it has found its size."""
        super().resizeEvent(event)
        self._settled.start()

    def fit_sizes(self) -> None:
        """Apply the sizes for the present size of the window."""
        sizes = sizes_for(self.width(), self.height(), self.screen().physicalDotsPerInch())
        if sizes != current_theme().sizes:
            apply_theme(Theme(current_theme().colours, sizes))

    def _prepare_frame(self) -> None:
        # Sizes follow the window, so the words of the moment must not limit how small it may be.
        if (own := super().layout()) is not None:
            own.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._settled = single_timer(self, _RESIZE_SETTLED_MS, self.fit_sizes)
        self._fit_screen()
        self.setWindowTitle(in_a_title(f"Lineside \u2013 {self._station.settings.station.name}"))

    def _fit_screen(self) -> None:
        """Never be larger than the screen: what is outside cannot be reached, and Stop is at the lower edge."""
        without_screen = QGuiApplication.platformName() == "offscreen"
        room = QSize(*_FIRST_SIZE) + QSize(*_FRAME) if without_screen else self.screen().availableSize()
        least, first = window_sizes(room)
        self.setMinimumSize(least)
        self.resize(first)

    def _make_context(self) -> None:
        self._tasks = BackgroundTasks(self, self._station.people.session.bound)
        self.fault_log = FaultLog(self)
        self.bridge = Bridge(self._station, self)
        self.action_table = Actions(lambda: self.authority, self._refuse)
        self._context = PageContext(
            self._station,
            self.bridge,
            self._tasks,
            self.fault_log,
            LineStatusFeed(self),
            self.action_table,
            self.show_home,
            self.open_page,
            self.go_back,
            self._say,
        )

    def _lay_out(self) -> None:
        self._pages = PageStack(self._specs)
        self.action_table.add((*SHARED_ROWS, *(page.show_action for page in self._specs)), self)
        self._pages.add_actions(self._context)
        self._unsaved = UnsavedQuestion(self, lambda: self._pages.presenters)
        self.header = Header()
        self.live_strip = LiveStrip(
            self.action_table[self._specs[0].show_action.name], self.action_table[SharedAct.ALARMS]
        )
        self._rail = NavigationRail(self._specs, self.action_table)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._rail)
        body.addWidget(self._pages, 1)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.live_strip)
        column.addLayout(body, 1)
        self.setCentralWidget(middle)
        self.answer = TouchAnswer(self, self.header)
        middle.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        middle.setFocus()
        FocusGuard(self, middle)

    def _run_clocks(self) -> None:
        self._state_asked_s = time.monotonic()
        self._clock = repeating_timer(self, _CLOCK_MS, self._show_clock)
        self._clock.start()
        self._show_clock()

    def _connect(self) -> None:
        from ui.shell.keys_page import KeysPage  # noqa: PLC0415 - not at every start

        on = self.action_table.on
        self.alarms = AlarmsOfStation(self, self._own, self._say)
        on(SharedAct.KEYS, lambda: KeysPage(self, self._specs).open())
        on(SharedAct.ALARMS, self.alarms.open)
        on(SharedAct.THEME, lambda: self._apply_theme(LIGHT if current_theme().colours is DARK else DARK))
        on(SharedAct.FULL_SCREEN, lambda: self.showNormal() if self.isFullScreen() else self.showFullScreen())
        on(SharedAct.QUIT, self.close)
        for page in self._specs:
            on(page.show_action.name, partial(self.show_page, page.name))
        self.header.product.clicked.connect(self.action_table[SharedAct.CHOOSE_PRODUCT].trigger)
        self.lot = LotOfWindow(self, self._own, self._tasks, self._note_fault)
        on(SharedAct.LOT, self.lot.open)
        self.header.lot.clicked.connect(self.action_table[SharedAct.LOT].trigger)
        self.header.across.clicked.connect(lambda: self.show_page(self._across()))
        self.log_in = LogInOfWindow(self, self._own, self._tasks, self._say, self._pages.waiting_for_badge)
        on(SharedAct.LOG_IN, self.log_in.open)
        self.header.person.clicked.connect(self.action_table[SharedAct.LOG_IN].trigger)
        self.log_in.changed.connect(self._follow_person)
        self.log_in.returned.connect(self._return_to_line)
        self.header.show_person(self.log_in.words)
        self._context.line_status.published.connect(self.live_strip.show_status)
        for news in (self.bridge.recipe_loaded, self.bridge.recipe_state_changed, self.bridge.fell_behind):
            news.connect(lambda _: self.header.show_recipe(self._station.line.entry))
        self.header.show_recipe(self._station.line.entry)
        for lots in (self.bridge.lot_changed, self.bridge.fell_behind):
            lots.connect(lambda _: self.header.show_lot(self._station.lots.now))
        self.header.show_lot(self._station.lots.now)
        self.bridge.alarms_changed.connect(lambda _: self.alarms.fill())

    def _say(self, sentence: str, advice: str) -> None:
        self.answer.show_answer(sentence, advice)

    def _listen_to_scanner(self) -> None:
        gap_ms = self._station.settings.scanner.gap_ms
        self.scan_notice = ScanNotice(self.header)
        self.scan_filter = ScanFilter(self, gap_ms, self.log_in.is_badge)
        self.scan_filter.scanned.connect(self.lot.take_code)
        self.scan_filter.scanned.connect(lambda *_: self.log_in.forget_scan())
        self.scan_filter.badge_scanned.connect(self.log_in.take_badge)
        self.bridge.code_scanned.connect(lambda scanned: self.scan_notice.say(scanned.code.sentence))

    def _follow_person(self) -> None:
        """Name the person, and let the page look again what may be done on it."""
        self.header.show_person(self.log_in.words)
        presenter = self.presenter_of(self._pages.current.name)
        presenter.leave()
        presenter.open()

    def _return_to_line(self) -> None:
        """Nobody is there: no sheet of the person who left stays open, and the line is shown."""
        for sheet in self.findChildren(QDialog):
            sheet.reject()
        self.show_home()

    def _across(self) -> str:
        """The page that the last key of the header leads to: from the line to the page seen last, from there back."""
        if self._pages.current.name != self._home:
            return self._home
        others = [page.name for page in self._specs[1:]]
        return self._last_other if self._last_other in others or not others else others[0]

    def _note_refused(self, permission: Permission) -> None:
        """Let the core refuse it too, which records it."""
        with suppress(PermissionRefusedError):
            self.authority.authorise(permission)

    def _title_of(self, name: str) -> str:
        return next(page.title for page in self._specs if page.name == name)

    def _refuse(self, row: ActionRow) -> None:
        from ui.widgets.message_dialog import MessageDialog  # noqa: PLC0415 - not at every start

        if row.permission is not None:
            roles = " or ".join(sorted(roles_with(row.permission)))
            text = f"Only a person with the role {roles} may {row.permission}. Touch the name at the top to log in."
            self._tasks.ask(partial(self._note_refused, row.permission), lambda _: None, self._note_fault)
            MessageDialog(self, f"{row.text}: not permitted here", text).open()

    def _begin_shutdown(self) -> Shutdown:
        self._clock.stop()
        self._station.line.stop("window closed")
        steps = [ClosingStep("the line to stop", self._station.line.wait_stopped, _STOP_WITHIN_S)]
        for presenter in self._pages.presenters:
            presenter.leave()
            steps += presenter.closing_steps()
        steps.append(ClosingStep("what is being read or written", self._tasks.wait, _STOP_WITHIN_S))
        self._shutdown = Shutdown(self, steps, self._finish_shutdown)
        return self._shutdown

    def _finish_shutdown(self) -> None:
        """Show the last news, end the window's own threads, and close."""
        self._closed = True
        self.bridge.fetch()
        for presenter in self._pages.presenters:
            presenter.close()
        self.bridge.close()
        self.scan_filter.close()
        self.log_in.close_clocks()
        self.scan_notice.close_clock()
        self.live_strip.close_clock()
        self.answer.close_clock()
        self._unsaved.close_clock()
        self._tasks.close()
        self.close()

    def _apply_theme(self, colours: Colours) -> None:
        sizes = sizes_for(self.width(), self.height(), self.screen().physicalDotsPerInch())
        apply_theme(Theme(colours, sizes))

    def _show_clock(self) -> None:
        now = utc_now()
        shift = self._station.records.shift_of(now)
        local = now.astimezone(ZoneInfo(self._station.settings.station.time_zone))
        self.header.show_shift(f"{shift.name} shift  {local:%H:%M}")
        self._ask_for_changes()

    def _ask_for_changes(self) -> None:
        """Another program may have released a recipe or set a lot while the line rests; a running line looks itself."""
        now_s = time.monotonic()
        if now_s - self._state_asked_s >= _STATE_EVERY_S and self._station.line.state.at_rest:
            self._state_asked_s = now_s
            self._tasks.ask(self._refresh, lambda _: None, self._note_fault)

    def _refresh(self) -> None:
        self._station.line.refresh_state()
        self._station.lots.refresh()

    def _note_fault(self, error: StationError) -> None:
        self.fault_log.add(FaultReported.of("recipes", error))
