"""The counters of the shift that runs now."""

import threading
from collections.abc import Callable
from datetime import datetime

from station.domain.inspection import Counts, Inspection
from station.domain.shift import ShiftWindow


class ShiftCounts:
    """Counts of the present shift: read from the records once a shift, then counted on with every verdict.

    A part belongs to the shift in which it was triggered, as in the records.
    """

    def __init__(
        self,
        shift_of: Callable[[datetime], ShiftWindow],
        recorded: Callable[[datetime, datetime], Counts],
        now: Callable[[], datetime],
    ) -> None:
        """Begin with what is recorded of the shift so far.

        Args:
            shift_of: The shift of a moment.
            recorded: Counts of the records between two moments.
            now: The wall clock, UTC.
        """
        self._shift_of = shift_of
        self._now = now
        self._lock = threading.Lock()
        self._window = shift_of(now())
        self._counts = recorded(self._window.start, self._window.end)

    def add(self, inspection: Inspection) -> None:
        """One more verdict."""
        with self._lock:
            self._roll_over(max(self._now(), inspection.triggered_at))
            if self._window.start <= inspection.triggered_at < self._window.end:
                self._counts = self._counts.plus(inspection.verdict)

    def counts(self) -> Counts:
        """The present shift's counts."""
        with self._lock:
            self._roll_over(self._now())
            return self._counts

    def _roll_over(self, moment: datetime) -> None:
        if moment >= self._window.end:
            self._window, self._counts = self._shift_of(moment), Counts()
