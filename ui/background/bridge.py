"""The only door between the station's threads and Qt: news and parts are fetched on a timer and told as signals."""

from queue import Empty, SimpleQueue
from typing import assert_never

from PySide6.QtCore import QObject, QTimer, Signal

from station.app import Station
from station.domain.messages import (
    CameraLost,
    CameraReturned,
    FaultReported,
    LineStateChanged,
    Message,
    PartJudged,
    PartRecorded,
    RecipeLoaded,
)
from ui.background.part_renderer import PartRenderer

_TICK_MS = 33
_MOST_AT_ONCE = 500


class Bridge(QObject):
    """Facts come each and in order; of parts to be shown only the newest comes."""

    state_changed = Signal(LineStateChanged)
    recipe_loaded = Signal(RecipeLoaded)
    part_judged = Signal(PartJudged)
    part_recorded = Signal(PartRecorded)
    camera_lost = Signal(CameraLost)
    camera_returned = Signal(CameraReturned)
    trouble = Signal(FaultReported)
    part = Signal(object)
    caught_up = Signal()

    def __init__(self, station: Station, parent: QObject) -> None:
        super().__init__(parent)
        self._messages: SimpleQueue[Message] = station.messages
        self._live = station.line.live
        self._darkroom = PartRenderer(self)
        self._darkroom.developed.connect(self.part)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.fetch)

    def start(self) -> None:
        """Begin to fetch."""
        self._timer.start()

    def close(self) -> None:
        """Fetch no more; the darkroom's thread is gone when this returns."""
        self._timer.stop()
        self._darkroom.close()

    def fetch(self) -> None:
        """Hand on what has come: parts to the darkroom, facts to the screens."""
        part = self._live.take()
        if part is not None:
            self._darkroom.put(part)
        told = 0
        while told < _MOST_AT_ONCE and (message := self._next()) is not None:
            self._tell(message)
            told += 1
        if told:
            self.caught_up.emit()

    def _next(self) -> Message | None:
        try:
            return self._messages.get_nowait()
        except Empty:
            return None

    def _tell(self, message: Message) -> None:
        match message:
            case LineStateChanged():
                self.state_changed.emit(message)
            case RecipeLoaded():
                self.recipe_loaded.emit(message)
            case PartJudged():
                self.part_judged.emit(message)
            case PartRecorded():
                self.part_recorded.emit(message)
            case CameraLost():
                self.camera_lost.emit(message)
            case CameraReturned():
                self.camera_returned.emit(message)
            case FaultReported():
                self.trouble.emit(message)
            case _:
                assert_never(message)
