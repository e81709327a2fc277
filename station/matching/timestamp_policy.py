"""The rule for cameras that run freely or are triggered by others: when a picture came tells which part it shows."""

import math
from collections.abc import Collection
from itertools import islice

from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.matching.camera_track import CameraTrack, PartTime, PendingPart
from station.matching.capture import Capture
from station.matching.policies import Clock, NewPart, Undecided

_SHARE = 0.45
_CLOSE = 0.25


class TimestampMatching:
    """The cameras run freely or are triggered by others: what comes at the same time is of the same part.

    Of a camera further down the line it is the time at which the first one saw the part; all moments here are that.
    A picture that is not close to its part waits until the others have told of nothing closer, but not for ever.
    Whatever a camera loses, and whenever it comes back, it can so never stay one part behind the others; that all of
    them see a part within the window is up to those who mount them. Of a line that starts while parts go by, those
    count that come when all cameras are there.
    """

    def __init__(self, sides: Collection[CameraTrack], within_s: float, clock: Clock) -> None:
        """Pictures of one part come `within_s`, and within less than half the usual time between two parts."""
        self._sides = sides
        self._within_s = within_s
        self._clock = clock
        self._alone = len(sides) == 1
        self._began_s = clock()

    def place(
        self, side: CameraTrack, delivery: Frame | LostFrame, *, at_once: bool = False
    ) -> Capture | NewPart | Undecided | None:
        """The part that was there at this moment, a new one, or none: one that went without it before."""
        came_s = self._came_s(side, delivery)
        if not self._alone and came_s < self._began_s:
            return None
        window_s = self._window_s
        if isinstance(delivery, LostFrame) and delivery.was_never_seen:
            side.give_up_opened_before(came_s - window_s)
            return self._unseen(side, came_s)
        nearest = self._nearest(side, came_s, window_s)
        doubtful = nearest and self._may_be_anothers(side, nearest, came_s, window_s)
        if doubtful and not at_once:
            return Undecided()
        side.give_up_opened_before(came_s - window_s)
        place = self._seen(side, came_s, window_s) if nearest is None else side.claim_seen(nearest)
        if doubtful and isinstance(place, Capture):
            place = self._left_alone(side, place, came_s)
        side.told_s = max(side.told_s, came_s)
        if isinstance(delivery, Frame):
            side.rhythm.beat(came_s)
            side.has_pictured(came_s, window_s)
        return place

    def ask(self, side: CameraTrack, shot: Capture) -> bool:
        """The camera says itself that it takes no trigger."""
        side.await_picture(shot, PartTime(self._clock()))
        return side.absent is None

    def join(self, side: CameraTrack, shot: Capture, opened: PartTime) -> None:
        """Its picture has to come within the window."""
        side.await_picture(shot, opened)

    def expire(self, side: CameraTrack, until_s: float) -> None:
        """What should have come with the others' is given up."""
        side.told_s = until_s - side.later_s
        if not side.held:
            side.give_up_opened_before(side.told_s - self._window_s)

    def is_late(self, side: CameraTrack) -> bool:
        """What does not come is given up; the camera goes on."""
        return False

    def take_back(self, side: CameraTrack) -> None:
        """Its next picture is known by its time."""
        side.found(self._clock() - side.later_s)

    def completes(self, side: CameraTrack) -> bool:
        """It comes within the window."""
        return bool(side.awaited or side.held)

    def _nearest(self, side: CameraTrack, came_s: float, window_s: float) -> PendingPart | None:
        """Of the parts within the window the nearest, unless the camera's next picture is still nearer to it."""
        behind = [held.delivery for held in islice(side.held, 1, None)]
        next_s = [self._came_s(side, each) for each in behind if isinstance(each, Frame)]
        near = [
            awaited
            for awaited in side.awaited
            if (off_s := awaited.lies_off_s(came_s)) <= window_s
            and not any(awaited.lies_off_s(each_s) < off_s for each_s in next_s)
        ]
        return min(near, key=lambda awaited: awaited.lies_off_s(came_s), default=None)

    def _left_alone(self, side: CameraTrack, shot: Capture, came_s: float) -> NewPart:
        """In doubt for too long: the part that may be its goes without it, and it stays without another camera's."""
        side.ring.put(shot.given_up(NotInspectedCause.NO_PICTURE_IN_TIME))
        return NewPart(PartTime(came_s), alone=True)

    def _may_be_anothers(self, side: CameraTrack, awaited: PendingPart, came_s: float, window_s: float) -> bool:
        """A part, or a picture of this camera, that lies nearer may still be told of; not by cameras down the line."""
        off_s = awaited.lies_off_s(came_s)
        if off_s <= self._close_s(window_s):
            return False
        known_s = min(self._told_s(each) for each in self._sides if each.later_s <= side.later_s)
        return known_s < max(came_s, awaited.opened.at_s) + off_s

    def _close_s(self, window_s: float) -> float:
        """Nothing lies nearer, as long as parts follow no faster than they did lately; before that is known, 0."""
        shortest_s = [side.rhythm.shortest_s for side in self._sides]
        return _CLOSE * min(window_s, *(_SHARE * each for each in shortest_s))

    def _told_s(self, side: CameraTrack) -> float:
        if side.absent:
            return math.inf
        return max([side.told_s, *(self._came_s(side, held.delivery) for held in side.held)])

    def _seen(self, side: CameraTrack, came_s: float, window_s: float) -> Capture | NewPart | None:
        if shot := side.claim_between(came_s, window_s):
            return shot
        nobodys = side.pay_at(came_s, 2 * window_s) or self._is_from_before(side, came_s)
        return None if nobodys else NewPart(PartTime(came_s))

    def _unseen(self, side: CameraTrack, came_s: float) -> Capture | NewPart | None:
        """One of the parts that went without it, or one that nobody has seen: what others saw may yet come from it."""
        if side.pay() or self._is_from_before(side, came_s):
            return None
        return side.claim_unseen() or NewPart(PartTime(came_s, side.pictured_s))

    def _is_from_before(self, side: CameraTrack, came_s: float) -> bool:
        """It came while the camera was being found: the part of that moment went without it."""
        return not self._alone and came_s < side.since_s

    @property
    def _window_s(self) -> float:
        """Never as long as half the time between two parts: the picture of one could else be taken for another's."""
        usual_s = [side.rhythm.usual_s for side in self._sides]
        return min(self._within_s, *(_SHARE * each for each in usual_s if each is not None), math.inf)

    def _came_s(self, side: CameraTrack, delivery: Frame | LostFrame) -> float:
        at_ns = delivery.received_ns if isinstance(delivery, Frame) else delivery.came_ns or delivery.before_ns
        return (self._clock() if at_ns is None else at_ns / 1e9) - side.later_s
