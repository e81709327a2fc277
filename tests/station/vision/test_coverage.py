"""How much of each cell a mask covers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.vision.coverage import coverage


def test_that_a_cell_half_marked_is_covered_by_half():
    marked = np.zeros((8, 12), np.bool_)
    marked[:4, :2] = True
    assert coverage(marked, (2, 3)).tolist() == [[0.5, 0, 0], [0, 0, 0]]


@given(st.integers(8, 90), st.integers(8, 90), st.integers(0, 2**31))
def test_that_the_whole_grid_is_covered_as_much_as_the_picture_is_marked(height, width, seed):
    marked = np.random.default_rng(seed).random((height, width)) < 0.3
    cover = coverage(marked, (5, 7))
    assert 0 <= cover.min() <= cover.max() <= 1 + 1e-6
    assert cover.mean() == pytest.approx(marked.mean(), abs=1e-3)
