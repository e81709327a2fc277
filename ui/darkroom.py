"""A thread that makes pictures ready for the screen; what comes too fast is replaced, never queued."""

import threading

from PySide6.QtCore import QObject, Qt, Signal

from station.domain.live import LivePicture
from ui.screen_picture import ScreenPicture, of_live


class Darkroom(QObject):
    """Live pictures go in, screen pictures come out: one slot on each side, the newest wins.

    At most one `_ready` is ever pending, so a slow screen is never behind by more than one picture.
    """

    developed = Signal(object)
    _ready = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._exposed: LivePicture | None = None
        self._developed: ScreenPicture | None = None
        self._open = True
        self._ready.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="lineside-darkroom", daemon=True)
        self._thread.start()

    def put(self, picture: LivePicture) -> None:
        """Develop this one next."""
        with self._changed:
            self._exposed = picture
            self._changed.notify()

    def close(self) -> None:
        """Stop and wait until the thread is gone."""
        with self._changed:
            self._open = False
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while (picture := self._next()) is not None:
            self._lay_out(of_live(picture))

    def _next(self) -> LivePicture | None:
        with self._changed:
            self._changed.wait_for(lambda: self._exposed is not None or not self._open)
            picture, self._exposed = self._exposed, None
            return picture if self._open else None

    def _lay_out(self, picture: ScreenPicture) -> None:
        with self._changed:
            first = self._developed is None
            self._developed = picture
        if first:
            self._ready.emit()

    def _hand_over(self) -> None:
        with self._changed:
            picture, self._developed = self._developed, None
        if picture is not None:
            self.developed.emit(picture)
