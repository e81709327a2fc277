"""What the review page shows, resolved from what is known; made without a widget."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from station.domain.formatting import AGAIN, day_and_time, number, score_and_limits, sentence_case, time_of_day
from station.domain.hold import Hold
from station.domain.inspection import Inspection, PartKey
from station.domain.scanned_code import shown
from station.domain.shift_review import Agreement, PartHistory
from station.domain.verdict import Verdict
from station.reporting.review_wording import agreement_lines, progress_words
from ui.pages.review.actions import ReviewAct
from ui.pages.review.shift_parts import Filter, Queue, ShiftParts

AGREEMENT_HEADINGS = ("People and station agree",)
SAID_HEADINGS = ("What was said",)
_NOTHING = (
    "Nothing to review: every part of this shift passed, and nobody spoke of a defect. Choose another shift at the top."
)
_ALL_DONE = "Every part of this shift is reviewed. Choose \u201cAll parts\u201d at the top to see them again."


@dataclass(frozen=True, slots=True)
class Known:
    """What was read.

    Attributes:
        parts: The parts of the shift that did not pass or that a person spoke of.
        holds: Those of them that are on hold.
        filter: Which of them are wanted.
        only: The parts of one row of the agreement, if that was chosen.
        current: The part that is shown; None without any.
        inspection: Its record, once it was read with its picture; None before.
        busy: Something is being recorded.
        zone: Time zone of the station.
    """

    parts: ShiftParts = field(default_factory=ShiftParts)
    holds: Mapping[PartKey, Hold] = field(default_factory=dict)
    filter: Filter = Filter.OPEN
    only: Queue | None = None
    current: PartKey | None = None
    inspection: Inspection | None = None
    busy: bool = False
    zone: str = "UTC"

    @property
    def part(self) -> PartHistory | None:
        """Return the part that is shown."""
        return self.parts.find(self.current)

    @property
    def queue(self) -> Queue:
        """Return the parts that are gone through."""
        return self.parts.queue(self.filter) if self.only is None else self.only

    def step(self, by: int) -> PartKey | None:
        """Return the part that is `by` steps further in the queue; None if there is none."""
        return self.queue.step(self.current, by)


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What is shown.

    Attributes:
        progress: "12 of 40 reviewed".
        place: "Part 3 of 28"; "" without any.
        verdict: Of the part; None without any.
        name: The part: "0012, 14:03:22".
        reason: Why the station said so, and how a REVIEW ended.
        hold: "ON HOLD: complaint (Ada)"; "" if it is not.
        said: Rows under SAID_HEADINGS, newest first.
        agreement: Rows under AGREEMENT_HEADINGS.
        without_picture: In place of the picture.
        may: The actions that can be done now.
        hold_key: The words on the key for holds.
    """

    progress: str
    place: str = ""
    verdict: Verdict | None = None
    name: str = ""
    reason: str = ""
    hold: str = ""
    said: tuple[tuple[str, ...], ...] = ()
    agreement: tuple[tuple[str, ...], ...] = ()
    without_picture: str = ""
    may: frozenset[ReviewAct] = frozenset()
    hold_key: str = "Hold \u2026"


def resolve(known: Known) -> ReviewView:
    """Return what the page shows."""
    agreement, part = known.parts.agreement, known.part
    progress, rows = progress_words(agreement), tuple((line,) for line in agreement_lines(agreement))
    may = {ReviewAct.READ_AGAIN}
    if known.step(1) is not None:
        may.add(ReviewAct.NEXT)
    if known.step(-1) is not None:
        may.add(ReviewAct.PREVIOUS)
    if part is None:
        return ReviewView(progress, agreement=rows, without_picture=_empty(known, agreement), may=_free(known, may))
    seen = known.inspection
    may |= {ReviewAct.HOLD, ReviewAct.ANNOTATE, ReviewAct.HIDE}
    if seen is not None:
        may |= {ReviewAct.CONFIRM, ReviewAct.OVERRULE} | ({ReviewAct.VIEW} if len(seen.views) > 1 else set())
    place, hold = known.queue.place(part.key), known.holds.get(part.key)
    return ReviewView(
        progress,
        "" if place is None else f"Part {number(place + 1)} of {number(len(known.queue.keys))}",
        part.verdict,
        _name(part, known.zone),
        "" if seen is None else _reason(part, seen),
        hold.words if hold else "",
        tuple(_said(part, known.zone)),
        rows,
        "Reading \u2026" if seen is None else "",
        _free(known, may),
        "Release \u2026" if hold else "Hold \u2026",
    )


def question(part: PartHistory) -> str:
    """Return what is asked if a part is overruled."""
    how = "as a good one" if part.ended_good else "as a reject"
    return f"Part {part.key.label} left the line {how}. Why is that wrong?"


def _free(known: Known, may: set[ReviewAct]) -> frozenset[ReviewAct]:
    return frozenset() if known.busy else frozenset(may)


def _empty(known: Known, agreement: Agreement) -> str:
    return _ALL_DONE if agreement.to_review and known.filter is Filter.OPEN else _NOTHING


def _name(part: PartHistory, zone: str) -> str:
    serial = f", {shown(part.serial)}" if part.serial else ""
    return f"{part.key.label}, {time_of_day(part.triggered_at, zone)}{serial}"


def _reason(part: PartHistory, seen: Inspection) -> str:
    words = [sentence_case(seen.reason).replace("px2", "px\u00b2")]
    view = seen.deciding
    if view.pred_score is not None and view.image_threshold is not None:
        figures = score_and_limits(view.pred_score, view.image_threshold, view.review_threshold)
        words.append(f"{figures}, {AGAIN}" if view.judged_again else figures)
    if part.verdict is Verdict.REVIEW:
        words.append(f"Ended as {'PASS' if part.ended_good else 'FAIL'}")
    return "\n".join(filter(None, words))


def _said(part: PartHistory, zone: str) -> list[tuple[str, ...]]:
    return [
        (f"{day_and_time(each.made_at, zone)}, {each.author}: {', '.join(filter(None, (each.words, each.reason)))}",)
        for each in reversed(part.said)
    ]
