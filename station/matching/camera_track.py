"""One camera's side of the pairing: which parts wait for its picture, and which went without it."""

import math
import statistics
from collections import deque
from dataclasses import dataclass, field

from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.matching.capture import Capture
from station.matching.frame_queue import RingBuffer

_MOST_OWED = 10_000
_INTERVALS = 20


@dataclass(slots=True, eq=False)
class PartTime:
    """When a part was there: at `at_s`; of one that no camera has seen yet, some time since `since_s`."""

    at_s: float
    since_s: float | None = None

    def may_be(self, came_s: float, window_s: float) -> bool:
        """It is not known, and nothing that is known stands against this one."""
        return self.since_s is not None and self.since_s + window_s < came_s < self.at_s - window_s

    def is_known(self, at_s: float) -> None:
        """A camera has seen the part: the others' pictures have to come with that one."""
        self.at_s, self.since_s = at_s, None


@dataclass(frozen=True, slots=True, eq=False)
class PendingPart:
    """A shot whose picture has yet to come, and when its part was there; all its shots have the same moment."""

    shot: Capture
    opened: PartTime

    def lies_off_s(self, came_s: float) -> float:
        """So far the part is from this moment; endless while nobody has seen it."""
        return abs(self.opened.at_s - came_s) if self.opened.since_s is None else math.inf


@dataclass(frozen=True, slots=True)
class UnmatchedFrame:
    """What a camera handed over, and when, until it is known where it belongs."""

    delivery: Frame | LostFrame
    since_s: float


class FrameInterval:
    """How fast a camera's pictures follow each other."""

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._intervals_s: deque[float] = deque(maxlen=_INTERVALS)

    @property
    def usual_s(self) -> float | None:
        """The usual time between two pictures lately, whatever single ones did; None before the second."""
        return statistics.median(self._intervals_s) if self._intervals_s else None

    @property
    def shortest_s(self) -> float:
        """The shortest time between two pictures lately; 0 before the second."""
        return min(self._intervals_s, default=0.0)

    def beat(self, came_s: float) -> None:
        """A picture has come."""
        if self._last_s is not None:
            self._intervals_s.append(came_s - self._last_s)
        self._last_s = came_s

    def rest(self) -> None:
        """No picture comes for a while; that time is no interval."""
        self._last_s = None


@dataclass(slots=True)
class CameraTrack:
    """One camera's books.

    Attributes:
        ring: Where its shots go.
        later_s: So long after the first camera it sees each part.
        awaited: Parts whose picture has yet to come, in the order in which they were opened.
        owed_s: When those parts were there that were given up since the camera's last picture.
        pictured_s: When that picture came.
        missed_in_a_row: So many parts went without its picture although it was there.
        absent: Why no picture can come; None while one can.
        detail: More about that, in words.
        doubtful: It may send a picture that nobody waits for: it has to be started anew.
        left: Nothing more will come from it.
        rhythm: How fast its pictures come.
        since_s: When it was found the last time.
        held: What it handed over and nobody knows the part of yet, in its order.
        told_s: Up to this moment it has handed over all that it saw.
    """

    ring: RingBuffer
    later_s: float = 0.0
    awaited: list[PendingPart] = field(default_factory=list)
    owed_s: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_OWED))
    pictured_s: float = -math.inf
    missed_in_a_row: int = 0
    absent: NotInspectedCause | None = None
    detail: str = ""
    doubtful: bool = False
    left: bool = False
    rhythm: FrameInterval = field(default_factory=FrameInterval)
    since_s: float = -math.inf
    held: deque[UnmatchedFrame] = field(default_factory=deque)
    told_s: float = -math.inf

    def await_picture(self, shot: Capture, opened: PartTime) -> None:
        """A part was opened; given up at once where no picture can come."""
        self.awaited.append(PendingPart(shot, opened))
        self.give_up_if_absent()

    def claim(self) -> Capture | None:
        """The part that waits longest, for the picture that has come."""
        return self._claimed(self.awaited[0]) if self.awaited else None

    def claim_seen(self, awaited: PendingPart) -> Capture:
        """This part, for the picture that has come; those before it were missed."""
        self.give_up_opened_before(awaited.opened.at_s)
        return self._claimed(awaited)

    def claim_between(self, came_s: float, window_s: float) -> Capture | None:
        """A part that nobody has seen yet, and that may be this one."""
        unseen = next((awaited for awaited in self.awaited if awaited.opened.may_be(came_s, window_s)), None)
        if unseen:
            unseen.opened.is_known(came_s)
        return self._claimed(unseen) if unseen else None

    def claim_unseen(self) -> Capture | None:
        """A part that nobody has seen yet, for a picture that nobody has seen either."""
        unseen = next((awaited for awaited in self.awaited if awaited.opened.since_s is not None), None)
        return self._claimed(unseen) if unseen else None

    def give_up(self, awaited: PendingPart, cause: NotInspectedCause, detail: str = "") -> None:
        """No picture comes for this part."""
        self.awaited.remove(awaited)
        self.owed_s.append(awaited.opened.at_s)
        self.ring.put(awaited.shot.given_up(cause, detail))

    def give_up_all(self, cause: NotInspectedCause, detail: str = "") -> None:
        """No picture comes for the parts that wait now."""
        for awaited in tuple(self.awaited):
            self.give_up(awaited, cause, detail)

    def give_up_opened_before(self, moment_s: float) -> None:
        """Their picture should have come by now."""
        for awaited in tuple(self.awaited):
            if awaited.opened.at_s < moment_s:
                self.missed_in_a_row += 1
                self.give_up(awaited, NotInspectedCause.NO_PICTURE_IN_TIME)

    def has_pictured(self, came_s: float, window_s: float) -> None:
        """A whole picture came: of all that was before it, the pictures and the news of lost ones have come, too."""
        self.pictured_s = came_s
        for awaited in tuple(self.awaited):
            if awaited.opened.since_s is not None and awaited.opened.at_s <= came_s + window_s:
                self.give_up(awaited, NotInspectedCause.NO_PICTURE_IN_TIME)
        for owed_s in tuple(self.owed_s):
            if owed_s <= came_s + window_s:
                self.owed_s.remove(owed_s)

    def pay(self) -> bool:
        """The news of a lost picture whose part went without it before: it is not another part."""
        if not self.owed_s:
            return False
        self.owed_s.popleft()
        return True

    def pay_at(self, came_s: float, within_s: float) -> bool:
        """The picture of a part that went without it before: it is not another part."""
        near = [owed_s for owed_s in self.owed_s if abs(owed_s - came_s) <= within_s]
        if near:
            self.owed_s.remove(min(near, key=lambda owed_s: abs(owed_s - came_s)))
        return bool(near)

    def take_away(self, cause: NotInspectedCause, detail: str = "") -> None:
        """No picture comes, for the parts that wait now and for those to come, but those that are held."""
        self.absent, self.detail = cause, detail
        self.give_up_if_absent()

    def give_up_if_absent(self) -> None:
        """Where nothing is held that may belong to them, no picture comes for the parts that wait."""
        if self.absent and not self.held:
            self.give_up_all(self.absent, self.detail)

    def found(self, now_s: float) -> None:
        """Pictures come again from now on."""
        self.absent, self.detail, self.doubtful = None, "", False
        self.since_s = self.told_s = now_s
        self.rhythm.rest()

    def _claimed(self, awaited: PendingPart) -> Capture:
        self.awaited.remove(awaited)
        self.missed_in_a_row = 0
        return awaited.shot
