"""Brings thumbnails from the disk to the gallery: on a thread of its own, what is wanted now before what was wanted."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from station.domain.dataset import DatasetItem
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

    def __init__(self, parent: QObject, read: Callable[[DatasetItem], Image]) -> None:
        """Start the thread.

        Args:
            parent: Whose child this is.
            read: Returns the thumbnail of an item; called on the thread.
        """
        super().__init__(parent)
        self._read = read
        self._wanted: OrderedDict[int, DatasetItem] = OrderedDict()
        self._changed = threading.Condition()
        self._open = True
        self._longest_px, self._ratio = 1, 1.0
        self._ready.connect(self.came, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="lineside thumbnails", daemon=True)
        self._thread.start()

    def want(self, item: DatasetItem) -> None:
        """Ask for a thumbnail; asking again before it came makes it the next one."""
        with self._changed:
            self._wanted[item.item_id] = item
            self._wanted.move_to_end(item.item_id)
            while len(self._wanted) > _MOST_WAITING:
                self._wanted.popitem(last=False)
            self._changed.notify()

    def set_size(self, longest_px: int, ratio: float) -> None:
        """Make thumbnails this large from now on, so that painting need not scale them.

        Args:
            longest_px: Longest side, in pixels of the screen.
            ratio: Pixels of the screen for one of the window.
        """
        self._longest_px, self._ratio = longest_px, ratio

    def close(self) -> None:
        """Read no more, and end the thread."""
        with self._changed:
            self._open = False
            self._wanted.clear()
            self._changed.notify()
        self._thread.join(_END_WITHIN_S)

    def _run(self) -> None:
        while (some := self._next()) is not None:
            images = {item.item_id: self._image(item) for item in some}
            if self._open:
                self._ready.emit(images)

    def _next(self) -> list[DatasetItem] | None:
        """Wait for wishes, and take the newest few; None when there is nothing more to do."""
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or not self._open)
            if not self._open:
                return None
            return [self._wanted.popitem()[1] for _ in range(min(_AT_ONCE, len(self._wanted)))]

    def _image(self, item: DatasetItem) -> QImage | None:
        try:
            image = qimage(self._read(item))
        except StationError:  # the page says so when the picture itself is opened
            return None
        side, ways = self._longest_px, (Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        fitted = image.scaled(side, side, *ways).convertToFormat(QImage.Format.Format_RGB32)
        fitted.setDevicePixelRatio(self._ratio)
        return fitted
