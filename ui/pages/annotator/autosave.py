"""Keeps each stroke a moment after it was drawn, off the GUI thread, in the order in which they were drawn."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from station.domain.dataset import DatasetItem
from station.domain.errors import StationError
from ui.background.tasks import BackgroundTasks
from ui.background.timers import single_timer

AFTER_MS = 150
_AGAIN_MS = 3000

Save = Callable[[int, NDArray[np.uint8]], DatasetItem]


class Autosave(QObject):
    """Saves the mask of one item at a time.

    Signals:
        saved: The item as it is now; everything that was drawn so far is kept.
        waiting: Something was drawn and is not kept yet.
        failed: A StationError; it is tried again.
    """

    saved = Signal(object)
    waiting = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject, tasks: BackgroundTasks, save: Save) -> None:
        super().__init__(parent)
        self._tasks, self._save = tasks, save
        self._timer = single_timer(self, AFTER_MS, self.flush)
        self._unsaved: tuple[int, NDArray[np.uint8]] | None = None
        self._strokes = 0

    def note_stroke(self, item_id: int, mask: NDArray[np.uint8]) -> None:
        """Save this mask soon; it is copied then, so it has more strokes if the hand is quick."""
        self._unsaved = item_id, mask
        self._strokes += 1
        self.waiting.emit()
        if not self._timer.isActive():
            self._timer.start(AFTER_MS)

    def flush(self) -> None:
        """Save now what is not saved."""
        self._timer.stop()
        if self._unsaved is None:
            return
        item_id, mask = self._unsaved
        kept, strokes = mask.copy(), self._strokes
        self._unsaved = None
        self._tasks.ask(
            lambda: self._save(item_id, kept),
            lambda item: self._kept(item, strokes),
            lambda error: self._not_kept(error, item_id, kept),
        )

    def _kept(self, item: DatasetItem, strokes: int) -> None:
        if strokes == self._strokes:
            self.saved.emit(item)

    def _not_kept(self, error: StationError, item_id: int, mask: NDArray[np.uint8]) -> None:
        """Try again: nothing that was drawn is given up. A newer stroke on the same picture has this one in it."""
        if self._unsaved is None:
            self._unsaved = item_id, mask
        elif self._unsaved[0] != item_id:
            self._tasks.ask(lambda: self._save(item_id, mask), lambda _: None, self.failed.emit)
        self.failed.emit(error)
        self._timer.start(_AGAIN_MS)
