"""Checks with challenge parts: what is due and why, what a result means, which parts are suspect. Only pure rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from station.domain.challenge_plan import ChallengePart, ChallengePlan, ExpectedPlace
from station.domain.clock import behind
from station.domain.geometry import Box, Region
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.verdict import Verdict


class Why(StrEnum):
    """Why a check is due; the value follows "due: "."""

    FIRST = "no check of this product has passed yet"
    SHIFT_START = "the shift has started"
    CHANGEOVER = "another product was inspected since the last good check"
    CHANGE = "another revision was released since the last good check"
    HOURS = "the last good check is too long ago"
    CLOCK = "the clock is behind the last good check"
    SET_BACK = "the clock was set back since the last good check"
    FAILED = "the last check failed"
    NOT_FINISHED = "the last check was not finished"


class Outcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_FINISHED = "not finished"


@dataclass(frozen=True, slots=True)
class GoodCheck:
    """The last check of a product that passed: its run, its revision and when it began, UTC."""

    run_id: int
    revision: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DueFacts:
    """What decides whether a check is due.

    Attributes:
        now: UTC.
        shift_start: When the present shift began.
        revision: The revision that would judge.
        last_good: The last check that passed; None before the first.
        other_product: Another product was inspected since then.
        newest: How the newest check ended; None if there is none, or it is running.
        noted: Reasons that were seen since the last good check. A clock that is set back does not remove them.
        recorded: The latest time in the records since then; None if there is none.
    """

    now: datetime
    shift_start: datetime
    revision: int
    last_good: GoodCheck | None = None
    other_product: bool = False
    newest: Outcome | None = None
    noted: frozenset[Why] = frozenset()
    recorded: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A check that is due.

    Attributes:
        recipe: The name of the recipe.
        why: At least one reason, the most telling one first.
        blocks: Without the check no part is inspected.
    """

    recipe: str
    why: tuple[Why, ...]
    blocks: bool

    @property
    def reason(self) -> str:
        """Return the first reason."""
        return self.why[0].value

    @property
    def sentence(self) -> str:
        """Return what is due, for the person at the line."""
        return f"A check with challenge parts is due: {self.reason}."


def reasons_due(plan: ChallengePlan, facts: DueFacts) -> tuple[Why, ...]:
    """Return why a check is due now; nothing if none is.

    Every reason that was noted since the last good check goes on to hold, if the plan still asks for it: only a check
    that passes makes a check that is due no longer due.
    """
    asked = _asked(plan)
    found = {why for why in Why if why in asked and (why in facts.noted or _holds(why, plan, facts))}
    return tuple(why for why in _TELLING if why in found)


_TELLING = (
    Why.FAILED, Why.NOT_FINISHED, Why.CHANGE, Why.CHANGEOVER, Why.SHIFT_START, Why.HOURS, Why.CLOCK, Why.SET_BACK,
    Why.FIRST,
)  # fmt: skip


def _asked(plan: ChallengePlan) -> frozenset[Why]:
    """Return the reasons that count under this plan."""
    if not plan.parts:
        return frozenset()
    by_plan = {
        Why.FIRST: plan.is_timed,
        Why.SHIFT_START: plan.shift_start,
        Why.CHANGEOVER: plan.changeover,
        Why.CHANGE: plan.after_change,
        Why.HOURS: plan.every_hours > 0,
        Why.CLOCK: plan.shift_start or plan.every_hours > 0,
        Why.SET_BACK: plan.shift_start or plan.every_hours > 0,
    }
    return frozenset(why for why in Why if by_plan.get(why, True))


def _holds(why: Why, plan: ChallengePlan, facts: DueFacts) -> bool:
    good = facts.last_good
    if why is Why.FAILED:
        return facts.newest is Outcome.FAILED
    if why is Why.NOT_FINISHED:
        return facts.newest is Outcome.NOT_FINISHED
    if good is None:
        return why is Why.FIRST
    return {
        Why.FIRST: False,
        Why.SHIFT_START: good.at < facts.shift_start,
        Why.CHANGEOVER: facts.other_product,
        Why.CHANGE: good.revision != facts.revision,
        Why.HOURS: facts.now - good.at >= timedelta(hours=plan.every_hours),
        Why.CLOCK: facts.now < good.at,  # how long ago it was cannot be known
        Why.SET_BACK: behind(facts.now, facts.recorded) is not None,  # nor how much longer ago than it seems
    }[why]


@dataclass(frozen=True, slots=True)
class ChallengeResult:
    """What the station said of a challenge part, and whether it is what it must say.

    Attributes:
        part: The challenge part.
        key: Its record.
        verdict: What the station said.
        met: Whether the verdict and the place are right.
        found: The mark at the place, else the strongest one of that view, in pixels of the original picture; None if
            there is none.
        sentence: The result in words.
    """

    part: ChallengePart
    key: PartKey
    verdict: Verdict
    met: bool
    found: Box | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check with challenge parts. It is a run of its own, whose number it has.

    Attributes:
        run_id: The number of its run.
        recipe_name, revision: What was checked.
        started_at: UTC.
        person: Who ran it.
        outcome: How it ended; None while it runs.
        ended_at: When it ended; None while it runs.
        results: One for each challenge part that was judged, in the order of the plan.
        wanted: How many parts the plan asks for.
    """

    run_id: int
    recipe_name: str
    revision: int
    started_at: datetime
    person: str
    outcome: Outcome | None
    ended_at: datetime | None
    results: tuple[ChallengeResult, ...]
    wanted: int

    @property
    def label(self) -> str:
        """Return recipe and revision: "tile@2"."""
        return f"{self.recipe_name}@{self.revision}"

    @property
    def missed(self) -> tuple[ChallengeResult, ...]:
        """Return the results that are not as they must be."""
        return tuple(result for result in self.results if not result.met)

    @property
    def in_words(self) -> str:
        """Return the outcome in one sentence."""
        if self.outcome is Outcome.FAILED:
            return f"Failed: {'; '.join(f'{each.part.name}: {each.sentence}' for each in self.missed)}."
        if self.outcome is Outcome.PASSED:
            return f"Passed: {len(self.results)} of {self.wanted} challenge parts were judged as they must be."
        return f"{'Running' if self.outcome is None else 'Not finished'}: {len(self.results)} of {self.wanted} judged."


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """A check that runs now.

    Attributes:
        label: Recipe and revision: "tile@2".
        plan: What is asked for.
        results: What was found so far.
        asks_for: The part that is asked for now; None after the last one.
        again: Why the part that was put under the camera last was NOT INSPECTED, and is asked for again; else "".
        waits: A part was triggered and has no result yet.
    """

    label: str
    plan: ChallengePlan
    results: tuple[ChallengeResult, ...]
    asks_for: ChallengePart | None
    again: str
    waits: bool

    @property
    def request(self) -> str:
        """Return what the person at the line is asked for."""
        if self.asks_for is None:
            return "All parts were judged."
        again = f"NOT INSPECTED: {self.again}. Once more: " if self.again else ""
        return f"{again}{self.asks_for.request}"


def judge_part(part: ChallengePart, plan: ChallengePlan, inspection: Inspection) -> ChallengeResult:
    """Return whether the station judged a challenge part as it must.

    A known good part must be PASS. A known bad part must be FAIL in the view of its place, or REVIEW if the plan lets
    REVIEW count, with a mark whose centre lies in the expected place or at most `tolerance_px` outside. A picture that
    does not look like the product at all has marks everywhere, and they count for nothing.

    Args:
        part: The challenge part, which was asked for.
        plan: The plan that it belongs to.
        inspection: What the station made of it; not NOT_INSPECTED.
    """
    if part.place is None:
        good = inspection.verdict is Verdict.PASS
        regions = inspection.deciding.regions
        sentence = "PASS as it must be" if good else f"{inspection.verdict.word}, and it must be PASS"
        return _result(part, inspection, good, None if good or not regions else regions[0], sentence)
    view = next((each for each in inspection.views if each.name == part.place.view), None)
    if view is None:
        return _result(part, inspection, False, None, f"the recipe has no view '{part.place.view}'")
    wanted = {Verdict.FAIL, Verdict.REVIEW} if plan.review_counts else {Verdict.FAIL}
    strongest = view.regions[0] if view.regions else None
    if view.verdict not in wanted:
        must = "FAIL or REVIEW" if plan.review_counts else "FAIL"
        return _result(part, inspection, False, strongest, f"{view.verdict.word}, and it must be {must}")
    if view.only_code_doubted:
        return _result(part, inspection, False, strongest, "REVIEW for its code alone, and its defect must be found")
    found = _mark_at(part.place, plan.tolerance_px, view)
    if found is None:
        return _result(part, inspection, False, strongest, f"{view.verdict.word}, but not at the expected place")
    return _result(part, inspection, True, found, f"{view.verdict.word} at the expected place")


def _result(
    part: ChallengePart, inspection: Inspection, met: bool, found: Region | None, sentence: str
) -> ChallengeResult:
    box = (found.x, found.y, found.w, found.h) if found else None
    return ChallengeResult(part, inspection.key, inspection.verdict, met, box, sentence)


def _mark_at(place: ExpectedPlace, tolerance_px: int, view: ViewInspection) -> Region | None:
    if view.unlike:
        return None
    return next((region for region in view.regions if place_matches(place, region, tolerance_px)), None)


def place_matches(place: ExpectedPlace, region: Region, tolerance_px: int) -> bool:
    """Return whether the centre of a mark lies in the expected place, or at most `tolerance_px` outside.

    Example: the place 100,100,40,20 and a tolerance of 10 take a centre from (90, 90) to (150, 130).
    """
    x, y = region.x + region.w / 2, region.y + region.h / 2
    inside_x = place.x - tolerance_px <= x <= place.x + place.width + tolerance_px
    return inside_x and place.y - tolerance_px <= y <= place.y + place.height + tolerance_px


def results_of(plan: ChallengePlan, inspections: Iterable[Inspection]) -> tuple[ChallengeResult, ...]:
    """Return the results of a check, from its parts in their order.

    A part that was NOT INSPECTED is asked for again. What comes after the last challenge part is not looked at.
    """
    judged = (each for each in inspections if each.verdict is not Verdict.NOT_INSPECTED)
    return tuple(judge_part(part, plan, each) for part, each in zip(plan.parts, judged, strict=False))


def outcome_of(plan: ChallengePlan, results: Sequence[ChallengeResult]) -> Outcome:
    """Return how a check ends with these results. One wrong result is enough, even if the check was broken off."""
    if any(not result.met for result in results):
        return Outcome.FAILED
    return Outcome.PASSED if plan.parts and len(results) == len(plan.parts) else Outcome.NOT_FINISHED


def next_part(plan: ChallengePlan, results: Sequence[ChallengeResult]) -> ChallengePart | None:
    """Return the part that is asked for next; None after the last one."""
    return plan.parts[len(results)] if len(results) < len(plan.parts) else None


def proposed_place(inspection: Inspection) -> ExpectedPlace | None:
    """Return the place of the strongest mark of a part, as the place to expect; None if it has no mark."""
    deciding = inspection.deciding
    if not deciding.regions:
        return None
    mark = deciding.regions[0]
    return ExpectedPlace(deciding.name, mark.x, mark.y, mark.w, mark.h)
