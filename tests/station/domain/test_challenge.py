from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from station.domain.challenge import (
    DueFacts,
    GoodCheck,
    Outcome,
    Why,
    judge_part,
    next_part,
    outcome_of,
    place_matches,
    reasons_due,
    results_of,
)
from station.domain.challenge_plan import ChallengePart, ChallengePlan, ExpectedPlace, Known
from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import UNLIKE, Inspection, PartKey, ViewInspection
from station.domain.part_code import ReadCode
from station.domain.suspects import suspect_windows
from station.domain.verdict import Verdict

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BAD = ChallengePart("scratch 1", Known.BAD, ExpectedPlace("", 100, 100, 40, 20))
GOOD = ChallengePart("clean", Known.GOOD)
PLAN = ChallengePlan(shift_start=True, changeover=True, after_change=True, every_hours=4, parts=(GOOD, BAD))
FRESH = DueFacts(NOON, NOON - timedelta(hours=1), 1, GoodCheck(7, 1, NOON - timedelta(minutes=30)))


def seen(verdict: Verdict, *regions: Region, number: int = 1, reason: str = "", name: str = "") -> Inspection:
    judged = verdict is not Verdict.NOT_INSPECTED
    cause = None if judged else NotInspectedCause.TOO_DARK
    score = 0.7 if judged else None
    view = ViewInspection(verdict, reason, "", 1.0, name, cause, score, score, score, regions)
    return Inspection(PartKey(9, number), NOON, (view,))


def mark(x: int, y: int, w: int = 10, h: int = 10) -> Region:
    return Region(x, y, w, h, w * h, 0.8, "upper left")


places = st.builds(
    ExpectedPlace, st.just(""), st.integers(0, 500), st.integers(0, 500), st.integers(1, 300), st.integers(1, 300)
)
marks = st.builds(mark, st.integers(0, 800), st.integers(0, 800), st.integers(1, 300), st.integers(1, 300))


@given(places, marks, st.integers(0, 200))
def test_that_a_place_takes_a_centre_up_to_the_tolerance_outside_it(
    place: ExpectedPlace, region: Region, tolerance: int
) -> None:
    x, y = region.x + region.w / 2, region.y + region.h / 2
    beside_x = max(place.x - x, x - place.x - place.width, 0)
    beside_y = max(place.y - y, y - place.y - place.height, 0)
    assert place_matches(place, region, tolerance) == (max(beside_x, beside_y) <= tolerance)


@given(places, marks, st.integers(0, 200))
def test_that_a_larger_tolerance_never_loses_a_place(place: ExpectedPlace, region: Region, tolerance: int) -> None:
    assert not place_matches(place, region, tolerance) or place_matches(place, region, tolerance + 1)


@given(st.sampled_from(Verdict), st.lists(marks, max_size=3), st.booleans())
def test_that_a_bad_part_is_met_only_by_a_reject_at_its_place(
    verdict: Verdict, regions: list[Region], review_counts: bool
) -> None:
    plan = replace(PLAN, review_counts=review_counts)
    result = judge_part(BAD, plan, seen(verdict, *regions))
    rejected = verdict is Verdict.FAIL or (review_counts and verdict is Verdict.REVIEW)
    assert BAD.place
    assert result.met == (rejected and any(place_matches(BAD.place, each, 20) for each in regions))


@given(st.sampled_from([Verdict.PASS, Verdict.REVIEW, Verdict.FAIL]))
def test_that_a_good_part_is_met_only_by_pass(verdict: Verdict) -> None:
    assert judge_part(GOOD, PLAN, seen(verdict)).met == (verdict is Verdict.PASS)


def test_that_a_part_that_looks_like_no_product_at_all_does_not_count_as_found() -> None:
    everywhere = seen(Verdict.FAIL, mark(0, 0, 240, 220), reason=f"{UNLIKE} tile")
    assert not judge_part(BAD, PLAN, everywhere).met


def test_that_a_bad_part_that_is_review_for_its_code_alone_does_not_count_as_found() -> None:
    plan, code = replace(PLAN, review_counts=True), ReadCode(problem="no code is in its region")
    for reason, met in ((code.doubt, False), (f"mark 100 px2, upper left; {code.doubt}", True)):
        part = seen(Verdict.REVIEW, mark(110, 100), reason=reason)
        result = judge_part(BAD, plan, replace(part, views=(replace(part.views[0], code=code),)))
        assert (result.met, "for its code alone" in result.sentence) == (met, not met)


def test_that_the_view_of_the_place_itself_must_fail() -> None:
    other = replace(BAD, place=ExpectedPlace("top", 100, 100, 40, 20))
    top = seen(Verdict.PASS, mark(110, 100), name="top").views[0]
    side = seen(Verdict.FAIL, mark(110, 100), name="side").views[0]
    assert not judge_part(other, PLAN, Inspection(PartKey(9, 1), NOON, (top, side))).met
    assert not judge_part(other, PLAN, seen(Verdict.FAIL, mark(110, 100), name="side")).met


def test_that_a_part_that_was_not_inspected_is_asked_for_again() -> None:
    parts = [seen(Verdict.PASS), seen(Verdict.NOT_INSPECTED, number=2)]
    results = results_of(PLAN, parts)
    assert [result.part for result in results] == [GOOD]
    assert next_part(PLAN, results) == BAD
    assert outcome_of(PLAN, results) is Outcome.NOT_FINISHED
    results = results_of(PLAN, [*parts, seen(Verdict.FAIL, mark(110, 100), number=3), seen(Verdict.PASS, number=4)])
    assert next_part(PLAN, results) is None
    assert outcome_of(PLAN, results) is Outcome.PASSED
    assert results[1].key.part == 3


def test_that_a_wrong_result_fails_a_check_that_was_broken_off() -> None:
    assert outcome_of(PLAN, results_of(PLAN, [seen(Verdict.FAIL, mark(0, 0))])) is Outcome.FAILED


def test_that_nothing_is_due_after_a_good_check() -> None:
    assert reasons_due(PLAN, FRESH) == ()


def test_that_each_reason_makes_a_check_due() -> None:
    due = {
        Why.FIRST: replace(FRESH, last_good=None),
        Why.SHIFT_START: replace(FRESH, shift_start=NOON - timedelta(minutes=29)),
        Why.CHANGEOVER: replace(FRESH, other_product=True),
        Why.CHANGE: replace(FRESH, revision=2),
        Why.HOURS: replace(FRESH, now=NOON + timedelta(hours=3.5)),
        Why.CLOCK: replace(FRESH, now=NOON - timedelta(hours=2)),
        Why.SET_BACK: replace(FRESH, recorded=NOON + timedelta(hours=1.1)),
        Why.FAILED: replace(FRESH, newest=Outcome.FAILED),
        Why.NOT_FINISHED: replace(FRESH, newest=Outcome.NOT_FINISHED),
    }
    assert {why: reasons_due(PLAN, facts) for why, facts in due.items()} == {why: (why,) for why in Why}
    assert all(reasons_due(ChallengePlan(), facts) == () for facts in due.values())


def test_that_a_plan_that_asks_for_nothing_makes_only_a_bad_end_due() -> None:
    only_parts = ChallengePlan(parts=(BAD,))
    assert reasons_due(only_parts, replace(FRESH, last_good=None)) == ()
    assert reasons_due(only_parts, replace(FRESH, newest=Outcome.FAILED)) == (Why.FAILED,)


@given(
    st.lists(st.tuples(st.integers(-100, 100), st.booleans(), st.integers(1, 3)), min_size=1, max_size=20),
    st.sets(st.sampled_from(Why)),
)
def test_that_no_clock_makes_a_check_that_was_due_undue(steps: list[tuple[int, bool, int]], noted: set[Why]) -> None:
    was = frozenset(noted)
    for hours, other, revision in steps:
        now = NOON + timedelta(hours=hours)
        facts = DueFacts(now, now - timedelta(hours=now.hour % 8), revision, FRESH.last_good, other, None, was)
        reasons = frozenset(reasons_due(PLAN, facts))
        assert was <= reasons
        was = reasons


@given(st.lists(st.sampled_from(["part", *Outcome]), max_size=30))
def test_that_the_suspects_are_what_came_between_a_failed_check_and_the_good_ones_around_it(history: list[str]) -> None:
    checks = [(number, Outcome(each)) for number, each in enumerate(history, 1) if each != "part"]
    windows = suspect_windows(checks)
    for number, each in enumerate(history, 1):
        if each == "part":
            before = next((end for run, end in reversed(checks) if run < number and end is Outcome.PASSED), None)
            first = max((run for run, end in checks if run < number and end is before), default=0)
            after = next((run for run, end in checks if run > number and end is Outcome.PASSED), len(history) + 1)
            failed = any(first < run < after and end is Outcome.FAILED for run, end in checks)
            assert any(window.holds(number) for window in windows) == failed
