"""Which picture belongs to which part."""

import threading
import time
from collections.abc import Callable, Mapping
from enum import Enum, auto
from types import MappingProxyType

from station.domain.errors import FaultError
from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.matching.camera_track import CameraTrack, UnmatchedFrame
from station.matching.capture import Capture, Trigger
from station.matching.frame_queue import RingBuffer
from station.matching.part_ledger import Ledger
from station.matching.policies import MatchingPolicy, NewPart, SequentialMatching, SoftwareTriggerMatching, Undecided
from station.matching.timestamp_policy import TimestampMatching

_LONGEST_DOUBT_S = 2.0


class LineNotReadyError(FaultError):
    """A trigger came that the line cannot take."""

    advice = "Wait until the line is ready."
    for_operator = "The line is not ready. Wait a moment, then try again."


class MatchingMode(Enum):
    """By what a picture is known to belong to a part; see the rules of the same names."""

    SOFTWARE_TRIGGER = auto()
    TIMESTAMP = auto()
    SEQUENTIAL = auto()


class FrameMatcher:
    """The parts that wait for pictures, and every delivery made one camera's view of a part.

    A delivery that belongs to no waiting part opens one, which then waits for the other cameras' pictures. Any thread
    may trigger; each camera's thread delivers for its view.
    """

    def __init__(
        self,
        ledger: Ledger,
        rings: Mapping[str, RingBuffer],
        pairs: MatchingMode,
        *,
        picture_timeout_s: float,
        views_within_s: float,
        later_s: Mapping[str, float] = MappingProxyType({}),
        count: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """No part is open. All cameras are there.

        Args:
            ledger: Numbers the parts.
            rings: Where the shots of each view go.
            pairs: By what pictures are told apart.
            picture_timeout_s: SOFTWARE_TRIGGER, a picture that has not come by then is late.
            views_within_s: TIMESTAMP, pictures of one part come within so long.
            later_s: TIMESTAMP, so long after the first camera a view sees each part; 0 where not given.
            count: Open so many parts, None for no end.
            clock: Seconds on the clock of `Frame.received_ns`.
        """
        self._ledger = ledger
        self._sides = {view: CameraTrack(ring, later_s.get(view, 0.0)) for view, ring in rings.items()}
        self._rule = self._rule_of(pairs, picture_timeout_s, views_within_s, clock)
        self._count = count
        self._clock = clock
        self._lock = threading.Lock()
        self._admits = True
        self._closed = False

    def _rule_of(
        self, pairs: MatchingMode, timeout_s: float, within_s: float, clock: Callable[[], float]
    ) -> MatchingPolicy:
        match pairs:
            case MatchingMode.SOFTWARE_TRIGGER:
                return SoftwareTriggerMatching(timeout_s, clock)
            case MatchingMode.SEQUENTIAL:
                return SequentialMatching(len(self._sides) == 1, clock)
            case MatchingMode.TIMESTAMP:
                return TimestampMatching(self._sides.values(), within_s, clock)

    @property
    def now_s(self) -> float:
        """Now, on the clock of `Frame.received_ns`."""
        return self._clock()

    @property
    def waits(self) -> bool:
        """A part waits for a picture, or a picture for its part."""
        return any(side.awaited or side.held for side in self._sides.values())

    @property
    def full(self) -> bool:
        """As many parts are open as should be."""
        return self._count is not None and self._ledger.opened >= self._count

    def awaits(self, view: str) -> bool:
        """A part waits for this camera's picture."""
        return bool(self._sides[view].awaited)

    def completes(self, view: str) -> bool:
        """A part waits for this camera's picture, and not for long."""
        return self._rule.completes(self._sides[view])

    def late(self, view: str) -> bool:
        """The camera has to be started anew: it owes a picture for too long, or might send one that nobody awaits."""
        with self._lock:
            return self._rule.is_late(self._sides[view])

    def missed_in_a_row(self, view: str) -> int:
        """So many parts went without this camera's picture although it was there."""
        return self._sides[view].missed_in_a_row

    def admit(self, admits: bool) -> None:
        """Whether new parts are opened by pictures that come; those that are open are completed in any case."""
        with self._lock:
            self._admits = admits

    def open(self, *, in_time: bool = True) -> tuple[Trigger, tuple[str, ...]]:
        """A part from a trigger, and the views whose cameras are to be asked for its pictures.

        Args:
            in_time: The cameras can be asked now; else their pictures would show something else.

        Raises:
            LineNotReadyError: The line takes no more parts; none was opened.
        """
        with self._lock:
            if self._closed or self.full:
                raise LineNotReadyError("The line takes no trigger now.")
            trigger = self._ledger.open("software trigger")
            shots = {view: Capture.of(trigger, view) for view in self._sides}
            if not in_time:
                self._give_up(shots, NotInspectedCause.OVERRUN)
                return trigger, ()
            return trigger, tuple(view for view, shot in shots.items() if self._rule.ask(self._sides[view], shot))

    def deliver(self, view: str, delivery: Frame | LostFrame) -> None:
        """What a camera handed over becomes its view of a part."""
        with self._lock:
            if not self._sides[view].absent:
                self._sides[view].held.append(UnmatchedFrame(delivery, self.now_s))
                self._settle()

    def refuse(self, trigger: Trigger, view: str, detail: str, *, asked: bool = True) -> None:
        """The camera did not say that it took this trigger. A picture that comes nevertheless is nobody's.

        Args:
            trigger: The part.
            view: The camera's.
            detail: Why, in words.
            asked: The trigger was sent to it: it may have taken it.
        """
        with self._lock:
            side = self._sides[view]
            side.doubtful |= asked
            refused = [awaited for awaited in side.awaited if awaited.shot.trigger is trigger]
            for awaited in refused:
                side.awaited.remove(awaited)
                side.ring.put(awaited.shot.given_up(NotInspectedCause.LOST_FRAME, detail))

    def expire(self, view: str, until_s: float) -> None:
        """Nothing more has come from this camera until this moment."""
        with self._lock:
            self._rule.expire(self._sides[view], until_s)
            self._settle()

    def lose(self, view: str, cause: NotInspectedCause) -> None:
        """No picture comes from this camera, for the parts that wait now and for those to come, until it is `found`."""
        with self._lock:
            self._sides[view].take_away(cause)
            self._settle()

    def found(self, view: str) -> None:
        """The camera sends pictures again."""
        with self._lock:
            self._rule.take_back(self._sides[view])

    def leave(self, view: str, cause: NotInspectedCause, detail: str = "") -> None:
        """Nothing more comes from this camera. When all have left, no part is opened any more."""
        with self._lock:
            self._sides[view].left = True
            self._sides[view].take_away(cause, detail)
            while self._settled(view, at_once=True):
                pass
            self._settle()
            if all(side.left for side in self._sides.values()):
                self._close()

    def _settle(self) -> None:
        """What comes to its part may be what another delivery was held for."""
        while any(self._settled(view) for view in self._sides):
            pass

    def _settled(self, view: str, *, at_once: bool = False) -> bool:
        """Whether the delivery that was held longest has come to its part."""
        side = self._sides[view]
        if not side.held:
            return False
        delivery, since_s = side.held[0].delivery, side.held[0].since_s
        at_once = at_once or self.now_s > since_s + _LONGEST_DOUBT_S
        place = self._rule.place(side, delivery, at_once=at_once)
        if isinstance(place, Undecided):
            return False
        side.held.popleft()
        shot = self._opened(view, delivery.origin, place) if isinstance(place, NewPart) else place
        if shot:
            side.ring.put(shot.answered_by(delivery))
        side.give_up_if_absent()
        return True

    def _give_up(self, shots: Mapping[str, Capture], cause: NotInspectedCause) -> None:
        for view, shot in shots.items():
            side = self._sides[view]
            side.ring.put(shot.given_up(side.absent or cause, side.detail))

    def _close(self) -> None:
        self._closed = True
        for side in self._sides.values():
            side.ring.close()

    def _opened(self, view: str, origin: str, place: NewPart) -> Capture | None:
        """A new part, for whose pictures the other cameras wait; None where no more are wanted."""
        if self._closed or self.full or not self._admits:
            return None
        trigger = self._ledger.open(origin)
        others = {other: Capture.of(trigger, other) for other in self._sides if other != view}
        if place.alone:
            self._give_up(others, NotInspectedCause.NO_PICTURE_IN_TIME)
        else:
            for other, shot in others.items():
                self._rule.join(self._sides[other], shot, place.at)
        return Capture.of(trigger, view)
