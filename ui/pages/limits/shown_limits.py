"""What the page shows of some limits: resolved from the bench by a pure function, in some milliseconds."""

from dataclasses import dataclass, replace

from station.domain.formatting import SPACE, UNKNOWN, count_of, counted, number, one_or_many, rate, score
from station.domain.limit_bench.figures import LimitFigures, escapes_in_words, figures_at, overkill_in_words
from station.domain.limit_bench.flips import Flips, flips
from station.domain.limit_bench.scored_pictures import (
    DEFECT,
    GOOD,
    UNLABELLED,
    LabelledSet,
    LimitBench,
    LineParts,
)
from station.domain.verdict import Limits

MOST_FLIPS = 24
"""Pictures that are shown; all are counted."""
_LEAST, _MOST, _APART = 0.001, 0.999, 0.001
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class ShownLimits:
    """Limits and what they do.

    Attributes:
        limits: These limits.
        saved: Those of the revision.
        figures: What they make of the scored pictures.
        flips: What they change.
    """

    limits: Limits
    saved: Limits
    figures: LimitFigures
    flips: Flips

    @property
    def changed(self) -> bool:
        """Whether they differ from those of the revision."""
        return self.limits != self.saved

    @property
    def sentences(self) -> tuple[str, str, str]:
        """Return what is known of escapes, of overkill, and of the parts of the line."""
        return escapes_in_words(self.figures.escapes), self._overkill, self._line

    @property
    def turned(self) -> str:
        """Return how many pictures get another verdict, and which: "12 get another verdict: 9 FAIL → PASS, ..."."""
        if not self.changed:
            return "Move a limit to see which parts get another verdict."
        if not self.flips.total:
            return "No part gets another verdict."
        turns = ", ".join(
            f"{number(count)}{SPACE}{before.word}{SPACE}\u2192{SPACE}{after.word}"
            for (before, after), count in self.flips.counts.items()
        )
        passed, total = self.flips.defects_passed, self.flips.total
        known = f". Known defects that pass: {number(passed)}" if passed else ""
        return f"{number(total)} {one_or_many(total, 'gets', 'get')} another verdict: {turns}{known}."

    @property
    def caution(self) -> str:
        """Return what the counts cannot say of the limits on the map; "" if they say all."""
        if self.limits.pixel_threshold == self.saved.pixel_threshold:
            return ""
        if not self.limits.min_area_px:
            return "The pixel limit moves the marks; without a minimum area it changes no verdict."
        before = f"The counts use the marks that were found with pixel limit {score(self.saved.pixel_threshold)}"
        return f"{before}; only the pictures below are judged with {score(self.limits.pixel_threshold)}."

    @property
    def _overkill(self) -> str:
        said, person = overkill_in_words(self.figures.overkill), self.figures.for_a_person
        return f"{said}, and {count_of(person)} for a person" if person.count else said

    @property
    def _line(self) -> str:
        rejected, good = self.figures.rejected, self.figures.called_good
        if not rejected.n:
            return "No part of the line was judged by this model."
        review = f", {number(self.figures.reviewed.count)} for a person" if self.figures.reviewed.count else ""
        called = f"; of those that people called good {count_of(good)}" if good.n else ""
        return f"On the line {rate(rejected)} fail{review}{called}"


def resolve(bench: LimitBench, limits: Limits) -> ShownLimits:
    """Return what the page shows of these limits."""
    saved = bench.view.limits
    return ShownLimits(limits, saved, figures_at(bench, limits), flips(bench, saved, limits, MOST_FLIPS))


def scored_in_words(bench: LimitBench) -> str:
    """Return what the bench rests on: the same counts as the histogram has, and where they come from.

    "2 315 good, 63 defects, 4 805 without a label. Labelled set: 2 371 pictures. Line: 4 812 parts, 1 not inspected."
    """
    good, defects, bare = (bench.count(label) for label in (GOOD, DEFECT, UNLABELLED))
    return (
        f"{number(good.total)} good, {counted(defects.total, 'defect')}, {number(bare.total)} without a label. "
        f"{_set_in_words(bench.labelled)} {_line_in_words(bench.line)}"
    )


def _set_in_words(labelled: LabelledSet) -> str:
    if not labelled.version:
        return "No labelled set."
    verb = one_or_many(labelled.waiting, "waits", "wait")
    waiting = f", {number(labelled.waiting)} {verb} to be scored" if labelled.waiting else ""
    learned = f", {number(labelled.learned)} left out because the model learned them" if labelled.learned else ""
    drawn = f", {number(labelled.synthetic)} left out because their defects are synthetic" if labelled.synthetic else ""
    return f"Labelled set: {counted(len(labelled.pictures), 'picture')}{waiting}{learned}{drawn}."


def _line_in_words(line: LineParts) -> str:
    most = " (the newest)" if line.capped else ""
    missing = f", {number(line.not_inspected)} not inspected" if line.not_inspected else ""
    again = f", {number(line.rescored)} of them judged again from their pictures" if line.rescored else ""
    return f"Line: {counted(len(line.pictures), 'part')}{most}{again}{missing}."


def with_fail(limits: Limits, wanted: float) -> Limits:
    """Return the limits with this fail limit, kept inside 0..1 and above the review limit, which gives way."""
    fail = round(min(max(wanted, _LEAST), _MOST), _DIGITS)
    review = limits.review_threshold
    if review is not None and review >= fail:
        review = round(fail - _APART, _DIGITS) if fail > _APART + _LEAST else None
    return replace(limits, image_threshold=fail, review_threshold=review)


def with_review(limits: Limits, wanted: float | None) -> Limits:
    """Return the limits with this review limit, kept below the fail limit; None for none."""
    if wanted is None:
        return replace(limits, review_threshold=None)
    most = limits.image_threshold - _APART
    if most < _LEAST:
        return replace(limits, review_threshold=None)
    return replace(limits, review_threshold=round(min(max(wanted, _LEAST), most), _DIGITS))


def with_pixel(limits: Limits, wanted: float) -> Limits:
    """Return the limits with this limit for places on the map, kept inside 0..1."""
    return replace(limits, pixel_threshold=round(min(max(wanted, _LEAST), _MOST), _DIGITS))


def with_area(limits: Limits, wanted: float) -> Limits:
    """Return the limits with this minimum area."""
    return replace(limits, min_area_px=max(0, round(wanted)))


def in_digits(value: float | None) -> str:
    """Return a limit as it is typed: "0.5", "0.4375"; a dash for none."""
    return UNKNOWN if value is None else f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".")
