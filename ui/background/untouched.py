"""Notices that nobody has touched the window for a while."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from ui.background.timers import single_timer

_TOUCHES = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.KeyPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)


_BURST_S = 0.5
"""Keys after a longer pause than this do not belong to the scan before."""


class Untouched(QObject):
    """Calls `then` once no touch, pen, key or wheel has come for `after_s` seconds.

    It looks at events only while it waits. Keys of a scanner do not count once it is known that they were a scan: at a
    line each part may be scanned, whoever has walked away.

    Args:
        owner: Lives as long as this.
        after_s: Seconds without a touch.
        then: Called once.
    """

    def __init__(self, owner: QObject, after_s: float, then: Callable[[], object]) -> None:
        super().__init__(owner)
        self._after_ms = round(1000 * after_s)
        self._timer = single_timer(self, self._after_ms, self._over)
        self._then = then
        self._touched = self._before_keys = self._key = 0.0

    @property
    def waiting(self) -> bool:
        """Return whether it waits for the end of the time."""
        return self._timer.isActive()

    def begin(self) -> None:
        """Wait from now on; if it waits already, from now again."""
        application = QCoreApplication.instance()
        if application is not None and not self.waiting:
            application.installEventFilter(self)
        self._touched = self._before_keys = time.monotonic()
        self._timer.start(self._after_ms)

    def end(self) -> None:
        """Wait no more."""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._timer.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Begin again at each touch; take none away from its receiver."""
        if event.type() in _TOUCHES:
            self._note(is_key=event.type() == QEvent.Type.KeyPress)
        return False

    def forget_scan(self) -> None:
        """Wait as if the keys just now had not come: a scanner typed them."""
        if self.waiting:
            self._touched = self._before_keys
            waited_ms = round(1000 * (time.monotonic() - self._touched))
            self._timer.start(max(0, self._after_ms - waited_ms))

    def _note(self, *, is_key: bool) -> None:
        now = time.monotonic()
        if is_key:
            if now - self._key > _BURST_S:
                self._before_keys = self._touched
            self._key = now
        self._touched = now
        self._timer.start(self._after_ms)

    def _over(self) -> None:
        self.end()
        self._then()
