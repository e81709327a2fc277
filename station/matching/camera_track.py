"""What is known of one camera: the parts that wait for its frame, and its frames that wait for their part."""

import math
import statistics
from collections import deque
from dataclasses import dataclass, field, replace

from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.domain.inspection import PartKey
from station.matching.capture import Capture
from station.matching.frame_queue import FrameQueue

_MOST_MISSED_TIMES = 10_000
_INTERVALS = 20


@dataclass(frozen=True, slots=True)
class PartTime:
    """When a part passed the first camera, on the clock of `Frame.received_ns`.

        PartTime(12.0)        known: a camera saw the part at 12.0 s
        PartTime(12.0, 11.0)  unknown: a camera lost the frame of it between 11.0 s and 12.0 s

    Attributes:
        at_s: The time; if it is unknown, the latest possible one.
        since_s: The earliest possible time; None if the time is known.
    """

    at_s: float
    since_s: float | None = None

    def may_be(self, came_s: float, window_s: float) -> bool:
        """Return True if the time is unknown and a frame of `came_s` may show the part.

        A frame within the window of either end shows the part before or the part after instead.
        """
        return self.since_s is not None and self.since_s + window_s < came_s < self.at_s - window_s

    def distance_s(self, came_s: float) -> float:
        """Return the seconds between the part and a frame; infinite if the part's time is unknown."""
        return abs(self.at_s - came_s) if self.since_s is None else math.inf


@dataclass(frozen=True, slots=True, eq=False)
class PendingPart:
    """An open part that waits for this camera's frame."""

    capture: Capture
    time: PartTime


@dataclass(frozen=True, slots=True)
class UnmatchedFrame:
    """A delivery of a camera whose part is not known yet, and since when it waits."""

    delivery: Frame | LostFrame
    since_s: float


class FrameInterval:
    """The time between two frames of a camera, over the last 20 intervals."""

    def __init__(self) -> None:
        self.last_frame_s = -math.inf
        self._interrupted = True
        self._intervals_s: deque[float] = deque(maxlen=_INTERVALS)

    @property
    def usual_s(self) -> float | None:
        """Return the median interval, which a single outlier does not change; None before the second frame."""
        return statistics.median(self._intervals_s) if self._intervals_s else None

    @property
    def shortest_s(self) -> float:
        """Return the shortest interval; 0 before the second frame."""
        return min(self._intervals_s, default=0.0)

    def add_frame(self, came_s: float) -> None:
        """Count the interval that ends with this frame."""
        if not self._interrupted:
            self._intervals_s.append(came_s - self.last_frame_s)
        self.last_frame_s, self._interrupted = came_s, False

    def interrupt(self) -> None:
        """Do not count the time until the next frame: the camera was not there."""
        self._interrupted = True


class MissedFrames:
    """The parts that were given up without this camera's frame, until it is certain that the frame does not follow.

    Attributes:
        times_s: When those parts passed, in their order.
        in_a_row: Number of parts that the camera missed since its last frame although it was there.
    """

    def __init__(self) -> None:
        self.times_s: deque[float] = deque(maxlen=_MOST_MISSED_TIMES)
        self.in_a_row = 0

    def consume_missed(self) -> bool:
        """Assign the report of a lost frame to the oldest missed part; return False if there is none."""
        if not self.times_s:
            return False
        self.times_s.popleft()
        return True

    def consume_missed_near(self, came_s: float, within_s: float) -> bool:
        """Assign a late frame to the nearest missed part; return False if there is none within `within_s`."""
        near = [missed_s for missed_s in self.times_s if abs(missed_s - came_s) <= within_s]
        if near:
            self.times_s.remove(min(near, key=lambda missed_s: abs(missed_s - came_s)))
        return bool(near)

    def forget_until(self, time_s: float) -> None:
        """Forget the parts up to this time: frames come in order, so none of theirs follows."""
        for missed_s in tuple(self.times_s):
            if missed_s <= time_s:
                self.times_s.remove(missed_s)


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why a camera sends no frames, as cause and in words."""

    cause: NotInspectedCause
    detail: str = ""


@dataclass(slots=True)
class CameraTrack:
    """The state of the matching for one camera. Only the FrameMatcher, under its lock, and its policy use it.

    Attributes:
        frame_queue: Takes the camera's captures.
        later_s: How much later than the first camera it sees each part.
        pending: Parts that wait for its frame, in the order in which they were opened.
        unmatched: Its deliveries whose part is not known yet, in their order.
        missed: Parts that were given up without its frame.
        interval: The time between its frames.
        unavailable: Why no frame can come; None while one can.
        needs_restart: It may send a frame that no part waits for, until it is started again.
        may_send_old_answer: It was started again and not triggered since: what it sends answers an earlier trigger.
        resumed_s: When it began to deliver the last time.
        watermark_s: It has delivered all that it saw up to this time.
    """

    frame_queue: FrameQueue
    later_s: float = 0.0
    pending: list[PendingPart] = field(default_factory=list)
    unmatched: deque[UnmatchedFrame] = field(default_factory=deque)
    missed: MissedFrames = field(default_factory=MissedFrames)
    interval: FrameInterval = field(default_factory=FrameInterval)
    unavailable: Unavailable | None = None
    needs_restart: bool = False
    may_send_old_answer: bool = False
    resumed_s: float = -math.inf
    watermark_s: float = -math.inf

    def add_pending(self, capture: Capture, time: PartTime) -> None:
        """Wait for the frame of a part that was opened; give it up at once if no frame can come."""
        self.pending.append(PendingPart(capture, time))
        self.give_up_if_unavailable()

    def set_part_time(self, key: PartKey, time: PartTime) -> None:
        """Replace the time of a part, if it waits here."""
        self.pending = [replace(each, time=time) if each.capture.trigger.key == key else each for each in self.pending]

    def take_pending(self, pending: PendingPart) -> Capture:
        """Return the capture of a part whose frame has come; it waits no longer."""
        self.pending.remove(pending)
        self.missed.in_a_row = 0
        return pending.capture

    def take_oldest(self) -> Capture | None:
        """Return the capture of the part that waits longest; None if no part waits."""
        return self.take_pending(self.pending[0]) if self.pending else None

    def give_up(self, pending: PendingPart, cause: NotInspectedCause, detail: str = "") -> None:
        """End the wait of a part without a frame."""
        self.pending.remove(pending)
        self.missed.times_s.append(pending.time.at_s)
        self.frame_queue.put_capture(pending.capture.without_frame(cause, detail))

    def give_up_before(self, time_s: float) -> None:
        """Give up the parts before this time: their frames should have come by now."""
        for pending in tuple(self.pending):
            if pending.time.at_s < time_s:
                self.missed.in_a_row += 1
                self.give_up(pending, NotInspectedCause.NO_PICTURE_IN_TIME)

    def give_up_if_unavailable(self) -> None:
        """Give up all pending parts if no frame can come and no unmatched one can belong to them."""
        if self.unavailable and not self.unmatched:
            for pending in tuple(self.pending):
                self.give_up(pending, self.unavailable.cause, self.unavailable.detail)

    def refuse_trigger(self, key: PartKey, detail: str) -> None:
        """End the wait of a part whose trigger the camera refused; its frame was never taken, so it is not missed."""
        for pending in [each for each in self.pending if each.capture.trigger.key == key]:
            self.pending.remove(pending)
            self.frame_queue.put_capture(pending.capture.without_frame(NotInspectedCause.LOST_FRAME, detail))

    def add_frame(self, came_s: float, window_s: float) -> None:
        """Note a whole frame. Deliveries come in order, so everything of the parts up to it has come, too."""
        self.interval.add_frame(came_s)
        for pending in tuple(self.pending):
            if pending.time.since_s is not None and pending.time.at_s <= came_s + window_s:
                self.give_up(pending, NotInspectedCause.NO_PICTURE_IN_TIME)
        self.missed.forget_until(came_s + window_s)

    def set_unavailable(self, cause: NotInspectedCause, detail: str = "") -> None:
        """Expect no more frames, for pending and future parts; unmatched ones are still matched."""
        self.unavailable = Unavailable(cause, detail)
        self.give_up_if_unavailable()

    def resume(self, now_s: float) -> None:
        """Expect frames from now on."""
        self.unavailable, self.needs_restart = None, False
        self.resumed_s = self.watermark_s = now_s
        self.interval.interrupt()
