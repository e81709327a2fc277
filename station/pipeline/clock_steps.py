"""Notices that somebody sets the machine's clock while the line runs."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Self

from station.concurrency.worker import Worker
from station.domain.clock import utc_now

_log = logging.getLogger(__name__)
_LEAST = timedelta(seconds=1)
"""Less is how the network keeps a clock right."""
_LOOK_EVERY_S = 1.0
_STEP_S = 0.1
_ONE_MOMENT_S = 0.25
_END_WITHIN_S = 2.0


def passed() -> float:
    """Return seconds of a clock that nobody can set; it goes on while the machine sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):  # on Linux the monotonic clock stops while the machine sleeps
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class ClockSteps:
    """Compares the wall clock with one that nobody can set, every second. Works inside `with`.

    Attributes:
        on_step: Called with the time that the clock would show and the one it shows, UTC, if they differ by a second.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = utc_now,
        passed_s: Callable[[], float] = passed,
        every_s: float = _LOOK_EVERY_S,
    ) -> None:
        self.on_step: Callable[[datetime, datetime], object] = lambda before, now: None
        self._now, self._passed_s, self._every_s = now, passed_s, every_s
        self._ending = threading.Event()
        self._worker: Worker | None = None

    def __enter__(self) -> Self:
        """Look at both clocks from now on."""
        self._ending = threading.Event()
        self._shown, self._at_s = self._both()
        self._worker = Worker("clock", partial(self._step, self._ending), lambda *_: None)
        self._worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look once more, and no more after that."""
        self._ending.set()
        if self._worker is not None:
            self._worker.join(_END_WITHIN_S)
            self.look()

    def look(self) -> None:
        """Compare the clocks with what they showed at the last look."""
        now, at_s = self._both()
        before = self._shown + timedelta(seconds=at_s - self._at_s)
        self._shown, self._at_s = now, at_s
        if abs(now - before) >= _LEAST:
            _log.warning("the clock was set from %s to %s", before.isoformat(), now.isoformat())
            self.on_step(before, now)

    def _both(self) -> tuple[datetime, float]:
        """Return what both clocks show at one moment: a thread that had to wait between them asks again."""
        while True:
            begun_s, now, at_s = self._passed_s(), self._now(), self._passed_s()
            if at_s - begun_s < _ONE_MOMENT_S:
                return now, at_s

    def _step(self, ending: threading.Event) -> bool:
        ended = ending.wait(min(_STEP_S, self._every_s))
        if not ended and self._passed_s() - self._at_s >= self._every_s:
            self.look()
        return not ended
