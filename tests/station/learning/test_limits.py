"""Limits from held-out good parts: seldom exceeded, and not moved by a few odd ones."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.learning.limits import limits_from_good, limits_from_labels, limits_with_defects


def maps_with_scores(scores) -> np.ndarray:
    """Maps of 10 x 10 cells at 1.0 with one peak each."""
    maps = np.ones((len(scores), 10, 10), np.float32)
    maps[:, 4, 6] = scores
    return maps


@given(st.lists(st.floats(1, 1000, width=32), min_size=5, max_size=80))
def test_that_at_most_one_held_out_good_part_in_twenty_is_rejected(scores):
    calibration = limits_from_good(maps_with_scores(scores))
    assert calibration.held_out_above <= 0.05 * len(scores)
    assert calibration.pictures == len(scores)


@given(st.lists(st.floats(1, 1000, width=32), min_size=5, max_size=80))
def test_that_a_part_that_fails_always_shows_where(scores):
    normalisation = limits_from_good(maps_with_scores(scores)).normalisation
    assert normalisation.pixel_threshold_raw <= normalisation.image_threshold_raw
    assert normalisation.image_scale_raw > 0


@pytest.mark.parametrize("rounding", [-1e-5, 0, 1e-5])
def test_that_the_part_that_sets_the_limit_passes_however_its_score_is_rounded(rounding):
    normalisation = limits_from_good(maps_with_scores(np.linspace(1, 2, 20))).normalisation
    assert normalisation.pred_score(2 + 2 * rounding) < 0.5


def test_that_one_good_part_in_twenty_of_a_large_population_lies_above():
    scores = np.random.default_rng(1).normal(100, 5, 4000)
    limit = limits_from_good(maps_with_scores(scores)).normalisation.image_threshold_raw
    assert limit == pytest.approx(100 + 1.645 * 5, abs=0.5)


def test_that_a_few_odd_pictures_among_the_good_ones_do_not_lift_the_limit():
    rng = np.random.default_rng(2)
    scores = rng.normal(100, 5, 200)
    odd = np.concatenate([scores[:-4], rng.normal(200, 5, 4)])
    with_odd, without = (limits_from_good(maps_with_scores(s)).normalisation.image_threshold_raw for s in (odd, scores))
    assert with_odd == pytest.approx(without, rel=0.02)


def test_that_labelled_defects_move_the_limit_between_good_and_bad():
    maps = maps_with_scores(np.linspace(10, 12, 101))
    calibration = limits_from_labels(maps, np.array([11.95] * 5))
    assert calibration.normalisation.image_threshold_raw == pytest.approx(11.945, rel=2e-4)
    assert calibration.held_out_above == 3


def test_that_labels_which_are_easy_to_find_do_not_lift_the_limit_above_good_parts():
    maps = maps_with_scores(np.linspace(10, 12, 40))
    calibration = limits_from_labels(maps, np.array([1000.0]))
    assert calibration.normalisation.image_threshold_raw == pytest.approx(12, rel=2e-4)
    assert calibration.held_out_above == 0


def test_that_equal_scores_still_give_a_scale():
    calibration = limits_from_good(maps_with_scores([7.0] * 30))
    assert calibration.normalisation.image_scale_raw == pytest.approx(7.0 / 4, rel=2e-4)


@pytest.mark.parametrize(("pictures", "cautious"), [(19, True), (20, False)])
def test_that_few_pictures_are_said_to_be_few(pictures, cautious):
    caution = limits_from_good(maps_with_scores(np.linspace(1, 2, pictures))).caution
    assert bool(caution) is cautious
    assert not cautious or "19 good pictures" in caution


@pytest.mark.parametrize("limits", [limits_from_labels, partial(limits_with_defects, moved=True)])
@given(st.lists(st.floats(1, 1000, width=32), min_size=5, max_size=80), st.lists(st.floats(1, 1000), min_size=1))
def test_that_labels_move_the_limit_within_what_held_out_good_parts_allow(limits, good, defects):
    calibration = limits(maps_with_scores(good), np.array(defects))
    assert calibration.held_out_above <= 0.1 * len(good)
    highest = np.quantile(np.array(good), 0.99, method="higher")
    assert calibration.normalisation.image_threshold_raw <= highest * 1.0002


def test_that_with_learned_defects_at_most_four_held_out_good_parts_in_a_hundred_are_rejected():
    held_out = maps_with_scores(np.arange(1, 201))
    assert limits_with_defects(held_out, np.array([500.0]), moved=False).held_out_above <= 8
