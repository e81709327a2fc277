"""Which frame belongs to which part. docs/one_frame.md explains it by a timeline."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from station.domain.errors import FaultError
from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.domain.inspection import PartKey
from station.matching.camera_track import CameraTrack, PartTime, Unavailable, UnmatchedFrame
from station.matching.capture import Capture, Trigger
from station.matching.frame_queue import FrameQueue
from station.matching.part_ledger import PartLedger
from station.matching.policies import (
    Match,
    MatchingPolicy,
    NewPart,
    SequentialMatching,
    SoftwareTriggerMatching,
    Undecided,
)
from station.matching.timestamp_policy import TimestampMatching

_LONGEST_DOUBT_S = 2.0


class LineNotReadyError(FaultError):
    """A trigger came while the line takes none."""

    advice = "Wait until the line is ready."
    for_operator = "The line is not ready. Wait a moment, then try again."


class MatchingMode(Enum):
    """How a frame finds its part; each mode is the policy of the same name."""

    SOFTWARE_TRIGGER = auto()
    TIMESTAMP = auto()
    SEQUENTIAL = auto()


@dataclass(frozen=True, slots=True)
class MatchingRules:
    """How the frames of one run are matched.

    Attributes:
        mode: How a frame finds its part.
        picture_timeout_s: SOFTWARE_TRIGGER: a frame is overdue this long after its trigger.
        views_within_s: TIMESTAMP: frames of one part come within this time.
        later_s: TIMESTAMP: how much later than the first camera a view sees each part; 0 for a view not named.
        count: Open this number of parts; None for no end.
    """

    mode: MatchingMode
    picture_timeout_s: float
    views_within_s: float
    later_s: Mapping[str, float]
    count: int | None = None


class FrameMatcher:
    """Owns the tracks of all cameras, and turns every delivery into one camera's capture of a part.

    A delivery that belongs to no open part opens one, which then waits for the frames of the other cameras. Any thread
    may open a part; the thread of each camera adds the deliveries of its view. One lock guards all tracks. Part times
    are frozen: a time that becomes known is replaced in every track in one place, `_set_part_time`.
    """

    def __init__(
        self,
        ledger: PartLedger,
        frame_queues: Mapping[str, FrameQueue],
        rules: MatchingRules,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with no open part and all cameras available.

        Args:
            ledger: Numbers the parts.
            frame_queues: Take the captures of each view.
            rules: How frames are matched.
            clock: Seconds on the clock of `Frame.received_ns`.
        """
        self._ledger = ledger
        self._tracks = {
            view: CameraTrack(frame_queue, rules.later_s.get(view, 0.0)) for view, frame_queue in frame_queues.items()
        }
        self._policy = self._policy_of(rules, clock)
        self._count = rules.count
        self._clock = clock
        self._lock = threading.Lock()
        self._left: set[str] = set()
        self._admitting = True
        self._closed = False

    def _policy_of(self, rules: MatchingRules, clock: Callable[[], float]) -> MatchingPolicy:
        match rules.mode:
            case MatchingMode.SOFTWARE_TRIGGER:
                return SoftwareTriggerMatching(rules.picture_timeout_s, clock)
            case MatchingMode.SEQUENTIAL:
                return SequentialMatching(len(self._tracks) == 1, clock)
            case MatchingMode.TIMESTAMP:
                return TimestampMatching(self._tracks.values(), rules.views_within_s, clock)

    @property
    def now_s(self) -> float:
        """Return the time on the clock of `Frame.received_ns`."""
        return self._clock()

    @property
    def is_waiting(self) -> bool:
        """Return True if a part waits for a frame, or a frame for its part."""
        return any(track.pending or track.unmatched for track in self._tracks.values())

    @property
    def is_full(self) -> bool:
        """Return True if all the parts that the run is limited to are open or done."""
        return self._count is not None and self._ledger.opened >= self._count

    @property
    def unrecorded(self) -> int:
        """Return the number of parts that are not on the disk yet."""
        return self._ledger.unrecorded

    def has_pending(self, view: str) -> bool:
        """Return True if a part waits for this camera's frame."""
        return bool(self._tracks[view].pending)

    def completes_soon(self, view: str) -> bool:
        """Return True if what waits for this camera is decided soon, so that a line that ends can wait for it."""
        return self._policy.completes_soon(self._tracks[view])

    def wait_for_room(self, view: str, most_unrecorded: int, timeout_s: float) -> bool:
        """Wait until one more frame of this camera would cause no overrun; return False if there is still no room.

        A frame for a part that other cameras have seen is not held back by the number of unrecorded parts.
        """
        may_open = self.has_pending(view) or self._ledger.wait_below(most_unrecorded, timeout_s)
        return may_open and self._tracks[view].frame_queue.wait_for_room(timeout_s)

    def needs_restart(self, view: str) -> bool:
        """Return True if the camera's answer is overdue, or if it may send a frame that no part waits for."""
        with self._lock:
            return self._policy.needs_restart(self._tracks[view])

    def missed_in_a_row(self, view: str) -> int:
        """Return how many parts the camera missed since its last frame although it was there."""
        return self._tracks[view].missed.in_a_row

    def set_admitting(self, admitting: bool) -> None:
        """Allow deliveries to open parts, or not; open parts are completed in any case."""
        with self._lock:
            self._admitting = admitting

    def open_part(self, *, in_time: bool = True) -> tuple[Trigger, tuple[str, ...]]:
        """Open a part for a software trigger; return it with the views whose cameras have to be triggered.

        Args:
            in_time: The cameras can be triggered now; otherwise their frames would show a later moment.

        Raises:
            LineNotReadyError: The line takes no more parts; none was opened.
        """
        with self._lock:
            if self._closed or self.is_full:
                raise LineNotReadyError("The line takes no trigger now.")
            trigger = self._ledger.open_part("software trigger")
            captures = {view: Capture.of(trigger, view) for view in self._tracks}
            if not in_time:
                self._give_up(captures, NotInspectedCause.OVERRUN)
                return trigger, ()
            return trigger, tuple(
                view
                for view, capture in captures.items()
                if self._policy.add_triggered_part(self._tracks[view], capture)
            )

    def add_delivery(self, view: str, delivery: Frame | LostFrame) -> None:
        """Match what a camera delivered; ignored while the camera is unavailable."""
        with self._lock:
            if not self._tracks[view].unavailable:
                self._tracks[view].unmatched.append(UnmatchedFrame(delivery, self.now_s))
                self._match_all()

    def refuse_trigger(self, trigger: Trigger, view: str, detail: str, *, sent: bool = True) -> None:
        """Give up a view whose camera did not confirm the trigger. A frame that comes nevertheless is discarded.

        Args:
            trigger: The part.
            view: The camera's view.
            detail: Why, in words.
            sent: The trigger was sent, so the camera may have taken it and has to be restarted.
        """
        with self._lock:
            track = self._tracks[view]
            track.needs_restart |= sent
            track.refuse_trigger(trigger.key, detail)

    def expire_pending(self, view: str, until_s: float) -> None:
        """Take into account that this camera delivered nothing more until this time."""
        with self._lock:
            self._policy.expire_pending(self._tracks[view], until_s)
            self._match_all()

    def set_unavailable(self, view: str, cause: NotInspectedCause) -> None:
        """Expect no frames from this camera, for pending and future parts, until `resume_camera`."""
        with self._lock:
            self._tracks[view].set_unavailable(cause)
            self._match_all()

    def resume_camera(self, view: str) -> None:
        """Expect frames from this camera again."""
        with self._lock:
            self._policy.resume_camera(self._tracks[view])

    def close_view(self, view: str, cause: NotInspectedCause, detail: str = "") -> None:
        """Expect nothing more from this camera, ever. When all views are closed, no part is opened any more."""
        with self._lock:
            self._left.add(view)
            self._tracks[view].set_unavailable(cause, detail)
            while self._match_oldest(view, decide_now=True):
                pass
            self._match_all()
            if self._left >= self._tracks.keys():
                self._close()

    def _match_all(self) -> None:
        """Match until nothing more can be decided: each frame that finds its part may decide another camera's."""
        while any(self._match_oldest(view) for view in self._tracks):
            pass

    def _match_oldest(self, view: str, *, decide_now: bool = False) -> bool:
        """Match the view's oldest delivery; return False if there is none or it stays undecided."""
        track = self._tracks[view]
        if not track.unmatched:
            return False
        oldest = track.unmatched[0]
        decide_now = decide_now or self.now_s > oldest.since_s + _LONGEST_DOUBT_S
        placement = self._policy.place_delivery(track, oldest.delivery, decide_now=decide_now)
        if isinstance(placement, Undecided):
            return False
        track.unmatched.popleft()
        if isinstance(placement, NewPart):
            placement = self._open_seen_part(view, oldest.delivery.origin, placement)
        elif placement and placement.part_time:
            self._set_part_time(placement.capture.trigger.key, placement.part_time)
        if placement:
            track.frame_queue.put_capture(placement.capture.with_frame(oldest.delivery))
        track.give_up_if_unavailable()
        return True

    def _set_part_time(self, key: PartKey, part_time: PartTime) -> None:
        """Replace a part's time in all tracks: a camera saw it, so the other frames must come at that time."""
        for track in self._tracks.values():
            track.set_part_time(key, part_time)

    def _open_seen_part(self, view: str, origin: str, new_part: NewPart) -> Match | None:
        """Open a part that the other cameras have to deliver, too; None if no more parts are wanted."""
        if self._closed or self.is_full or not self._admitting:
            return None
        trigger = self._ledger.open_part(origin)
        others = {other: Capture.of(trigger, other) for other in self._tracks if other != view}
        if new_part.alone:
            self._give_up(others, NotInspectedCause.NO_PICTURE_IN_TIME)
        else:
            for other, capture in others.items():
                self._policy.add_seen_part(self._tracks[other], capture, new_part.time)
        return Match(Capture.of(trigger, view))

    def _give_up(self, captures: Mapping[str, Capture], cause: NotInspectedCause) -> None:
        for view, capture in captures.items():
            track = self._tracks[view]
            why = track.unavailable or Unavailable(cause)
            track.frame_queue.put_capture(capture.without_frame(why.cause, why.detail))

    def _close(self) -> None:
        self._closed = True
        for track in self._tracks.values():
            track.frame_queue.close()
