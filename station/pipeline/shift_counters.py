"""The counters of the present shift."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from station.concurrency.fan_out import Subscription
from station.domain.errors import StorageError
from station.domain.inspection import Counts, Inspection, PartKey
from station.domain.messages import Message, MessagesMissed, PartJudged, PartRecorded
from station.domain.shift import ShiftWindow

_MOST_WAITING = 256
CountRecords = Callable[[datetime, datetime], tuple[Counts, frozenset[PartKey]]]
"""Counts of the records between two times, and the keys of the newest of them, from one state of the database."""


class ShiftCounts:
    """Count the parts of the present shift: read from the records once, then continued with every verdict.

    The verdicts come from a subscription and are read when `counts` is called, or when many wait and nobody asks, as in
    a program without a window. If it fell behind, the records are read again. Each part still counts once:

        records        1 2 3 4 5 6      parts on the disk
        messages                 6 7 8  the newest verdicts, the oldest were dropped
        counted        1 2 3 4 5 6 7 8  part 6 is in both

    A part belongs to the shift in which it was triggered, as in the records.
    """

    def __init__(
        self,
        shift_of: Callable[[datetime], ShiftWindow],
        count_records: CountRecords,
        now: Callable[[], datetime],
        news: Subscription,
        is_counted: Callable[[int], bool] = lambda _run_id: True,
    ) -> None:
        """Begin with the records of the shift so far.

        Args:
            shift_of: Return the shift of a time.
            count_records: Return the counts between two times, with the keys of the newest parts.
            now: The wall clock, UTC.
            news: Subscription to `PartJudged`. Its capacity exceeds the number of parts that may wait for the disk.
            is_counted: Whether the parts of a run are counted; asked once for each run.
        """
        self._shift_of = shift_of
        self._count_records = count_records
        self._now = now
        self._news = news
        self._is_counted = is_counted
        self._runs: dict[int, bool] = {}
        self._lock = threading.Lock()
        self._fell_behind = False
        self._window = shift_of(now())
        self._counts, _ = count_records(self._window.start, self._window.end)

    def counts(self) -> Counts:
        """Return the counts of the present shift.

        Raises:
            StorageError: The counters fell behind and the records cannot be read. The next call tries again.
        """
        with self._lock:
            self._read_news()
            if self._fell_behind:
                self._recount()
            self._roll_over(self._now())
            return self._counts

    def keep_up(self, message: Message) -> None:
        """Count what waits, on the thread that records parts, before 4096 verdicts that nobody asks for take 4 MB."""
        if isinstance(message, PartRecorded) and self._news.waiting >= _MOST_WAITING:
            with suppress(StorageError):  # the next call tries again
                self.counts()

    def _read_news(self) -> None:
        while not self._fell_behind and (message := self._news.next_message()) is not None:
            self._fell_behind = True  # until this message is counted: the database may refuse to say what run it is
            if isinstance(message, PartJudged):
                self._add(message.inspection)
            self._fell_behind = isinstance(message, MessagesMissed)

    def _recount(self) -> None:
        """Read the records, then add the verdicts that wait: a part is published before it is recorded."""
        window = self._shift_of(self._now())
        counts, recorded = self._count_records(window.start, window.end)
        self._window, self._counts = window, counts
        while (message := self._news.next_message()) is not None:
            if isinstance(message, PartJudged) and message.inspection.key not in recorded:
                self._add(message.inspection)
        self._fell_behind = False

    def _add(self, inspection: Inspection) -> None:
        self._roll_over(max(self._now(), inspection.triggered_at))
        inside = self._window.start <= inspection.triggered_at < self._window.end
        if inside and self._of_counted_run(inspection.key.run_id):
            self._counts = self._counts.plus(inspection.verdict)

    def _of_counted_run(self, run_id: int) -> bool:
        if run_id not in self._runs:
            self._runs = {run_id: self._is_counted(run_id)}
        return self._runs[run_id]

    def _roll_over(self, at: datetime) -> None:
        if at >= self._window.end:
            self._window, self._counts = self._shift_of(at), Counts()
