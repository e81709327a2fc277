"""Messages of the core, as frozen facts in one union: a reader that handles all kinds proves it with `assert_never`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from station.domain.alarm import Alarm
from station.domain.errors import StationError
from station.domain.feedback import OpenReview, OperatorFeedback
from station.domain.inspection import Inspection, PartKey
from station.domain.recipe import Recipe


class LineState(StrEnum):
    """What the line is doing; the phase line on the screen.

    STOPPED -> STARTING -> WAITING <-> INSPECTING -> STOPPING -> STOPPED, with CAMERA_LOST and DISK_BEHIND to and from
    the middle two, PAUSED likewise by a person, and FAULT at the end of a line that could not go on.
    """

    STOPPED = "STOPPED"
    STARTING = "STARTING"
    WAITING = "WAITING FOR TRIGGER"
    INSPECTING = "INSPECTING"
    PAUSED = "PAUSED"
    CAMERA_LOST = "CAMERA LOST"
    DISK_BEHIND = "WAITING FOR THE DISK"
    STOPPING = "STOPPING"
    FAULT = "FAULT"

    @property
    def at_rest(self) -> bool:
        """No line runs: the camera is free, and a line may be started."""
        return self in (LineState.STOPPED, LineState.FAULT)

    @property
    def running(self) -> bool:
        """There is a line that can be stopped."""
        return not self.at_rest and self is not LineState.STOPPING

    @property
    def inspecting_parts(self) -> bool:
        """Parts that come now are judged."""
        return self in (LineState.WAITING, LineState.INSPECTING)

    @property
    def troubled(self) -> bool:
        """Parts are not judged, and no person wanted it so."""
        return self in (LineState.CAMERA_LOST, LineState.DISK_BEHIND, LineState.FAULT)


@dataclass(frozen=True, slots=True)
class LineStateChanged:
    """The line is doing something else now; `text` says why when a person should know."""

    state: LineState
    text: str = ""


@dataclass(frozen=True, slots=True)
class RecipeLoaded:
    """The line judges by this revision from the next part on."""

    recipe: Recipe


@dataclass(frozen=True, slots=True)
class PartJudged:
    """A part has its verdict; the reject output has already been told, the disk not yet."""

    inspection: Inspection


@dataclass(frozen=True, slots=True)
class PartRecorded:
    """The part's record and pictures are on the disk for good."""

    key: PartKey


@dataclass(frozen=True, slots=True)
class CameraLost:
    """No frames since `at`; the station is trying to get the camera back. `view` is its name on this station."""

    camera: str
    at: datetime
    sentence: str
    view: str = ""


@dataclass(frozen=True, slots=True)
class CameraReturned:
    """Frames come again after `gap_s` seconds."""

    camera: str
    at: datetime
    gap_s: float
    view: str = ""


@dataclass(frozen=True, slots=True)
class FaultReported:
    """Something failed that a person should know of; the line went on or stopped as `state` messages say.

    Attributes:
        where: The part of the station, or the plug-in.
        sentence, advice: For those who set the station up.
        for_operator: A cause and an action for the person at the line.
    """

    where: str
    sentence: str
    advice: str
    for_operator: str

    @classmethod
    def of(cls, where: str, error: StationError) -> Self:
        """The news of an expected failure, with all its words."""
        return cls(where, error.sentence, error.advice, error.for_operator)


@dataclass(frozen=True, slots=True)
class ReviewOpened:
    """A part has the verdict REVIEW and waits for the answer of a person."""

    review: OpenReview


@dataclass(frozen=True, slots=True)
class ReviewEnded:
    """A review has ended. `feedback` says how: by the answer of a person, or as FAIL without one.

    The reject output already has the part: it was sent there as REVIEW, at once after its verdict.
    """

    feedback: OperatorFeedback


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """Something at the line needs the action of a person now."""

    alarm: Alarm


@dataclass(frozen=True, slots=True)
class MessagesMissed:
    """A subscriber was too slow, and its oldest messages were dropped. Only this subscriber receives it.

    Parts are never lost by this: their records are in the database.

    Attributes:
        count: Number of dropped messages.
        since: When the first of them was published, UTC. All messages before were read.
    """

    count: int
    since: datetime


Message = (
    LineStateChanged
    | RecipeLoaded
    | PartJudged
    | PartRecorded
    | ReviewOpened
    | ReviewEnded
    | AlarmRaised
    | CameraLost
    | CameraReturned
    | FaultReported
)

ReceivedMessage = Message | MessagesMissed
"""What a subscriber reads."""
