"""Strips of a picture: each cell sees what it would see in one piece."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from station.trainer.fine_detail.network import StripNetwork
from station.trainer.fine_detail.strips import CELL_PX, Strips

_ABOVE, _BELOW = 26, 33
"""Pixels that a cell of stage 2 sees around its own."""


@given(st.integers(1, 130), st.integers(1, 40))
def test_that_each_cell_sees_the_same_pixels_as_in_one_piece(height, own):
    height_px, own_px = 32 * height, 32 * own
    strips = Strips.of(height_px, own_px)
    rows = strips.pixel_rows.reshape(strips.count, strips.height_px)
    assert len(strips.cell_rows) == height_px // CELL_PX
    for cell, place in enumerate(strips.cell_rows.tolist()):
        strip, within = divmod(place * CELL_PX, strips.height_px)
        assert rows[strip, within] == cell * CELL_PX
        first, last = cell * CELL_PX - _ABOVE, cell * CELL_PX + CELL_PX - 1 + _BELOW
        assert rows[strip, 0] <= max(0, first)
        assert rows[strip, -1] >= min(height_px - 1, last)


def test_that_a_strip_has_its_own_rows_and_what_they_see():
    strips = Strips.of(2048, 512)
    assert (strips.count, strips.height_px) == (4, 592)


def test_that_strips_give_the_features_of_the_picture_in_one_piece():
    picture = np.random.default_rng(0).integers(0, 255, (256, 96, 3)).astype(np.uint8)
    whole = StripNetwork((256, 96), 256)(picture)
    for strip_px in (32, 64, 96):
        np.testing.assert_allclose(StripNetwork((256, 96), strip_px)(picture), whole, atol=1e-4 * np.abs(whole).max())
