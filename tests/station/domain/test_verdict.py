"""The one judgement."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.geometry import Region
from station.domain.verdict import (
    JUDGED,
    Limits,
    Prediction,
    Verdict,
    anomalous,
    fails_after,
    fails_in_a_row,
    judge,
    judge_many,
    only_whole_exceeds,
)

scores = st.floats(0, 1)
thresholds = st.floats(0.01, 0.99)
ORDER = [Verdict.PASS, Verdict.REVIEW, Verdict.FAIL]


def prediction(score: float) -> Prediction:
    """Return the output of a model without a check of the whole part: one place has the score."""
    return Prediction(score, score, np.array([[0, 0], [0, score]], np.float32))


def region(area_px: int) -> Region:
    return Region(0, 0, 1, 1, area_px, 0.9, "centre")


@st.composite
def limits(draw) -> Limits:
    image_threshold = draw(thresholds)
    review = draw(st.none() | st.floats(0.001, image_threshold, exclude_max=True))
    return Limits(image_threshold=image_threshold, review_threshold=review)


def test_that_a_score_on_the_limit_is_not_anomalous() -> None:
    assert judge(prediction(0.5), Limits(0.5)) is Verdict.PASS
    assert judge(prediction(math.nextafter(0.5, 1)), Limits(0.5)) is Verdict.FAIL


def test_that_a_score_in_the_review_band_is_for_a_person() -> None:
    band = Limits(image_threshold=0.6, review_threshold=0.4)
    assert [judge(prediction(s), band) for s in (0.4, 0.5, 0.6, 0.7)] == [
        Verdict.PASS,
        Verdict.REVIEW,
        Verdict.REVIEW,
        Verdict.FAIL,
    ]


@given(st.sampled_from([math.nan, math.inf, -math.inf]), limits())
def test_that_a_score_that_is_not_a_number_is_never_a_verdict_on_the_part(score, limit) -> None:
    assert judge(prediction(score), limit) is Verdict.NOT_INSPECTED


@given(scores, limits())
def test_that_a_model_without_a_check_of_the_whole_part_never_says_that_it_looks_different(score, limit) -> None:
    assert not only_whole_exceeds(prediction(score), limit)


@given(st.floats(0.01, 0.98), limits(), st.integers(1, 500))
def test_that_a_minimum_area_hides_no_part_that_looks_different_as_a_whole(highest, limit, min_area_px) -> None:
    whole = Prediction(highest + 0.01, 1.0, np.full((2, 2), highest, np.float32))
    with_area = replace(limit, min_area_px=min_area_px)
    expected = judge(whole, limit) if only_whole_exceeds(whole, limit) else Verdict.PASS
    assert judge(whole, with_area) is expected


@pytest.mark.parametrize(
    ("score", "highest", "alone"),
    [(0.7, 0.45, True), (0.55, 0.35, True), (0.7, 0.65, False), (0.35, 0.1, False), (0.45, 0.35, True)],
)
def test_that_the_whole_part_alone_rejects_what_no_place_would(score, highest, alone) -> None:
    limit = Limits(image_threshold=0.5, review_threshold=0.4)
    found = Prediction(score, 1.0, np.full((2, 2), highest, np.float32))
    assert only_whole_exceeds(found, limit) is alone


@given(scores, scores, limits())
def test_that_a_higher_score_never_gets_a_milder_verdict(first, second, limit) -> None:
    low, high = sorted((first, second))
    assert ORDER.index(judge(prediction(low), limit)) <= ORDER.index(judge(prediction(high), limit))


@given(scores, limits())
def test_that_the_verdict_depends_on_nothing_but_its_arguments(score, limit) -> None:
    assert judge(prediction(score), limit) is judge(prediction(score), limit)


def test_that_specks_under_the_minimum_area_pass_and_larger_marks_do_not() -> None:
    limit = Limits(min_area_px=10)
    assert judge(prediction(0.9), limit, [region(9)]) is Verdict.PASS
    assert judge(prediction(0.9), limit, [region(9), region(10)]) is Verdict.FAIL


@pytest.mark.parametrize(
    "wrong",
    [
        {"image_threshold": 0.0},
        {"image_threshold": 1.0},
        {"image_threshold": math.nan},
        {"pixel_threshold": 1.5},
        {"image_threshold": 0.5, "review_threshold": 0.5},
        {"review_threshold": math.nan},
        {"min_area_px": -1},
    ],
)
def test_that_limits_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match="must"):
        Limits(**wrong)


def test_that_the_mask_is_strict_too() -> None:
    assert anomalous(np.float32([[0.5, 0.51]]), 0.5).tolist() == [[False, True]]


def test_that_what_is_known_to_be_bad_outweighs_what_nobody_saw_and_that_what_a_person_may_decide() -> None:
    assert sorted(Verdict, key=lambda verdict: verdict.severity) == [
        Verdict.PASS,
        Verdict.REVIEW,
        Verdict.NOT_INSPECTED,
        Verdict.FAIL,
    ]


VERDICTS = st.lists(st.sampled_from(Verdict), max_size=20)


@given(VERDICTS)
def test_that_counting_on_and_counting_back_give_the_same_fails_in_a_row(verdicts: list[Verdict]) -> None:
    counted_on = 0
    for verdict in verdicts:
        counted_on = fails_after(counted_on, verdict)
    assert counted_on == fails_in_a_row(reversed(verdicts))


@given(VERDICTS)
def test_that_the_fails_in_a_row_are_those_after_the_last_other_verdict(verdicts: list[Verdict]) -> None:
    row = fails_in_a_row(reversed(verdicts))
    assert all(verdict is Verdict.FAIL for verdict in verdicts[len(verdicts) - row :])
    assert row == len(verdicts) or verdicts[len(verdicts) - row - 1] is not Verdict.FAIL


def test_that_a_reject_is_a_part_that_was_judged_and_is_not_good() -> None:
    assert [verdict for verdict in Verdict if verdict.rejected] == [Verdict.REVIEW, Verdict.FAIL]


@given(
    st.lists(st.tuples(scores, scores, st.integers(0, 100)), min_size=1, max_size=20),
    limits(),
    st.integers(0, 100),
)
def test_that_many_are_judged_as_each_of_them_is(pictures, limits, min_area_px) -> None:
    limits = replace(limits, min_area_px=min_area_px)
    highest = np.array([min(score, place) for score, place, _ in pictures], np.float32).astype(np.float64)
    many = judge_many(
        np.array([each[0] for each in pictures]), highest, np.array([each[2] for each in pictures]), limits
    )
    one_by_one = [
        judge(Prediction(score, score, np.array([[place]], np.float32)), limits, [region(area)] if area else [])
        for (score, _, area), place in zip(pictures, highest, strict=True)
    ]
    assert [JUDGED[each] for each in many] == one_by_one
