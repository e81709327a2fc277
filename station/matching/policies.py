"""By what a picture is known to belong to a part: a rule for each way in which pictures come about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.matching.camera_track import CameraTrack, PartTime
from station.matching.capture import Capture

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class NewPart:
    """The delivery belongs to no waiting part: it opens one, which was there at this moment.

    Attributes:
        at: The moment.
        alone: It was in doubt for too long: nobody else's picture is of this part.
    """

    at: PartTime
    alone: bool = False


class Undecided:
    """What another camera may have seen decides where a delivery belongs; it is held until that is known."""


class MatchingPolicy(Protocol):
    """What the pairing asks. A delivery is that of a shot, opens a part, or is nobody's: None."""

    def place(
        self, side: CameraTrack, delivery: Frame | LostFrame, *, at_once: bool = False
    ) -> Capture | NewPart | Undecided | None:
        """Where a camera's delivery belongs; `at_once` as far as is known now."""
        ...

    def ask(self, side: CameraTrack, shot: Capture) -> bool:
        """A part was opened by a software trigger; whether this camera is to be asked for its picture."""
        ...

    def join(self, side: CameraTrack, shot: Capture, opened: PartTime) -> None:
        """A part was opened by another camera's picture."""
        ...

    def expire(self, side: CameraTrack, until_s: float) -> None:
        """Nothing more has come from this camera until this moment."""
        ...

    def is_late(self, side: CameraTrack) -> bool:
        """The camera owes a picture for too long, or might send one that nobody waits for."""
        ...

    def take_back(self, side: CameraTrack) -> None:
        """A camera that was lost is there again."""
        ...

    def completes(self, side: CameraTrack) -> bool:
        """What is awaited comes soon, or is given up soon: the end of the line waits for it."""
        ...


class SoftwareTriggerMatching:
    """The station triggers the cameras, and asks none again before it has answered.

    So there is never a doubt which part a picture is of. A trigger that comes sooner costs this camera's view of that
    part and no other part's.
    """

    def __init__(self, timeout_s: float, clock: Clock) -> None:
        """A picture that has not come after `timeout_s` is late."""
        self._timeout_s = timeout_s
        self._clock = clock

    def place(
        self, side: CameraTrack, delivery: Frame | LostFrame, *, at_once: bool = False
    ) -> Capture | NewPart | None:
        """The one picture that was asked for; a part of its own where none was, unless there is a doubt."""
        if side.doubtful or (side.awaited and not _answers(delivery, side.awaited[0].opened.at_s)):
            return None
        return side.claim() or NewPart(PartTime(self._clock()))

    def ask(self, side: CameraTrack, shot: Capture) -> bool:
        """Not while it owes an answer, or has to be started anew."""
        if side.awaited or side.doubtful:
            cause = NotInspectedCause.NO_PICTURE_IN_TIME if side.doubtful else NotInspectedCause.OVERRUN
            side.ring.put(shot.given_up(cause))
            return False
        side.await_picture(shot, PartTime(self._clock()))
        return side.absent is None

    def join(self, side: CameraTrack, shot: Capture, opened: PartTime) -> None:
        """A picture that nobody asked for has no others beside it."""
        side.ring.put(shot.given_up(NotInspectedCause.LOST_FRAME, "it was not asked for"))

    def expire(self, side: CameraTrack, until_s: float) -> None:
        """A late camera is started anew instead."""

    def is_late(self, side: CameraTrack) -> bool:
        """It has not answered in time, or did not say whether it will."""
        return side.doubtful or (bool(side.awaited) and self._clock() >= side.awaited[0].opened.at_s + self._timeout_s)

    def take_back(self, side: CameraTrack) -> None:
        """It was started anew, and owes nothing."""
        side.found(self._clock())

    def completes(self, side: CameraTrack) -> bool:
        """Nobody waits for the longest that an answer may take."""
        return False


class SequentialMatching:
    """Stored pictures: the first of each view belong together, then the second ..."""

    def __init__(self, alone: bool, clock: Clock) -> None:
        """`alone`: there is one view only."""
        self._alone = alone
        self._clock = clock

    def place(
        self, side: CameraTrack, delivery: Frame | LostFrame, *, at_once: bool = False
    ) -> Capture | NewPart | None:
        """The next in turn."""
        return side.claim() or NewPart(PartTime(self._clock()))

    def ask(self, side: CameraTrack, shot: Capture) -> bool:
        """It waits for its turn."""
        side.await_picture(shot, PartTime(self._clock()))
        return side.absent is None

    def join(self, side: CameraTrack, shot: Capture, opened: PartTime) -> None:
        """It waits for its turn."""
        side.await_picture(shot, opened)

    def expire(self, side: CameraTrack, until_s: float) -> None:
        """Stored pictures are never late."""

    def is_late(self, side: CameraTrack) -> bool:
        """Never."""
        return False

    def take_back(self, side: CameraTrack) -> None:
        """It begins again at its first picture: out of turn, where others are not."""
        if self._alone:
            side.found(self._clock())

    def completes(self, side: CameraTrack) -> bool:
        """What was not fetched is not missed."""
        return False


def _answers(delivery: Frame | LostFrame, asked_s: float) -> bool:
    """Not a picture from before it was asked for; nor what a camera lost at some time, for its answer may yet come."""
    if isinstance(delivery, Frame):
        return delivery.received_ns >= round(asked_s * 1e9)
    return not delivery.was_never_seen
