"""A run of the line that is followed by a program without a window."""

import threading
import time
from collections.abc import Callable

from station.concurrency.deferred_signals import defer_signals
from station.concurrency.fan_out import FanOut
from station.domain.errors import FaultError, StationError
from station.domain.formatting import counted, one_or_many
from station.domain.inspection import Counts, Inspection, PartKey
from station.domain.messages import FaultReported, MessagesMissed, PartJudged, PartRecorded, ReceivedMessage
from station.pipeline.run import Line
from station.pipeline.run_workers import UNRECORDED_PARTS

_WAIT_S = 0.1
_PATIENCE_S = 30.0

PARTS_AHEAD = 128
"""Recorded parts that the reader has not read yet. Then the recording waits for it."""

_CAPACITY = 2 * (UNRECORDED_PARTS + 2 * PARTS_AHEAD)  # two messages for each part


class HeadlessRun:
    """Deliver each part to a reader, in order, after its record can no longer be lost.

    A slow reader slows down the recording, never the publishing: `wait_for_reader` is called by the recording worker.
    So no part is missed: at most 129 recorded and 2000 unrecorded parts are unread, and their messages fit into the
    queue. The parts that the reader asks for are still in memory.
    """

    def __init__(
        self, news: FanOut, on_part: Callable[[Inspection], None], on_fault: Callable[[FaultReported], None]
    ) -> None:
        self._on_part = on_part
        self._on_fault = on_fault
        self._parts = news.subscribe(PartJudged, PartRecorded, capacity=_CAPACITY)
        self._faults = news.subscribe(FaultReported)
        self._judged: dict[PartKey, Inspection] = {}
        self._counts = Counts()
        self._last_record_s = time.monotonic()
        self._unread = threading.Semaphore(PARTS_AHEAD)
        self._reading = True

    def wait_for_reader(self) -> None:
        """Wait until the reader is at most `PARTS_AHEAD` parts behind. Called after each record."""
        while self._reading and not self._unread.acquire(timeout=_WAIT_S):
            pass

    def run_to_end(self, line: Line) -> Counts:
        """Start the line and deliver its parts until it ends. A disk that refuses records for 30 s ends it.

        After an interruption the parts that were triggered before it are still delivered.

        Raises:
            StationError: As `Line.error`.
        """
        try:
            with defer_signals() as handle_signals:
                line.start()
                while not line.ended:
                    self._deliver(line, _WAIT_S)
                    handle_signals()
                    if time.monotonic() - self._last_record_s > _PATIENCE_S and line.refused_by_disk:
                        line.abandon()
        except KeyboardInterrupt:
            self._interrupt(line)
            self._deliver(line, 0)
            raise
        finally:
            self._interrupt(line)
            self._parts.close()
            self._faults.close()
        self._deliver(line, 0)
        if line.error:
            raise line.error
        return self._counts

    def _interrupt(self, line: Line) -> None:
        self._reading = False
        if not line.wait(0):
            line.stop("interrupted")
            line.wait(_PATIENCE_S)

    def _deliver(self, line: Line, timeout_s: float) -> None:
        message = self._parts.next_message(timeout_s)
        self._deliver_faults(line)  # what is wrong with the pictures was published before the first part
        while message is not None:
            self._deliver_part(message)
            message = self._parts.next_message()
        self._deliver_faults(line)

    def _deliver_faults(self, line: Line) -> None:
        while (message := self._faults.next_message()) is not None:
            self._deliver_fault(message, line.error)

    def _deliver_part(self, message: ReceivedMessage) -> None:
        if isinstance(message, PartJudged):
            self._judged[message.inspection.key] = message.inspection
        elif isinstance(message, PartRecorded):
            inspection = self._judged.pop(message.key)
            self._counts = self._counts.plus(inspection.verdict)
            self._last_record_s = time.monotonic()
            self._on_part(inspection)
            self._unread.release()
        elif isinstance(message, MessagesMissed):
            raise FaultError(_missed(message, "parts"), "The parts are in the records.")

    def _deliver_fault(self, message: ReceivedMessage, ended_by: StationError | None) -> None:
        if isinstance(message, MessagesMissed):
            self._on_fault(FaultReported("line", _missed(message, "faults"), "See the log.", FaultError.for_operator))
        elif isinstance(message, FaultReported) and (ended_by is None or message.sentence != ended_by.sentence):
            self._on_fault(message)


def _missed(message: MessagesMissed, of: str) -> str:
    was = one_or_many(message.count, "was", "were")
    return f"{counted(message.count, 'message')} about {of} {was} missed."
