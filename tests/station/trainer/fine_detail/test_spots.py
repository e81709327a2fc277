"""Spots that are drawn to learn how a small mark shows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from station.trainer.fine_detail.spots import with_spots


@given(st.integers(2, 12), st.integers(2, 12), st.integers(0, 5))
def test_that_each_named_cell_holds_a_spot_and_the_picture_stays(height, width, seed):
    even = np.full((32 * height, 32 * width, 3), 128, np.uint8)
    spotted, (rows, columns) = with_spots(even, np.random.default_rng(seed))
    assert (even == 128).all()
    assert len(rows) == len(columns) > 0
    changed = (spotted != 128).any(axis=2)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        assert changed[8 * row : 8 * row + 8, 8 * column : 8 * column + 8].any()


def test_that_spots_are_small_and_rare():
    even = np.full((512, 512, 3), 128, np.uint8)
    spotted, (rows, _) = with_spots(even, np.random.default_rng(0))
    changed = (spotted != 128).any(axis=2)
    assert changed.sum() < 64 * len(rows)
    assert changed.mean() < 0.02
