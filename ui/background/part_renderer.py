"""A thread that renders parts for the screen, all views of a part together."""

import threading

from PySide6.QtCore import QObject, Qt, Signal

from station.domain.part_images import PartResult
from ui.background.rendered_part import RenderedPart, render_part


class PartRenderer(QObject):
    """Renders live parts on a thread of its own. There is one slot before it and one behind; the newest part wins.

        put(1) put(2) put(3)  ->  2 was not begun yet and is dropped  ->  rendered(1) rendered(3)

    At most one `_ready` is pending, so a slow screen is at most one part behind.
    """

    rendered = Signal(object)
    _ready = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._waiting: PartResult | None = None
        self._rendered: RenderedPart | None = None
        self._open = True
        self._ready.connect(self._emit_rendered, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="lineside-renderer", daemon=True)
        self._thread.start()

    def put(self, part: PartResult) -> None:
        """Render this part next."""
        with self._changed:
            self._waiting = part
            self._changed.notify()

    def close(self) -> None:
        """Stop, and wait until the thread has ended."""
        with self._changed:
            self._open = False
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while (part := self._next()) is not None:
            self._keep_rendered(render_part(part))

    def _next(self) -> PartResult | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting is not None or not self._open)
            part, self._waiting = self._waiting, None
            return part if self._open else None

    def _keep_rendered(self, part: RenderedPart) -> None:
        with self._changed:
            first = self._rendered is None
            self._rendered = part
        if first:
            self._ready.emit()

    def _emit_rendered(self) -> None:
        with self._changed:
            part, self._rendered = self._rendered, None
        if part is not None:
            self.rendered.emit(part)
