"""Notices that nobody has touched the window for a while."""

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


class Untouched(QObject):
    """Calls `then` once no touch, pen, key or wheel has come for `after_s` seconds.

    It looks at events only while it waits.

    Args:
        owner: Lives as long as this.
        after_s: Seconds without a touch.
        then: Called once.
    """

    def __init__(self, owner: QObject, after_s: float, then: Callable[[], object]) -> None:
        super().__init__(owner)
        self._timer = single_timer(self, round(1000 * after_s), self._over)
        self._then = then

    @property
    def waiting(self) -> bool:
        """Return whether it waits for the end of the time."""
        return self._timer.isActive()

    def begin(self) -> None:
        """Wait from now on; if it waits already, from now again."""
        application = QCoreApplication.instance()
        if application is not None and not self.waiting:
            application.installEventFilter(self)
        self._timer.start()

    def end(self) -> None:
        """Wait no more."""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._timer.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Begin again at each touch; take none away from its receiver."""
        if event.type() in _TOUCHES:
            self._timer.start()
        return False

    def _over(self) -> None:
        self.end()
        self._then()
