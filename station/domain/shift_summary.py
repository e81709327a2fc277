"""What a shift comes to: the numbers that page and report say alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from station.domain.feedback import Disposition
from station.domain.frame import NotInspectedCause
from station.domain.inspection import Counts, PictureOrigin, Run, RunKind
from station.domain.lot_order import LotOrder
from station.domain.rates import Rate
from station.domain.shift import EventKind, PartRecord, ShiftWindow


@dataclass(frozen=True, slots=True)
class Stoppage:
    """A stretch in which the line did not inspect, cut at the edges of the window.

    Attributes:
        kind: What began it.
        start: UTC.
        end: UTC; None if it had not ended when the records were read.
        duration: Its length in the window, so far if it had not ended; None where the clock was set back meanwhile.
        sentence: For people.
        person: Who did it, "" for the station itself.
        began_before: It began before the window; `start` is that of the window.
        goes_on: It ended after the window, or has not ended yet; `end` is that of the window.
    """

    kind: EventKind
    start: datetime
    end: datetime | None
    duration: timedelta | None
    sentence: str
    person: str
    began_before: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, UTC; `end` is not inside."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class RevisionSummary:
    """What one revision of a recipe, with one model, said.

    Attributes:
        run: The first run with it: recipe, hashes, precision and program version are those of all its runs.
        counts: Its parts.
        first_pass_yield: PASS of those judged.
    """

    run: Run
    counts: Counts
    first_pass_yield: Rate


@dataclass(frozen=True, slots=True)
class LotSummary:
    """The parts of one lot and order.

    Attributes:
        made: The lot and the order; both empty for the parts that came while none was set.
        counts: Its parts.
        first_pass_yield: PASS of those judged.
    """

    made: LotOrder
    counts: Counts
    first_pass_yield: Rate


@dataclass(frozen=True, slots=True)
class HourSummary:
    """An hour of the shift, or a day of a long stretch; the first and last may be shorter.

    Attributes:
        start, end: UTC.
        counts: Parts triggered in it.
    """

    start: datetime
    end: datetime
    counts: Counts


@dataclass(frozen=True, slots=True)
class PlaceSummary:
    """The parts whose defect is at one place.

    Attributes:
        place: In words, of the highest scoring region of each part's deciding view, with the name of the view if it
            has one: "side: upper left".
        failed, review: Parts with that verdict.
        share: Share of all parts that failed or are for review.
        median_area_px: Median area of these regions in pixels of the original picture; None without a region.
        worst: The parts, highest score first.
    """

    place: str
    failed: int
    review: int
    share: Rate
    median_area_px: float | None
    worst: tuple[PartRecord, ...]


@dataclass(frozen=True, slots=True)
class CauseSummary:
    """Why parts were not inspected."""

    cause: NotInspectedCause
    share: Rate


@dataclass(frozen=True, slots=True)
class CycleTimes:
    """From a frame's arrival to its verdict, milliseconds, of the slowest view of each part with a judgement."""

    median_ms: float
    p95_ms: float
    worst_ms: float


@dataclass(frozen=True, slots=True)
class ShiftSummary:
    """A shift in numbers.

    Attributes:
        window: The shift.
        counts: All its parts by verdict.
        first_pass_yield: PASS of those judged.
        revisions: By recipe revision and model, in the order they first ran.
        hours: By hour, or by day if the window is long; together the whole window.
        places: The places of the defects, most frequent first.
        causes: Why parts were not inspected, most frequent first.
        disputed: Number of entries of feedback at the line, by disposition; those of reviews are not among them.
        stoppages: Stops and faults in the order they began.
        cycle_times: None if nothing was judged.
        unknown: When nobody knows what the line did: before its first start, and what is still to come.
        stopped_throughout: No part came, because the line was stopped all the time.
        as_of: When it was counted, UTC, if the window had not ended; None if it had.
        not_counted: Parts of trials and challenges in the window, by kind; they are in no other number.
        origins: Parts by where their pictures came from; only origins that occurred.
        clock_behind: How far the clock was behind earlier records when they were recorded; None if it was right.
        lots: By lot and order, in the order they first came; empty if no part has either.
        judged_again: Parts so near a limit that they were judged a second time, in f32.
    """

    window: ShiftWindow
    counts: Counts
    first_pass_yield: Rate
    revisions: tuple[RevisionSummary, ...]
    hours: tuple[HourSummary, ...]
    places: tuple[PlaceSummary, ...]
    causes: tuple[CauseSummary, ...]
    disputed: dict[Disposition, int]
    stoppages: tuple[Stoppage, ...]
    cycle_times: CycleTimes | None
    unknown: tuple[Span, ...] = ()
    stopped_throughout: bool = False
    as_of: datetime | None = None
    not_counted: Mapping[RunKind, int] = field(default_factory=dict)
    origins: Mapping[PictureOrigin, int] = field(default_factory=dict)
    clock_behind: timedelta | None = None
    lots: tuple[LotSummary, ...] = ()
    judged_again: int = 0
