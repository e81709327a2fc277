"""Between a camera and the judgement of its view: a few frames wait, in the order in which they came."""

import logging
import threading
from collections import deque

from station.domain.frame import NotInspectedCause
from station.matching.capture import Capture

_log = logging.getLogger(__name__)


class FrameQueue:
    """Holds at most `slots` frames. When one more comes, the oldest capture gives up its frame as OVERRUN.

    The capture keeps its place: every part still gets its verdict, in order. A capture without a frame takes no slot.

        slots = 2, waiting: 1 with frame, 2 with frame
        put 3 with frame -> 1 OVERRUN, 2 with frame, 3 with frame

    The log names the first part that is given up, and the number of them when the queue is empty again.
    """

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._changed = threading.Condition()
        self._waiting: deque[Capture] = deque()
        self._frames = 0
        self._closed = False
        self.overruns = 0
        self._logged_overruns = 0

    @property
    def ended(self) -> bool:
        """Return True if nothing waits and nothing more will come."""
        with self._changed:
            return self._closed and not self._waiting

    def wait_for_room(self, timeout_s: float) -> bool:
        """Wait until one more frame would cause no overrun; return False if there is still no room."""
        with self._changed:
            return self._changed.wait_for(lambda: self._frames < self._slots, timeout_s)

    def put_capture(self, capture: Capture) -> None:
        """Add the next capture; never waits."""
        with self._changed:
            if capture.frame is not None:
                self._make_room()
                self._frames += 1
            self._waiting.append(capture)
            self._changed.notify_all()

    def take_capture(self, timeout_s: float) -> Capture | None:
        """Return the capture that waits longest; None if none came within `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, timeout_s)
            if not self._waiting:
                return None
            capture = self._waiting.popleft()
            self._frames -= capture.frame is not None
            if not self._waiting:
                self._log_end_of_overrun(capture)
            self._changed.notify_all()
            return capture

    def close(self) -> None:
        """Accept no more. What waits can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _make_room(self) -> None:
        if self._frames < self._slots:
            return
        place, oldest = next((i, each) for i, each in enumerate(self._waiting) if each.frame is not None)
        self._waiting[place] = oldest.without_frame(NotInspectedCause.OVERRUN)
        self._frames -= 1
        if self.overruns == self._logged_overruns:
            _log.warning(
                "%s is faster than its judgement: overrun from part %s on", _name(oldest), oldest.trigger.key.label
            )
        self.overruns += 1

    def _log_end_of_overrun(self, last: Capture) -> None:
        if overruns := self.overruns - self._logged_overruns:
            _log.warning("%s is judged in time again: %d pictures were given up", _name(last), overruns)
            self._logged_overruns = self.overruns


def _name(capture: Capture) -> str:
    return f"camera {capture.view}".rstrip()
