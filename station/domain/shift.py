"""A shift and everything recorded in it: the material a report is counted from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from station.domain.feedback import OperatorFeedback
from station.domain.inspection import PartViews, Run


@dataclass(frozen=True, slots=True)
class ShiftWindow:
    """One shift of one day; one that runs over midnight belongs to the day it starts on.

    Attributes:
        name: As in the settings; "" for a free stretch of time.
        day: The local day it starts on.
        start, end: UTC; `start` is inside, `end` is not.
        time_zone: IANA zone in which it is shown.
    """

    name: str
    day: date
    start: datetime
    end: datetime
    time_zone: str


class EventKind(StrEnum):
    """What else happened."""

    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    RECIPE_LOADED = "recipe loaded"
    CAMERA_LOST = "camera lost"
    CAMERA_RETURNED = "camera returned"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class StationEvent:
    """Something of the line's life that is no part.

    Attributes:
        at: UTC.
        kind: What.
        sentence: For people.
        run_id: The run it belongs to, None outside any.
        duration_s: How long it lasted, where that is known.
        person: Who did it, "" for the station itself.
    """

    at: datetime
    kind: EventKind
    sentence: str
    run_id: int | None = None
    duration_s: float | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture file of one part.

    Attributes:
        path: Relative to the workspace's `pictures` folder, POSIX.
        sha256: Hex digest of the file.
        size: Bytes.
    """

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ViewPictures:
    """The picture files of one view of a part.

    Attributes:
        original: Lossless, None where not kept.
        thumbnail: Small JPEG, None where no picture came.
        anomaly_map: 16-bit PNG of the normalised map, kept with the original.
    """

    original: StoredPicture | None = None
    thumbnail: StoredPicture | None = None
    anomaly_map: StoredPicture | None = None


PartRecord = PartViews[ViewPictures]
"""One part as the database has it: its record, and the picture files of each view."""


@dataclass(frozen=True, slots=True)
class ShiftRecords:
    """All that was recorded in a window, in the order it happened."""

    window: ShiftWindow
    runs: tuple[Run, ...]
    parts: tuple[PartRecord, ...]
    disputes: tuple[OperatorFeedback, ...]
    events: tuple[StationEvent, ...]
