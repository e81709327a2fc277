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
    """Saves the masks of items. What the disk refuses is kept here and tried again, also when others are drawn on.

    Signals:
        saved: The item as it is now; everything that was drawn on it so far is kept.
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
        self._strokes = 0
        self._unsaved: dict[int, tuple[int, NDArray[np.uint8]]] = {}
        """The number of the last stroke on each item that is not kept yet, and its mask."""
        self._saving: dict[int, int] = {}
        """The number of the stroke up to which each item is being saved now."""

    def note_stroke(self, item_id: int, mask: NDArray[np.uint8]) -> None:
        """Save this mask soon; it is copied then, so it has more strokes if the hand is quick."""
        self._strokes += 1
        self._unsaved[item_id] = self._strokes, mask
        self.waiting.emit()
        self._save_within(AFTER_MS)

    def unsaved(self, item_id: int) -> NDArray[np.uint8] | None:
        """Return the mask of an item that is not kept yet, a copy; None if everything on it is kept."""
        return self._unsaved[item_id][1].copy() if item_id in self._unsaved else None

    def flush(self) -> None:
        """Save now what is not saved."""
        self._timer.stop()
        for item_id, (stroke, mask) in self._unsaved.items():
            if self._saving.get(item_id) != stroke:
                self._ask(item_id, stroke, mask.copy())

    def _ask(self, item_id: int, stroke: int, mask: NDArray[np.uint8]) -> None:
        self._saving[item_id] = stroke
        self._tasks.ask(
            lambda: self._save(item_id, mask),
            lambda item: self._kept(item, stroke),
            lambda error: self._not_kept(error, item_id, stroke),
        )

    def _kept(self, item: DatasetItem, stroke: int) -> None:
        self._end_saving(item.item_id, stroke)
        if self._unsaved[item.item_id][0] == stroke:
            del self._unsaved[item.item_id]
            self.saved.emit(item)

    def _not_kept(self, error: StationError, item_id: int, stroke: int) -> None:
        """Try again: nothing that was drawn is given up. A newer stroke on the same picture has this one in it."""
        self._end_saving(item_id, stroke)
        self.failed.emit(error)
        self._save_within(_AGAIN_MS)

    def _end_saving(self, item_id: int, stroke: int) -> None:
        if self._saving.get(item_id) == stroke:
            del self._saving[item_id]

    def _save_within(self, milliseconds: int) -> None:
        if not self._timer.isActive() or self._timer.remainingTime() > milliseconds:
            self._timer.start(milliseconds)
