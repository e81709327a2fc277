"""The matching policy for cameras that run freely or are triggered by the machine: a frame's time shows its part."""

import math
from collections.abc import Collection
from itertools import islice

from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.matching.camera_track import CameraTrack, PartTime, PendingPart
from station.matching.capture import Capture
from station.matching.policies import Clock, Match, NewPart, Undecided

_SHARE_OF_INTERVAL = 0.45
_SHARE_OF_WINDOW = 0.25


class TimestampMatching:
    """Frames that come at the same time show the same part.

    All times are those of the first camera: `later_s` of a camera down the line is subtracted from its frames' times.

    The window is `within_s`, and at most 0.45 of the usual time between two parts. With parts every 1.0 s and
    within_s = 0.3 the window is 0.3 s; with parts every 0.1 s it is 0.045 s.

        top    10.00 -> opens part 1         11.00 -> opens part 2
        side   10.02 -> part 1, 0.02 s off   (lost)                 12.01 -> 1.01 s off: part 2 is given up for the
                                                                    side, and 12.01 opens part 3

    A frame close to its part (within a quarter of the window) is matched at once. A frame that is farther off is
    Undecided while another camera may still deliver one that shows a nearer part; docs/one_frame.md has the timeline.
    So a camera that loses frames, or comes back, never stays one part behind the others. That all cameras see a part
    within the window depends on how they are mounted. Parts that passed before the line began are not counted.
    """

    def __init__(self, tracks: Collection[CameraTrack], within_s: float, clock: Clock) -> None:
        """Frames of one part come within `within_s` of each other."""
        self._tracks = tracks
        self._within_s = within_s
        self._clock = clock
        self._single_camera = len(tracks) == 1
        self._began_s = clock()

    def place_delivery(
        self, track: CameraTrack, delivery: Frame | LostFrame, *, decide_now: bool = False
    ) -> Match | NewPart | Undecided | None:
        """Return the part of that time, a new part, or None for a part that was given up without this camera."""
        came_s = self._came_s(track, delivery)
        if not self._single_camera and came_s < self._began_s:
            return None
        window_s = self._window_s
        if isinstance(delivery, LostFrame) and delivery.was_never_seen:
            track.give_up_before(came_s - window_s)
            return self._place_loss(track, came_s)
        nearest = self._nearest(track, came_s, window_s)
        in_doubt = nearest is not None and self._may_belong_elsewhere(track, nearest, came_s, window_s)
        if in_doubt and not decide_now:
            return Undecided()
        track.give_up_before(came_s - window_s)
        placement = self._place_at(track, nearest, came_s, window_s)
        if in_doubt and isinstance(placement, Match):
            placement = self._separate(track, placement.capture, came_s)
        track.watermark_s = max(track.watermark_s, came_s)
        if isinstance(delivery, Frame):
            track.add_frame(came_s, window_s)
        return placement

    def add_triggered_part(self, track: CameraTrack, capture: Capture) -> bool:
        """Wait for its frame. A camera that runs freely refuses the trigger itself."""
        track.add_pending(capture, PartTime(self._clock()))
        return track.unavailable is None

    def add_seen_part(self, track: CameraTrack, capture: Capture, time: PartTime) -> None:
        """Wait for a frame within the window."""
        track.add_pending(capture, time)

    def expire_pending(self, track: CameraTrack, until_s: float) -> None:
        """Give up the parts whose frame should have come by now."""
        track.watermark_s = until_s - track.later_s
        if not track.unmatched:
            track.give_up_before(track.watermark_s - self._window_s)

    def needs_restart(self, track: CameraTrack) -> bool:
        """Return False: a part without a frame is given up, and the camera goes on."""
        return False

    def resume_camera(self, track: CameraTrack) -> None:
        """Expect frames at once: their times show their parts."""
        track.resume(self._clock() - track.later_s)

    def completes_soon(self, track: CameraTrack) -> bool:
        """Return True if anything waits: it is decided within the window."""
        return bool(track.pending or track.unmatched)

    def _nearest(self, track: CameraTrack, came_s: float, window_s: float) -> PendingPart | None:
        """Return the nearest part within the window, if the camera's own next frame is not nearer to it.

        Part at 10.20; this frame 10.00, the next one, already here, 10.19: the part belongs to the next frame.
        """
        following = [unmatched.delivery for unmatched in islice(track.unmatched, 1, None)]
        following_s = [self._came_s(track, each) for each in following if isinstance(each, Frame)]
        near = [
            pending
            for pending in track.pending
            if (off_s := pending.time.distance_s(came_s)) <= window_s
            and not any(pending.time.distance_s(each_s) < off_s for each_s in following_s)
        ]
        return min(near, key=lambda pending: pending.time.distance_s(came_s), default=None)

    def _may_belong_elsewhere(self, track: CameraTrack, nearest: PendingPart, came_s: float, window_s: float) -> bool:
        """Return True if a nearer part, or a nearer frame of this camera, may still become known.

        Part at 10.00, frame at 10.20: a part that is nearer passed before 10.40, and a frame that is nearer to the part
        came before 10.20. Once every camera has delivered up to 10.40 there is no doubt. Cameras down the line, which
        see a part later than this one, are not waited for.
        """
        off_s = nearest.time.distance_s(came_s)
        if off_s <= self._close_s(window_s):
            return False
        known_s = min(self._delivered_until_s(each) for each in self._tracks if each.later_s <= track.later_s)
        return known_s < max(came_s, nearest.time.at_s) + off_s

    def _place_at(
        self, track: CameraTrack, nearest: PendingPart | None, came_s: float, window_s: float
    ) -> Match | NewPart | None:
        if nearest is None:
            return self._place_unexpected(track, came_s, window_s)
        track.give_up_before(nearest.time.at_s)
        return Match(track.take_pending(nearest))

    def _place_unexpected(self, track: CameraTrack, came_s: float, window_s: float) -> Match | NewPart | None:
        """Place a frame without a part in the window: a part of unknown time, a missed part (None), or a new one."""
        unseen = next((each for each in track.pending if each.time.may_be(came_s, window_s)), None)
        if unseen:
            return Match(track.take_pending(unseen), PartTime(came_s))
        missed = track.missed.consume_missed_near(came_s, 2 * window_s) or self._is_from_before(track, came_s)
        return None if missed else NewPart(PartTime(came_s))

    def _place_loss(self, track: CameraTrack, came_s: float) -> Match | NewPart | None:
        """Place a loss without a time: a missed part (None), a part that no camera saw, or a new part.

        The new part passed at some time since the camera's last frame. Another camera's frame of that time belongs to
        it: part 1 was lost by the top camera between 11.0 and 13.0, and the side's frame of 12.0 shows part 1.
        """
        if track.missed.consume_missed() or self._is_from_before(track, came_s):
            return None
        unseen = next((each for each in track.pending if each.time.since_s is not None), None)
        if unseen:
            return Match(track.take_pending(unseen))
        return NewPart(PartTime(came_s, track.interval.last_frame_s))

    def _separate(self, track: CameraTrack, capture: Capture, came_s: float) -> NewPart:
        """Give a frame that was in doubt for too long a part of its own, and give up the part that may be its own."""
        track.frame_queue.put_capture(capture.without_frame(NotInspectedCause.NO_PICTURE_IN_TIME))
        return NewPart(PartTime(came_s), alone=True)

    def _close_s(self, window_s: float) -> float:
        """Return the distance below which nothing can be nearer while parts follow as lately.

        Window 0.3 s, shortest interval 1.0 s: a quarter of min(0.3, 0.45), 0.075 s. 0 before intervals are known.
        """
        shortest_s = [track.interval.shortest_s for track in self._tracks]
        return _SHARE_OF_WINDOW * min(window_s, *(_SHARE_OF_INTERVAL * each for each in shortest_s))

    def _delivered_until_s(self, track: CameraTrack) -> float:
        """Return the time up to which all frames of this camera are here; infinite if no more can come."""
        if track.unavailable:
            return math.inf
        return max([track.watermark_s, *(self._came_s(track, each.delivery) for each in track.unmatched)])

    def _is_from_before(self, track: CameraTrack, came_s: float) -> bool:
        """Return True for a frame from before the camera resumed: its part was given up without it."""
        return not self._single_camera and came_s < track.resumed_s

    @property
    def _window_s(self) -> float:
        """Return the window: below half the time between two parts, or a frame could match its neighbour's part."""
        usual_s = [track.interval.usual_s for track in self._tracks]
        return min(self._within_s, *(_SHARE_OF_INTERVAL * each for each in usual_s if each is not None), math.inf)

    def _came_s(self, track: CameraTrack, delivery: Frame | LostFrame) -> float:
        """Return when the first camera saw the part, as far as it is known: a loss has the time of the next frame."""
        at_ns = delivery.received_ns if isinstance(delivery, Frame) else delivery.came_ns or delivery.before_ns
        return (self._clock() if at_ns is None else at_ns / 1e9) - track.later_s
