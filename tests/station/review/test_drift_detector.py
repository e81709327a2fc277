"""A lasting shift is found; single defects, a first part and values that are no numbers are not taken for one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.review.drift_detector import ShiftDetector, Spread

NORMAL = Spread(0.0, 1.0)


def fed(values, detector=None) -> ShiftDetector:
    detector = detector or ShiftDetector(NORMAL)
    for value in values:
        detector.add(float(value))
    return detector


def drawn(n: int, seed: int = 0, shift: float = 0.0):
    return np.random.default_rng(seed).normal(shift, 1, n)


@pytest.mark.parametrize("seed", range(20))
def test_that_5000_steady_parts_with_five_percent_gross_defects_are_no_drift(seed: int) -> None:
    values, detector = drawn(5000, seed), ShiftDetector(NORMAL)
    values[np.random.default_rng(seed).random(5000) < 0.05] = 30.0
    assert not any(fed([value], detector).drifted for value in values)


@pytest.mark.parametrize("shift", [-2.0, 2.0, 5.0])
def test_that_a_lasting_shift_is_found_within_40_parts_and_over_soon_after_its_end(shift: float) -> None:
    detector = fed(drawn(40, shift=shift), fed(drawn(500)))
    assert detector.drifted
    assert not fed(drawn(60, 1), detector).drifted


def test_that_a_slow_drift_of_one_spread_in_a_hundred_parts_is_found() -> None:
    detector, values = ShiftDetector(NORMAL), drawn(400) + np.arange(400) / 100
    first = next(place for place, value in enumerate(values) if fed([value], detector).drifted)
    assert first < 250


def test_that_a_repeated_defect_is_found_as_often_as_it_comes() -> None:
    detector = fed(drawn(300))
    for _ in range(3):
        assert fed([12.0] * 10, detector).drifted, "the second row is no more normal than the first"
        assert not fed(drawn(100, 2), detector).drifted


def test_that_the_first_part_after_a_start_alone_is_nothing() -> None:
    assert not fed([1e6]).drifted
    assert not fed([-1e6, *drawn(20)]).drifted


def test_that_values_that_are_no_numbers_change_nothing() -> None:
    with_gaps, without = ShiftDetector(NORMAL), ShiftDetector(NORMAL)
    for value in drawn(60, shift=2.5):
        for gap in (math.nan, math.inf, -math.inf):
            assert math.isnan(with_gaps.add(gap))
        assert with_gaps.add(value) == without.add(value)
        assert with_gaps.drifted == without.drifted
    assert without.drifted


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30))
def test_that_no_value_breaks_it(values) -> None:
    detector = fed(drawn(60, shift=9), fed(values))
    assert detector.drifted


def test_that_a_spread_is_that_of_most_parts_and_never_finer_than_what_matters() -> None:
    values = np.array([*drawn(200), 1e9, math.nan])
    spread = Spread.of(values, 0.1)
    assert spread.middle == pytest.approx(0, abs=0.2)
    assert spread.spread == pytest.approx(1, abs=0.2)
    assert Spread.of(np.full(9, 5.0), 0.1) == Spread(5.0, 0.1)
    assert not fed(drawn(50), ShiftDetector(Spread.of(np.array([math.nan]), 0.1))).drifted
