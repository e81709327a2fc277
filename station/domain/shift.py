"""A shift and everything recorded in it; reports are counted from this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from station.domain.feedback import OperatorFeedback
from station.domain.inspection import PartViews, Run, RunKind


@dataclass(frozen=True, slots=True)
class ShiftWindow:
    """One shift of one day; a shift over midnight belongs to the day on which it starts.

    Attributes:
        name: As in the settings; "" for any other period.
        day: The local day on which it starts.
        start, end: UTC; `start` is inside, `end` is not.
        time_zone: IANA time zone of the page and the report.
        lot: Only the parts of this lot are looked at; "" for all parts.
    """

    name: str
    day: date
    start: datetime
    end: datetime
    time_zone: str
    lot: str = ""


RESUMED = "resumed"
"""The sentence of a RESUME; after a pause that was explained, ": " and the reason follow."""


class EventKind(StrEnum):
    """The kinds of events."""

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
    """An event of the line that is not a part: a start, a stop, a fault.

    Attributes:
        at: UTC.
        kind: What happened.
        sentence: One sentence for people.
        run_id: Its run; None outside a run.
        duration_s: Its duration in seconds; None if unknown.
        person: The person who did it; "" for the station itself.
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
        original: Lossless, None if not kept.
        thumbnail: Small JPEG, None if no picture came.
        anomaly_map: 16-bit PNG of the normalised map, kept with the original.
        given_up: The original as it was recorded, if it was given up to make room: its file is no longer there.
        why_given_up: Why the original or the thumbnail was given up: "the disk was full"; "" if neither was.
    """

    original: StoredPicture | None = None
    thumbnail: StoredPicture | None = None
    anomaly_map: StoredPicture | None = None
    given_up: StoredPicture | None = None
    why_given_up: str = ""


PartRecord = PartViews[ViewPictures]
"""One part in the database: its record, and the picture files of each view."""


@dataclass(frozen=True, slots=True)
class ShiftRecords:
    """Everything that production recorded in a window, in the order of time.

    Attributes:
        window: From when to when.
        runs: The runs of the parts.
        parts: What the shift is counted from.
        disputes: What was said of the parts, also after the window.
        events: Starts, stops and faults in the window.
        not_counted: How many parts other runs had in the window, by their kind.
        before: The events from the last start before the window until it began: what the line did when it began.
        after: The events from the end of the window until the next start: what ended that had begun in it.
        as_of: When it was read, UTC, if the window had not ended then; None if it had.
        clock_behind: How far the clock was behind earlier records when a run was started; None if it was right.
    """

    window: ShiftWindow
    runs: tuple[Run, ...]
    parts: tuple[PartRecord, ...]
    disputes: tuple[OperatorFeedback, ...]
    events: tuple[StationEvent, ...]
    not_counted: Mapping[RunKind, int] = field(default_factory=dict)
    before: tuple[StationEvent, ...] = ()
    after: tuple[StationEvent, ...] = ()
    as_of: datetime | None = None
    clock_behind: timedelta | None = None

    @property
    def known_until(self) -> datetime:
        """Return the end of the window, or of what is known of it if it has not ended."""
        return self.as_of or self.window.end
