"""Brings thumbnails from the disk to the gallery: on a thread of its own, what is wanted now before what was wanted."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from station.domain.errors import StationError
from station.domain.frame import Image
from ui.background.rendered_part import qimage

_MOST_WAITING = 200
"""More than a screen of them: what was scrolled past is not read."""
_AT_ONCE = 8
_END_WITHIN_S = 2.0


class ThumbnailLoader(QObject):
    """Reads one thumbnail after the other, the newest wish first, and hands them over a few at a time.

    Signals:
        came: A dict of `QImage` by item, None for a picture that cannot be read.
    """

    came = Signal(object)
    _ready = Signal(object)

    def __init__(self, parent: QObject, read: Callable[[int], Image]) -> None:
        """Start the thread.

        Args:
            parent: Whose child this is.
            read: Returns the thumbnail of an item; called on the thread.
        """
        super().__init__(parent)
        self._read = read
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._changed = threading.Condition()
        self._open = True
        self._ready.connect(self.came, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="lineside thumbnails", daemon=True)
        self._thread.start()

    def want(self, item_id: int) -> None:
        """Ask for a thumbnail; asking again before it came makes it the next one."""
        with self._changed:
            self._wanted[item_id] = None
            self._wanted.move_to_end(item_id)
            while len(self._wanted) > _MOST_WAITING:
                self._wanted.popitem(last=False)
            self._changed.notify()

    def close(self) -> None:
        """Read no more, and end the thread."""
        with self._changed:
            self._open = False
            self._wanted.clear()
            self._changed.notify()
        self._thread.join(_END_WITHIN_S)

    def _run(self) -> None:
        while (some := self._next()) is not None:
            images = {item_id: self._image(item_id) for item_id in some}
            if self._open:
                self._ready.emit(images)

    def _next(self) -> list[int] | None:
        """Wait for wishes, and take the newest few; None when there is nothing more to do."""
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or not self._open)
            if not self._open:
                return None
            return [self._wanted.popitem()[0] for _ in range(min(_AT_ONCE, len(self._wanted)))]

    def _image(self, item_id: int) -> QImage | None:
        try:
            return qimage(self._read(item_id)).copy()
        except StationError:  # the page says so when the picture itself is opened
            return None
