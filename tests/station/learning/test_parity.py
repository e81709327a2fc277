"""Parity: pictures, differences and flips of the exported model against the trained detector."""

import pytest

from station.inference.normalisation import Normalisation
from station.learning.parity import parity_of

AT_2 = Normalisation(image_threshold_raw=2, image_scale_raw=0.5, pixel_threshold_raw=2, pixel_scale_raw=0.5)


def test_that_equal_scores_differ_by_nothing():
    parity = parity_of({"a": 1.0, "b": 3.0}, {"b": 3.0, "a": 1.0, "another": 9.0}, AT_2)
    assert (parity.pictures, parity.max_difference, parity.verdict_flips) == (2, 0, 0)


def test_that_a_verdict_that_flips_is_counted_and_the_largest_difference_kept():
    parity = parity_of({"a": 1.9, "b": 3.0, "c": 1.0}, {"a": 2.1, "b": 3.0, "c": 1.0}, AT_2)
    assert parity.verdict_flips == 1
    assert parity.max_difference == pytest.approx(AT_2.pred_score(2.1) - AT_2.pred_score(1.9))
    assert parity.mean_difference == pytest.approx(parity.max_difference / 3)
