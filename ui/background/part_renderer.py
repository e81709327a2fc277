"""A thread that makes parts ready for the screen, all views of one in one go; what comes too fast is replaced."""

import threading

from PySide6.QtCore import QObject, Qt, Signal

from station.domain.part_images import PartResult
from ui.background.rendered_part import RenderedPart, render_part


class PartRenderer(QObject):
    """Live parts go in, screen parts come out: one slot on each side, the newest wins.

    At most one `_ready` is ever pending, so a slow screen is never behind by more than one part.
    """

    developed = Signal(object)
    _ready = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._exposed: PartResult | None = None
        self._developed: RenderedPart | None = None
        self._open = True
        self._ready.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="lineside-darkroom", daemon=True)
        self._thread.start()

    def put(self, part: PartResult) -> None:
        """Develop this one next."""
        with self._changed:
            self._exposed = part
            self._changed.notify()

    def close(self) -> None:
        """Stop and wait until the thread is gone."""
        with self._changed:
            self._open = False
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while (part := self._next()) is not None:
            self._lay_out(render_part(part))

    def _next(self) -> PartResult | None:
        with self._changed:
            self._changed.wait_for(lambda: self._exposed is not None or not self._open)
            part, self._exposed = self._exposed, None
            return part if self._open else None

    def _lay_out(self, part: RenderedPart) -> None:
        with self._changed:
            first = self._developed is None
            self._developed = part
        if first:
            self._ready.emit()

    def _hand_over(self) -> None:
        with self._changed:
            part, self._developed = self._developed, None
        if part is not None:
            self.developed.emit(part)
