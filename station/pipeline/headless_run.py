"""Following a line from the thread of a program without a window."""

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from station.concurrency.deferred_signals import defer_signals
from station.domain.errors import StationError
from station.domain.inspection import Counts, Inspection, PartKey
from station.domain.messages import FaultReported, Message, PartJudged, PartRecorded
from station.pipeline.run import Line

_WAIT_S = 0.1
_PATIENCE_S = 30.0
_PARTS_AHEAD = 128


class HeadlessRun:
    """Hands on each part only when its record can no longer be lost.

    The line may be so many parts ahead of a slow reader and no more: the parts it reads about are then still in memory.
    """

    def __init__(self, on_part: Callable[[Inspection], None], on_trouble: Callable[[FaultReported], None]) -> None:
        self._on_part = on_part
        self._on_trouble = on_trouble
        self._news: SimpleQueue[Message] = SimpleQueue()
        self._judged: dict[PartKey, Inspection] = {}
        self._counts = Counts()
        self._last_record_s = time.monotonic()
        self._ahead = threading.Semaphore(_PARTS_AHEAD)
        self._reading = True

    def put(self, message: Message) -> None:
        """Take the line's news, from its threads."""
        if isinstance(message, PartRecorded):
            while self._reading and not self._ahead.acquire(timeout=_WAIT_S):
                pass
        self._news.put(message)

    def follow(self, line: Line) -> Counts:
        """Start the line and stay with it to its end; a disk that refuses for half a minute ends it.

        Whoever interrupts this is still told of what was triggered until then.

        Raises:
            StationError: As `Line.error`.
        """
        try:
            with defer_signals() as let_signals_in:
                line.start()
                while not line.ended:
                    self._hand_on(line, _WAIT_S)
                    let_signals_in()
                    if time.monotonic() - self._last_record_s > _PATIENCE_S and line.refused_by_disk:
                        line.abandon()
        except KeyboardInterrupt:
            self._interrupt(line)
            self._hand_on(line, 0)
            raise
        finally:
            self._interrupt(line)
        self._hand_on(line, 0)
        if line.error:
            raise line.error
        return self._counts

    def _interrupt(self, line: Line) -> None:
        self._reading = False
        if not line.wait(0):
            line.stop("interrupted")
            line.wait(_PATIENCE_S)

    def _hand_on(self, line: Line, timeout_s: float) -> None:
        try:
            self._tell(self._news.get(timeout=timeout_s), line.error)
            while True:
                self._tell(self._news.get_nowait(), line.error)
        except Empty:
            return

    def _tell(self, message: Message, ended_by: StationError | None) -> None:
        if isinstance(message, PartJudged):
            self._judged[message.inspection.key] = message.inspection
        elif isinstance(message, PartRecorded):
            inspection = self._judged.pop(message.key)
            self._counts = self._counts.plus(inspection.verdict)
            self._last_record_s = time.monotonic()
            self._on_part(inspection)
            self._ahead.release()
        elif isinstance(message, FaultReported) and (ended_by is None or message.sentence != ended_by.sentence):
            self._on_trouble(message)
