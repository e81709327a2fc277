"""The window: header, the pages by role, and what belongs to all of them."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from station.app import Station
from station.domain.clock import utc_now
from ui.actions.action_table import Act, Actions
from ui.background.bridge import Bridge
from ui.background.fault_log import FaultLog
from ui.background.tasks import BackgroundTasks
from ui.pages.cameras.page import CamerasPage
from ui.pages.cameras.presenter import CamerasPresenter
from ui.pages.line.page import OperatorPage
from ui.pages.line.presenter import OperatorPresenter
from ui.pages.shift_report.page import SupervisorPage
from ui.pages.shift_report.presenter import SupervisorPresenter
from ui.shell.header import Header
from ui.shell.keys_page import KeysPage
from ui.shell.shutdown import Awaited, Shutdown
from ui.theme.sizes import sizes_for
from ui.theme.theme import DARK, LIGHT, THEMES, Colours, Theme, apply_theme, look
from ui.widgets.confirm_dialog import ask

_FIRST_SIZE = 1280, 800
_LEAST_SIZE = 1024, 640
_RESIZE_SETTLED_MS = 60
_CLOCK_MS = 500
_STOP_WITHIN_S = 10.0
_LET_GO_WITHIN_S = 20.0


class MainWindow(QMainWindow):
    """Shows one station. `close_when_idle` closes it; a person who closes it is asked first while the line runs."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._farewell: Shutdown | None = None
        self._down = False
        self.supervisor: SupervisorPresenter | None = None
        self.cameras: CamerasPresenter | None = None
        self._take_place()
        self._apply_theme(THEMES[station.settings.screen.theme])
        self._make_pages()
        self._lay_out()
        self._make_presenters()
        self._connect()
        self._run_clocks()
        self.bridge.start()

    def close_when_idle(self) -> None:
        """Close as soon as line and camera are let go of; nothing asks any more. Returns at once."""
        if self._farewell is None:
            self._begin_to_leave().start()

    def shut_down(self) -> None:
        """The same, and wait for it here."""
        (self._farewell or self._begin_to_leave()).finish()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Closing stops the inspection, so it asks first while the line runs."""
        if self._down:
            super().closeEvent(event)
            return
        event.ignore()
        if self._station.line.state.at_rest:
            self.close_when_idle()
        elif self._farewell is None:
            ask(self, "Stop the line and close?", "Parts are not inspected while the window is closed.",
                "Stop and close", "Go on", self.close_when_idle)  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Type and keys follow the window once it has found its size."""
        super().resizeEvent(event)
        self._settled.start()

    def show_operator(self) -> None:
        """The line."""
        self._pages.setCurrentWidget(self.operator_page)
        self.header.show_person("Operator", "shift report")

    def show_supervisor(self) -> None:
        """The shift report; its page is built when it is first wanted, so that the line comes up sooner."""
        if self.supervisor is None:
            self.supervisor_page.build(self.actions_table)
            self.supervisor = SupervisorPresenter(self.supervisor_page, self._station, self._book, self.actions_table)
        self._pages.setCurrentWidget(self.supervisor_page)
        self.header.show_person("Supervisor", "cameras")
        self.supervisor.open()

    def show_cameras(self) -> None:
        """The cameras; they are held only while this page is open."""
        if self.cameras is None:
            self.cameras_page.build(self.actions_table)
            self.cameras = CamerasPresenter(self.cameras_page, self._station, self.actions_table)
        self._pages.setCurrentWidget(self.cameras_page)
        self.header.show_person("Engineer", "line")
        self.cameras.open()

    def fit_sizes(self) -> None:
        """Dress everything for the present size of the window."""
        sizes = sizes_for(self.width(), self.height(), self.screen().physicalDotsPerInch())
        if sizes != look().sizes:
            apply_theme(Theme(look().colours, sizes))
            self.operator_page.fit_sizes()

    def _take_place(self) -> None:
        # Sizes follow the window, so the words of the moment have no say in how small it may be.
        if (own := super().layout()) is not None:
            own.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(*_LEAST_SIZE)
        self.resize(*_FIRST_SIZE)
        self.setWindowTitle(f"Lineside \u2013 {self._station.settings.station.name}")

    def _make_pages(self) -> None:
        self.header = Header()
        self.operator_page, self.supervisor_page, self.cameras_page = OperatorPage(), SupervisorPage(), CamerasPage()
        self.actions_table = Actions(self, self.operator_page, self.supervisor_page, self.cameras_page)
        self.operator_page.build(self.actions_table)

    def _make_presenters(self) -> None:
        """The line's; the other pages have theirs when they are first wanted."""
        self._desk = BackgroundTasks(self)
        self.bridge = Bridge(self._station, self)
        self._book = FaultLog(self)
        self.operator = OperatorPresenter(
            self.operator_page, self._station, self.bridge, self._desk, self._book, self.actions_table
        )

    def _run_clocks(self) -> None:
        self._settled = QTimer(self, interval=_RESIZE_SETTLED_MS, singleShot=True)
        self._settled.timeout.connect(self.fit_sizes)
        self._clock = QTimer(self, interval=_CLOCK_MS)
        self._clock.timeout.connect(self._show_clock)
        self._clock.start()
        self._show_clock()

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(self.operator_page)
        self._pages.addWidget(self.supervisor_page)
        self._pages.addWidget(self.cameras_page)
        self._pages.currentChanged.connect(self._leave_cameras)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._pages, 1)
        self.setCentralWidget(middle)
        middle.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        middle.setFocus()

    def _connect(self) -> None:
        on = self.actions_table.on
        on(Act.KEYS, lambda: KeysPage(self).open())
        on(Act.OPERATOR_PAGE, self.show_operator)
        on(Act.SUPERVISOR_PAGE, self.show_supervisor)
        on(Act.CAMERAS_PAGE, self.show_cameras)
        on(Act.THEME, lambda: self._apply_theme(LIGHT if look().colours is DARK else DARK))
        on(Act.FULL_SCREEN, lambda: self.showNormal() if self.isFullScreen() else self.showFullScreen())
        on(Act.QUIT, self.close)
        self.header.product.clicked.connect(self._choose_product)
        self.header.person.clicked.connect(self._turn_page)
        self.bridge.recipe_loaded.connect(lambda loaded: self.header.show_recipe(loaded.recipe))
        self.bridge.fell_behind.connect(lambda _: self.header.show_recipe(self._station.line.recipe))
        self.header.show_recipe(self._station.line.recipe)

    def _begin_to_leave(self) -> Shutdown:
        self._clock.stop()
        self._station.line.stop("window closed")
        awaited = [Awaited("the line to stop", self._station.line.wait_stopped, _STOP_WITHIN_S)]
        if self.cameras is not None:
            self.cameras.leave()
            awaited.append(Awaited("the camera to be let go of", self.cameras.wait, _LET_GO_WITHIN_S))
        awaited.append(Awaited("what is being read or written", self._desk.wait, _STOP_WITHIN_S))
        self._farewell = Shutdown(self, awaited, self._go_down)
        return self._farewell

    def _go_down(self) -> None:
        """Show what came last, let go of the window's own threads, and be gone."""
        self._down = True
        self.bridge.fetch()
        self.operator.close()
        self.bridge.close()
        for page in (self.supervisor, self.cameras):
            if page is not None:
                page.close()
        self._desk.close()
        self.close()

    def _choose_product(self) -> None:
        """At the line, where it is inspected and where one is told why it cannot be changed now."""
        self.show_operator()
        self.actions_table[Act.CHOOSE_PRODUCT].trigger()

    def _turn_page(self) -> None:
        """Round the pages: line, shift report, cameras."""
        if self._pages.currentWidget() is self.operator_page:
            self.show_supervisor()
        elif self._pages.currentWidget() is self.supervisor_page:
            self.show_cameras()
        else:
            self.show_operator()

    def _leave_cameras(self) -> None:
        if self.cameras is not None and self._pages.currentWidget() is not self.cameras_page:
            self.cameras.leave()

    def _apply_theme(self, colours: Colours) -> None:
        sizes = sizes_for(self.width(), self.height(), self.screen().physicalDotsPerInch())
        apply_theme(Theme(colours, sizes))

    def _show_clock(self) -> None:
        now = utc_now()
        shift = self._station.records.shift_of(now)
        local = now.astimezone(ZoneInfo(self._station.settings.station.time_zone))
        self.header.show_shift(f"{shift.name} shift  {local:%H:%M}")
