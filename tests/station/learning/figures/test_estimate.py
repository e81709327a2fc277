"""The interval of an AUROC is that of its published definition, and as wide as a Wilson interval would be."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.learning.figures.estimate import Estimate, auroc_interval
from station.learning.metrics import auroc

COUNTS = st.integers(1, 400)


def variance(true: float, good: int, defects: int) -> float:
    """As Newcombe prints it: N is the mean number of both classes."""
    mean = (good + defects) / 2
    shape = 2 * mean - 1 - (3 * mean - 3) / ((2 - true) * (1 + true))
    return true * (1 - true) * shape / (good * defects)


@given(st.floats(0, 1), COUNTS, COUNTS)
def test_that_the_ends_are_as_far_as_1_96_of_their_own_standard_errors(measured, good, defects):
    low, high = auroc_interval(measured, good, defects)
    assert 0 <= low <= measured <= high <= 1
    for end in (low, high):
        if 1e-6 < end < 1 - 1e-6:
            apart = 1.959963984540054 * math.sqrt(variance(end, good, defects))
            assert abs(end - measured) == pytest.approx(apart, abs=1e-9)


def test_that_a_perfect_auroc_is_not_certain_and_more_parts_make_it_surer():
    low, high = auroc_interval(1.0, 20, 20)
    assert (low, high) == (pytest.approx(0.899, abs=0.001), 1.0)
    assert auroc_interval(1.0, 200, 200)[0] > 0.98


def test_that_the_interval_holds_the_true_auroc_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    shift = 2.3
    true = 0.5 * (1 + math.erf(shift / 2))
    held = 0
    for _ in range(500):
        measured = auroc(rng.normal(0, 1, 40), rng.normal(shift, 1, 25))
        low, high = auroc_interval(measured, 40, 25)
        held += low <= true <= high
    assert 0.92 <= held / 500 <= 0.99


def test_that_an_estimate_without_both_ends_has_no_interval():
    assert Estimate(0.5).interval is None
    assert Estimate(0.5, 0.4, 0.6).interval == [0.4, 0.6]
