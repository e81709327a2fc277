"""What the review page shows, resolved from what is known; made without a widget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from station.domain.formatting import day_and_time, number, score_and_limits, sentence_case, time_of_day
from station.domain.hold import Hold
from station.domain.inspection import Inspection, PartKey
from station.domain.scanned_code import shown
from station.domain.shift_review import Agreement, PartHistory, agreement_of
from station.domain.verdict import Verdict
from station.reporting.review_wording import agreement_lines, progress_words
from ui.pages.review.actions import ReviewAct

AGREEMENT_HEADINGS = ("People and station agree",)
SAID_HEADINGS = ("What was said",)
_NOTHING = (
    "Nothing to review: every part of this shift passed, and nobody spoke of a defect. Choose another shift at the top."
)
_ALL_DONE = "Every part of this shift is reviewed. Choose \u201cAll parts\u201d at the top to see them again."


class Filter(StrEnum):
    """Which parts are in the queue; the value is what people read."""

    OPEN = "Not reviewed"
    ALL = "All parts"


@dataclass(frozen=True, slots=True)
class Known:
    """What was read.

    Attributes:
        parts: The parts of the shift that did not pass or that a person spoke of, in their order.
        holds: Those of them that are on hold.
        filter: Which of them are wanted.
        only: The parts of one row of the agreement, if that was chosen; () for none.
        current: The part that is shown; None without any.
        inspection: Its record, once it was read with its picture; None before.
        busy: Something is being recorded.
        zone: Time zone of the station.
    """

    parts: tuple[PartHistory, ...] = ()
    holds: Mapping[PartKey, Hold] = field(default_factory=dict)
    filter: Filter = Filter.OPEN
    only: tuple[PartKey, ...] = ()
    current: PartKey | None = None
    inspection: Inspection | None = None
    busy: bool = False
    zone: str = "UTC"

    @property
    def part(self) -> PartHistory | None:
        """Return the part that is shown."""
        return next((each for each in self.parts if each.key == self.current), None)

    @property
    def queue(self) -> tuple[PartKey, ...]:
        """Return the parts that are gone through, in their order."""
        if self.only:
            return self.only
        wanted = (each for each in self.parts if each.wants_review and each.ended_good is not None)
        return tuple(each.key for each in wanted if self.filter is Filter.ALL or each.is_open)

    def step(self, by: int) -> PartKey | None:
        """Return the part that is `by` steps further in the queue; None if there is none.

        The part that is shown may have left the queue: then the next one is the first part after it.
        """
        queue, current = self.queue, self.current
        if current is None or not queue:
            return queue[0] if queue else None
        if current in queue:
            place = queue.index(current) + by
            return queue[place] if 0 <= place < len(queue) else None
        later = [key for key in queue if key > current]
        earlier = [key for key in queue if key < current]
        if by > 0:
            return later[by - 1] if by <= len(later) else None
        return earlier[by] if -by <= len(earlier) else None


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
    agreement, part = agreement_of(known.parts), known.part
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
    queue, hold = known.queue, known.holds.get(part.key)
    return ReviewView(
        progress,
        f"Part {number(queue.index(part.key) + 1)} of {number(len(queue))}" if part.key in queue else "",
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
    words = [sentence_case(seen.reason)]
    view = seen.deciding
    if view.pred_score is not None and view.image_threshold is not None:
        words.append(score_and_limits(view.pred_score, view.image_threshold, view.review_threshold))
    if part.verdict is Verdict.REVIEW:
        words.append(f"Ended as {'PASS' if part.ended_good else 'FAIL'}")
    return "\n".join(filter(None, words))


def _said(part: PartHistory, zone: str) -> list[tuple[str, ...]]:
    return [
        (f"{day_and_time(each.made_at, zone)}, {each.author}: {', '.join(filter(None, (each.words, each.reason)))}",)
        for each in reversed(part.said)
    ]
