"""What need not happen more often than a person can follow."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from ui.background.timers import single_timer

FOLLOWED_MS = 100
"""Nobody follows words, numbers or rows that change more often."""


class AtMost:
    """Calls `then` at once, but at most once in a time: what comes sooner is done together at the end of that time.

    Example: with 60 verdicts a second the counters are painted ten times a second, and right after the last verdict.

    Args:
        owner: Lives as long as this.
        then: Does whatever is to be done by then.
        every_ms: The time.
    """

    def __init__(self, owner: QObject, then: Callable[[], object], every_ms: int = FOLLOWED_MS) -> None:
        self._then = then
        self._again = False
        self._timer = single_timer(owner, every_ms, self._over)

    def ask(self, *, now: bool = False) -> None:
        """Do it now if the time is over, or at its end; with `now` do it in any case."""
        if now or not self._timer.isActive():
            self._do()
        else:
            self._again = True

    def close(self) -> None:
        """Do nothing any more."""
        self._timer.stop()

    def _do(self) -> None:
        self._again = False
        self._timer.start()
        self._then()

    def _over(self) -> None:
        if self._again:
            self._do()
