"""The detector in numpy: what it remembers is near, what is strange is far, and the map is smooth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.trainer.cell_head import CellHead, CountedShare
from station.trainer.detector import smoothed
from station.trainer.logistic import Separation


@given(st.integers(1, 12), st.integers(1, 12), st.floats(0.2, 3))
def test_that_smoothing_keeps_an_even_map_even_up_to_its_edges(height, width, sigma):
    even = np.full((2, height, width), 2.5, np.float32)
    np.testing.assert_allclose(smoothed(even, sigma), even, rtol=1e-5)


def test_that_smoothing_spreads_one_cell_as_a_gaussian_does():
    one = np.zeros((21, 21), np.float32)
    one[10, 10] = 1
    smooth = smoothed(one, 1.5)
    assert smooth.sum() == pytest.approx(1, rel=1e-5)
    assert smooth[10, 13] / smooth[10, 10] == pytest.approx(np.exp(-(3**2) / (2 * 1.5**2)), rel=1e-4)


def test_that_a_plain_head_passes_the_distance_on():
    r = np.array([0.5, 2], np.float32)
    assert np.array_equal(CellHead().anomaly(np.ones((2, 3)), r), r)


def test_that_likeness_to_defects_only_adds_to_the_weighted_distance():
    head = CellHead(Separation(np.array([1, -1, 4], np.float32), -1.0), distance_weight=2, offset=-0.5)
    cells = np.array([[3, 1], [0, 2]], np.float16)
    np.testing.assert_allclose(head.anomaly(cells, np.array([1, 0.25], np.float32)), [6.5, 0])


def test_that_likeness_counts_the_more_the_farther_a_place_is_from_good_ones():
    head = CellHead(Separation(np.array([1, 0], np.float32), 0.0), share=CountedShare(slope=2, offset=-1))
    cells = np.full((4, 1), 3, np.float16)
    np.testing.assert_allclose(head.anomaly(cells, np.array([0.25, 0.5, 0.75, 2], np.float32)), [0.25, 0.5, 2.25, 5])
