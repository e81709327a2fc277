"""The only connection between the station's threads and Qt: reads messages and parts and emits signals."""

import time
from typing import assert_never

from PySide6.QtCore import QObject, Qt, Signal

from station.app import Station
from station.domain.messages import (
    AlarmRaised,
    AlarmsChanged,
    CameraLost,
    CameraReturned,
    CheckChanged,
    CodeScanned,
    FaultReported,
    LineStateChanged,
    LotChanged,
    MessagesMissed,
    PartJudged,
    PartRecorded,
    ReceivedMessage,
    RecipeLoaded,
    RecipeStateChanged,
    ReviewEnded,
    ReviewOpened,
)
from ui.background.part_renderer import PartRenderer
from ui.background.timers import repeating_timer, single_timer

_TICK_MS = 33
_LEAST_MS = 10
"""Parts that come faster are fetched together: the screen shows no more, and the line needs the core."""
_URGENT = (PartJudged, AlarmRaised, CameraLost)
_MOST_AT_ONCE = 500


class Bridge(QObject):
    """Emit every message in order, and only the newest part to be shown.

    A verdict, an alarm and the loss of a camera wake the window at once, at most once in 10 ms; a timer fetches the
    rest. Example: a FAIL is on the screen within one frame of a camera with 60 pictures a second.

    If the window was too slow, `fell_behind` comes in place of the dropped messages: the pages then read their state
    from the station again.
    """

    state_changed = Signal(LineStateChanged)
    recipe_loaded = Signal(RecipeLoaded)
    recipe_state_changed = Signal(RecipeStateChanged)
    part_judged = Signal(PartJudged)
    part_recorded = Signal(PartRecorded)
    review_opened = Signal(ReviewOpened)
    review_ended = Signal(ReviewEnded)
    alarm_raised = Signal(AlarmRaised)
    alarms_changed = Signal(AlarmsChanged)
    camera_lost = Signal(CameraLost)
    camera_returned = Signal(CameraReturned)
    fault_reported = Signal(FaultReported)
    code_scanned = Signal(CodeScanned)
    lot_changed = Signal(LotChanged)
    check_changed = Signal(CheckChanged)
    fell_behind = Signal(MessagesMissed)
    part = Signal(object)
    caught_up = Signal()
    _woken = Signal()

    def __init__(self, station: Station, parent: QObject) -> None:
        super().__init__(parent)
        self._news = station.news.subscribe()
        self._live = station.line.live
        self._renderer = PartRenderer(self)
        self._renderer.rendered.connect(self.part)
        self._timer = repeating_timer(self, _TICK_MS, self.fetch)
        self._soon = single_timer(self, _LEAST_MS, self._fetch_now)
        self._woken_s = 0.0
        self._is_woken = False
        self._woken.connect(self._fetch_woken, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Start the timer, and be woken from now on."""
        self._timer.start()
        self._news.wake_for(_URGENT, self._wake)

    def close(self) -> None:
        """Stop the timers, unsubscribe, and end the renderer's thread."""
        self._timer.stop()
        self._soon.stop()
        self._news.close()
        self._is_woken = False
        self._renderer.close()

    def fetch(self) -> None:
        """Give the newest part to the renderer and emit the messages."""
        self._render_newest()
        emitted = 0
        while emitted < _MOST_AT_ONCE and (message := self._news.next_message()) is not None:
            self._emit(message)
            emitted += 1
        if emitted:
            self.caught_up.emit()

    def _wake(self) -> None:
        """Called by the threads of the station; at most one signal waits. A call too many does no harm.

        Nothing else is done here, on the thread that judges: a renderer that began now would take Python's lock from
        who waits for the verdict.
        """
        if not self._is_woken:
            self._is_woken = True
            self._woken.emit()

    def _render_newest(self) -> None:
        part = self._live.take()
        if part is not None:
            self._renderer.put(part)

    def _fetch_woken(self) -> None:
        if not self._is_woken:  # closed meanwhile
            return
        self._is_woken = False
        left_ms = _LEAST_MS - 1e3 * (time.monotonic() - self._woken_s)
        if left_ms <= 0:
            self._fetch_now()
        elif not self._soon.isActive():
            self._soon.start(round(left_ms))

    def _fetch_now(self) -> None:
        self._woken_s = time.monotonic()
        self.fetch()

    def _emit(self, message: ReceivedMessage) -> None:  # noqa: PLR0912, PLR0915 - one branch for each kind of message
        match message:
            case LineStateChanged():
                self.state_changed.emit(message)
            case RecipeLoaded():
                self.recipe_loaded.emit(message)
            case RecipeStateChanged():
                self.recipe_state_changed.emit(message)
            case PartJudged():
                self.part_judged.emit(message)
            case PartRecorded():
                self.part_recorded.emit(message)
            case ReviewOpened():
                self.review_opened.emit(message)
            case ReviewEnded():
                self.review_ended.emit(message)
            case AlarmRaised():
                self.alarm_raised.emit(message)
            case AlarmsChanged():
                self.alarms_changed.emit(message)
            case CameraLost():
                self.camera_lost.emit(message)
            case CameraReturned():
                self.camera_returned.emit(message)
            case FaultReported():
                self.fault_reported.emit(message)
            case CodeScanned():
                self.code_scanned.emit(message)
            case LotChanged():
                self.lot_changed.emit(message)
            case CheckChanged():
                self.check_changed.emit(message)
            case MessagesMissed():
                self.fell_behind.emit(message)
            case _:
                assert_never(message)
