"""How a frame finds its part: what every policy offers, and the policies for software triggers and stored pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.matching.camera_track import CameraTrack, PartTime
from station.matching.capture import Capture

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Match:
    """The delivery belongs to an open part.

    Attributes:
        capture: The camera's capture of that part.
        part_time: The part's time, if this frame is the first to show it; None if the time stays as it was.
    """

    capture: Capture
    part_time: PartTime | None = None


@dataclass(frozen=True, slots=True)
class NewPart:
    """The delivery belongs to no open part and opens one.

    Attributes:
        time: When the part passed.
        alone: It was undecided for too long: the other cameras' frames do not belong to this part.
    """

    time: PartTime
    alone: bool = False


class Undecided:
    """Another camera's next delivery may show where this one belongs; it waits until that is known."""


class MatchingPolicy(Protocol):
    """What the FrameMatcher asks. It holds its lock meanwhile, so a policy needs none."""

    def place_delivery(
        self, track: CameraTrack, delivery: Frame | LostFrame, *, decide_now: bool = False
    ) -> Match | NewPart | Undecided | None:
        """Return where a delivery belongs; None if it belongs to no part, as a frame that came too late.

        With `decide_now` the answer is never Undecided.
        """
        ...

    def add_triggered_part(self, track: CameraTrack, capture: Capture) -> bool:
        """Add a part that a software trigger opened; return True if the camera has to be triggered for it."""
        ...

    def add_seen_part(self, track: CameraTrack, capture: Capture, time: PartTime) -> None:
        """Add a part that another camera's frame opened."""
        ...

    def expire_pending(self, track: CameraTrack, until_s: float) -> None:
        """Take into account that the camera delivered nothing more until this time."""
        ...

    def needs_restart(self, track: CameraTrack) -> bool:
        """Return True if the camera's answer is overdue, or if it may send a frame that no part waits for."""
        ...

    def resume_camera(self, track: CameraTrack) -> None:
        """Expect frames again from a camera that was lost."""
        ...

    def completes_soon(self, track: CameraTrack) -> bool:
        """Return True if pending parts get their frame, or are given up, soon: a line that ends waits for them."""
        ...


class SoftwareTriggerMatching:
    """The station triggers the cameras. A camera with an open trigger is not triggered again.

    So there is at most one pending part for each camera, and its frame cannot belong to another part:

        10.00 s  trigger: part 1, the camera is triggered
        10.02 s  trigger: part 2; the camera owes the frame of part 1, so its view of part 2 is OVERRUN
        10.05 s  frame: it belongs to part 1
        10.10 s  trigger: part 3, the camera is triggered
        12.10 s  no frame within 2 s: NO_PICTURE_IN_TIME, and the camera is restarted, so that a late frame cannot
                 be taken for the answer to the next trigger
        12.15 s  frame: a trigger reached the camera while it was restarted; it belongs to no part
    """

    def __init__(self, timeout_s: float, clock: Clock) -> None:
        """A frame is overdue `timeout_s` after its trigger."""
        self._timeout_s = timeout_s
        self._clock = clock

    def place_delivery(
        self, track: CameraTrack, delivery: Frame | LostFrame, *, decide_now: bool = False
    ) -> Match | NewPart | None:
        """Return the part that was triggered; a new part if none was, unless the frame may be an old answer."""
        if track.needs_restart or track.may_send_old_answer:
            return None
        if track.pending and not _answers(delivery, track.pending[0].time.at_s):
            return None
        capture = track.take_oldest()
        return Match(capture) if capture else NewPart(PartTime(self._clock()))

    def add_triggered_part(self, track: CameraTrack, capture: Capture) -> bool:
        """Do not trigger a camera that owes a frame, or that has to be restarted."""
        if track.pending or track.needs_restart:
            restarts = track.needs_restart
            cause = NotInspectedCause.NO_PICTURE_IN_TIME if restarts else NotInspectedCause.OVERRUN
            track.frame_queue.put_capture(capture.without_frame(cause))
            return False
        track.may_send_old_answer = False
        track.add_pending(capture, PartTime(self._clock()))
        return track.unavailable is None

    def add_seen_part(self, track: CameraTrack, capture: Capture, time: PartTime) -> None:
        """Expect no frame: a frame without a trigger has no counterpart from the other cameras."""
        track.frame_queue.put_capture(capture.without_frame(NotInspectedCause.LOST_FRAME, "it was not asked for"))

    def expire_pending(self, track: CameraTrack, until_s: float) -> None:
        """Do nothing: an overdue camera is restarted instead."""

    def needs_restart(self, track: CameraTrack) -> bool:
        """Return True if the camera did not answer in time, or may have taken a trigger that it refused."""
        overdue = bool(track.pending) and self._clock() >= track.pending[0].time.at_s + self._timeout_s
        return track.needs_restart or overdue

    def resume_camera(self, track: CameraTrack) -> None:
        """Expect frames as soon as it is triggered: a restarted camera owes none."""
        track.resume(self._clock())
        track.may_send_old_answer = True

    def completes_soon(self, track: CameraTrack) -> bool:
        """Return False: an answer may take as long as the longest exposure."""
        return False


class SequentialMatching:
    """Stored pictures have no times: the first pictures of all views are part 1, the second ones part 2 ...

    top   a1 a2 a3        part 1 = a1 + b1, part 2 = a2 + b2
    side  b1 b2           part 3 = a3; side gets NO_PICTURE_IN_TIME at its end
    """

    def __init__(self, single_view: bool, clock: Clock) -> None:
        """`single_view`: the recipe has one view."""
        self._single_view = single_view
        self._clock = clock

    def place_delivery(
        self, track: CameraTrack, delivery: Frame | LostFrame, *, decide_now: bool = False
    ) -> Match | NewPart | None:
        """Return the part that waits longest for this view; a new part if none waits."""
        capture = track.take_oldest()
        return Match(capture) if capture else NewPart(PartTime(self._clock()))

    def add_triggered_part(self, track: CameraTrack, capture: Capture) -> bool:
        """Wait for the next picture."""
        track.add_pending(capture, PartTime(self._clock()))
        return track.unavailable is None

    def add_seen_part(self, track: CameraTrack, capture: Capture, time: PartTime) -> None:
        """Wait for the next picture."""
        track.add_pending(capture, time)

    def expire_pending(self, track: CameraTrack, until_s: float) -> None:
        """Do nothing: stored pictures are never late."""

    def needs_restart(self, track: CameraTrack) -> bool:
        """Return False: stored pictures are never late."""
        return False

    def resume_camera(self, track: CameraTrack) -> None:
        """Resume a single view only: a source begins again at its first picture, out of step with other views."""
        if self._single_view:
            track.resume(self._clock())

    def completes_soon(self, track: CameraTrack) -> bool:
        """Return False: a picture that was not fetched is not missed."""
        return False


def _answers(delivery: Frame | LostFrame, triggered_s: float) -> bool:
    """Return False for a frame from before the trigger, and for a loss without a time: the answer may still come."""
    if isinstance(delivery, Frame):
        return delivery.received_ns >= round(triggered_s * 1e9)
    return not delivery.was_never_seen
