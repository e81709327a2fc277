"""Between a camera and the judgement of its view: a few frames may wait, in the order in which they came."""

import logging
import threading
from collections import deque

from station.domain.frame import NotInspectedCause
from station.matching.capture import Capture

_log = logging.getLogger(__name__)


class RingBuffer:
    """Holds at most `slots` frames. When one more comes, the oldest waiting shot gives up its frame as OVERRUN.

    It gives up its frame and not its place. Shots without a frame weigh nothing and take no slot. The log says when
    frames begin to be given up, and how many it were once the ring is empty.
    """

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._changed = threading.Condition()
        self._waiting: deque[Capture] = deque()
        self._frames = 0
        self._closed = False
        self.overruns = 0
        self._told_of = 0

    @property
    def ended(self) -> bool:
        """Nothing waits and nothing more will come."""
        with self._changed:
            return self._closed and not self._waiting

    def wait_for_room(self, timeout_s: float) -> bool:
        """Wait until one more frame would cost nobody anything; whether that came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._frames < self._slots, timeout_s)

    def put(self, shot: Capture) -> None:
        """Hand over the next shot; never waits."""
        with self._changed:
            if shot.frame is not None:
                self._make_room()
                self._frames += 1
            self._waiting.append(shot)
            self._changed.notify_all()

    def take(self, timeout_s: float) -> Capture | None:
        """The shot that waits longest; None when none came within `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, timeout_s)
            if not self._waiting:
                return None
            shot = self._waiting.popleft()
            self._frames -= shot.frame is not None
            if not self._waiting:
                self._tell_what_was_given_up(shot)
            self._changed.notify_all()
            return shot

    def close(self) -> None:
        """Nothing more will be put. What waits can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _make_room(self) -> None:
        if self._frames < self._slots:
            return
        place, oldest = next((i, shot) for i, shot in enumerate(self._waiting) if shot.frame is not None)
        self._waiting[place] = oldest.given_up(NotInspectedCause.OVERRUN)
        self._frames -= 1
        if self.overruns == self._told_of:
            _log.warning(
                "%s is faster than its judgement: overrun from part %s on", _who(oldest), oldest.trigger.key.label
            )
        self.overruns += 1

    def _tell_what_was_given_up(self, last: Capture) -> None:
        if given_up := self.overruns - self._told_of:
            _log.warning("%s is judged in time again: %d pictures were given up", _who(last), given_up)
            self._told_of = self.overruns


def _who(shot: Capture) -> str:
    return f"camera {shot.view}".rstrip()
