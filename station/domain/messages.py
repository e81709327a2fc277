"""Messages of the core, as frozen facts in one union: a reader that handles all kinds proves it with `assert_never`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from station.domain.alarm import Alarm, AlarmEntry
from station.domain.errors import StationError
from station.domain.feedback import OpenReview, OperatorFeedback
from station.domain.inspection import Inspection, PartKey
from station.domain.lot_order import LotOrder
from station.domain.recipe import Recipe, RecipeEntry
from station.domain.scanned_code import ScannedCode


class LineState(StrEnum):
    """What the line is doing; the phase line on the screen.

    STOPPED -> STARTING -> WAITING <-> INSPECTING -> STOPPING -> STOPPED. From WAITING and INSPECTING the line enters
    CAMERA_LOST, DISK_BEHIND, CHECK_DUE or, by a person, PAUSED, and returns. FAULT is the end of a line that could not
    go on.
    """

    STOPPED = "STOPPED"
    STARTING = "STARTING"
    WAITING = "WAITING FOR TRIGGER"
    INSPECTING = "INSPECTING"
    PAUSED = "PAUSED"
    CAMERA_LOST = "CAMERA LOST"
    DISK_BEHIND = "WAITING FOR THE DISK"
    CHECK_DUE = "CHECK DUE"
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
        """A part that arrives now is judged."""
        return self in (LineState.WAITING, LineState.INSPECTING)

    @property
    def troubled(self) -> bool:
        """Parts are not judged, and no person asked for that."""
        return self in (LineState.CAMERA_LOST, LineState.DISK_BEHIND, LineState.CHECK_DUE, LineState.FAULT)


@dataclass(frozen=True, slots=True)
class LineStateChanged:
    """The line has a new state.

    Attributes:
        state: The state.
        text: The reason, for the engineer.
        for_operator: Why a run has ended that did not fail, or which check is due, in words for the person at the line.
    """

    state: LineState
    text: str = ""
    for_operator: str = ""


@dataclass(frozen=True, slots=True)
class RecipeLoaded:
    """The line judges by this recipe revision: from its next start on, or, if it runs, from the next part on."""

    recipe: Recipe


@dataclass(frozen=True, slots=True)
class RecipeStateChanged:
    """The loaded revision was released, retired or replaced, by this or another program. Its state is in `entry`."""

    entry: RecipeEntry


@dataclass(frozen=True, slots=True)
class PartJudged:
    """A part has its verdict. The reject output has it already; the record is not on the disk yet."""

    inspection: Inspection


@dataclass(frozen=True, slots=True)
class PartRecorded:
    """The record and the pictures of the part are on the disk and can no longer be lost."""

    key: PartKey


@dataclass(frozen=True, slots=True)
class CameraLost:
    """No frames have come since `at`; the station tries to reconnect. `view` is the view of the camera."""

    camera: str
    at: datetime
    sentence: str
    view: str = ""


@dataclass(frozen=True, slots=True)
class CameraReturned:
    """Frames come again, after `gap_s` seconds without a frame."""

    camera: str
    at: datetime
    gap_s: float
    view: str = ""


@dataclass(frozen=True, slots=True)
class FaultReported:
    """Something failed. Whether the line goes on or stops is said by `LineStateChanged`.

    Attributes:
        where: The part of the station, or the plug-in.
        sentence, advice: What failed and what to do, for the engineer.
        for_operator: A cause and an action for the person at the line.
    """

    where: str
    sentence: str
    advice: str
    for_operator: str

    @classmethod
    def of(cls, where: str, error: StationError) -> Self:
        """Return the message of an expected failure."""
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
class AlarmsChanged:
    """An alarm was raised, seen, or its condition returned to normal. `open` are those that are not over."""

    open: tuple[AlarmEntry, ...]


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """A scanner has read a code, or a code that waited for its part was not kept."""

    code: ScannedCode


@dataclass(frozen=True, slots=True)
class LotChanged:
    """Every part that is triggered from now on has this lot and this order."""

    made: LotOrder


@dataclass(frozen=True, slots=True)
class CheckChanged:
    """A check with challenge parts was begun, has one more result, or has ended."""

    run_id: int


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
    | RecipeStateChanged
    | PartJudged
    | PartRecorded
    | ReviewOpened
    | ReviewEnded
    | AlarmRaised
    | AlarmsChanged
    | CameraLost
    | CameraReturned
    | FaultReported
    | CodeScanned
    | LotChanged
    | CheckChanged
)

ReceivedMessage = Message | MessagesMissed
"""What a subscriber reads."""
