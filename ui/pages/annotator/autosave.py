"""Keeps each stroke a moment after it was drawn, off the GUI thread, in the order in which they were drawn."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from station.domain.dataset import DatasetItem, ItemLabel
from station.domain.errors import StationError
from ui.background.tasks import BackgroundTasks
from ui.background.timers import single_timer

AFTER_MS = 150
_AGAIN_MS = 3000


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What was drawn on a picture.

    Attributes:
        mask: The mask, uint8 (H, W); nothing changes it any more.
        said: What is said of the picture as well; None if that follows from the mask.
        save: Saves it, in the name of the person who drew it.
    """

    mask: NDArray[np.uint8]
    said: ItemLabel | None
    save: Callable[[], DatasetItem]


class Autosave(QObject):
    """Saves the masks of items. What the disk refuses is kept here and tried again, also when others are drawn on.

    Attributes:
        trouble: Why the last attempt failed; None if it did not, or is still being made.

    Signals:
        saved: The item as it is now; everything that was drawn on it so far is kept.
        waiting: Something was drawn and is not kept yet.
        failed: A StationError; it is tried again.
    """

    saved = Signal(object)
    waiting = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject, tasks: BackgroundTasks) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._timer = single_timer(self, AFTER_MS, self.flush)
        self.trouble: StationError | None = None
        self._strokes = 0
        self._unsaved: dict[int, tuple[int, Drawn]] = {}
        """The number of the last stroke on each item that is not kept yet, and what was drawn."""
        self._saving: dict[int, int] = {}
        """The number of the stroke up to which each item is being saved now."""

    @property
    def pictures(self) -> int:
        """Return on how many pictures something is not kept yet."""
        return len(self._unsaved)

    def note_stroke(self, item_id: int, drawn: Drawn) -> None:
        """Save this soon."""
        self._strokes += 1
        self._unsaved[item_id] = self._strokes, drawn
        self.waiting.emit()
        self._save_within(AFTER_MS)

    def unsaved(self, item_id: int) -> Drawn | None:
        """Return what was drawn on an item and is not kept yet; None if everything on it is kept."""
        return self._unsaved[item_id][1] if item_id in self._unsaved else None

    def flush(self) -> None:
        """Save now what is not saved."""
        self._timer.stop()
        for item_id, (stroke, drawn) in self._unsaved.items():
            if self._saving.get(item_id) != stroke:
                self._ask(item_id, stroke, drawn)

    def _ask(self, item_id: int, stroke: int, drawn: Drawn) -> None:
        self._saving[item_id] = stroke
        self.trouble = None
        self._tasks.ask(
            drawn.save,
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
        self.trouble = error
        self.failed.emit(error)
        self._save_within(_AGAIN_MS)

    def _end_saving(self, item_id: int, stroke: int) -> None:
        if self._saving.get(item_id) == stroke:
            del self._saving[item_id]

    def _save_within(self, milliseconds: int) -> None:
        if not self._timer.isActive() or self._timer.remainingTime() > milliseconds:
            self._timer.start(milliseconds)
